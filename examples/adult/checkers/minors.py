"""Nobody knows a trade better than those who are in it: a rule of theirs as a checker, in plain Python.

The model must not promise a high income to people as young as that. Params: age (20), share (0.01).
"""

import csv
import json
import os

with open(os.environ["SCANFLOW_PARAMS_FILE"]) as file:
    params = json.load(file)
limit = params.get("age", 20)
most = params.get("share", 0.01)

with open(os.environ["SCANFLOW_INPUT_WINDOW"]) as file:
    young = [row for row in csv.DictReader(file) if float(row["age"]) < limit]

promised = [row for row in young if row["prediction"] == ">50K"]
share = len(promised) / len(young) if young else 0
status = "invalid" if len(young) < 30 else "alarm" if share > most else "ok"
print(
    json.dumps(
        {
            "status": status,
            "kind": "plausibility",
            "message": f"{len(promised)} of {len(young)} people younger than {limit} are promised a high income; "
            f"{most:.0%} may be."
            + (" Look at what the model makes of them." if status == "alarm" else "")
            + (" Give at least 30 people of that age." if status == "invalid" else ""),
            "columns": [] if status == "ok" else ["age"],
            "evidence": {"age": {"status": status, "people": len(young), "promised": len(promised), "share": share}},
        }
    )
)
