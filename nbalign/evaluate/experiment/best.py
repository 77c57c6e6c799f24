"""Which arm is the best of an experiment, for whoever speaks of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from nbalign.evaluate.experiment.model import MACRO, ArmRow

CONSTANT = "constant"


def covered(rows: Sequence[ArmRow], arms: Sequence[str]) -> dict[str, int]:
    """Arm -> in how many dimensions it has an error: a mean over fewer is no match for one over all."""
    found = Counter(row.arm for row in rows if row.dimension != MACRO and row.mae is not None)
    return {arm: found[arm] for arm in arms}


def rivals(rows: Sequence[ArmRow], arms: Sequence[str]) -> dict[str, float]:
    """The arms that can be the best, with their macro errors.

    Those with an error in every dimension that any arm has one in; not the constant.
    """
    dimensions = covered(rows, arms)
    most = max(dimensions.values(), default=0)
    errors = {row.arm: row.mae.value for row in rows if row.dimension == MACRO and row.mae is not None}
    return {
        arm: errors[arm]
        for arm in arms
        if arm != CONSTANT and dimensions[arm] == most and math.isfinite(errors.get(arm, math.nan))
    }


def best_arm(rows: Sequence[ArmRow], arms: Sequence[str]) -> str | None:
    """The rival with the least macro error, of equal ones the first; None without rivals."""
    errors = rivals(rows, arms)
    return min(errors, key=lambda arm: errors[arm]) if errors else None
