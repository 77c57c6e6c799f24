"""The judge with a memory and the calibration together: the judge speaks where the calibration is nearly undecided."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nbalign.align.calibrate import Estimate, Fitted, Taught
from nbalign.judge.decide import expected
from nbalign.rubrics.model import Scale

VERSION = 1  # raise it with every change to what a blend comes to: it is part of keys and of experiments' ids
MOST = 0.25  # the most that the judge with a memory may count for; see `share_of`
_LEAST = 0.05  # of a level: with few labels a deviation measured as 0 is none to trust


def weight(calibration: float, judge: float) -> float:
    """The calibration's share of a blend, above 0 and below 1, by inverse variance.

    Args:
        calibration: Standard deviation of its errors, left out one at a time, in levels.
        judge: That of the unaligned judge's expected scores on the same examples.
    """
    own, other = max(calibration, _LEAST) ** 2, max(judge, _LEAST) ** 2
    return other / (own + other)


def share_of(fitted: Fitted, taught: Sequence[Taught], scale: Scale) -> float:
    """The share that a calibration gets beside the judge with a memory, at least 1 - `MOST`.

    How far the judge with a memory errs cannot be told from the training labels: its memory was made of them, and to
    judge every training notebook with a memory made without it, fold by fold, would multiply the cost. The deviation
    of the unaligned judge stands for it. That is no bound: words in a prompt can make a small model worse than it was.
    So what would follow if it were as good as the unaligned judge is only the most that it gets, and never more than
    `MOST`. With a share m of at most a quarter it can carry a score to the other side of a border between levels, or
    to N/A and back, only where the calibration itself gives that side (1/2 - m) / (1 - m), a third, or more (of the
    levels somewhat less, where it half believes in N/A): it decides what the calibration leaves nearly open, and where
    it is wrong it costs little. The same holds where no line was fitted and the calibration says what the unaligned
    judge says.

    Args:
        fitted: The calibration.
        taught: What it was fitted on.
        scale: The scale.
    """
    levels = frozenset(scale.levels)
    errors = [
        expected(example.view.judged, scale) - example.score
        for example in taught
        if example.view.judged is not None and example.score in levels
    ]
    if fitted.ordinal is None or not errors:
        return 1 - MOST
    deviation = math.sqrt(math.fsum(e * e for e in errors) / len(errors))
    return max(1 - MOST, weight(fitted.ordinal.spread.error, deviation))


def blended(estimate: Estimate, taught: Mapping[int, float], share: float, scale: Scale) -> Estimate:
    """The mixture of both distributions, and what it decides.

    Args:
        estimate: The calibration's.
        taught: The distribution of the judge with a memory.
        share: The calibration's weight, 0..1.
        scale: The scale.
    """
    mixed = {
        value: share * estimate.probabilities.get(value, 0.0) + (1 - share) * taught.get(value, 0.0)
        for value in scale.values
    }
    total = sum(mixed.values())
    mixed = {value: p / total for value, p in mixed.items()} if total > 0 else dict(estimate.probabilities)
    return Estimate.of(mixed, scale)
