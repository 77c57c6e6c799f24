"""Two runs against each other, paired by case: what a change of prompt, tool or model did to each dimension.

The test of "no difference" uses the judged scores alone. Where two runs come from the same truth and the judge errs on
both in the same way, their judged scores come from the same distribution too: the judge's error makes differences
smaller and harder to see, but no difference out of none. How large a true difference is, is another question, and
`Row.true` answers it with the judge's error folded in (`imputing`). A judge that favours the manner of one generator
is beyond both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from nbalign.errors import NotFound
from nbalign.evaluate.experiment.bootstrap import RESAMPLES
from nbalign.evaluate.report.words import count, line, listed
from nbalign.suite.compare.changed import changed
from nbalign.suite.compare.comparable import common
from nbalign.suite.compare.imputing import impute
from nbalign.suite.compare.model import Comparison, ErrorBrief, Row, RunBrief
from nbalign.suite.compare.rows import Setting, rows
from nbalign.suite.compare.tallies import brief, tally
from nbalign.suite.runs.model import JudgeError, ScoredRun

FEW_CASES = 10
FEW_PAIRS = 20
UNKNOWN_ERROR = (
    "The judge's error is not known here (no experiment tested this judge), so it is in no interval: they say how the "
    "judged scores differ, not how far the judge can be trusted. nbalign evaluate measures it."
)


def compare(
    a: ScoredRun,
    b: ScoredRun,
    error: JudgeError | None,
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    across_judges: bool = False,
    dimensions: Collection[str] = (),
    max_drop: float | None = None,
) -> Comparison:
    """Compares two runs case by case.

    A case's figure is the mean level over its notebooks, N/A left out; differences are taken where a case has a level
    in both runs, and every interval comes from drawing whole cases.

    Args:
        a: The run compared with.
        b: The run looked at; differences are `b` minus `a`.
        error: What is known of the judge's error; None where no experiment tells.
        resamples: Behind each interval, 1 or more.
        seed: Of the resamples.
        across_judges: Compare although different judges gave the scores; `error` is then about neither and not used.
        dimensions: Ids of the dimensions to compare; empty for all. The correction is over these.
        max_drop: A drop that must not be missed: how many cases that would need is then in `Row.power`.

    Raises:
        UsageError: If the runs cannot be compared (see `comparable`), a dimension is unknown or `resamples` below 1.
    """
    a, b = restricted(a, dimensions), restricted(b, dimensions)
    shared = common([a, b], across_judges)
    error = error if shared.same_judge else None
    setting = Setting(tuple(a.dimensions), shared.cases, resamples, seed, max_drop)
    imputed = None if error is None else impute([a, b], shared.cases, error, resamples=resamples, seed=seed)
    found, macro = rows(tally(a), tally(b), imputed, setting)
    briefs = brief(a), brief(b)
    measured = error_brief(error, [dimension for dimension, _ in a.dimensions])
    notes = [*shared.notes, *missing_notes(briefs)]
    if shared.same_judge:
        notes += error_notes(measured, found)
    if len(shared.cases) < FEW_CASES:
        notes.append(f"Intervals over {count(len(shared.cases), 'case')} are rough and too narrow.")
    return Comparison(
        a=briefs[0],
        b=briefs[1],
        suite=a.run.suite,
        rubric=a.run.rubric,
        levels=tuple(a.levels),
        not_applicable=a.not_applicable,
        cases=shared.cases,
        only_a=shared.only[0],
        only_b=shared.only[1],
        rows=found,
        macro=macro,
        error=measured,
        changed=changed(a, b, frozenset(shared.cases)),
        notes=tuple(notes),
        resamples=resamples,
        seed=seed,
    )


def restricted(scored: ScoredRun, dimensions: Collection[str]) -> ScoredRun:
    """A run with some of its dimensions alone, in the rubric's order; with none named, the run itself.

    Raises:
        NotFound: If it has no such dimension.
    """
    if not dimensions:
        return scored
    known = [dimension for dimension, _ in scored.dimensions]
    for wanted in dimensions:
        if wanted not in known:
            raise NotFound(
                f"the run {line(scored.run.name, 60)} has no dimension {line(wanted, 60)}",
                f"It has {', '.join(line(each, 60) for each in known)}.",
            )
    return replace(
        scored,
        dimensions=tuple(each for each in scored.dimensions if each[0] in dimensions),
        scores=tuple(score for score in scored.scores if score.dimension in dimensions),
    )


def error_brief(error: JudgeError | None, dimensions: Sequence[str]) -> ErrorBrief | None:
    """What is known of the judge's error in these dimensions; None where that is nothing."""
    if error is None:
        return None
    notebooks = {notebook for d in dimensions for notebook, _, _ in error.pairs.get(d, ())}
    return ErrorBrief(error.experiment, error.arm, len(notebooks)) if notebooks else None


def error_notes(error: ErrorBrief | None, found: Sequence[Row]) -> list[str]:
    """What must be said about the judge's error."""
    if error is None:
        return [UNKNOWN_ERROR]
    notes = [
        f"The judge's error was measured on {count(error.notebooks, 'labelled notebook')} (experiment "
        f"{line(error.experiment, 20)}, arm {line(error.arm, 40)}); the expected true difference takes it to be the "
        "same on the notebooks compared here."
    ]
    if error.notebooks < FEW_PAIRS:
        notes.append("That is few: what is said about the true difference is rough.")
    unknown = [line(row.title, 60) for row in found if row.pairs and row.true is None]
    if unknown:
        notes.append(f"The judge's error was not measured in {listed(unknown, 20)}.")
    return notes


def missing_notes(briefs: Sequence[RunBrief]) -> list[str]:
    """What must be said about notebooks that are not there."""
    notes = []
    for run in briefs:
        if run.missing:
            there = run.cases * run.repeats
            notes.append(
                f"{line(run.name, 60)} lacks {run.missing} of {count(there, 'notebook')} that it asks for; a case "
                "without any is in no figure, which flatters a generator that fails at hard ones."
            )
        if run.unjudged:
            notes.append(f"{count(run.unjudged, 'notebook')} of {line(run.name, 60)} not judged yet.")
    return notes
