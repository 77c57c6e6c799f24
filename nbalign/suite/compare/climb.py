"""A climb as a table: each variant against the start and against the best before it, with what it gained and paid.

The trap of hillclimbing is a mean that rises while one dimension falls, and a best that is the luckiest of many. So a
variant becomes the best so far only where it is ahead of the one before by more than chance explains, and what it paid
stands beside what it gained.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from nbalign.errors import UsageError
from nbalign.evaluate.experiment.bootstrap import RESAMPLES
from nbalign.evaluate.report.words import line, listed, number, signed
from nbalign.suite.compare.comparing import compare, restricted
from nbalign.suite.compare.model import Comparison, Interval, Row
from nbalign.suite.compare.single import single
from nbalign.suite.runs.climbing import Climb, Step
from nbalign.suite.runs.model import JudgeError, ScoredRun

NOTED = 0.1  # levels: smaller changes that chance may have made are not worth a line


@dataclass(frozen=True, slots=True)
class Shift:
    """A dimension that a variant changed.

    Attributes:
        dimension: Dimension id.
        title: For people.
        change: Variant minus the one it is compared with, in levels.
        adjusted: p-value of no change after Holm's correction over the dimensions.
        distinguishable: Whether it is below 0.05.
    """

    dimension: str
    title: str
    change: float
    adjusted: float
    distinguishable: bool


@dataclass(frozen=True, slots=True)
class Variant:
    """One step of a climb.

    Attributes:
        step: What was tried.
        mean: Mean over dimensions, on all cases of the run; None without any level.
        from_start: Difference to the first variant, over dimensions, paired by case; None for the first, and where
            nothing can be paired.
        true_from_start: The same in settled scores, where the judge's error is known.
        against: Name of the best variant before this one; empty for the first.
        from_best: Difference to that variant; None as above.
        p: p-value of no difference to it; 1 without any.
        better: Whether it is above it by more than chance explains; it is then the best so far.
        worse: Whether it is below it by more than chance explains.
        gained: Dimensions above that variant, the largest gain first; those that chance may explain from 0.1 levels.
        lost: Dimensions below it, likewise.
        sentence: The same in words.
        problem: Why the run cannot be compared, such as that it is gone; empty where it can.
    """

    step: Step
    mean: Interval | None
    from_start: Interval | None
    true_from_start: Interval | None
    against: str
    from_best: Interval | None
    p: float
    better: bool
    worse: bool
    gained: tuple[Shift, ...]
    lost: tuple[Shift, ...]
    sentence: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Ascent:
    """A climb with its figures.

    Attributes:
        name: Of the climb.
        suite: Id of the suite; empty where no run is left.
        variants: In the order they were tried.
        best: Name of the best run so far; empty where no run is left. The first, until one is distinguishably better.
        summary: Where the climb stands, in words.
        notes: What a reader must know.
    """

    name: str
    suite: str
    variants: tuple[Variant, ...]
    best: str
    summary: str
    notes: tuple[str, ...]


def ascend(
    climb: Climb,
    runs: Mapping[str, ScoredRun],
    errors: Mapping[str, JudgeError],
    *,
    resamples: int = RESAMPLES,
    seed: int = 0,
    across_judges: bool = False,
    dimensions: Collection[str] = (),
) -> Ascent:
    """Makes the table of a climb.

    Args:
        climb: Its steps.
        runs: Name -> run, for those that are still there.
        errors: Name of a judge -> what is known of its error.
        resamples: Behind each interval.
        seed: Of the resamples.
        across_judges: Compare although different judges gave the scores.
        dimensions: Only these; empty for all.
    """
    variants: list[Variant] = []
    notes: dict[str, None] = {}
    start = best = None
    for step in climb.steps:
        scored = runs.get(step.run)
        if scored is None:
            variants.append(_problem(step, "the run is not there any more"))
            continue
        try:
            scored = restricted(scored, dimensions)
            rows = single(scored, resamples=resamples, seed=seed)
            mean = rows[-1].side.mean if rows else None
            if start is None or best is None:
                if mean is None:
                    variants.append(_problem(step, "the run has no scores"))
                    continue
                start = best = scored
                variants.append(_first(step, mean))
                continue
            error = errors.get(scored.run.judge)
            others = [start] if best is start else [start, best]
            found = [
                compare(other, scored, error, resamples=resamples, seed=seed, across_judges=across_judges)
                for other in others
            ]
        except UsageError as problem:
            variants.append(_problem(step, problem.message))
            continue
        notes |= dict.fromkeys(found[-1].notes)
        made = _variant(step, mean, found[0], found[-1])
        variants.append(made)
        if made.better:
            best = scored
    if len(climb.steps) > 5:
        notes["Of twenty variants that change nothing one is taken for better or worse by chance."] = None
    return Ascent(
        name=climb.name,
        suite="" if start is None else start.run.suite,
        variants=tuple(variants),
        best="" if best is None else best.run.name,
        summary=_summary(variants, start, best),
        notes=tuple(notes),
    )


def shifts(found: Comparison) -> tuple[tuple[Shift, ...], tuple[Shift, ...]]:
    """Dimensions that the second run gained and lost, the largest change first."""
    moved = [_shift(row) for row in found.rows if row.judged is not None]
    told = [one for one in moved if one.distinguishable or abs(one.change) >= NOTED]
    told.sort(key=lambda one: -abs(one.change))
    return tuple(one for one in told if one.change > 0), tuple(one for one in told if one.change < 0)


def traded(found: Comparison) -> str:
    """What the second run gained and paid, such as `gains 0.40 in EDA, pays 0.30 in Model Training`."""
    gained, lost = shifts(found)
    parts = [
        f"{verb} {_named(certain)}"
        for verb, moved in (("gains", gained), ("pays", lost))
        if (certain := [one for one in moved if one.distinguishable])
    ]
    said = ", ".join(parts) or "nothing moved that could be told from chance"
    unsure = [one for one in (*gained, *lost) if not one.distinguishable]
    if not unsure:
        return said
    return f"{said}; may be chance: {listed([f'{signed(one.change)} in {line(one.title, 60)}' for one in unsure], 9)}"


def _named(moved: Collection[Shift]) -> str:
    return listed([f"{number(abs(one.change))} in {line(one.title, 60)}" for one in moved], 9)


def _shift(row: Row) -> Shift:
    assert row.judged is not None
    return Shift(row.dimension, row.title, row.judged.value, row.adjusted, row.significant)


def _first(step: Step, mean: Interval) -> Variant:
    return Variant(step, mean, None, None, "", None, 1.0, False, False, (), (), "the start")


def _problem(step: Step, problem: str) -> Variant:
    return Variant(step, None, None, None, "", None, 1.0, False, False, (), (), "", problem)


def _variant(step: Step, mean: Interval | None, start: Comparison, best: Comparison) -> Variant:
    whole = best.macro
    change = whole.judged.value if whole.judged else 0.0
    gained, lost = shifts(best)
    return Variant(
        step=step,
        mean=mean,
        from_start=start.macro.judged,
        true_from_start=start.macro.true,
        against=best.a.name,
        from_best=whole.judged,
        p=whole.p,
        better=whole.significant and change > 0,
        worse=whole.significant and change < 0,
        gained=gained,
        lost=lost,
        sentence=traded(best),
    )


def _summary(variants: Collection[Variant], start: ScoredRun | None, best: ScoredRun | None) -> str:
    if start is None or best is None:
        return "No run of this climb can be read any more."
    compared = [one for one in variants if one.against]
    if best is start:
        if not compared:
            return f"{line(start.run.name, 60)} is the start."
        return f"No variant is distinguishably better than the start, {line(start.run.name, 60)}."
    paid = next(one.lost for one in variants if one.step.run == best.run.name)
    certain = [one for one in paid if one.distinguishable]
    said = f"{line(best.run.name, 60)} is the best so far, ahead of the one before it by more than chance explains"
    return f"{said}, but it pays {_named(certain)}." if certain else f"{said}."
