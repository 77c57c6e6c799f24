"""How long `nbalign --help` takes, as a whole process, next to an empty Python."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 15


def run() -> None:
    """Prints the median of both, measured in turn."""
    bare: list[float] = []
    helped: list[float] = []
    for _ in range(RUNS):
        bare.append(_seconds([sys.executable, "-c", "pass"]))
        helped.append(_seconds([sys.executable, "-m", "nbalign", "--help"]))
    a, b = statistics.median(helped), statistics.median(bare)
    print(f"nbalign --help     {a * 1000:6.0f} ms   median of {RUNS}, as a whole process (goal: under 300 ms)")
    print(f"python -c pass     {b * 1000:6.0f} ms   ratio {a / b:.1f}")


def _seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began
