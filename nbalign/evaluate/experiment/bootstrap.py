"""Percentile bootstrap of means over notebooks: one set of resamples for everything that is compared.

Notebooks (or groups of them) are drawn with replacement, as many as there are; whatever belongs to a notebook comes
with it: all dimensions, all arms, all pairs of raters. A resample is a vector of how often each notebook was drawn, so
that resampled sums of all columns are one product of matrices.
Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979) 1-26; the
percentile interval in B. Efron, R. J. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 13.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.model import FloatArray
from nbalign.errors import UsageError
from nbalign.evaluate.experiment.model import Interval
from nbalign.evaluate.pairs import IntArray

RESAMPLES = 10_000
_LEVELS = (2.5, 97.5)  # percentiles of a 95% interval
_ZERO = 1e-12  # means of means that would be 0 in exact arithmetic are nearer to it than this
_CHUNK = 1_000_000  # draws of notebooks held at once

Column = Sequence[tuple[str, float]]  # notebook and a figure of it; a notebook may occur several times, or not at all


@dataclass(frozen=True, slots=True, eq=False)
class Draws:
    """Means of some columns on the data and on every resample.

    Attributes:
        values: On the data, shape (columns,); NaN for an empty column.
        means: On the resamples, shape (resamples, columns); NaN where a resample holds nothing of a column.
        units: Notebooks or groups with something in the column, shape (columns,).
    """

    values: FloatArray
    means: FloatArray
    units: IntArray

    def macro(self, columns: Sequence[int]) -> Draws:
        """The unweighted mean of some columns as the only column of new draws, resample by resample.

        A column that a resample (or the data) holds nothing of is left out of that mean. `units` is the largest of
        the columns', so never more than there are.
        """
        chosen = list(columns)
        both = np.vstack([self.values[None, chosen], self.means[:, chosen]])
        known = np.isfinite(both)
        count = known.sum(axis=1)
        total = np.where(known, both, 0.0).sum(axis=1)
        mean = np.where(count > 0, total / np.maximum(count, 1), np.nan)
        most = self.units[chosen].max(initial=0)
        return Draws(mean[:1], mean[1:, None], np.asarray([most], dtype=np.int64))

    def intervals(self) -> list[Interval | None]:
        """The mean of each column with its 95% percentile interval; None for an empty column.

        Resamples without anything of a column are left out of its percentiles. One notebook alone, or equal figures
        everywhere, give an interval of no width: the bootstrap knows nothing of what it has not seen.
        """
        whole = np.isfinite(self.means).all(axis=0)
        ends = np.stack([self.values, self.values])  # stays where no resample holds anything of a column
        if whole.any() and self.means.shape[0]:
            ends[:, whole] = np.percentile(self.means[:, whole], _LEVELS, axis=0)
        for column in np.flatnonzero(~whole):
            known = self.means[np.isfinite(self.means[:, column]), column]
            if known.size:
                ends[:, column] = np.percentile(known, _LEVELS)
        return [
            None if np.isnan(value) else Interval(float(value), float(low), float(high))
            for value, low, high in zip(self.values, ends[0], ends[1], strict=True)
        ]

    def p_values(self) -> list[float]:
        """Two-sided p-value of "the mean is 0" for each column, 0..1; 1 for an empty one.

        With r of B resamples at or beyond zero, seen from where most of them are: 2 (r + 1) / (B + 1), at most 1
        (A. C. Davison, D. V. Hinkley, "Bootstrap Methods and their Application", 1997, section 4.2, for the ones).
        It is never below 2 / 2^n for n notebooks (or groups), the least that flipping the signs of n differences can
        reach: of two notebooks that changed alike every resample says the same, and that proves nothing.
        """
        found = []
        for column, units in enumerate(self.units):
            known = self.means[np.isfinite(self.means[:, column]), column]
            beyond = min(int((known < _ZERO).sum()), int((known > -_ZERO).sum()))
            p = max(2 * (beyond + 1) / (known.size + 1), 2.0 ** (1 - min(int(units), 1000)))
            found.append(min(1.0, p) if known.size else 1.0)
        return found


def draw(
    columns: Sequence[Column],
    notebooks: Sequence[str],
    groups: Mapping[str, str] | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Draws:
    """Means of columns on the data and on bootstrap resamples, the same resamples for all columns.

    Args:
        columns: What is averaged, each figure with its notebook.
        notebooks: All that are drawn from, those with nothing in some columns included. The same set, groups, number
            and seed give the same resamples, whatever the columns.
        groups: Notebook -> name of its group, to draw whole groups; a notebook that is not in it stands alone.
        resamples: How many, 1 or more.
        seed: Of the resamples.

    Raises:
        UsageError: If `resamples` is below 1.
        ValueError: If a column speaks of a notebook that is not drawn from.
    """
    if resamples < 1:
        raise UsageError(f"a bootstrap cannot have {resamples} resamples", "It needs at least 1; 10000 are usual.")
    named = groups or {}
    unit = {notebook: (notebook in named, named.get(notebook, notebook)) for notebook in notebooks}
    row = {name: n for n, name in enumerate(sorted(set(unit.values())))}
    sums = np.zeros((len(row), len(columns)))
    counts = np.zeros((len(row), len(columns)))
    for n, column in enumerate(columns):
        for notebook, figure in column:
            if notebook not in unit:
                raise ValueError(f"the notebook {notebook} is not among those that are drawn from")
            sums[row[unit[notebook]], n] += figure
            counts[row[unit[notebook]], n] += 1
    means = np.full((resamples, len(columns)), np.nan)
    done = 0
    for drawn in _resamples(len(row), resamples, seed):
        means[done : done + len(drawn)] = _divide(drawn @ sums, drawn @ counts)
        done += len(drawn)
    return Draws(_divide(sums.sum(axis=0), counts.sum(axis=0)), means, (counts > 0).sum(axis=0))


def _resamples(units: int, resamples: int, seed: int) -> Iterator[FloatArray]:
    """How often each unit is drawn, in chunks of shape (some resamples, units); each row sums to `units`."""
    if not units:
        return
    generator = np.random.default_rng(seed)
    chunk = max(1, _CHUNK // units)
    for start in range(0, resamples, chunk):
        rows = min(chunk, resamples - start)
        chosen = generator.integers(units, size=(rows, units)) + units * np.arange(rows)[:, None]
        yield np.bincount(chosen.ravel(), minlength=rows * units).reshape(rows, units).astype(np.float64)


def _divide(sums: FloatArray, counts: FloatArray) -> FloatArray:
    """Sums over counts; NaN where nothing was counted."""
    mean: FloatArray = np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)
    return mean
