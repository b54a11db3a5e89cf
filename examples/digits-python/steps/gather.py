"""Takes the digits out of scikit-learn and makes sure that they are what the rest counts on."""

import numpy as np
from sklearn.datasets import load_digits

import digit_table
import node

digits = load_digits()
assert digits.data.shape[1] == len(digit_table.PIXELS)
assert digits.data.min() >= 0 and digits.data.max() <= 16
assert np.array_equal(np.unique(digits.target), np.arange(10))
digit_table.write(node.output_path("digits"), digits.data, digits.target)
node.result(rows=len(digits.target))
