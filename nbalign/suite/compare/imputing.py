"""The judge's error folded into figures of runs: what raters would have settled on, drawn from what is known of it.

A judged score is not the truth. Cross-validation tells how settled scores are spread where this judge says 1, 2, 3 or
N/A: P(settled | judged), by dimension. In every resample

1. the pairs behind that estimate are drawn anew, by notebook, and P is estimated from those drawn: what is not known
   about the judge for want of pairs shows in the spread;
2. the cases are drawn anew, as for the judged difference;
3. a settled score is drawn for every notebook drawn, independently, from P and its judged score;
4. figures are taken of these settled scores.

This is multiple imputation with as many imputations as resamples: D. B. Rubin, "Multiple Imputation for Nonresponse in
Surveys", 1987, chapters 3 and 4; drawing P anew each time is what he calls proper. The figure is the mean over the
imputations.

How wide is that? Given P, the variance of a drawn score is, by the law of total variance,

    Var(E[settled | judged]) + E[Var(settled | judged)] = Var(settled),

the spread between notebooks of what the judge can see, and of what it cannot. A mean over drawn cases therefore
varies as much as one of settled scores would: no spread is counted twice, and to it comes what step 1 adds. The
interval is as wide as if raters had scored these notebooks, and wider by what the judge's error leaves open. It is
meant both for these very notebooks and for all tasks like these. For each of the two alone it is somewhat wide, the
more the worse the judge: a mean over all tasks alone needs no second term (errors that were sampled with the cases
average out with them, which is how prediction-powered inference gets narrower intervals: A. N. Angelopoulos and
others, "Prediction-powered inference", Science 382 (2023) 669-674). We keep it, since that argument rests on P being
the same for every variant, which nobody has measured: P comes from the labelled notebooks and these are others.

The two runs of a case are drawn independently given their judged scores; what they truly have in common beyond these
makes the true interval narrower, never wider.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.model import FloatArray
from nbalign.evaluate.pairs import IntArray
from nbalign.suite.compare.tallies import tally
from nbalign.suite.runs.model import JudgeError, ScoredRun

_PAIRS = 1.0  # pairs' worth of the dimension's overall errors that each judged value is smoothed with
_HALF = 0.5  # a pair's worth of every possible error in these, so that none is held to be impossible
_CHUNK = 400_000  # drawn notebooks held at once


@dataclass(frozen=True, slots=True, eq=False)
class Imputed:
    """Resampled figures of settled scores; NaN where a resample has none.

    Attributes:
        means: For each run, shape (resamples, dimensions).
        differences: Of each run and the first, paired by case, shape (resamples, dimensions); of the first itself 0.
        known: Whether the judge's error in a dimension was measured, shape (dimensions,).
    """

    means: tuple[FloatArray, ...]
    differences: tuple[FloatArray, ...]
    known: tuple[bool, ...]


def conditional(counts: FloatArray, levels: int) -> FloatArray:
    """P(settled | judged) from counts of pairs, smoothed.

    Each row is the counts and one pair's worth of the overall error distribution around the judged level: a level that
    the judge gave three times and rightly is not taken for certain, nor does it borrow the habits of other levels.

    Args:
        counts: Judged by settled, shape (…, values, values): the levels ascending, then N/A where the scale has it.
        levels: How many ordinal levels there are.

    Returns:
        The same shape; each row sums to 1 and has no 0.
    """
    has_na = counts.shape[-1] > levels
    ordinal = counts[..., :levels, :levels]
    possible = 2 * levels - 1
    shift = np.arange(levels)[None, :] - np.arange(levels)[:, None] + levels - 1  # settled - judged, from 0
    errors = np.stack([(ordinal * (shift == e)).sum((-2, -1)) for e in range(possible)], axis=-1) + _HALF / possible
    prior = np.zeros_like(counts)
    around = errors[..., shift]
    around = around / around.sum(-1, keepdims=True)
    if has_na:
        scored = counts[..., :levels, :].sum((-2, -1))
        to_na = (counts[..., :levels, levels].sum(-1) + _HALF / (levels + 1)) / (scored + _HALF)
        prior[..., :levels, :levels] = around * (1 - to_na)[..., None, None]
        prior[..., :levels, levels] = to_na[..., None]
        right = np.trace(counts, axis1=-2, axis2=-1) + _HALF
        right = right / (counts.sum((-2, -1)) + 2 * _HALF)
        settled = counts[..., :, :levels].sum(-2) + _HALF / levels
        prior[..., levels, :levels] = settled / settled.sum(-1, keepdims=True) * (1 - right)[..., None]
        prior[..., levels, levels] = right
    else:
        prior[...] = around
    total: FloatArray = counts.sum(-1, keepdims=True) + _PAIRS
    probabilities: FloatArray = (counts + _PAIRS * prior) / total
    return probabilities


def impute(runs: Sequence[ScoredRun], cases: Sequence[str], error: JudgeError, *, resamples: int, seed: int) -> Imputed:
    """Resampled means of runs and their paired differences in settled scores.

    Args:
        runs: One or more, scored by the judge that `error` is about; all have the dimensions and scale of the first.
        cases: The cases that figures are about, at least one.
        error: Pairs of judged and settled scores.
        resamples: 1 or more.
        seed: Of all draws.
    """
    first = runs[0]
    values = [*first.levels, *([] if first.not_applicable is None else [first.not_applicable])]
    level_of = np.asarray([*first.levels, *([] if first.not_applicable is None else [np.nan])], dtype=np.float64)
    dimensions = [dimension for dimension, _ in first.dimensions]
    notebooks = sorted({notebook for d in dimensions for notebook, _, _ in error.pairs.get(d, ())})
    onehot = {d: _onehot(error, d, notebooks, values) for d in dimensions}
    known = tuple(bool(onehot[d].any()) for d in dimensions)
    judged = [[_places(scored, d, cases, values) for d in dimensions] for scored in runs]
    means = [np.full((resamples, len(dimensions)), np.nan) for _ in runs]
    differences = [np.full((resamples, len(dimensions)), np.nan) for _ in runs]
    random = np.random.default_rng(seed)
    widest = max(places.shape[1] for one in judged for places in one)
    chunk = max(1, _CHUNK // (len(cases) * max(1, widest)))
    for start in range(0, resamples if any(known) else 0, chunk):
        rows = slice(start, min(resamples, start + chunk))
        drawn = random.integers(len(cases), size=(rows.stop - start, len(cases)))
        weights = random.multinomial(len(notebooks), [1 / len(notebooks)] * len(notebooks), size=len(drawn))
        for d, dimension in enumerate(dimensions):
            if not known[d]:
                continue
            counts = (weights @ onehot[dimension]).reshape(len(drawn), len(values), len(values))
            p = conditional(counts, len(first.levels))
            truths = [_by_case(_draw(p, one[d][drawn], random), level_of) for one in judged]
            for n, truth in enumerate(truths):
                means[n][rows, d] = _mean(truth)
                differences[n][rows, d] = _mean(truth - truths[0])
    return Imputed(tuple(means), tuple(differences), known)


def _onehot(error: JudgeError, dimension: str, notebooks: Sequence[str], values: Sequence[int]) -> FloatArray:
    """Which cell of the confusion matrix each notebook counts in, shape (notebooks, values * values)."""
    row = {notebook: n for n, notebook in enumerate(notebooks)}
    found = np.zeros((len(notebooks), len(values) ** 2))
    for notebook, judged, settled in error.pairs.get(dimension, ()):
        if judged in values and settled in values:
            found[row[notebook], values.index(judged) * len(values) + values.index(settled)] += 1
    return found


def _places(scored: ScoredRun, dimension: str, cases: Sequence[str], values: Sequence[int]) -> IntArray:
    """Place of each judged score in `values`, shape (cases, most repeats); -1 where there is none."""
    by_case = tally(scored).by_case.get(dimension, {})
    most = max((len(by_case.get(case, ())) for case in cases), default=0)
    found = np.full((len(cases), max(1, most)), -1, dtype=np.int64)
    for n, case in enumerate(cases):
        for place, (_, score) in enumerate(by_case.get(case, ())):
            found[n, place] = values.index(score)
    return found


def _draw(p: FloatArray, judged: IntArray, random: np.random.Generator) -> IntArray:
    """A settled value for every judged one, shape of `judged`; -1 stays."""
    cumulated = np.cumsum(p, axis=-1)
    resample = np.arange(len(judged))[:, None, None]
    u = random.random(judged.shape)
    drawn = np.zeros(judged.shape, dtype=np.int64)
    for value in range(p.shape[-1] - 1):
        drawn += u > cumulated[resample, judged, value]
    return np.where(judged < 0, -1, drawn)


def _by_case(drawn: IntArray, level_of: FloatArray) -> FloatArray:
    """Mean level over the repeats of each drawn case, shape (resamples, cases); NaN where none has one."""
    found = np.where(drawn < 0, np.nan, level_of[drawn])
    return _mean(found)


def _mean(values: FloatArray) -> FloatArray:
    """Mean over the last axis without what is NaN; NaN where nothing else is there."""
    there = np.isfinite(values)
    n = there.sum(-1)
    mean: FloatArray = np.where(n > 0, np.where(there, values, 0.0).sum(-1) / np.maximum(n, 1), np.nan)
    return mean
