"""Three or more runs beside each other: who is ahead, and of whom that can be said.

The highest mean of several is there in every table, also of runs that are all the same. `Board.best` names a run only
where it is distinguishable from every other one.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from nbalign.errors import UsageError
from nbalign.evaluate.experiment.bootstrap import RESAMPLES, Column, draw
from nbalign.evaluate.experiment.compare import SIGNIFICANT, holm
from nbalign.evaluate.report.words import line
from nbalign.suite.compare.comparable import common
from nbalign.suite.compare.comparing import UNKNOWN_ERROR, error_brief, missing_notes, restricted
from nbalign.suite.compare.imputing import Imputed, impute
from nbalign.suite.compare.model import ErrorBrief, Interval, RunBrief
from nbalign.suite.compare.rows import interval, least_p, mean_over, whole
from nbalign.suite.compare.tallies import brief, tally
from nbalign.suite.runs.model import JudgeError, ScoredRun


@dataclass(frozen=True, slots=True)
class Place:
    """One run on the board.

    Attributes:
        run: The run.
        mean: Mean over the dimensions that all runs have a level in; None without any.
        true: The same of settled scores, where the judge's error is known.
        dimensions: Dimension id -> mean; None where the run has no level.
        behind: Highest run minus this one, paired by case, over the same dimensions; None for the highest itself and
            where nothing can be paired.
        adjusted: p-value of no such difference, after Holm's correction over the runs of the board; 1 without it.
        distinguishable: Whether it is behind the highest by more than chance explains.
    """

    run: RunBrief
    mean: Interval | None
    true: Interval | None
    dimensions: dict[str, Interval | None]
    behind: Interval | None
    adjusted: float
    distinguishable: bool


@dataclass(frozen=True, slots=True)
class Board:
    """Runs, the highest mean first.

    Attributes:
        places: One a run.
        dimensions: (id, title).
        ranked_by: Ids of the dimensions that the means are over.
        best: Name of the run that is ahead of every other one by more than chance explains; None where there is none.
        cases: That all runs have judged notebooks of; all figures are about these.
        suite: Id of the first run's suite.
        rubric: Rubric id.
        error: What is known of the judge's error.
        notes: What a reader must know.
        resamples: Behind every interval.
        seed: Of the resamples.
    """

    places: tuple[Place, ...]
    dimensions: tuple[tuple[str, str], ...]
    ranked_by: tuple[str, ...]
    best: str | None
    cases: tuple[str, ...]
    suite: str
    rubric: str
    error: ErrorBrief | None
    notes: tuple[str, ...]
    resamples: int
    seed: int


def board(
    runs: Sequence[ScoredRun],
    error: JudgeError | None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    across_judges: bool = False,
    dimensions: Collection[str] = (),
) -> Board:
    """Ranks runs by their mean over the dimensions, on the cases that all of them have.

    Args:
        runs: Two or more, with different names.
        error: What is known of the judge's error; None where no experiment tells.
        resamples: Behind each interval, 1 or more; the same resamples of cases for all runs.
        seed: Of the resamples.
        across_judges: Compare although different judges gave the scores; `error` is then not used.
        dimensions: Ids of the dimensions to look at; empty for all.

    Raises:
        UsageError: If the runs cannot be compared, there are fewer than two, or one is named twice.
    """
    names = [scored.run.name for scored in runs]
    if len(runs) < 2 or len(set(names)) < len(names):
        raise UsageError("a comparison needs at least two different runs", "nbalign runs list shows all.")
    runs = [restricted(scored, dimensions) for scored in runs]
    shared = common(runs, across_judges)
    error = error if shared.same_judge else None
    cases, ids = shared.cases, [dimension for dimension, _ in runs[0].dimensions]
    means = [{d: one.means(d, cases) for d in ids} for one in map(tally, runs)]
    columns: list[Column] = [list(one[d].items()) for one in means for d in ids]
    draws = draw(columns, cases, resamples=resamples, seed=seed)
    ranked = [n for n, d in enumerate(ids) if all(one[d] for one in means)]
    macros = [
        draws.macro([r * len(ids) + n for n in ranked]).intervals()[0] if ranked else None for r in range(len(runs))
    ]
    heights = [-1.0 if macro is None else macro.value for macro in macros]
    order = sorted(range(len(runs)), key=lambda r: -heights[r])
    top = order[0]
    imputed = None if error is None else impute(runs, cases, error, resamples=resamples, seed=seed)
    ranked_ids = [ids[n] for n in ranked]
    behind = {r: _behind(means[top], means[r], ranked_ids, cases, resamples, seed) for r in order[1:]}
    adjusted = dict(zip(behind, holm([p for _, p in behind.values()]), strict=True))
    intervals = draws.intervals()
    places = []
    for r in order:
        gap, _ = behind.get(r, (None, 1.0))
        p = adjusted.get(r, 1.0)
        places.append(
            Place(
                run=brief(runs[r]),
                mean=macros[r],
                true=_true(imputed, r, ranked),
                dimensions={d: intervals[r * len(ids) + n] for n, d in enumerate(ids)},
                behind=gap,
                adjusted=p,
                distinguishable=p < SIGNIFICANT,
            )
        )
    measured = error_brief(error, ids)
    notes = [*shared.notes, *missing_notes([place.run for place in places])]
    left_out = [line(title, 60) for n, (_, title) in enumerate(runs[0].dimensions) if n not in ranked]
    if left_out:
        notes.append(f"Not in the means, since not all runs have a score there: {', '.join(left_out)}.")
    if shared.same_judge and measured is None:
        notes.append(UNKNOWN_ERROR)
    return Board(
        places=tuple(places),
        dimensions=tuple(runs[0].dimensions),
        ranked_by=tuple(ids[n] for n in ranked),
        best=places[0].run.name if ranked and all(place.distinguishable for place in places[1:]) else None,
        cases=cases,
        suite=runs[0].run.suite,
        rubric=runs[0].run.rubric,
        error=measured,
        notes=tuple(notes),
        resamples=resamples,
        seed=seed,
    )


def _behind(
    top: dict[str, dict[str, float]],
    other: dict[str, dict[str, float]],
    dimensions: Sequence[str],
    cases: Sequence[str],
    resamples: int,
    seed: int,
) -> tuple[Interval | None, float]:
    """The highest run minus another, over the dimensions in which they share a case, and its p-value."""
    deltas = [{case: level - other[d][case] for case, level in top[d].items() if case in other[d]} for d in dimensions]
    deltas = [one for one in deltas if one]
    if not deltas:
        return None, 1.0
    columns: list[Column] = [list(one.items()) for one in deltas]
    found = draw(columns, cases, resamples=resamples, seed=seed).macro(range(len(columns)))
    return found.intervals()[0], max(found.p_values()[0], least_p(whole(deltas, cases)))


def _true(imputed: Imputed | None, run: int, ranked: Sequence[int]) -> Interval | None:
    if imputed is None or not ranked or not all(imputed.known[n] for n in ranked):
        return None
    return interval(mean_over(imputed.means[run], ranked))
