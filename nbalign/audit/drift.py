"""How the judgements of two judges differ on the notebooks that both judged."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbalign.evaluate.experiment.bootstrap import RESAMPLES, draw
from nbalign.evaluate.experiment.model import MACRO, Interval
from nbalign.evaluate.scored import Scored, latest
from nbalign.rubrics.model import Rubric

MOST = 3  # notebooks named a dimension


@dataclass(frozen=True, slots=True)
class Change:
    """One notebook that two judges score differently.

    Attributes:
        notebook: Content hash.
        name: Its name.
        before: Score of the first judge.
        after: Score of the second.
        moved: Change of the expected score, in levels; None where one of them says N/A.
    """

    notebook: str
    name: str
    before: int
    after: int
    moved: float | None


@dataclass(frozen=True, slots=True)
class DriftRow:
    """How two judges differ in one dimension, or over all.

    Attributes:
        dimension: Dimension id; `MACRO` for all.
        notebooks: Notebooks both scored, N/A included; for `MACRO` judgements, summed over dimensions.
        pairs: Of these, those that both scored on the levels.
        shift: Mean change of the expected score, second minus first, with its interval; None without pairs.
        changed: Share of scores that are not the same, N/A included, 0..1; None without notebooks.
        became_na: Scores that turned into N/A.
        was_na: N/A that turned into a score.
        most: The notebooks that changed most; empty for `MACRO`.
    """

    dimension: str
    notebooks: int
    pairs: int
    shift: Interval | None
    changed: float | None
    became_na: int
    was_na: int
    most: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Drift:
    """How the judgements of two judges differ on what both judged.

    Attributes:
        rubric: Rubric id.
        first: Name of the first judge.
        second: Name of the second.
        notebooks: Notebooks that both judged.
        only_first: Notebooks that the first alone judged.
        only_second: Notebooks that the second alone judged.
        rows: Dimensions in the rubric's order, then `MACRO`.
    """

    rubric: str
    first: str
    second: str
    notebooks: int
    only_first: int
    only_second: int
    rows: tuple[DriftRow, ...]


def drift(
    rubric: Rubric,
    first: Sequence[Scored],
    second: Sequence[Scored],
    called: tuple[str, str],
    names: Mapping[str, str],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Drift:
    """Compares two judges; no label is looked at.

    Args:
        rubric: What belongs to others is passed over.
        first: Scores of the first judge; of several for a notebook and dimension the latest counts.
        second: Scores of the second.
        called: Their names.
        names: Content hash -> name of a notebook.
        resamples: Of the bootstrap (paired, by notebook) behind the intervals of the shifts.
        seed: Of the bootstrap.
    """
    a, _ = latest(rubric, first)
    b, _ = latest(rubric, second)
    both = sorted(a.keys() & b.keys())
    levels = set(rubric.scale.levels)
    moved = {key: _expected(b[key]) - _expected(a[key]) for key in both if {a[key].score, b[key].score} <= levels}
    ids = [dimension.id for dimension in rubric.dimensions]
    columns = [[(key[0], value) for key, value in moved.items() if key[1] == d] for d in ids]
    drawn = draw(columns, sorted({key[0] for key in both}), resamples=resamples, seed=seed)
    rows = []
    for dimension, shift in zip(ids, drawn.intervals(), strict=True):
        here = [key for key in both if key[1] == dimension]
        changes = [
            Change(key[0], names.get(key[0], key[0][:12]), a[key].score, b[key].score, moved.get(key))
            for key in here
            if a[key].score != b[key].score or moved.get(key)
        ]
        changes.sort(key=lambda c: (-_size(c), c.name, c.notebook))
        na = rubric.scale.not_applicable
        rows.append(
            DriftRow(
                dimension=dimension,
                notebooks=len(here),
                pairs=sum(key in moved for key in here),
                shift=shift,
                changed=sum(a[key].score != b[key].score for key in here) / len(here) if here else None,
                became_na=sum(b[key].score == na != a[key].score for key in here),
                was_na=sum(a[key].score == na != b[key].score for key in here),
                most=tuple(changes[:MOST]),
            )
        )
    judged = sum(row.notebooks for row in rows)
    changed = sum(a[key].score != b[key].score for key in both)
    whole = DriftRow(
        dimension=MACRO,
        notebooks=judged,
        pairs=len(moved),
        shift=drawn.macro([n for n, row in enumerate(rows) if row.pairs]).intervals()[0],
        changed=changed / judged if judged else None,
        became_na=sum(row.became_na for row in rows),
        was_na=sum(row.was_na for row in rows),
        most=(),
    )
    one, other = {key[0] for key in a}, {key[0] for key in b}
    return Drift(rubric.id, *called, len(one & other), len(one - other), len(other - one), (*rows, whole))


def _expected(scored: Scored) -> float:
    return scored.expected if math.isfinite(scored.expected) else float(scored.score)


def _size(change: Change) -> float:
    """A change to or from N/A is of another kind than one of levels; it stands before them."""
    return math.inf if change.moved is None else abs(change.moved) + abs(change.after - change.before)
