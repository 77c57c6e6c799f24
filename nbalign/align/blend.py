"""The judge with a memory and the calibration together: two opinions of one notebook, weighed by how far each errs."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from nbalign.align.calibrate import Estimate, Fitted, Taught
from nbalign.judge.decide import decide, expected
from nbalign.rubrics.model import Scale

_LEAST = 0.05  # of a level: with few labels a deviation measured as 0 is none to trust


def weight(calibration: float, judge: float) -> float:
    """The calibration's share of a blend, 0..1, by inverse variance.

    What the judge with a memory errs cannot be told from the training labels alone: its memory was made of them, and to
    judge every training notebook with a memory made without it, fold by fold, would multiply the cost. So the
    deviation of the unaligned judge stands for it. Where a memory helps, that errs on the careful side.

    Args:
        calibration: Standard deviation of its errors, left out one at a time, in levels.
        judge: That of the unaligned judge's expected scores on the same examples.
    """
    own, other = max(calibration, _LEAST) ** 2, max(judge, _LEAST) ** 2
    return other / (own + other)


def share_of(fitted: Fitted, taught: Sequence[Taught], scale: Scale) -> float:
    """The share that a calibration gets beside the judge with a memory.

    Args:
        fitted: The calibration; where it does not tell the score, both sides count the same.
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
        return 0.5
    return weight(fitted.ordinal.spread.error, math.sqrt(math.fsum(e * e for e in errors) / len(errors)))


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
    return Estimate(mixed, expected(mixed, scale), decide(mixed, scale))
