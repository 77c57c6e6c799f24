"""The rows of a comparison: figures of each dimension and of the mean over them, on one set of resamples."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from nbalign.align.calibrate.model import FloatArray
from nbalign.evaluate.experiment.bootstrap import Column, draw
from nbalign.evaluate.experiment.compare import SIGNIFICANT, holm
from nbalign.suite.compare import power
from nbalign.suite.compare.imputing import Imputed
from nbalign.suite.compare.model import MACRO, Interval, Row, Side
from nbalign.suite.compare.tallies import Tally

ALL = "All dimensions"
_TIE = 1e-9  # means of repeats that are equal on paper

Deltas = Mapping[str, float]  # case -> difference of its mean levels


@dataclass(frozen=True, slots=True)
class Setting:
    """What rows are made of, apart from the scores.

    Attributes:
        dimensions: (id, title), in the rubric's order.
        cases: That figures are about.
        resamples: Behind each interval.
        seed: Of the resamples.
        max_drop: The drop that must not be missed; None where nobody said.
    """

    dimensions: tuple[tuple[str, str], ...]
    cases: tuple[str, ...]
    resamples: int
    seed: int
    max_drop: float | None = None


def rows(a: Tally, b: Tally, imputed: Imputed | None, setting: Setting) -> tuple[tuple[Row, ...], Row]:
    """One row a dimension, and the mean over the dimensions with pairs.

    Args:
        a: The first run's scores.
        b: The second's.
        imputed: Resampled differences in settled scores, the second run's in place 1; None where the judge's error is
            not known.
        setting: What they are made of.

    Raises:
        UsageError: If there are no resamples.
    """
    ids = [dimension for dimension, _ in setting.dimensions]
    m = len(ids)
    means: list[dict[str, dict[str, float]]] = [{d: one.means(d, setting.cases) for d in ids} for one in (a, b)]
    deltas: dict[str, Deltas] = {
        d: {case: means[1][d][case] - level for case, level in means[0][d].items() if case in means[1][d]} for d in ids
    }
    columns: list[Column] = [list(one[d].items()) for one in means for d in ids]
    columns += [list(deltas[d].items()) for d in ids]
    draws = draw(columns, setting.cases, resamples=setting.resamples, seed=setting.seed)
    intervals, drawn = draws.intervals(), draws.p_values()[2 * m :]
    p_values = [max(p, least_p(deltas[d].values())) for d, p in zip(ids, drawn, strict=True)]
    used = [n for n, d in enumerate(ids) if deltas[d]]
    adjusted = dict(zip(used, holm([p_values[n] for n in used]), strict=True))
    found = []
    for n, (d, title) in enumerate(setting.dimensions):
        wins, losses, ties = outcomes(deltas[d].values())
        corrected = adjusted.get(n, 1.0)
        found.append(
            Row(
                dimension=d,
                title=title,
                a=Side(intervals[n], a.counts(d, setting.cases), len(means[0][d])),
                b=Side(intervals[m + n], b.counts(d, setting.cases), len(means[1][d])),
                pairs=len(deltas[d]),
                judged=intervals[2 * m + n],
                true=_true(imputed, [n]) if deltas[d] else None,
                wins=wins,
                losses=losses,
                ties=ties,
                to_na=sum(case in means[0][d] and b.only_na(d, case) for case in setting.cases),
                from_na=sum(a.only_na(d, case) and case in means[1][d] for case in setting.cases),
                p=p_values[n],
                adjusted=corrected,
                significant=corrected < SIGNIFICANT,
                power=power.observed(list(deltas[d].values()), max(1, len(used)), setting.max_drop),
            )
        )
    first, second, change = (draws.macro([start + n for n in used]) for start in (0, m, 2 * m))
    wins, losses, ties = outcomes(every := whole(deltas.values(), setting.cases))
    p = max(change.p_values()[0], least_p(every)) if used else 1.0
    macro = Row(
        dimension=MACRO,
        title=ALL,
        a=Side(first.intervals()[0] if used else None, {}, max((len(one) for one in means[0].values()), default=0)),
        b=Side(second.intervals()[0] if used else None, {}, max((len(one) for one in means[1].values()), default=0)),
        pairs=max((len(one) for one in deltas.values()), default=0),
        judged=change.intervals()[0] if used else None,
        true=_true(imputed, used) if used else None,
        wins=wins,
        losses=losses,
        ties=ties,
        to_na=sum(row.to_na for row in found),
        from_na=sum(row.from_na for row in found),
        p=p,
        adjusted=p,
        significant=p < SIGNIFICANT,
        power=power.observed(every, 1, setting.max_drop),
    )
    return tuple(found), macro


def outcomes(deltas: Iterable[float]) -> tuple[int, int, int]:
    """How many differences are above 0, below it, and none."""
    signs = [0 if abs(delta) < _TIE else 1 if delta > 0 else -1 for delta in deltas]
    return signs.count(1), signs.count(-1), signs.count(0)


def least_p(deltas: Iterable[float]) -> float:
    """The smallest p-value that these differences can have, 0..1: 2 / 2^k with k of them other than 0.

    Under "no difference" a case may as well have differed the other way round, and flipping the signs of k differences
    makes no more than 2^k samples (R. A. Fisher, "The Design of Experiments", 1935, chapter 3). Levels are coarse and
    ties many: where 4 of 24 cases rose and none fell, one resample of a hundred holds none of the four, but tossing
    four coins comes out alike one time of eight.
    """
    wins, losses, _ = outcomes(deltas)
    return float(min(1.0, 2.0 ** (1 - min(wins + losses, 1000))))


def interval(values: FloatArray) -> Interval | None:
    """Mean of resampled figures with their 95% percentile interval; what is NaN is left out, None without the rest."""
    known = values[np.isfinite(values)]
    if not known.size:
        return None
    low, high = np.percentile(known, (2.5, 97.5))
    return Interval(float(known.mean()), float(low), float(high))


def mean_over(values: FloatArray, columns: Collection[int]) -> FloatArray:
    """Unweighted mean of some columns in each resample, shape (resamples,); NaN columns of a resample left out."""
    chosen = values[:, list(columns)]
    there = np.isfinite(chosen)
    n = there.sum(-1)
    mean: FloatArray = np.where(n > 0, np.where(there, chosen, 0.0).sum(-1) / np.maximum(n, 1), np.nan)
    return mean


def _true(imputed: Imputed | None, columns: Sequence[int]) -> Interval | None:
    """The difference in settled scores; None unless the judge's error is known in all these dimensions."""
    if imputed is None or not all(imputed.known[n] for n in columns):
        return None
    return interval(mean_over(imputed.differences[1], columns))


def whole(deltas: Iterable[Deltas], cases: Iterable[str]) -> list[float]:
    """The mean difference over dimensions of every case that has any."""
    given = list(deltas)
    found = [[one[case] for one in given if case in one] for case in cases]
    return [sum(values) / len(values) for values in found if values]
