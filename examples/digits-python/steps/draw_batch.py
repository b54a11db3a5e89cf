"""Stands for the images that come in later: draws some of the test images.

With `fade` above 0 the pen runs dry, so to speak: every pixel loses that share of its ink, which the drift check
should notice.
"""

import numpy as np

import digit_table
import node

rows = node.param("rows", int)
fade = node.param("fade", float)

pixels, labels = digit_table.read(node.input_path("test"))
drawn = np.sort(np.random.default_rng(node.param("seed", int)).permutation(len(labels))[:rows])
digit_table.write(node.output_path("batch"), np.round(pixels[drawn] * (1 - fade)), labels[drawn])
node.result(rows=len(drawn))
