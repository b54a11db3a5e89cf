"""Fits the prices of houses with a ridge regression, as a script for `mlflow run` does it."""

import argparse
import csv
import json

import mlflow
import numpy as np
from sklearn.linear_model import Ridge
from sklearn.model_selection import cross_val_score

parser = argparse.ArgumentParser()
parser.add_argument("--data")
parser.add_argument("--alpha", type=float)
parser.add_argument("--folds", type=int)
parser.add_argument("--model")
args = parser.parse_args()

with open(args.data) as table:
    rows = list(csv.DictReader(table))
names = [name for name in rows[0] if name != "price"]
features = np.array([[float(row[name]) for name in names] for row in rows])
prices = np.array([float(row["price"]) for row in rows])

with mlflow.start_run():
    mlflow.log_param("alpha", args.alpha)
    scores = cross_val_score(Ridge(alpha=args.alpha), features, prices, cv=args.folds)
    for fold, score in enumerate(scores):
        mlflow.log_metric("fold_r2", score, step=fold)
    mlflow.log_metric("r2", scores.mean())
    fitted = Ridge(alpha=args.alpha).fit(features, prices)
    weights = dict(zip(names, fitted.coef_.tolist())) | {"constant": float(fitted.intercept_)}
    mlflow.log_dict(weights, "weights.json")

if args.model:
    with open(args.model, "w") as out:
        json.dump(weights, out, indent=2)
