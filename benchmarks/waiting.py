"""How the engine's threads should wait for each other: asleep, after a short spin, or spinning for long."""

from __future__ import annotations

import os
import statistics
import tempfile
from pathlib import Path
from unittest.mock import patch

from nbalign.judge.session import JudgeOptions, choose_model
from nbalign.llm.client import EngineClient
from nbalign.llm.model import Segment

ROUNDS = 3
WAYS = {
    "asleep": {"OMP_WAIT_POLICY": "passive", "GOMP_SPINCOUNT": "0"},
    "short spin (ours)": {},
    "OpenMP's default": {"GOMP_SPINCOUNT": "300000"},
}
TEXT = "The model was fitted on all rows before the split, so the score is too good. " * 30


def run(model: str | None) -> None:
    """Prints tokens/s of each way: the median of some rounds, taken in turn.

    Args:
        model: A model's name; None takes the best that this machine holds.
    """
    chosen = choose_model(model)
    rates: dict[str, list[float]] = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(ROUNDS):
            for way, environment in WAYS.items():
                with patch.dict(os.environ, environment):
                    settings = JudgeOptions().settings()
                    with EngineClient(chosen.path, chosen.sha256, settings, Path(folder), 0) as engine:
                        usage = engine.read_prefix([Segment(TEXT)])
                rates[way].append(usage.evaluated / usage.seconds)
    ours = statistics.median(rates["short spin (ours)"])
    for way, found in rates.items():
        median = statistics.median(found)
        print(f"{way:20s} {median:6.1f} tokens/s   ratio {median / ours:.2f}   (median of {ROUNDS}, {chosen.name})")
