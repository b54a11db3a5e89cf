"""Brings the pixels to mean 0 and standard deviation 1, as seen on the training part alone.

All pixels are in one unit, so they share one scale: a scale of its own would blow up the pixels at the rim, which
hardly ever hold ink.
"""

import digit_table
import node

train, _ = digit_table.read(node.input_path("train"))
mean = train.mean(axis=0)
scale = (train - mean).std()
node.write_json(node.output_path("scaler"), {"mean": mean.tolist(), "scale": scale.item()})
for part in ("train", "validation", "test"):
    pixels, labels = digit_table.read(node.input_path(part))
    digit_table.write(node.output_path(part), (pixels - mean) / scale, labels)
