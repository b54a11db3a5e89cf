"""What a stock client sees of a tracker that asks for a token. Arguments: the name of an own and of another's experiment."""

import sys

import mlflow
from mlflow.exceptions import MlflowException

own, other = sys.argv[1:3]
client = mlflow.MlflowClient()

mlflow.set_experiment(own)
with mlflow.start_run() as run:
    mlflow.log_param("depth", 3)
    mlflow.log_metric("accuracy", 0.9, step=1)
    mlflow.log_text("hello", "note.txt")
    run_id = run.info.run_id
assert client.get_run(run_id).data.params == {"depth": "3"}
assert mlflow.artifacts.load_text(f"runs:/{run_id}/note.txt") == "hello"
assert [found.info.run_id for found in client.search_runs([run.info.experiment_id])] == [run_id]
client.create_registered_model("reader")
client.create_model_version("reader", f"runs:/{run_id}/note.txt", run_id)

names = {experiment.name for experiment in client.search_experiments()}
assert names == {own}, names
for forbidden in (
    lambda: client.get_experiment_by_name(other),
    lambda: client.create_experiment(f"{other}-2"),
    lambda: client.create_registered_model(other.split("/")[0], tags={"scanflow.application": other.split("/")[0]}),
):
    try:
        forbidden()
    except MlflowException as error:
        assert error.error_code == "PERMISSION_DENIED", error
    else:
        raise AssertionError("it was allowed")
print("ok")
