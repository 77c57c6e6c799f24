"""From a number to a distribution over levels, and from that to a score.

What a ridge fit says is pulled towards the middle, and scores are often bunched at one level or at both ends, so
rounding it is not the best guess. Two readings are averaged, the one that tells the left-out examples better with more
weight:

- *rounding*: the number with Gaussian noise of the leave-one-out error, cut at the midpoints between levels;
- *looking back*: which levels the examples had whose left-out predictions came out like this number. Each level l gets
  a Gaussian around m + b (l - mean score), b from the left-out predictions, with a common variance and the levels'
  frequencies as prior (linear discriminant analysis in one dimension).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from nbalign.align.calibrate.model import FloatArray

_PRIOR_COUNT = 2.0  # what the expected noise counts for beside the examples' own errors
_UNSEEN = 3.0  # examples added over all levels, in equal parts, so that no level is impossible


@dataclass(frozen=True, slots=True)
class Spread:
    """How a predicted number is read.

    Attributes:
        levels: The levels, ascending.
        error: Standard deviation of what is left out: noise of the first reading.
        centres: For each level where its examples' predictions lie.
        width: Their common standard deviation around it.
        prior: Frequency of each level; sums to 1.
        looking: Share of the second reading, 0..1.
    """

    levels: tuple[float, ...]
    error: float
    centres: tuple[float, ...]
    width: float
    prior: tuple[float, ...]
    looking: float = 0.5

    @classmethod
    def learn(cls, left_out: FloatArray, target: FloatArray, levels: tuple[float, ...], noise: float) -> Spread:
        """Learns from leave-one-out predictions.

        Args:
            left_out: What the others predict of each example, shape (n,).
            target: What it is, each one of the levels, shape (n,), n >= 1.
            levels: The levels, ascending, at least two.
            noise: Standard deviation that is expected beforehand, above 0.
        """
        own = np.array([float((target == level).sum()) for level in levels])
        prior = own + _UNSEEN / len(levels)
        apart = target - target.mean()
        square = float(apart @ apart)
        slope = max(float(apart @ (left_out - left_out.mean())) / square, 0.0) if square > 0 else 0.0
        centres = left_out.mean() + slope * (np.array(levels) - target.mean())
        at = np.searchsorted(np.array(levels), target)

        def deviation(errors: FloatArray) -> float:
            pooled = (float(errors @ errors) + _PRIOR_COUNT * noise**2) / (errors.size + _PRIOR_COUNT)
            return math.sqrt(pooled)

        spread = cls(
            levels=levels,
            error=deviation(target - left_out),
            centres=tuple(centres.tolist()),
            width=deviation(left_out - centres[at]),
            prior=tuple((prior / prior.sum()).tolist()),
        )
        # Each reading's ranked probability score counts like a log-likelihood, so an even contest stays at one half.
        readings = [spread._readings(float(number)) for number in left_out]
        lost = [float(ranked(np.array(way), target, levels).sum()) for way in zip(*readings, strict=True)]
        return replace(spread, looking=1 / (1 + math.exp(min(max(lost[1] - lost[0], -50.0), 50.0))))

    def read(self, number: float) -> FloatArray:
        """Probabilities of the levels, shape (number of levels,), given what the fit says."""
        rounded, looked = self._readings(number)
        both: FloatArray = (1 - self.looking) * rounded + self.looking * looked
        both /= both.sum()
        return both

    def _readings(self, number: float) -> tuple[FloatArray, FloatArray]:
        middle = [(a + b) / 2 for a, b in pairwise(self.levels)]
        below = [0.0, *(0.5 * math.erfc((number - m) / (self.error * math.sqrt(2))) for m in middle), 1.0]
        log = np.log(np.array(self.prior)) - 0.5 * ((number - np.array(self.centres)) / self.width) ** 2
        looked = np.exp(log - log.max())
        return np.diff(np.array(below)), looked / looked.sum()


def ranked(probabilities: FloatArray, truth: FloatArray, levels: Sequence[float]) -> FloatArray:
    """Ranked probability scores: squared differences of the distribution functions, summed over levels (Epstein 1969).

    Args:
        probabilities: Shape (m, number of levels).
        truth: Levels that came true, shape (m,).
        levels: The levels, ascending.
    """
    below = np.cumsum(probabilities, axis=1)[:, :-1]
    happened = truth[:, None] <= np.array(levels)[None, :-1]
    scores: FloatArray = ((below - happened) ** 2).sum(axis=1)
    return scores


def least_error(probabilities: FloatArray, levels: tuple[float, ...]) -> int:
    """Index of the level with the least expected absolute error; of equals the lower."""
    at = np.array(levels)
    errors = np.abs(at[:, None] - at[None, :]) @ probabilities
    return int(np.argmin(np.round(errors, 12)))
