"""The node contract, as a step sees it: where its inputs lie, where its outputs go, what its parameters are."""

import json
import os
import re


def _variable(kind, name):
    variable = f"SCANFLOW_{kind}_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}"
    if variable not in os.environ:
        raise SystemExit(f"{variable} is not set: give the node this {kind.lower()} in scanflow.config.ts.")
    return os.environ[variable]


def input_path(name):
    return _variable("INPUT", name)


def output_path(name):
    return _variable("OUTPUT", name)


def param(name, kind):
    return kind(_variable("PARAM", name))


def write_json(path, value):
    with open(path, "w", encoding="utf-8") as file:
        json.dump(value, file, indent=2)
        file.write("\n")


def read_json(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def result(**values):
    """Hands small values to conditions and to whoever reads the run."""
    write_json(os.environ["SCANFLOW_RESULT_FILE"], values)
