"""The peer of tree-shap.ts: trains the model, writes it with its rows, then does what each line of input says.

Prints a line of JSON for each: {"seconds", "sum"} with the sum of absolute values, to be compared.
"""

import json
import sys
import time

import lightgbm
import numpy as np
import shap

folder, trees, depth, rows = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
rng = np.random.default_rng(1)
x = rng.normal(size=(20_000, 20))
y = x[:, 0] * x[:, 1] + np.sin(x[:, 2] * 2) + x[:, 3] * x[:, 4] * x[:, 5] + rng.normal(size=len(x)) * 0.3
params = {"objective": "regression", "num_leaves": 2**depth, "max_depth": depth, "verbose": -1, "num_threads": 1}
model = lightgbm.train(params, lightgbm.Dataset(x, y), trees)
model.save_model(f"{folder}/model.txt")
asked, background = x[:rows], x[rows : rows + 100]
asked.tofile(f"{folder}/rows.bin")
background.tofile(f"{folder}/background.bin")

by_shap = shap.TreeExplainer(model)
# Else shap hands the work over to LightGBM.
by_shap.model.model_type = "internal"
on_background = shap.TreeExplainer(model, background, feature_perturbation="interventional")
work = {
    "shap": lambda: by_shap.shap_values(asked, check_additivity=False),
    "lightgbm": lambda: model.predict(asked, pred_contrib=True, num_threads=1)[:, :-1],
    "interventional": lambda: on_background.shap_values(asked[:100], check_additivity=False),
}
print("ready", flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    values = work[line.strip()]()
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "sum": float(np.abs(values).sum())}), flush=True)
