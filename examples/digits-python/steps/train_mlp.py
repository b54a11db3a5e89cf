"""Trains a network with one hidden layer, logging the loss and the validation accuracy of every epoch."""

import joblib
import mlflow
from sklearn.neural_network import MLPClassifier

import digit_table
import node

settings = {
    "hidden": node.param("hidden", int),
    "epochs": node.param("epochs", int),
    "batchSize": node.param("batchSize", int),
    "learningRate": node.param("learningRate", float),
    "alpha": node.param("alpha", float),
    "seed": node.param("seed", int),
}

pixels, labels = digit_table.read(node.input_path("train"))
validation_pixels, validation_labels = digit_table.read(node.input_path("validation"))
mlflow.log_params(settings)
model = MLPClassifier(
    hidden_layer_sizes=(settings["hidden"],),
    activation="tanh",
    batch_size=settings["batchSize"],
    learning_rate_init=settings["learningRate"],
    alpha=settings["alpha"],
    random_state=settings["seed"],
)
accuracy = 0.0
for epoch in range(1, settings["epochs"] + 1):
    model.partial_fit(pixels, labels, classes=range(10))
    accuracy = model.score(validation_pixels, validation_labels)
    mlflow.log_metric("loss", model.loss_, step=epoch)
    mlflow.log_metric("validationAccuracy", accuracy, step=epoch)

joblib.dump(model, node.output_path("model"))
mlflow.log_artifact(node.output_path("model"))
node.result(validationAccuracy=accuracy)
