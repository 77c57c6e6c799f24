"""One run by itself: means with intervals, distributions, and what a comparison with it will be able to see."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evaluate.experiment.bootstrap import RESAMPLES, Column, draw
from nbalign.suite.compare import power
from nbalign.suite.compare.imputing import impute
from nbalign.suite.compare.model import MACRO, Interval, Power, Side
from nbalign.suite.compare.rows import ALL, interval, mean_over
from nbalign.suite.compare.tallies import tally
from nbalign.suite.runs.model import JudgeError, ScoredRun


@dataclass(frozen=True, slots=True)
class Single:
    """A run in one dimension.

    Attributes:
        dimension: Dimension id; `MACRO` for the mean over those with a level.
        title: For people.
        side: Mean, distribution, cases with a level.
        judged: Cases with any score, N/A included.
        true: The mean of what raters would have settled on, with the judge's error in its interval; None where that
            error was not measured.
        power: What a comparison with this run will be able to see; None for `MACRO` and with fewer than two cases.
    """

    dimension: str
    title: str
    side: Side
    judged: int
    true: Interval | None
    power: Power | None


def single(
    run: ScoredRun,
    error: JudgeError | None = None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    max_drop: float | None = None,
) -> tuple[Single, ...]:
    """The figures of a run: one row a dimension, then, of several, the mean over those with a level.

    Args:
        run: The run.
        error: What is known of its judge's error; None where no experiment tells.
        resamples: Behind each interval, 1 or more; whole cases are drawn.
        seed: Of the resamples.
        max_drop: The drop that a later comparison must not miss.
    """
    found = tally(run)
    cases = tuple(case.id for case in run.run.cases if case.id in found.cases())
    ids = [dimension for dimension, _ in run.dimensions]
    columns: list[Column] = [list(found.means(d, cases).items()) for d in ids]
    draws = draw(columns, cases, resamples=resamples, seed=seed)
    used = [n for n, column in enumerate(columns) if column]
    imputed = impute([run], cases, error, resamples=resamples, seed=seed) if error is not None and cases else None
    rows = [
        Single(
            dimension=d,
            title=title,
            side=Side(mean, found.counts(d, cases), len(column)),
            judged=sum(case in found.by_case[d] for case in cases),
            true=interval(imputed.means[0][:, n]) if imputed is not None and column and imputed.known[n] else None,
            power=power.foreseen(found, d, max(1, len(used)), max_drop),
        )
        for n, ((d, title), column, mean) in enumerate(zip(run.dimensions, columns, draws.intervals(), strict=True))
    ]
    if len(ids) > 1:
        known = imputed is not None and bool(used) and all(imputed.known[n] for n in used)
        whole = draws.macro(used).intervals()[0] if used else None
        true = interval(mean_over(imputed.means[0], used)) if imputed is not None and known else None
        side = Side(whole, {}, max((len(column) for column in columns), default=0))
        rows.append(Single(MACRO, ALL, side, len(cases), true, None))
    return tuple(rows)
