"""Which arms a report speaks of: the best one, the one it is measured against, the constant, the full one."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

from nbalign.evaluate.experiment import best
from nbalign.evaluate.experiment.best import CONSTANT
from nbalign.evaluate.experiment.model import MACRO, ArmRow, Difference, ExperimentResult, Floor

BASE = "base"
FULL = "full"


@dataclass(frozen=True, slots=True)
class Roles:
    """Names of arms; None where an experiment has none.

    Attributes:
        best: The lowest macro MAE of the arms with a figure in all dimensions that any arm has one in, the constant
            left out; of equal ones the first in the order of the arms.
        base: The arm named `base`, else the one that most comparisons are made against, the constant left out.
        constant: The arm that always gives the median of the training folds.
        full: The arm named `full`.
    """

    best: str | None
    base: str | None
    constant: str | None
    full: str | None


def roles(result: ExperimentResult) -> Roles:
    """Finds the arms that play a part."""
    arms = set(result.arms)
    return Roles(
        best=best.best_arm(result.rows, result.arms),
        base=BASE if BASE in arms else _usual_opponent(result),
        constant=CONSTANT if CONSTANT in arms else None,
        full=FULL if FULL in arms else None,
    )


def row(result: ExperimentResult, arm: str | None, dimension: str = MACRO) -> ArmRow | None:
    """The row of an arm in a dimension, or over all of them."""
    return next((one for one in result.rows if one.arm == arm and one.dimension == dimension), None)


def difference(
    result: ExperimentResult, arm: str | None, against: str | None, dimension: str = MACRO
) -> Difference | None:
    """The paired comparison of two arms, or None where it was not made."""
    for one in result.differences:
        if (one.arm, one.against, one.dimension) == (arm, against, dimension):
            return one
    return None


def floor(result: ExperimentResult, dimension: str = MACRO) -> Floor | None:
    """The raters against each other."""
    return next((one for one in result.floors if one.dimension == dimension), None)


def error(result: ExperimentResult, arm: str | None, dimension: str = MACRO) -> float | None:
    """Mean absolute error as it is, without its interval; None where there is none."""
    found = row(result, arm, dimension)
    value = found.mae.value if found is not None and found.mae is not None else None
    return value if value is not None and math.isfinite(value) else None


def covered(result: ExperimentResult) -> dict[str, int]:
    """Arm -> in how many dimensions it has an error: a mean over fewer is no match for one over all."""
    return best.covered(result.rows, result.arms)


def rivals(result: ExperimentResult) -> list[str]:
    """The arms that can be the best: with an error in every dimension that any arm has one in; not the constant."""
    return list(best.rivals(result.rows, result.arms))


def _usual_opponent(result: ExperimentResult) -> str | None:
    against = Counter(one.against for one in result.differences if one.against not in (CONSTANT, ""))
    return against.most_common(1)[0][0] if against else None
