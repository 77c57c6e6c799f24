"""What a comparison of a given size can see, before it is made and after.

The change in the mean that a paired test at two-sided level a finds with probability 1 - b, given n cases whose
differences have the standard deviation s, is about (t(1 - a/2) + t(1 - b)) s / sqrt(n), with quantiles of Student's t
on n - 1 degrees of freedom (J. Cohen, "Statistical Power Analysis for the Behavioral Sciences", 2nd ed., 1988, chapter
2; the exact figure needs the noncentral t, and is within some per cent of this one from ten cases on).

The level is 5% over the number of dimensions: what Holm's correction asks of the most certain dimension. A change in
several dimensions at once is found a little more easily than this says.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from statistics import NormalDist, stdev

from nbalign.suite.compare.model import Power
from nbalign.suite.compare.tallies import Tally

ALPHA = 0.05
POWER = 0.80
MOST_CASES = 100_000
OBSERVED = "the spread of the differences between cases"


def detectable(spread: float, cases: int, alpha: float = ALPHA, power: float = POWER) -> float | None:
    """The change that a paired two-sided test at level `alpha` finds with probability `power`, in levels.

    Args:
        spread: Standard deviation of a case's difference, 0 or more.
        cases: Paired cases.
        alpha: 0..1.
        power: 0.5..1.

    Returns:
        0 or more; None where so few cases can never reach `alpha`: the signs of n differences can be flipped in 2^n
        ways, and nbalign's p-values are never below 2 / 2^n.
    """
    if cases < 2 or 2.0 ** (1 - min(cases, 1000)) > alpha:
        return None
    return (student(1 - alpha / 2, cases - 1) + student(power, cases - 1)) * spread / math.sqrt(cases)


def cases_needed(spread: float, change: float, alpha: float = ALPHA, power: float = POWER) -> int | None:
    """The fewest cases with which `detectable` is at most `change`; None where more than 100,000 would be needed."""
    if change <= 0:
        return None

    def seen(cases: int) -> bool:
        found = detectable(spread, cases, alpha, power)
        return found is not None and found <= change

    if not seen(MOST_CASES):
        return None
    low, high = 1, MOST_CASES  # `low` is too few, `high` is enough
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if seen(middle) else (middle, high)
    return high


def student(p: float, freedom: int) -> float:
    """Quantile of Student's t by the expansion around the normal quantile.

    Source: M. Abramowitz, I. A. Stegun, "Handbook of Mathematical Functions", 1964, formula 26.7.5; within 1% for 10
    degrees of freedom and more at the levels used here. With four or fewer it is too small, and there no p-value of
    ours reaches a corrected level anyway.

    Args:
        p: Strictly between 0 and 1.
        freedom: 1 or more.
    """
    z = NormalDist().inv_cdf(p)
    g1 = (z**3 + z) / 4
    g2 = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    g3 = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    g4 = (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160
    return z + g1 / freedom + g2 / freedom**2 + g3 / freedom**3 + g4 / freedom**4


def observed(differences: Sequence[float], tests: int, max_drop: float | None = None) -> Power | None:
    """What the comparison behind these differences can see.

    Where all cases differ by the same, their spread is 0, which no larger sample would keep to: the spread is then
    taken to be at least that of one case that differs by one level, 1 / sqrt(n).

    Args:
        differences: Of each case with a level in both runs.
        tests: Dimensions that Holm's correction is over, 1 or more.
        max_drop: The drop that must not be missed, for `needed`.

    Returns:
        None with fewer than two cases.
    """
    if len(differences) < 2:
        return None
    return _power(stdev(differences), OBSERVED, len(differences), tests, max_drop)


def foreseen(baseline: Tally, dimension: str, tests: int, max_drop: float | None = None) -> Power | None:
    """What a comparison with this run will be able to see, before there is another.

    With two or more notebooks of a case, the spread within cases says how far two runs of the same generator are
    apart: the difference of two means of k has the variance 2 s^2 / k. With one, notebooks of one case are taken to be
    as different as those of different cases, which is more than they are: the figure is then an upper bound.

    Args:
        baseline: Its scores.
        dimension: Dimension id.
        tests: Dimensions that Holm's correction will be over.
        max_drop: The drop that must not be missed.

    Returns:
        None with fewer than two cases with a level.
    """
    scores = [
        [score for _, score in repeats if score in baseline.levels]
        for repeats in baseline.by_case.get(dimension, {}).values()
    ]
    scores = [levels for levels in scores if levels]
    repeated = [levels for levels in scores if len(levels) > 1]
    if len(scores) < 2:
        return None
    if repeated:
        squares = sum((level - sum(levels) / len(levels)) ** 2 for levels in repeated for level in levels)
        within = squares / sum(len(levels) - 1 for levels in repeated)
        each = sum(len(levels) for levels in scores) / len(scores)
        basis = f"the spread between the {each:.3g} notebooks of a case, as if only they made two runs differ"
        return _power(math.sqrt(2 * within / each), basis, len(scores), tests, max_drop)
    spread = math.sqrt(2) * stdev(levels[0] for levels in scores)
    basis = "the assumption that two notebooks of a case differ as much as those of different cases (an upper bound)"
    return _power(spread, basis, len(scores), tests, max_drop)


def _power(spread: float, basis: str, cases: int, tests: int, max_drop: float | None) -> Power:
    alpha = ALPHA / max(1, tests)
    least = 1 / math.sqrt(cases)
    if spread < least:
        spread, basis = least, f"{basis}, at least that of one case one level apart"
    needed = None if max_drop is None else cases_needed(spread, max_drop, alpha)
    return Power(cases, spread, basis, alpha, detectable(spread, cases, alpha), needed)
