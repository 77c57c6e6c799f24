"""The error of a judge estimated from random picks.

The estimator. Each call of `audit pick` draws a simple random sample, without replacement, from the notebooks that the
judge has scored, that nobody has labelled and that do not wait as a random pick already. A pick therefore weighs
w = N / r: N notebooks it was drawn from, r drawn. With e the absolute error on a pick, the estimate of one dimension
is the weighted mean sum(w e) / sum(w) over random picks that have been labelled since (J. Hájek in V. P. Godambe,
D. A. Sprott, "Foundations of Statistical Inference", 1971, p. 236; W. G. Cochran, "Sampling Techniques", 1977, chapter
2): within one call it is the plain mean, which is unbiased for the mean error over all N, and over several calls each
counts by how many notebooks it speaks for. Picks made for doubt or novelty never enter: they are chosen because the
judge is likely to be wrong there, so they would make it look worse than it is. They are for learning.

Two conditions keep this true. Random picks are labelled in the order shown (which is random), so that those labelled
so far are a random sample of those picked. And notebooks whose labels a memory learned from say nothing about the
error of its judge: they are left out for it.

Intervals are percentile bootstrap over picks, all dimensions of a notebook together. Below some ten picks they are
too narrow: read them as the least that is unknown.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.evaluate.experiment.bootstrap import RESAMPLES, Draws, draw
from nbalign.evaluate.experiment.model import Interval

FEWEST = 5  # picks without which an error is not called worse than promised: a bootstrap of fewer knows too little


@dataclass(frozen=True, slots=True)
class Errors:
    """Weighted means with their intervals.

    Attributes:
        of: Dimension id -> mean; None without figures.
        macro: Unweighted mean over the dimensions that have one; None without any.
    """

    of: Mapping[str, Interval | None]
    macro: Interval | None


def estimate(
    figures: Mapping[tuple[str, str], float],
    weights: Mapping[str, float],
    dimensions: Sequence[str],
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Errors:
    """Weighted means of figures by dimension, and their mean.

    Args:
        figures: (notebook, dimension) -> figure, such as |judge - raters|.
        weights: Notebook -> weight above 0, for every notebook in `figures`.
        dimensions: Dimension ids to report.
        resamples: Of the bootstrap.
        seed: Of the bootstrap.
    """
    notebooks = sorted({notebook for notebook, _ in figures})
    columns = [[(n, weights[n] * f) for (n, d), f in figures.items() if d == dimension] for dimension in dimensions]
    totals = [[(n, weights[n]) for (n, d) in figures if d == dimension] for dimension in dimensions]
    drawn = draw([*columns, *totals], notebooks, resamples=resamples, seed=seed)
    # Both columns of a dimension hold the same notebooks, so that a ratio of their means is that of their sums.
    k = len(dimensions)
    means = Draws(drawn.values[:k] / drawn.values[k:], drawn.means[:, :k] / drawn.means[:, k:], drawn.units[:k])
    macro = means.macro([n for n in range(k) if np.isfinite(means.values[n])])
    return Errors(dict(zip(dimensions, means.intervals(), strict=True)), macro.intervals()[0])


def promised_macro(promised: Mapping[str, Interval], dimensions: Sequence[str], macro: str) -> Interval | None:
    """What was promised of the mean over just these dimensions; None where one of them was not promised.

    Args:
        promised: Dimension id -> promise; under `macro` that of the mean.
        dimensions: Those that the audit has figures of.
        macro: The key of the mean.

    Returns:
        The promise of the mean where the dimensions are the same; else the mean of theirs, with ends that are wider
        than need be, since errors of dimensions rarely all go the same way.
    """
    if not dimensions or any(d not in promised for d in dimensions):
        return None
    if set(dimensions) == set(promised) - {macro} and macro in promised:
        return promised[macro]
    chosen = [promised[d] for d in dimensions]
    columns = ([c.value for c in chosen], [c.low for c in chosen], [c.high for c in chosen])
    return Interval(*(math.fsum(column) / len(chosen) for column in columns))


def worse(found: Interval | None, promised: Interval | None, picks: int) -> bool:
    """Whether an error is significantly above what was promised.

    Both figures are uncertain. With h the half widths of their 95% intervals, the difference counts where it is above
    sqrt(h1² + h2²), which for normal errors is a test at 2.5% on one side.

    Args:
        found: The error on random picks.
        promised: The error in cross-validation.
        picks: Random picks behind `found`; fewer than `FEWEST` never count.
    """
    if found is None or promised is None or picks < FEWEST:
        return False
    half = math.hypot((found.high - found.low) / 2, (promised.high - promised.low) / 2)
    return found.value - promised.value > half
