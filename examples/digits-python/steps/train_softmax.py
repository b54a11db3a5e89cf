"""Trains multinomial logistic regression."""

import joblib
import mlflow
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

import digit_table
import node

inverse_regularisation = node.param("C", float)
iterations = node.param("iterations", int)

pixels, labels = digit_table.read(node.input_path("train"))
validation_pixels, validation_labels = digit_table.read(node.input_path("validation"))
model = LogisticRegression(C=inverse_regularisation, max_iter=iterations).fit(pixels, labels)
accuracy = model.score(validation_pixels, validation_labels)
joblib.dump(model, node.output_path("model"))

mlflow.log_param("C", inverse_regularisation)
mlflow.log_param("iterations", iterations)
mlflow.log_metric("loss", log_loss(labels, model.predict_proba(pixels)))
mlflow.log_metric("validationAccuracy", accuracy)
mlflow.log_artifact(node.output_path("model"))
node.result(validationAccuracy=accuracy)
