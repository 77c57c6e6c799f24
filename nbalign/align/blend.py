"""The judge with a memory and the calibration together: two opinions of one notebook, weighed by how far each errs."""

from __future__ import annotations

from collections.abc import Mapping

from nbalign.align.calibrate.model import Estimate
from nbalign.judge.decide import decide, expected
from nbalign.rubrics.model import Scale

_LEAST = 0.05  # of a level: with few labels an error measured as 0 is none to trust


def weight(calibration_error: float, judge_error: float) -> float:
    """The calibration's share of a blend, 0..1: inverse-variance weighting with absolute errors in place of deviations.

    What the judge with a memory errs cannot be told from the training labels alone: its memory was made of them, and to
    judge every training notebook with a memory made without it, fold by fold, would multiply the cost. So the error of
    the unaligned judge stands for it. Where a memory helps, that errs on the careful side.

    Args:
        calibration_error: Its mean absolute error in cross-validation within the training examples.
        judge_error: The unaligned judge's on the same examples.
    """
    calibration, judge = max(calibration_error, _LEAST) ** 2, max(judge_error, _LEAST) ** 2
    return judge / (calibration + judge)


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
