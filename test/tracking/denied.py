"""What a stock client sees of a tracker that asks for a token. Arguments: the name of an own and of another's experiment."""

import inspect
import sys

import mlflow
import mlflow.sklearn
import pandas
from mlflow.exceptions import MlflowException
from mlflow.models import infer_signature
from sklearn.linear_model import LogisticRegression

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

features = pandas.DataFrame({"width": [0.1, 0.9], "height": [1.0, 2.0]})
model = LogisticRegression().fit(features, [0, 1])
signature = infer_signature(features, model.predict(features))
named = "name" if "name" in inspect.signature(mlflow.sklearn.log_model).parameters else "artifact_path"
with mlflow.start_run():
    mlflow.sklearn.log_model(
        model, **{named: "model"}, signature=signature, input_example=features, registered_model_name="reader"
    )
loaded = mlflow.pyfunc.load_model("models:/reader/1")
assert list(loaded.predict(features)) == list(model.predict(features))

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
