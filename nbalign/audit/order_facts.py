"""What speaks for labelling a notebook soon: how unsure its judge is, where judges or raters differ, who has scored it.

All of it is read in two plain queries, so that it stays quick with thousands of notebooks.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from nbalign.audit.doubt import doubt, doubts
from nbalign.labels.checks import one_form
from nbalign.rubrics.model import Rubric
from nbalign.store.database import Store

UNSURE_BELOW = 0.5  # probability of the likeliest score below which a judge is called unsure


@dataclass(frozen=True, slots=True)
class Standing:
    """How a notebook stands. None of it tells a score.

    Attributes:
        unsure: Doubt of the judge that judged it last, summed over dimensions.
        unsure_on: Dimensions on which that judge is unsure.
        judges: Expected distance between the scores of two of its judges, summed over dimensions.
        judges_on: Dimensions on which judges differ.
        raters: The same of its raters, where no decision settles it.
        raters_on: Dimensions on which raters differ.
        mine: Dimensions that this rater has scored.
        others: Whether anybody else has scored any.
    """

    unsure: float = 0.0
    unsure_on: int = 0
    judges: float = 0.0
    judges_on: int = 0
    raters: float = 0.0
    raters_on: int = 0
    mine: int = 0
    others: bool = False

    @property
    def doubt(self) -> float:
        """All three together: they are one unit, the expected distance of two scores."""
        return self.unsure + self.judges + self.raters


def standings(store: Store, rubric: Rubric, rater: str) -> dict[str, Standing]:
    """Content hash -> how a notebook stands for this rater; those that nobody has judged or scored are left out.

    Args:
        store: The open store.
        rubric: The rubric.
        rater: Who will label.

    Raises:
        StoreError: If the database cannot be read.
    """
    judged = _judged(store, rubric)
    scored = _scored(store, rubric, one_form(rater))
    found = {}
    for notebook in {*judged, *scored}:
        unsure, unsure_on, judges, judges_on = judged.get(notebook, (0.0, 0, 0.0, 0))
        raters, raters_on, mine, others = scored.get(notebook, (0.0, 0, 0, False))
        found[notebook] = Standing(unsure, unsure_on, judges, judges_on, raters, raters_on, mine, others)
    return found


def _judged(store: Store, rubric: Rubric) -> dict[str, tuple[float, int, float, int]]:
    """Notebook -> (doubt, dimensions in doubt, distance of judges, dimensions on which they differ)."""
    known, values = {d.id for d in rubric.dimensions}, set(rubric.scale.values)

    latest: dict[str, dict[str, dict[str, tuple[str, int]]]] = defaultdict(lambda: defaultdict(dict))
    last: dict[str, str] = {}
    rows = store.rows(
        "SELECT notebook, judge, dimension, probabilities, score FROM judgements WHERE rubric = ? ORDER BY rowid",
        (rubric.id,),
    )
    for row in rows:
        if row["dimension"] in known and row["score"] in values:
            latest[row["notebook"]][row["dimension"]][row["judge"]] = (row["probabilities"], row["score"])
            last[row["notebook"]] = row["judge"]
    found, apart = {}, _apart(rubric)
    by_last = [
        (notebook, json.loads(judges[last[notebook]][0]))
        for notebook, dimensions in latest.items()
        for judges in dimensions.values()
        if last[notebook] in judges
    ]
    said = [{int(value): float(share) for value, share in shares.items()} for _, shares in by_last]
    sums: dict[str, float] = defaultdict(float)
    counts: dict[str, int] = defaultdict(int)
    for (notebook, _), shares, amount in zip(by_last, said, doubts(said, rubric.scale).tolist(), strict=True):
        sums[notebook] += amount
        counts[notebook] += max(shares.values(), default=0.0) < UNSURE_BELOW
    for notebook, dimensions in latest.items():
        distances = [apart(tuple(sorted(score for _, score in judges.values()))) for judges in dimensions.values()]
        found[notebook] = sums[notebook], counts[notebook], sum(distances), sum(d > 0 for d in distances)
    return found


def _scored(store: Store, rubric: Rubric, rater: str) -> dict[str, tuple[float, int, int, bool]]:
    """Notebook -> (distance of raters, dimensions on which they differ, scored by this rater, scored by another)."""
    known, values = {d.id for d in rubric.dimensions}, set(rubric.scale.values)
    scores: dict[str, dict[str, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    settled: set[tuple[str, str]] = set()
    rows = store.rows(
        "SELECT c.notebook, c.dimension, c.rater, c.role, e.score"
        " FROM current_labels c JOIN label_events e ON e.id = c.event WHERE c.rubric = ?",
        (rubric.id,),
    )
    for row in rows:
        if row["dimension"] not in known or row["score"] not in values:
            continue
        if row["role"] == "decision":
            settled.add((row["notebook"], row["dimension"]))
        else:
            scores[row["notebook"]][row["dimension"]][row["rater"]] = row["score"]
    found, apart = {}, _apart(rubric)
    for notebook, dimensions in scores.items():
        distances = [
            apart(tuple(sorted(raters.values()))) for d, raters in dimensions.items() if (notebook, d) not in settled
        ]
        found[notebook] = (
            sum(distances),
            sum(distance > 0 for distance in distances),
            sum(rater in raters for raters in dimensions.values()),
            any(raters.keys() - {rater} for raters in dimensions.values()),
        )
    return found


def _apart(rubric: Rubric) -> Callable[[tuple[int, ...]], float]:
    """Expected distance between two of some scores: the doubt of a judge that says each of them as often."""

    @lru_cache(maxsize=4096)
    def apart(scores: tuple[int, ...]) -> float:
        shares = {value: float(scores.count(value)) for value in scores}
        return doubt(shares, rubric.scale) if len(shares) > 1 else 0.0

    return apart
