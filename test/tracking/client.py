"""What a training script does with an unmodified MLflow client; every step checks what comes back.

Run with MLFLOW_TRACKING_URI set to the server. Prints `ok` as its last line.
"""

import json
import math
import os
import pathlib
import tempfile

import mlflow
from mlflow.entities import Metric, Param, RunTag, ViewType
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

major = int(mlflow.__version__.split(".")[0])
client = MlflowClient()
suffix = mlflow.__version__.replace(".", "-")


def refused(code, call, *arguments, **named):
    try:
        call(*arguments, **named)
    except MlflowException as error:
        assert error.error_code == code, (error.error_code, str(error))
        return str(error)
    raise AssertionError(f"{call} was not refused")


def fluent_logging():
    experiment = mlflow.set_experiment(f"fluent-{suffix}")
    assert experiment.artifact_location == f"mlflow-artifacts:/{experiment.experiment_id}", experiment
    with mlflow.start_run(run_name="outer") as outer:
        mlflow.log_param("depth", 3)
        mlflow.log_params({"rate": 0.1, "name": "réseau"})
        for step in range(5):
            mlflow.log_metric("loss", 1 / (step + 1), step=step)
        mlflow.log_metrics({"accuracy": 0.9, "nothing": math.nan, "much": math.inf}, step=1)
        mlflow.set_tag("stage", "test")
        mlflow.set_tags({"a/b": "1", "long": "x" * 3000})
        mlflow.log_dict({"hello": [1, 2]}, "notes/hello.json")
        mlflow.log_text("plain", "notes/plain.txt")
        with mlflow.start_run(run_name="inner", nested=True) as inner:
            mlflow.log_metric("loss", 2.0)
        refused("INVALID_PARAMETER_VALUE", client.log_param, outer.info.run_id, "depth", 4)
        mlflow.log_param("depth", 3)
    run = client.get_run(outer.info.run_id)
    assert run.info.status == "FINISHED" and run.info.run_name == "outer", run.info
    assert run.data.params == {"depth": "3", "rate": "0.1", "name": "réseau"}, run.data.params
    assert run.data.metrics["loss"] == 0.2 and math.isnan(run.data.metrics["nothing"])
    assert run.data.metrics["much"] == 1.7976931348623157e308
    assert run.data.tags["stage"] == "test" and run.data.tags["mlflow.runName"] == "outer"
    assert client.get_run(inner.info.run_id).data.tags["mlflow.parentRunId"] == outer.info.run_id
    history = client.get_metric_history(outer.info.run_id, "loss")
    assert [(m.step, m.value) for m in history] == [(s, 1 / (s + 1)) for s in range(5)], history
    assert mlflow.artifacts.load_dict(run.info.artifact_uri + "/notes/hello.json") == {"hello": [1, 2]}
    assert [f.path for f in client.list_artifacts(outer.info.run_id)] == ["notes"]
    listed = {f.path: f.file_size for f in client.list_artifacts(outer.info.run_id, "notes")}
    assert listed["notes/plain.txt"] == 5 and len(listed) == 2, listed
    return experiment, outer.info.run_id


def given_run(experiment):
    """A run that somebody else made, as the engine's own."""
    given = client.create_run(experiment.experiment_id, run_name="given")
    os.environ["MLFLOW_RUN_ID"] = given.info.run_id
    try:
        with mlflow.start_run() as run:
            assert run.info.run_id == given.info.run_id
            mlflow.log_metric("m", 1)
    finally:
        os.environ.pop("MLFLOW_RUN_ID", None)
    assert client.get_run(given.info.run_id).data.metrics == {"m": 1.0}


def artifacts(run_id):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder) / "out"
        (root / "deep" / "er").mkdir(parents=True)
        (root / "top.bin").write_bytes(os.urandom(3_000_000))
        (root / "deep" / "er" / "ünïcode name.txt").write_text("tief")
        (root / "empty").write_bytes(b"")
        client.log_artifacts(run_id, str(root), "folder")
        client.log_artifact(run_id, str(root / "top.bin"))
        back = pathlib.Path(client.download_artifacts(run_id, "folder", folder))
        for path in [p for p in root.rglob("*") if p.is_file()]:
            assert (back / path.relative_to(root)).read_bytes() == path.read_bytes(), path


def batches(run_id):
    now = 1_700_000_000_000
    metrics = [Metric("batch", float(i), now + i, i) for i in range(1000)]
    client.log_batch(run_id, metrics=metrics)
    client.log_batch(run_id, metrics=metrics[:10])
    client.log_batch(run_id, params=[Param(f"p{i}", str(i)) for i in range(100)])
    client.log_batch(run_id, tags=[RunTag(f"t{i}", str(i)) for i in range(100)])
    assert len(client.get_metric_history(run_id, "batch")) == 1000
    message = refused(
        "INVALID_PARAMETER_VALUE",
        client.log_batch,
        run_id,
        params=[Param("twice", "1"), Param("twice", "2")],
    )
    assert "Duplicate parameter keys" in message, message


def lifecycle(experiment):
    run = client.create_run(experiment.experiment_id)
    client.delete_run(run.info.run_id)
    message = refused("INVALID_PARAMETER_VALUE", client.log_metric, run.info.run_id, "m", 1)
    assert "must be in the 'active' state" in message, message
    client.restore_run(run.info.run_id)
    client.log_metric(run.info.run_id, "m", 1)
    client.update_run(run.info.run_id, status="FAILED", name="renamed")
    again = client.get_run(run.info.run_id)
    assert again.info.run_name == "renamed" and again.info.status == "FAILED"
    client.set_terminated(run.info.run_id, "KILLED")
    client.set_tag(run.info.run_id, "gone", "x")
    client.delete_tag(run.info.run_id, "gone")
    refused("RESOURCE_DOES_NOT_EXIST", client.delete_tag, run.info.run_id, "gone")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_run, "0" * 32)

    other = client.create_experiment(f"other-{suffix}", tags={"team": "a"})
    refused("RESOURCE_ALREADY_EXISTS", client.create_experiment, f"other-{suffix}")
    kept = client.create_run(other)
    client.rename_experiment(other, f"another-{suffix}")
    client.set_experiment_tag(other, "team", "b")
    assert client.get_experiment(other).tags == {"team": "b"}
    client.delete_experiment(other)
    assert client.get_run(kept.info.run_id).info.lifecycle_stage == "deleted"
    assert client.get_experiment_by_name(f"another-{suffix}").lifecycle_stage == "deleted"
    client.restore_experiment(other)
    assert client.get_run(kept.info.run_id).info.lifecycle_stage == "active"
    found = client.search_experiments(filter_string=f"name LIKE 'another-%' AND tags.team = 'b'")
    assert other in [e.experiment_id for e in found]


def searches():
    experiment = client.create_experiment(f"search-{suffix}")
    for i in range(25):
        run = client.create_run(experiment, start_time=1000 + i, run_name=f"run {i}")
        client.log_batch(
            run.info.run_id,
            metrics=[Metric("score", float(i), 1, 0)] if i % 5 else [],
            params=[Param("kind", "even" if i % 2 == 0 else "odd")],
            tags=[RunTag("my tag", str(i))],
        )
    def names(filter_string, **named):
        runs = client.search_runs([experiment], filter_string, **named)
        return [run.info.run_name for run in runs]
    assert names("metrics.score > 21 AND params.kind = 'even'") == ["run 24", "run 22"]
    assert names("tags.`my tag` = '7'") == ["run 7"]
    assert names("attributes.run_name LIKE 'run 1_'", order_by=["metrics.score ASC"], max_results=3) == [
        "run 11", "run 12", "run 13",
    ]
    assert names("metrics.score < 100", order_by=["attributes.start_time ASC"], max_results=1) == ["run 1"]
    ids = [run.info.run_id for run in client.search_runs([experiment], max_results=2)]
    assert len(client.search_runs([experiment], f"run_id IN ('{ids[0]}', '{ids[1]}')")) == 2
    pages, token = [], None
    while True:
        page = client.search_runs([experiment], max_results=10, page_token=token)
        pages.append(len(page))
        token = page.token
        if not token:
            break
    assert pages == [10, 10, 5], pages
    assert len(client.search_runs([experiment], run_view_type=ViewType.DELETED_ONLY)) == 0
    table = mlflow.search_runs([experiment], filter_string="params.kind = 'odd'")
    assert len(table) == 12 and "metrics.score" in table.columns
    refused("INVALID_PARAMETER_VALUE", client.search_runs, [experiment], "metrics.score > 'x'")


def sklearn_models():
    import numpy
    import sklearn.linear_model

    mlflow.set_experiment(f"models-{suffix}")
    mlflow.sklearn.autolog(log_input_examples=False)
    x = numpy.arange(20.0).reshape(-1, 1)
    with mlflow.start_run() as run:
        sklearn.linear_model.LogisticRegression(C=0.5).fit(x, x.ravel() > 9)
    mlflow.sklearn.autolog(disable=True)
    data = client.get_run(run.info.run_id).data
    assert data.params["C"] == "0.5" and data.metrics["training_score"] == 1.0, data

    name = f"line-{suffix}"
    with mlflow.start_run() as run:
        model = sklearn.linear_model.LinearRegression().fit(x, 2 * x.ravel())
        where = {"name": "model"} if major >= 3 else {"artifact_path": "model"}
        logged = mlflow.sklearn.log_model(model, registered_model_name=name, **where)
    again = mlflow.sklearn.load_model(logged.model_uri)
    assert abs(again.predict([[4.0]])[0] - 8) < 1e-6
    version = mlflow.register_model(logged.model_uri, name)
    assert int(version.version) == 2, version
    client.set_registered_model_alias(name, "champion", "1")
    assert client.get_model_version_by_alias(name, "champion").version in (1, "1")
    assert abs(mlflow.pyfunc.load_model(f"models:/{name}@champion").predict([[3.0]])[0] - 6) < 1e-6
    assert abs(mlflow.sklearn.load_model(f"models:/{name}/2").predict([[3.0]])[0] - 6) < 1e-6
    return name


def registry(name):
    client.update_registered_model(name, "a line")
    client.set_registered_model_tag(name, "task", "regression")
    client.set_model_version_tag(name, "1", "checked", "yes")
    client.update_model_version(name, "1", "first")
    client.transition_model_version_stage(name, "1", "Staging")
    client.transition_model_version_stage(name, "2", "staging", archive_existing_versions=True)
    assert client.get_model_version(name, "1").current_stage == "Archived"
    assert [v.version for v in client.get_latest_versions(name, ["Staging"])] in ([2], ["2"])
    model = client.get_registered_model(name)
    assert model.description == "a line" and model.tags["task"] == "regression"
    assert model.aliases in ({"champion": "1"}, {"champion": 1}), model.aliases
    assert len(client.search_model_versions(f"name = '{name}' AND tags.checked = 'yes'")) == 1
    assert [m.name for m in client.search_registered_models(f"name ILIKE '{name.upper()}'")] == [name]
    assert client.get_model_version_download_uri(name, "1").startswith("mlflow-artifacts:/")
    refused("RESOURCE_ALREADY_EXISTS", client.create_registered_model, name)
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, name, "9")
    refused("INVALID_PARAMETER_VALUE", client.get_model_version_by_alias, name, "nobody")
    refused("INVALID_PARAMETER_VALUE", client.create_model_version, name, "/etc", None)
    client.delete_registered_model_alias(name, "champion")
    client.delete_model_version_tag(name, "1", "checked")
    client.delete_registered_model_tag(name, "task")
    client.delete_model_version(name, "2")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_model_version, name, "2")
    client.rename_registered_model(name, name + "-new")
    client.delete_registered_model(name + "-new")
    refused("RESOURCE_DOES_NOT_EXIST", client.get_registered_model, name + "-new")


def datasets():
    import pandas

    mlflow.set_experiment(f"data-{suffix}")
    frame = pandas.DataFrame({"x": [1, 2, 3]})
    with mlflow.start_run() as run:
        mlflow.log_input(mlflow.data.from_pandas(frame, name="numbers"), context="training")
    inputs = client.get_run(run.info.run_id).inputs.dataset_inputs
    assert inputs[0].dataset.name == "numbers" and inputs[0].tags[0].value == "training", inputs
    experiment = run.info.experiment_id
    for filter_string in ["dataset.name = 'numbers'", "dataset.context LIKE 'train%'"]:
        assert len(client.search_runs([experiment], filter_string)) == 1, filter_string


def webhooks():
    """Who is told of the registry's events; only clients of version 3 can ask for it."""
    if major < 3:
        return
    from mlflow.entities.webhook import WebhookEvent

    events = ["registered_model.created", "model_version_alias.deleted"]
    made = client.create_webhook(f"hook-{suffix}", "https://example.org/hook", events, secret="s3cret")
    assert made.secret is None and [str(event) for event in made.events] == events, made
    changed = client.update_webhook(made.webhook_id, events=[WebhookEvent("prompt", "created")], status="DISABLED")
    assert str(changed.events[0]) == "prompt.created" and str(changed.status) == "DISABLED", changed
    assert made.webhook_id in [one.webhook_id for one in client.list_webhooks()]
    refused("INVALID_PARAMETER_VALUE", client.create_webhook, "near", "http://169.254.169.254/", events)
    client.delete_webhook(made.webhook_id)
    refused("RESOURCE_DOES_NOT_EXIST", client.get_webhook, made.webhook_id)


def prompts():
    """Prompts are models whose versions hold their text in a tag."""
    if major < 3:
        return
    name = f"greet-{suffix}"
    assert mlflow.genai.register_prompt(name=name, template="Hello {{name}}", tags={"a": "b"}).version == 1
    mlflow.genai.register_prompt(name=name, template="Hi {{name}}")
    mlflow.genai.set_prompt_alias(name, "short", 2)
    assert mlflow.genai.load_prompt(f"prompts:/{name}@short").template == "Hi {{name}}"
    assert name in [one.name for one in mlflow.genai.search_prompts()]
    assert client.search_registered_models(f"name = '{name}'") == []


def engine_model():
    """A folder that the server's own process published and registered."""
    path = pathlib.Path(mlflow.artifacts.download_artifacts("models:/engine-model/1"))
    assert (path / "weights.txt").read_text() == "0.25", list(path.iterdir())
    run = client.get_run("engine-run")
    text = mlflow.artifacts.load_text(run.info.artifact_uri + "/model/weights.txt")
    assert text == "0.25" and client.get_model_version("engine-model", "1").run_id == "engine-run"


experiment, run_id = fluent_logging()
given_run(experiment)
artifacts(run_id)
batches(run_id)
lifecycle(experiment)
searches()
registry(sklearn_models())
datasets()
engine_model()
webhooks()
prompts()
print(json.dumps({"version": mlflow.__version__}))
print("ok")
