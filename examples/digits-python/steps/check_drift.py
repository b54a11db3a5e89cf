"""Judges a batch against the training pixels and writes a verdict.

Each pixel is tested by SciPy's two-sample Kolmogorov–Smirnov test, corrected for the number of pixels by Benjamini
and Hochberg; an alarm also asks for a minimum effect.
"""

import mlflow
from scipy.stats import false_discovery_control, ks_2samp

import digit_table
import node

significance = node.param("significance", float)
minimum_effect = node.param("minimumEffect", float)

reference, _ = digit_table.read(node.input_path("reference"))
batch, _ = digit_table.read(node.input_path("batch"))
tests = [ks_2samp(reference[:, column], batch[:, column]) for column in range(len(digit_table.PIXELS))]
adjusted = false_discovery_control([test.pvalue for test in tests])

evidence = {}
for name, test, p in zip(digit_table.PIXELS, tests, adjusted, strict=True):
    significant = bool(p <= significance)
    evidence[name] = {
        "status": ("alarm" if test.statistic >= minimum_effect else "warning") if significant else "ok",
        "statistic": float(test.statistic),
        "pValue": float(test.pvalue),
        "adjustedPValue": float(p),
        "effect": float(test.statistic),
    }

status = next((s for s in ("alarm", "warning") if any(e["status"] == s for e in evidence.values())), "ok")
columns = [name for name, entry in evidence.items() if status != "ok" and entry["status"] == status]
columns.sort(key=lambda name: -evidence[name]["effect"])
if status == "ok":
    message = f"None of {len(evidence)} columns drifted."
else:
    message = f"{len(columns)} of {len(evidence)} columns changed, most of all {', '.join(columns[:5])}."
node.write_json(
    node.output_path("verdict"),
    {"status": status, "kind": "drift", "message": message, "columns": columns, "evidence": evidence},
)

print(f"drift: {status}. {message}")
drifted = sum(entry["status"] == "alarm" for entry in evidence.values())
mlflow.log_metric("driftedColumns", drifted)
node.result(status=status, drifted=drifted)
