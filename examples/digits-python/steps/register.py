"""Puts the chosen model and its scaler into one file that reads raw pixels, with a card that says what it is."""

import joblib
import mlflow
import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import digit_table
import node

model = joblib.load(node.input_path("model"))
name = "mlp" if isinstance(model, MLPClassifier) else "softmax"
evaluation = node.read_json(node.input_path("evaluation"))
verdict = node.read_json(node.input_path("verdict"))
fitted = node.read_json(node.input_path("scaler"))

scaler = StandardScaler()
scaler.mean_ = np.array(fitted["mean"])
scaler.scale_ = np.full(len(scaler.mean_), fitted["scale"])
scaler.var_ = scaler.scale_**2
scaler.n_features_in_ = len(scaler.mean_)
joblib.dump(make_pipeline(scaler, model), node.output_path("model"))

accuracy = {part: evaluation[name][part]["accuracy"] for part in ("validation", "test")}
node.write_json(
    node.output_path("card"),
    {
        "model": name,
        "task": "Tells which digit an 8 x 8 image of handwriting shows.",
        "input": "64 pixels, row by row, each the amount of ink from 0 to 16.",
        "features": digit_table.PIXELS,
        "data": "UCI Optical Recognition of Handwritten Digits (Alpaydin and Kaynak 1998), from scikit-learn.",
        "settings": {key: value for key, value in model.get_params().items() if value is not None},
        "chosenBy": "accuracy on validation data",
        "accuracy": accuracy,
        "confusionOnTest": evaluation[name]["test"]["confusion"],
        "drift": {"status": verdict["status"], "message": verdict["message"]},
        "limits": "Pre-segmented, centred digits of 13 writers. Not for whole numbers, other scales or other pens.",
    },
)

for other, parts in evaluation.items():
    chosen = "  chosen" if other == name else ""
    validation, test = parts["validation"]["accuracy"], parts["test"]["accuracy"]
    print(f"{other:<8} validation {validation:.4f}  test {test:.4f}{chosen}")
print(f"test accuracy {accuracy['test']:.4f}")
mlflow.set_tag("model", name)
mlflow.log_metric("testAccuracy", accuracy["test"])
mlflow.log_artifact(node.output_path("card"))
node.result(model=name, testAccuracy=accuracy["test"])
