"""Judgements with distributions, and picks that are kept in memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from nbalign.audit.model import Pick, Why
from nbalign.audit.picks import PickStore
from nbalign.judge.model import Judgement
from tests.evaluate.cases import judged


def unsure(notebook: str, score: int, doubt: float, dimension: str = "first") -> Judgement:
    """A judgement whose judge would give another level with probability `doubt`."""
    other = 1 if score != 1 else 3
    found = judged(notebook, score, dimension)
    return replace(found, probabilities={score: 1 - doubt, other: doubt})


def picked(notebook: str, why: Why = "random", weight: float = 1.0, at: str = "2025-01-01T00:00:00+00:00") -> Pick:
    return Pick(1, at, "small", notebook, "tiny", "", why, weight)


class Kept(PickStore):
    """Picks without a database; each call is a day later."""

    def __init__(self) -> None:
        self.picks: list[Pick] = []
        self.day = 0

    def all(self, rubric: str) -> list[Pick]:
        return list(self.picks)

    def add(self, rubric: str, judge: str, memory: str, chosen: Sequence[tuple[str, Why, float]]) -> list[Pick]:
        self.day += 1
        at = f"2025-01-{self.day:02}T00:00:00+00:00"
        new = [
            Pick(len(self.picks) + n, at, rubric, notebook, judge, memory, why, weight)
            for n, (notebook, why, weight) in enumerate(chosen, 1)
        ]
        self.picks += new
        return new


def no_words(notebooks: Sequence[str]) -> dict[str, Counter[str]]:
    return {}
