"""What scripts do with artifacts through an unmodified MLflow client; every step checks what comes back.

Run with MLFLOW_TRACKING_URI set to the server. Prints `ok` as its last line.
"""

import os
import pathlib
import tempfile

import mlflow
from mlflow.exceptions import MlflowException
from mlflow.tracking import MlflowClient

client = MlflowClient()
experiment = mlflow.set_experiment(f"artifacts-{mlflow.__version__}")
run = client.create_run(experiment.experiment_id).info
repository = mlflow.store.artifact.artifact_repository_registry.get_artifact_repository(run.artifact_uri)


def sizes(path=None):
    return {f.path: f.file_size for f in client.list_artifacts(run.run_id, path)}


def files_and_folders(work):
    root = work / "out"
    (root / "deep" / "er").mkdir(parents=True)
    (root / "large.bin").write_bytes(os.urandom(12_000_000))
    (root / "deep" / "er" / "ünïcode name.txt").write_text("tief")
    (root / "empty").write_bytes(b"")
    client.log_artifacts(run.run_id, str(root), "folder")
    assert sizes() == {"folder": None}, sizes()
    assert sizes("folder") == {"folder/deep": None, "folder/empty": 0, "folder/large.bin": 12_000_000}
    back = pathlib.Path(client.download_artifacts(run.run_id, "folder", str(work)))
    for path in [p for p in root.rglob("*") if p.is_file()]:
        assert (back / path.relative_to(root)).read_bytes() == path.read_bytes(), path
    client.log_text(run.run_id, "first", "note.txt")
    client.log_text(run.run_id, "again", "note.txt")
    assert mlflow.artifacts.load_text(run.artifact_uri + "/note.txt") == "again"


def parts(work):
    os.environ["MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD"] = "true"
    os.environ["MLFLOW_MULTIPART_UPLOAD_MINIMUM_FILE_SIZE"] = "1000000"
    os.environ["MLFLOW_MULTIPART_UPLOAD_CHUNK_SIZE"] = "5242880"
    path = work / "in parts.bin"
    path.write_bytes(os.urandom(17_000_000))
    client.log_artifact(run.run_id, str(path), "parts")
    os.environ.pop("MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD")
    back = pathlib.Path(client.download_artifacts(run.run_id, "parts/in parts.bin", str(work / "folder")))
    assert back.read_bytes() == path.read_bytes()
    assert sizes("parts") == {"parts/in parts.bin": 17_000_000}


def deletion():
    repository.delete_artifacts("folder/deep")
    assert set(sizes("folder")) == {"folder/empty", "folder/large.bin"}, sizes("folder")
    repository.delete_artifacts("note.txt")
    try:
        mlflow.artifacts.load_text(run.artifact_uri + "/note.txt")
    except MlflowException:
        pass
    else:
        raise AssertionError("a deleted artifact was read")
    repository.delete_artifacts()
    assert sizes() == {}, sizes()


with tempfile.TemporaryDirectory() as folder:
    files_and_folders(pathlib.Path(folder))
    parts(pathlib.Path(folder))
deletion()
print("ok")
