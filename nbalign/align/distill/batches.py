"""Which records are distilled together, so that one new label changes one prompt and no more.

A group of notebooks is told to a model as a whole where it fits. Where it does not, it is halved by a bit of the
hash of each notebook's name in the store, and again, until every part fits. Who is in which part depends on nothing
but the notebook, so a new label changes its own part alone (and once in a while divides it in two).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nbalign.align.distill.records import Record, record
from nbalign.align.model import Lesson

Count = Callable[[Sequence[str]], list[int]]

BUDGET = 1100  # tokens of records in one batch: ten to fifteen notebooks with two raters each
BEYOND = "Its words alone take more tokens than one batch may hold."
_MARKS = 6  # tokens around a record: its number and its line end


@dataclass(frozen=True, slots=True)
class Batch:
    """Records of one dimension and one group that a model reads together.

    Attributes:
        dimension: Dimension id.
        group: Their group, such as a fold; `ALL` where there are none.
        records: At least one, those where judge and experts are furthest apart first.
    """

    dimension: str
    group: int
    records: tuple[Record, ...]

    def key(self, made: Mapping[str, str]) -> str:
        """What the output is filed under: SHA-256 over everything that decides it.

        Which group it was does not decide it, nor does the identity of labels or notebooks: their words do.

        Args:
            made: Everything else by name: rubric, prompt version, model, engine settings, attempt.
        """
        told = [[r.score, r.judged, r.words, list(r.cells)] for r in self.records]
        material = {"dimension": self.dimension, "records": told, "made": dict(made)}
        return hashlib.sha256(json.dumps(material, sort_keys=True).encode()).hexdigest()

    def halves(self) -> tuple[Batch, ...]:
        """The batch in two, or nothing where it has one record."""
        middle = len(self.records) // 2
        if not middle:
            return ()
        # Every other one: both halves then hold great disagreements and small ones.
        return tuple(Batch(self.dimension, self.group, self.records[n::2]) for n in (0, 1))


ALL = -1


@dataclass(frozen=True, slots=True)
class Batched:
    """Lessons in batches.

    Attributes:
        batches: In order of dimension and group.
        unused: Event of a label that stands in no batch -> why, one sentence.
    """

    batches: tuple[Batch, ...]
    unused: Mapping[int, str] = field(default_factory=dict)


def batches(
    lessons: Iterable[Lesson],
    judged: Mapping[tuple[str, str], float],
    group: Mapping[str, int] | None,
    count: Count,
    budget: int = BUDGET,
) -> Batched:
    """Puts lessons into batches of one dimension and one group each.

    Args:
        lessons: What is learned from.
        judged: (notebook, dimension) -> the judge's expected score; may lack some or all.
        group: Notebook -> group. With the folds of an experiment, a batch serves every training set that holds its
            whole group, and nothing of another fold is in it. Lessons of notebooks without a group are left out. None
            for ordinary alignment.
        count: Tokens of each of some texts.
        budget: Most tokens of records in a batch, at least 32.

    Returns:
        The batches, and the labels that are in none.
    """
    found: dict[tuple[str, int], list[Record]] = {}
    unused: dict[int, str] = {}
    for lesson in lessons:
        if group is not None and lesson.notebook not in group:
            continue
        made, why = record(lesson, judged.get((lesson.notebook, lesson.dimension)))
        unused.update(why)
        if made is not None:
            found.setdefault((lesson.dimension, ALL if group is None else group[lesson.notebook]), []).append(made)
    every = [r for records in found.values() for r in records]
    tokens = dict(zip(every, (n + _MARKS for n in count([r.told() for r in every])), strict=True)) if every else {}
    made_of: list[Batch] = []
    for (dimension, number), records in found.items():
        fitting = [r for r in records if tokens[r] <= budget]
        unused.update((event, BEYOND) for r in records if tokens[r] > budget for event in r.events)
        for part in _parts(fitting, tokens, budget):
            made_of.append(Batch(dimension, number, tuple(sorted(part, key=_order))))
    made_of.sort(key=lambda batch: (batch.dimension, batch.group))
    return Batched(tuple(made_of), unused)


def _parts(records: list[Record], tokens: Mapping[Record, int], budget: int, depth: int = 0) -> list[list[Record]]:
    """The records in parts that fit, told apart by the bits of their notebooks' hashes."""
    if not records:
        return []
    if len(records) == 1 or sum(tokens[r] for r in records) <= budget:
        return [records]
    if depth == 256:  # the same notebook twice: cannot be told apart, and does not happen within a dimension
        return [[r] for r in records]
    sides: tuple[list[Record], list[Record]] = ([], [])
    for r in records:
        sides[_bit(r.notebook, depth)].append(r)
    return [part for side in sides for part in _parts(side, tokens, budget, depth + 1)]


def _bit(notebook: str, place: int) -> int:
    return hashlib.sha256(notebook.encode()).digest()[place // 8] >> (place % 8) & 1


def _order(r: Record) -> tuple[int, str]:
    return -r.gap, hashlib.sha256(r.notebook.encode()).hexdigest()
