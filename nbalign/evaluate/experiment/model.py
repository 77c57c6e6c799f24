"""What an experiment is made of and what it comes to. Terminal, JSON and HTML show these very objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.align.model import Guideline, Remark
from nbalign.evaluate.experiment.rows import MACRO, ArmRow, Difference, Floor, Interval

__all__ = [
    "MACRO",
    "ArmRow",
    "Cost",
    "Difference",
    "Disagreement",
    "ExperimentResult",
    "Floor",
    "FoldGuideline",
    "Interval",
    "Noise",
    "Prediction",
]


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one arm says of one notebook and dimension, learned from other folds alone.

    Attributes:
        arm: Name of the arm.
        notebook: Content hash.
        dimension: Dimension id.
        score: The decided score, N/A included.
        expected: Before rounding, on the ordinal levels.
        probabilities: Value of the scale -> probability.
        fold: The fold that was held out, 0 and up.
        note: Whether the arm fell back on something simpler, and why; mostly empty.
    """

    arm: str
    notebook: str
    dimension: str
    score: int
    expected: float
    probabilities: Mapping[int, float]
    fold: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Noise:
    """A notebook and dimension where raters are more than half of the scale apart: settle it before aligning.

    Attributes:
        notebook: Content hash.
        name: For people.
        dimension: Dimension id.
        remarks: Both sides' scores and words.
        decided: Whether a decision settles it.
    """

    notebook: str
    name: str
    dimension: str
    remarks: tuple[Remark, ...]
    decided: bool


@dataclass(frozen=True, slots=True)
class Disagreement:
    """One of the worst remaining disagreements of an arm with the truth.

    Attributes:
        arm: The arm.
        notebook: Content hash.
        name: For people.
        dimension: Dimension id.
        score: What the arm says.
        expected: Before rounding.
        truth: What the raters settled on.
        remarks: Their words, with the cells they cite.
        facts: What the judge was shown or could know: facts read off the notebook, one line each.
    """

    arm: str
    notebook: str
    name: str
    dimension: str
    score: int
    expected: float
    truth: int
    remarks: tuple[Remark, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one part of an experiment cost, in this run and before.

    Attributes:
        part: `distilling`, `judging full`, `checks`, …
        computed: Model answers that were computed in this run.
        known: Answers that were there already.
        evaluated: Tokens evaluated in this run.
        saved: Tokens that would have been evaluated without shared prefixes and kept answers.
        generated: Tokens written in this run.
        seconds: Wall seconds of this run.
        evaluated_ever: Tokens behind all answers of this part, whenever they were computed.
        seconds_ever: The same in seconds.
    """

    part: str
    computed: int
    known: int
    evaluated: int
    saved: int
    generated: int
    seconds: float
    evaluated_ever: int
    seconds_ever: float


@dataclass(frozen=True, slots=True)
class FoldGuideline:
    """A guideline that was learned in some folds.

    Attributes:
        guideline: The guideline; its sources are events of labels.
        folds: Held-out folds in whose training it was learned.
        cited: (notebook name, rater, score, words) of its sources.
    """

    guideline: Guideline
    folds: tuple[int, ...]
    cited: tuple[tuple[str, str, int, str], ...]


@dataclass(frozen=True, slots=True)
class ExperimentResult:
    """One experiment: cross-validated arms beside each other, with everything a reader needs to doubt it.

    Attributes:
        id: Twelve hex digits over options, labels and notebooks.
        rubric: Rubric id.
        rubric_version: Its version.
        dimensions: (id, title), in the rubric's order, of the dimensions evaluated.
        levels: The scale's ordinal digits, ascending.
        values: All digits, ascending.
        value_names: Their short names.
        model: Name of the model; empty where no arm needs one.
        judge: Name of the unaligned judge.
        at: UTC time it was finished.
        options: What was asked for, by name.
        folds: Notebook -> fold.
        fold_count: K.
        grouped_by: `notebook`, `case`, …
        bootstrap: Resamples behind the intervals.
        seed: Of folds and resamples.
        arms: Names, in the order of the table.
        rows: One an arm and dimension, macro rows included.
        differences: Paired comparisons of arms.
        floors: Raters against each other, macro included.
        noise: Where raters are more than half of the scale apart.
        unresolved: Notebooks and dimensions left out because raters disagree and nobody has decided.
        guidelines: What was learned in the folds.
        disagreements: The worst that remain, of the best arm.
        costs: What it cost.
        notes: Plain sentences a reader must know: fallbacks, what was left out, provenance of the labels.
        predictions: Every arm's every score.
    """

    id: str
    rubric: str
    rubric_version: int
    dimensions: tuple[tuple[str, str], ...]
    levels: tuple[int, ...]
    values: tuple[int, ...]
    value_names: tuple[str, ...]
    model: str
    judge: str
    at: str
    options: Mapping[str, str]
    folds: Mapping[str, int]
    fold_count: int
    grouped_by: str
    bootstrap: int
    seed: int
    arms: tuple[str, ...]
    rows: tuple[ArmRow, ...]
    differences: tuple[Difference, ...]
    floors: tuple[Floor, ...]
    noise: tuple[Noise, ...]
    unresolved: int
    guidelines: tuple[FoldGuideline, ...]
    disagreements: tuple[Disagreement, ...]
    costs: tuple[Cost, ...]
    notes: tuple[str, ...]
    predictions: tuple[Prediction, ...]
