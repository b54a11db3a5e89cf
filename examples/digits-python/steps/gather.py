"""Makes sure that the raw file is what the rest counts on."""

import numpy as np

import digit_table
import node

path = node.input_path("raw")
pixels, labels = digit_table.read(path)
outside = np.argwhere((pixels != np.round(pixels)) | (pixels < 0) | (pixels > 16))
if len(outside) > 0:
    raise SystemExit(f"{path}, line {outside[0][0] + 2}: a pixel is not a whole number from 0 to 16. Mend the file.")
if not np.array_equal(np.unique(labels), np.arange(10)):
    raise SystemExit(f"{path}: the labels are not the digits 0 to 9, each at least once. Mend the file.")
digit_table.write(node.output_path("digits"), pixels, labels)
node.result(rows=len(labels))
