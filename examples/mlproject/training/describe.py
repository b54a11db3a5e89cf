"""Logs how a column of a table is spread."""

import csv
import statistics
import sys

import mlflow

path, column = sys.argv[1:]
with open(path) as table:
    values = [float(row[column]) for row in csv.DictReader(table)]
mlflow.log_metrics({"mean": statistics.mean(values), "spread": statistics.stdev(values)})
