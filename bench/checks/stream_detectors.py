"""The peer of stream-detectors.ts: River's detectors on the same streams.

Each line of input is a JSON object {"detector", "records"}; answers {"seconds", "alarms"}.
"""

import json
import sys
import time

from river import drift

kinds = {
    "adwin": drift.ADWIN,
    "page-hinkley": lambda: drift.PageHinkley(mode="both"),
    "ddm": drift.binary.DDM,
    "eddm": drift.binary.EDDM,
    "hddm-a": drift.binary.HDDMA,
    "hddm-w": drift.binary.HDDMW,
    "kswin": lambda: drift.KSWIN(alpha=1e-6, seed=1),
}


def stream(records, binary):
    """The generator of stream-detectors.ts: a level that rises once."""
    state, values = 12345, []
    for index in range(records):
        state = (state * 1103515245 + 12345) % 2147483648
        chance, level = state / 2147483648, 0.2 if index < records // 2 else 0.5
        values.append(float(chance < level) if binary else chance + level)
    return values


print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    name = asked["detector"]
    values = stream(asked["records"], "ddm" in name)
    detector, alarms = kinds[name](), 0
    start = time.perf_counter()
    for value in values:
        detector.update(value)
        alarms += detector.drift_detected
    print(json.dumps({"seconds": time.perf_counter() - start, "alarms": alarms}), flush=True)
