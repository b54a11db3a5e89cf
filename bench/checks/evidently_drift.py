"""Evidently's drift preset over two Parquet files; prints what it cost as JSON. Arguments: current, reference."""
import json
import resource
import sys
import time

import pandas
from evidently import Report
from evidently.presets import DataDriftPreset

start, cpu = time.perf_counter(), time.process_time()
current, reference = (pandas.read_parquet(path) for path in sys.argv[1:3])
Report([DataDriftPreset()]).run(current, reference).dict()
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "wallMs": (time.perf_counter() - start) * 1000,
            "cpuMs": (time.process_time() - cpu) * 1000,
            "peakBytes": usage.ru_maxrss * 1024,
            "rows": len(current),
        }
    )
)
