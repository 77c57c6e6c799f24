"""Whether a calibration may speak: decided by cross-validation inside the training examples, everything refitted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.line import Sample, learn
from nbalign.align.calibrate.model import FloatArray
from nbalign.align.calibrate.spread import least_error, ranked

FOLDS = 5
LEAST = 8  # examples below which nothing can be proved
_HALF = 0.5  # an example of each level that the constant's frequencies are smoothed by
_NOTHING = 1e-9


@dataclass(frozen=True, slots=True)
class Proof:
    """What cross-validation inside the training examples came to.

    Attributes:
        fitted: Mean absolute error of the fitted line on examples it was not learned from.
        otherwise: The same for what would be used without it, on the same examples.
        on: Whether the line is better and so used.
    """

    fitted: float
    otherwise: float
    on: bool


def prove(sample: Sample, names: Sequence[str], otherwise: FloatArray, *, na: bool) -> Proof:
    """Compares the line with what would be used otherwise, by five-fold cross-validation.

    Term weights, standardisation, choice of families and reading of numbers are all learned anew in each fold, so the
    comparison is honest even though the choice is greedy.

    Against another's answers the line must have the smaller mean absolute error. Against the constant it must have
    the smaller mean ranked probability score: with few labels the absolute error of whole levels is
    too coarse to see a fit that is right more often than not, and on noise the score tells chance from gain better.

    Args:
        sample: Training examples, at least two.
        names: Their identities (hashes), which together with the targets decide the folds, whatever the order.
        otherwise: The level that would be said of each example otherwise; NaN stands for the constant, that is the
            lower median of the examples learned from; shape (n,).
        na: Whether the target is N/A.
    """
    n = sample.target.size
    order = sorted(range(n), key=lambda i: (sample.target[i], names[i]))
    fold = np.empty(n, dtype=np.intp)
    fold[order] = np.arange(n) % min(FOLDS, n)
    ours, theirs = np.empty(n), np.empty(n)
    gain = 0.0
    for k in range(int(fold.max()) + 1):
        taught, asked = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        line = learn(sample, taught, na=na)
        read = np.array([line.spread.read(float(x)) for x in line.numbers(sample, asked)])
        said = np.array([sample.levels[least_error(row, sample.levels)] for row in read])
        target = sample.target[taught]
        constant = np.sort(target)[(taught.size - 1) // 2]
        truth, other = sample.target[asked], otherwise[asked]
        ours[asked] = np.abs(said - truth)
        theirs[asked] = np.abs(np.where(np.isfinite(other), other, constant) - truth)
        usual = np.array([float((target == level).sum()) + _HALF for level in sample.levels])
        always = np.tile(usual / usual.sum(), (asked.size, 1))
        gain += float((ranked(always, truth, sample.levels) - ranked(read, truth, sample.levels)).sum())
    if np.isfinite(otherwise).any():
        gain = float((theirs - ours).sum())
    return Proof(float(ours.mean()), float(theirs.mean()), gain > _NOTHING)
