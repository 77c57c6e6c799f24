"""What a comparison of two runs says: rows by dimension, and the notebooks behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.evaluate.experiment.rows import MACRO, Interval

__all__ = ["MACRO", "Changed", "Comparison", "ErrorBrief", "Interval", "Move", "Power", "Row", "RunBrief", "Side"]


@dataclass(frozen=True, slots=True)
class RunBrief:
    """A run, as comparisons name it.

    Attributes:
        name: Of the run.
        generator: What wrote its notebooks.
        judge: What judged them: model, memory, budget of the notebook and of facts.
        cases: Cases asked for.
        repeats: Notebooks asked for of each.
        missing: Notebooks that could not be made or are not made yet.
        unjudged: Notebooks that were made and have no score.
        at: UTC time it was begun.
    """

    name: str
    generator: str
    judge: str
    cases: int
    repeats: int
    missing: int
    unjudged: int
    at: str


@dataclass(frozen=True, slots=True)
class ErrorBrief:
    """What is known of the judge's error.

    Attributes:
        experiment: Id of the experiment that measured it.
        arm: The arm that is this judge.
        notebooks: Held-out notebooks with a settled score behind it.
    """

    experiment: str
    arm: str
    notebooks: int


@dataclass(frozen=True, slots=True)
class Side:
    """One run in one dimension, over the cases that both runs have judged notebooks of.

    Attributes:
        mean: Mean over cases of the mean level of each; N/A left out. None without any level.
        counts: Value of the scale, N/A's digit included -> notebooks; empty for the row over all dimensions.
        cases: Cases with a level.
    """

    mean: Interval | None
    counts: Mapping[int, int]
    cases: int


@dataclass(frozen=True, slots=True)
class Power:
    """What a comparison of this size can see.

    Attributes:
        cases: Cases with a level in both runs.
        spread: Standard deviation of a case's difference, in levels.
        basis: Where `spread` comes from, in words.
        alpha: Two-sided level of the test that the figures below are for: 5% over the number of dimensions, which
            is what Holm asks of the most certain of them.
        detectable: The change that this test finds with a probability of 80%; None where no change could be found.
        needed: Cases with which `max_drop` would be found with that probability; None where it was not asked for or
            no number of cases would do.
    """

    cases: int
    spread: float
    basis: str
    alpha: float
    detectable: float | None
    needed: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """One dimension, or the unweighted mean over those with pairs.

    Attributes:
        dimension: Dimension id; `MACRO` for the mean.
        title: For people.
        a: The first run, the one compared with.
        b: The second run.
        pairs: Cases with a level in both runs; for `MACRO` the largest number of any dimension.
        judged: Second minus first as judged, over these cases, with the interval that comes of having drawn these
            cases and notebooks; None without pairs.
        true: The same difference between what raters would have settled on, as far as the judge's measured error
            tells, with an interval that holds that error too; None where it was not measured.
        wins: Cases where the second run is higher.
        losses: Cases where it is lower.
        ties: Cases where it is equal.
        to_na: Cases that went from a level to N/A.
        from_na: Cases that went from N/A to a level.
        p: Two-sided bootstrap p-value of no judged difference, 0..1; 1 without pairs.
        adjusted: After Holm's correction over the dimensions; for `MACRO`, one question asked once, `p` itself.
        significant: Whether `adjusted` is below 0.05.
        power: What the comparison could have seen here; None without pairs.
    """

    dimension: str
    title: str
    a: Side
    b: Side
    pairs: int
    judged: Interval | None
    true: Interval | None
    wins: int
    losses: int
    ties: int
    to_na: int
    from_na: int
    p: float
    adjusted: float
    significant: bool
    power: Power | None


@dataclass(frozen=True, slots=True)
class Move:
    """One dimension of a notebook that changed.

    Attributes:
        dimension: Dimension id.
        before: Score in the first run, N/A's digit included.
        after: Score in the second.
        rationale_before: Why; empty where nobody asked.
        rationale_after: Why; empty where nobody asked.
    """

    dimension: str
    before: int
    after: int
    rationale_before: str
    rationale_after: str


@dataclass(frozen=True, slots=True)
class Changed:
    """A case and repeat whose notebooks differ in score.

    Attributes:
        case: Case id.
        repeat: 1 and up.
        notebook_a: Content hash of the first run's notebook.
        notebook_b: Content hash of the second's.
        levels: Sum of absolute changes of level over dimensions.
        switches: Dimensions that changed between a level and N/A; they are in no sum.
        moves: The dimensions that changed, the largest change first.
    """

    case: str
    repeat: int
    notebook_a: str
    notebook_b: str
    levels: int
    switches: int
    moves: tuple[Move, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two runs say about each other.

    Attributes:
        a: The first run, the one compared with.
        b: The second run.
        suite: Id of the suite; of two different ones the first.
        rubric: Rubric id.
        levels: The scale's ordinal digits, ascending.
        not_applicable: The digit that means N/A, or None.
        cases: Cases with judged notebooks in both runs: all figures are about these.
        only_a: Cases with judged notebooks in the first run alone.
        only_b: Cases with judged notebooks in the second run alone.
        rows: One a dimension, in the rubric's order.
        macro: The mean over the dimensions that have pairs.
        error: What is known of the judge's error; None where nothing is.
        changed: The notebooks that changed, the most changed first.
        notes: What a reader must know, one plain sentence each.
        resamples: Behind every interval.
        seed: Of the resamples.
    """

    a: RunBrief
    b: RunBrief
    suite: str
    rubric: str
    levels: tuple[int, ...]
    not_applicable: int | None
    cases: tuple[str, ...]
    only_a: tuple[str, ...]
    only_b: tuple[str, ...]
    rows: tuple[Row, ...]
    macro: Row
    error: ErrorBrief | None
    changed: tuple[Changed, ...]
    notes: tuple[str, ...]
    resamples: int
    seed: int
