"""Logs points one by one, and says of each when the server has answered it."""

import os
import sys

import mlflow

count = int(sys.argv[1])
with mlflow.start_run() as run:
    print(run.info.run_id, flush=True)
    for step in range(count):
        mlflow.log_metric("loss", step * 0.5, step=step)
        print(f"stored {step}", flush=True)
print("ok", os.getpid(), flush=True)
