"""Whether the split suits the rows: classes, dates, rows that belong together; and fits on all rows at the end."""

from __future__ import annotations

import re

from nbalign.evidence.facts.models.model_training_faults import SERIES_AT_RANDOM, random_splits
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.model import Fact, Kind

_D = "model_training"

NOT_STRATIFIED = Kind("not_stratified", _D, "gap", -0.2, "Rows with classes are split at random without stratify.")
DATED_AT_RANDOM = Kind("dated_rows_at_random", _D, "gap", -0.2, "Rows that carry their time are split at random.")
ENTITIES_APART = Kind(
    "entities_on_both_sides",
    _D,
    "gap",
    -0.3,
    "Several rows of one person or thing are split at random, not grouped.",
)
FINAL_FIT = Kind("final_fit_on_all", _D, "neutral", 0.0, "After it was measured, the model is fitted on all rows.")

ROW_KINDS = (NOT_STRATIFIED, DATED_AT_RANDOM, ENTITIES_APART, FINAL_FIT)

_SEVERAL_ROWS = re.compile(
    r"\b(?:several|multiple|many|repeated|more than one|\d+)\s+(?:rows|records|visits|entries|orders|measurements|"
    r"samples|transactions|observations)\s+(?:per|for each|of each|for every|from each)\s+"
    r"(\w+)(?:\s+(\w+))?",
    re.IGNORECASE,
)
_STAMP = re.compile(r"date|time|^ts$|^ds$|stamp", re.IGNORECASE)  # a year or a month alone is often a mere feature
_ENTITY = re.compile(
    r"^(?:patient|customer|user|client|subject|person|member|account|machine|device|engine|store|player|driver|animal|"
    r"donor|student|household|respondent|speaker|vehicle|site|hospital|sensor)_?(?:id|no|nr|number|key)$",
    re.IGNORECASE,
)


def row_gaps(models: Models, found: list[Fact]) -> list[Fact]:
    """What the split leaves out of account.

    Args:
        models: What the notebook does with models.
        found: Faults that were stated before.
    """
    return [*_split_gaps(models, found), *_final_fit(models)]


def _split_gaps(models: Models, found: list[Fact]) -> list[Fact]:
    splits = [s for s in random_splits(models) if s.how != "mask"]
    if not splits:
        return []
    split = splits[0]
    gaps = []
    if models.classifies and not any(s.stratified for s in splits):
        gaps.append(
            NOT_STRATIFIED.fact(f"{split.how} without stratify although classes are predicted", {split.at.cell})
        )
    timed = [c for c in models.time_columns if _STAMP.search(c)]
    series = any(f.kind is SERIES_AT_RANDOM for f in found)
    if timed and not series and not any(s.by_time for s in models.splits):
        gaps.append(
            DATED_AT_RANDOM.fact(f"rows dated by {timed[0]!r} are split at random ({split.how})", {split.at.cell})
        )
    entity, cells = _entity(models)
    if entity and not any(s.grouped for s in (*models.splits, *models.folds)):
        text = f"each {entity} has several rows, and the split is not made by {entity} ({split.how})"
        gaps.append(ENTITIES_APART.fact(text, {split.at.cell, *cells}))
    return gaps


def _entity(models: Models) -> tuple[str, set[int]]:
    """Whom or what several rows belong to, by the notebook's own words, where a column bears that name."""
    named = {
        re.split(r"_?(?:id|no|nr|number|key)$", c, flags=re.IGNORECASE)[0].lower()
        for c in models.trace.columns
        if _ENTITY.match(c)
    }
    if not named:
        return "", set()
    for cell in models.source.notebook.cells:
        if cell.kind != "markdown" and cell.number != 1:
            continue
        for match in _SEVERAL_ROWS.finditer(cell.source[:4000]):
            for word in match.groups(""):
                if word.lower().rstrip("s") in named:
                    return word.lower().rstrip("s"), {cell.number}
    return "", set()


def _final_fit(models: Models) -> list[Fact]:
    split = models.first_split
    if split is None or not models.measured:
        return []
    last = max(models.position[id(m)] for m in models.measured)
    first = min(models.position[id(m)] for m in models.measured)
    again = [
        f
        for f in models.real
        if models.position[id(f)] > first
        and f.rows
        and models.trace.tree.includes(f.rows, split.test)
        and not any(first < models.position[id(m)] <= last and models.made_by.get(id(m)) is f for m in models.measured)
    ]
    if not again:
        return []
    return [FINAL_FIT.fact("after it was measured, the model is fitted on all rows", {f.at.cell for f in again})]
