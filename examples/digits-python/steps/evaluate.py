"""Scores both models: on validation data, to choose one, and on test data, to report."""

import joblib
import mlflow
from sklearn.metrics import confusion_matrix

import digit_table
import node

evaluation = {}
for name in ("softmax", "mlp"):
    model = joblib.load(node.input_path(name))
    evaluation[name] = {}
    for part in ("validation", "test"):
        pixels, labels = digit_table.read(node.input_path(part))
        guesses = model.predict(pixels)
        evaluation[name][part] = {
            "accuracy": float((guesses == labels).mean()),
            "confusion": confusion_matrix(labels, guesses).tolist(),
        }
node.write_json(node.output_path("evaluation"), evaluation)

accuracies = {
    "softmaxValidation": evaluation["softmax"]["validation"]["accuracy"],
    "mlpValidation": evaluation["mlp"]["validation"]["accuracy"],
    "softmaxTest": evaluation["softmax"]["test"]["accuracy"],
    "mlpTest": evaluation["mlp"]["test"]["accuracy"],
}
mlflow.log_metrics(accuracies)
mlflow.log_artifact(node.output_path("evaluation"))
node.result(**accuracies)
