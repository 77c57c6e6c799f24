"""Import speed and the latency of a durable label, on a workspace in a temporary folder."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from nbalign import Workspace
from nbalign.resources import data_path

LABELS = 500


def run() -> None:
    """Prints notebooks/s for the first and a repeated import, and percentiles of writing one label."""
    samples = data_path("sample_notebooks") / "notebooks"
    with tempfile.TemporaryDirectory() as folder, Workspace.create(Path(folder) / "ws") as ws:
        for words in ("import, new", "import again, all known"):
            began = time.perf_counter()
            count = len(ws.import_notebooks([samples]).imported)
            seconds = time.perf_counter() - began
            print(f"{words:24s} {count / seconds:8.0f} notebooks/s   ({count} notebooks)")
        names = [info.sha256 for info in ws.notebooks()]
        dimensions = [d.id for d in ws.rubric().dimensions]
        times = []
        for n in range(LABELS):
            notebook, dimension = names[n % len(names)], dimensions[n % len(dimensions)]
            began = time.perf_counter()
            ws.set_label(notebook, dimension, 1 + n % 3, rater=f"r{n // 400}", justification="Because.", cells=[1])
            times.append(time.perf_counter() - began)
        times.sort()
        median, p95 = statistics.median(times), times[int(0.95 * len(times))]
        print(f"set_label, durable       {median * 1000:8.2f} ms median, {p95 * 1000:.2f} ms p95   ({LABELS} labels)")
