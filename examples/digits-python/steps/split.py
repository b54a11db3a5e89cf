"""Deals the digits out to training, validation and test, each with its share of every digit."""

from sklearn.model_selection import train_test_split

import digit_table
import node

seed = node.param("seed", int)
validation_share = node.param("validationShare", float)
test_share = node.param("testShare", float)

pixels, labels = digit_table.read(node.input_path("digits"))
rest_pixels, test_pixels, rest_labels, test_labels = train_test_split(
    pixels, labels, test_size=test_share, stratify=labels, random_state=seed
)
train_pixels, validation_pixels, train_labels, validation_labels = train_test_split(
    rest_pixels,
    rest_labels,
    test_size=validation_share / (1 - test_share),
    stratify=rest_labels,
    random_state=seed,
)
digit_table.write(node.output_path("train"), train_pixels, train_labels)
digit_table.write(node.output_path("validation"), validation_pixels, validation_labels)
digit_table.write(node.output_path("test"), test_pixels, test_labels)
node.result(train=len(train_labels), validation=len(validation_labels), test=len(test_labels))
