"""What an attempt does with an unmodified MLflow client through the gateway. Prints `ok` as its last line."""

import os

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

run_id = os.environ["MLFLOW_RUN_ID"]
client = MlflowClient()
with mlflow.start_run() as run:
    assert run.info.run_id == run_id, run.info
    mlflow.log_param("depth", 3)
    mlflow.log_metrics({"accuracy": 0.9, "loss": 0.1}, step=1)
    mlflow.set_tag("stage", "test")
    mlflow.log_text("größe", "notes/plain.txt")
    with mlflow.start_run(run_name="inner", nested=True) as inner:
        mlflow.log_metric("loss", 2.0)
    assert client.get_run(inner.info.run_id).data.tags["mlflow.parentRunId"] == run_id
    assert mlflow.artifacts.load_text(f"runs:/{run_id}/notes/plain.txt") == "größe"
    assert [f.path for f in client.list_artifacts(run_id)] == ["notes"]
    client.create_registered_model("through-gateway")
    version = client.create_model_version("through-gateway", f"{run.info.artifact_uri}/notes", run_id)
    client.set_registered_model_alias("through-gateway", "candidate", version.version)
    assert client.get_model_version_by_alias("through-gateway", "candidate").run_id == run_id

for other in (os.environ["OTHER_RUN_ID"],):
    try:
        client.log_metric(other, "loss", 0.0)
    except MlflowException as error:
        assert "not this attempt" in str(error), str(error)
    else:
        raise AssertionError("another run was written to")
print("ok")
