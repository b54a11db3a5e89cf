"""Prints all that an unmodified client sees at MLFLOW_TRACKING_URI, as JSON, but for where it lies."""

import json
import os
import pathlib
import tempfile

import mlflow
from mlflow.entities import ViewType
from mlflow.tracking import MlflowClient

client = MlflowClient()


def files(below):
    with tempfile.TemporaryDirectory() as folder:
        try:
            root = pathlib.Path(mlflow.artifacts.download_artifacts(artifact_uri=below, dst_path=folder))
        except Exception:
            return {}
        found = [path for path in root.rglob("*") if path.is_file()]
        return {str(path.relative_to(root)): path.read_text() for path in sorted(found)}


def number(value):
    return repr(float(value))


def run_of(run):
    info, data = run.info, run.data
    active = info.lifecycle_stage == "active"
    history = {
        key: [(m.step, m.timestamp, number(m.value)) for m in client.get_metric_history(info.run_id, key)]
        for key in sorted(data.metrics)
    }
    return {
        "info": [info.run_id, info.run_name, info.user_id, info.status, info.start_time, info.end_time]
        + [info.lifecycle_stage, info.experiment_id],
        "params": data.params,
        "tags": data.tags,
        "metrics": {key: number(value) for key, value in data.metrics.items()},
        "history": {key: sorted(points) for key, points in history.items()},
        "inputs": [one.to_dictionary() for one in run.inputs.dataset_inputs] if run.inputs else [],
        "outputs": [one.to_dictionary() for one in run.outputs.model_outputs] if run.outputs else [],
        "files": files(info.artifact_uri) if active else None,
    }


def model_of(model):
    fields = ["model_id", "experiment_id", "name", "creation_timestamp", "last_updated_timestamp", "model_type"]
    facts = {field: getattr(model, field) for field in [*fields, "source_run_id", "params", "tags"]}
    metrics = sorted((m.key, number(m.value), m.step, m.timestamp, m.run_id) for m in model.metrics or [])
    return {**facts, "status": str(model.status), "metrics": metrics, "files": files(model.artifact_location)}


def version_of(found):
    # A search of a database leaves the aliases out.
    version = client.get_model_version(found.name, found.version)
    fields = ["creation_timestamp", "last_updated_timestamp", "description", "user_id", "run_id"]
    facts = {field: getattr(version, field) or None for field in [*fields, "status", "current_stage", "aliases"]}
    kept = client.get_model_version_download_uri(version.name, version.version)
    return {**facts, "version": int(version.version), "tags": version.tags, "files": files(kept)}


def told():
    experiments = sorted(client.search_experiments(view_type=ViewType.ALL), key=lambda one: int(one.experiment_id))
    for one in experiments:
        runs = client.search_runs([one.experiment_id], run_view_type=ViewType.ALL, max_results=1000)
        models = client.search_logged_models([one.experiment_id]) if one.lifecycle_stage == "active" else []
        default = one.experiment_id == "0"
        yield {
            "experiment": [one.experiment_id, one.name, one.lifecycle_stage, one.tags]
            + ([] if default else [one.creation_time]),
            "runs": sorted((run_of(run) for run in runs), key=lambda run: run["info"][0]),
            "models": [model_of(model) for model in models],
        }
    for model in client.search_registered_models():
        versions = client.search_model_versions(f"name = '{model.name}'")
        aliases = {alias: int(version) for alias, version in model.aliases.items()}
        yield {
            "name": [model.name, model.description, model.creation_timestamp, model.tags, aliases],
            "versions": [version_of(version) for version in sorted(versions, key=lambda one: int(one.version))],
        }


print(json.dumps(list(told()), indent=1, sort_keys=True, default=list))
