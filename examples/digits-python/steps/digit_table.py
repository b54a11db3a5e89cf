"""Digits as CSV files: one image a line, `pixel_<row>_<column>` from the top left, then `label`."""

import numpy as np

PIXELS = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]


def read(path):
    """Gives the pixels (one row an image, 64 columns) and the labels."""
    with open(path, encoding="utf-8") as file:
        header = file.readline().strip()
        if header != ",".join([*PIXELS, "label"]):
            raise SystemExit(f"{path}: the header must be pixel_0_0,…,pixel_7_7,label. Mend the file.")
        table = np.loadtxt(file, delimiter=",", ndmin=2)
    return table[:, :-1], table[:, -1].astype(int)


def write(path, pixels, labels):
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join([*PIXELS, "label"]) + "\n")
        for image, label in zip(pixels, labels, strict=True):
            file.write(",".join([*(f"{ink:.17g}" for ink in image), str(label)]) + "\n")
