"""What cross-validation said of a judge when it was aligned: the arm of a stored experiment that is this judge."""

from __future__ import annotations

import json
from typing import Any

from nbalign.audit.learned import Learned
from nbalign.audit.model import Promise
from nbalign.evaluate.experiment.model import Interval
from nbalign.store.database import Store


def promise(store: Store, rubric: str, judge: str, model: str, memory: Learned | None) -> Promise | None:
    """The promise that holds for a judge; None where no experiment speaks of it.

    The experiment is the one that the memory names (`experiment` in what made it), else the latest under the rubric
    with the same model, one on all notebooks before one on some. The arm is the one that the memory names (`arm`),
    else `full+calibrated` where a calibration is on, else `full`; for an unaligned judge it is `base` of an experiment
    with this very judge.

    Args:
        store: The open store.
        rubric: Rubric id.
        judge: Name of the judge.
        model: Name of its model.
        memory: Its memory; None for an unaligned judge.

    Raises:
        StoreError: If the database cannot be read.
    """
    named = memory.made_by.get("experiment", "") if memory else ""
    rows = store.rows(
        "SELECT id, at, options, result FROM experiments WHERE rubric = ? ORDER BY at DESC, rowid DESC", (rubric,)
    )
    # Stable: the one named first, then those on all notebooks, then the latest.
    for row in sorted(rows, key=lambda row: (row["id"] != named, bool(_object(row["options"]).get("notebooks")))):
        result = _object(row["result"])
        if memory is None:
            arms = ["base"] if result.get("judge") == judge else []
        elif row["id"] == named or result.get("model") == model:
            arms = [memory.made_by.get("arm", ""), *(["full+calibrated"] if memory.calibrated else []), "full"]
        else:
            arms = []
        for arm in arms:
            if found := _errors(result, arm):
                return Promise(row["id"], row["at"], arm, found)
    return None


def _errors(result: dict[str, Any], arm: str) -> dict[str, Interval]:
    found: dict[str, Interval] = {}
    rows = result.get("rows")
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and row.get("arm") == arm and isinstance(row.get("mae"), dict):
            ends = [row["mae"].get(name) for name in ("value", "low", "high")]
            if all(isinstance(end, int | float) for end in ends):
                found[str(row.get("dimension", ""))] = Interval(*map(float, ends))
    return found


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
