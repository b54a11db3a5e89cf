"""Writes what people keep in MLflow, with an unmodified client, to MLFLOW_TRACKING_URI."""

import json
import math

import mlflow
from mlflow.entities import Dataset, DatasetInput, InputTag, LoggedModelOutput, Metric
from mlflow.tracking import MlflowClient

client = MlflowClient()

digits = client.create_experiment("digits", tags={"team": "Zürich"})
gone = client.create_experiment("gone")
client.create_experiment("empty")

with mlflow.start_run(experiment_id=digits, run_name="outer", description="first") as outer:
    mlflow.log_params({"rate": "0.1", "formula": "=1+1", "long": "x" * 6000})
    mlflow.log_metrics({"nothing": math.nan, "much": math.inf, "little": -math.inf})
    points = [Metric("loss", 1 / (step + 1), 1_000_000 + step, step) for step in range(900)]
    client.log_batch(outer.info.run_id, metrics=points)
    client.log_metric(outer.info.run_id, "loss", 7.0, timestamp=999, step=-3)
    mlflow.set_tag("note", "line one\nline \"two\", é")
    mlflow.log_text("plain", "notes/plain.txt")
    mlflow.log_text("", "notes/deep/empty")
    raw = Dataset("raw", "4be1", "http", '{"url": "https://example.org/digits.csv"}', schema="{}")
    client.log_inputs(outer.info.run_id, [DatasetInput(raw, [InputTag("mlflow.data.context", "training")])])
    with mlflow.start_run(run_name="inner", nested=True) as inner:
        mlflow.log_metric("loss", 2.0)

failed = client.create_run("0", run_name="failed")
client.set_terminated(failed.info.run_id, "FAILED")
client.create_run(digits, run_name="running")
deleted = client.create_run(digits, run_name="deleted")
client.delete_run(deleted.info.run_id)
client.create_run(gone, run_name="in gone")
client.delete_experiment(gone)

model = client.create_logged_model(
    digits, name="softmax", source_run_id=outer.info.run_id, params={"depth": "3"}, tags={"a": "b"}, model_type="agent"
)
with open("weights.txt", "w") as file:
    file.write("0.25")
with open("MLmodel", "w") as file:
    file.write("flavors: {}\n")
client.log_model_artifact(model.model_id, "weights.txt")
client.log_model_artifact(model.model_id, "MLmodel")
client.finalize_logged_model(model.model_id, "READY")
client.log_outputs(outer.info.run_id, [LoggedModelOutput(model.model_id, step=2)])
client.log_metric(outer.info.run_id, "accuracy", 0.9, model_id=model.model_id)

client.create_registered_model("digits", tags={"owner": "a"}, description="reads digits")
uri = client.get_run(outer.info.run_id).info.artifact_uri
one = client.create_model_version("digits", f"{uri}/notes", outer.info.run_id, tags={"v": "1"}, description="one")
two = client.create_model_version(
    "digits", f"models:/{model.model_id}", outer.info.run_id, model_id=model.model_id
)
three = client.create_model_version("digits", f"{uri}/notes", outer.info.run_id)
client.set_registered_model_alias("digits", "champion", "2")
client.transition_model_version_stage("digits", "1", "Production")
client.delete_model_version("digits", "3")
print(json.dumps({"digits": digits, "outer": outer.info.run_id}))
