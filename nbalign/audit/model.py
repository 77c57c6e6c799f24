"""What an audit is made of: picks for review, errors on random ones, and news among the labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from nbalign.evaluate.experiment.model import Interval

Why = Literal["random", "uncertain", "novel"]


@dataclass(frozen=True, slots=True)
class Pick:
    """One notebook picked for review, as it is kept.

    Attributes:
        id: Ascending over the workspace.
        at: UTC time of the picking, ISO 8601; the picks of one call share it.
        rubric: Rubric id.
        notebook: Content hash.
        judge: The judge whose judgements were picked from.
        memory: Its memory version; empty for an unaligned judge.
        why: Why it was picked.
        weight: For a random pick 1 / its selection probability, that is the number of notebooks it was drawn from
            over the number drawn; 1 for the others, which stand for themselves alone.
    """

    id: int
    at: str
    rubric: str
    notebook: str
    judge: str
    memory: str
    why: Why
    weight: float


@dataclass(frozen=True, slots=True)
class Shown:
    """A pick that waits for review, with its reason in words.

    Attributes:
        pick: The pick.
        name: The notebook's name.
        reason: Why it is worth an expert's time, or that it was picked before.
        new: Whether this call picked it.
    """

    pick: Pick
    name: str
    reason: str
    new: bool


@dataclass(frozen=True, slots=True)
class Picked:
    """What waits for review after a picking.

    Attributes:
        rubric: Rubric id.
        judge: The judge.
        memory: Its memory version.
        waiting: In the order to label them in.
        judged: Notebooks that the judge scored.
        candidates: Of these, how many nobody had labelled.
        drawn_from: How many the random picks of this call were drawn from; 0 where none was drawn.
    """

    rubric: str
    judge: str
    memory: str
    waiting: tuple[Shown, ...]
    judged: int
    candidates: int
    drawn_from: int


@dataclass(frozen=True, slots=True)
class Promise:
    """What cross-validation said of a judge's error.

    Attributes:
        experiment: Id of the experiment.
        at: When it was run.
        arm: The arm that is this judge.
        mae: Dimension id -> its MAE; `MACRO` for the mean.
    """

    experiment: str
    at: str
    arm: str
    mae: dict[str, Interval]


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """The error of one judge on random picks, in one dimension or over all.

    Attributes:
        dimension: Dimension id; `MACRO` for the unweighted mean over dimensions.
        notebooks: Random picks with a settled score and a judgement, N/A included.
        pairs: Of these, those that both sides scored on the levels; for `MACRO` summed over dimensions.
        mae: Weighted mean absolute error with its interval; None without pairs.
        bias: Weighted mean of judge minus raters; None without pairs.
        na_judge_only: Picks that the judge alone calls N/A.
        na_raters_only: Picks that the raters alone call N/A.
        promised: What cross-validation said; None where nothing is known.
        worse: Whether the error is significantly above the promise.
    """

    dimension: str
    notebooks: int
    pairs: int
    mae: Interval | None
    bias: float | None
    na_judge_only: int
    na_raters_only: int
    promised: Interval | None
    worse: bool


@dataclass(frozen=True, slots=True)
class Round:
    """The random picks of one call of `audit pick`.

    Attributes:
        at: When.
        picked: Random picks made.
        labelled: Of these, how many count here: labelled since, judged, and never learned from.
        mae: Mean over dimensions of the judge's MAE on them; None without pairs.
    """

    at: str
    picked: int
    labelled: int
    mae: Interval | None


@dataclass(frozen=True, slots=True)
class JudgeAudit:
    """One judge (and so one memory version) on random picks.

    Attributes:
        judge: Its name.
        memory: Its memory version; empty for an unaligned judge.
        judged: Notebooks it scored.
        labelled: Random picks that count.
        learned: Random picks left out because its memory learned from their labels.
        rows: Dimensions in the rubric's order, then `MACRO`.
        rounds: Over time, oldest first.
        promise: What cross-validation said of it; None where nothing is known.
    """

    judge: str
    memory: str
    judged: int
    labelled: int
    learned: int
    rows: tuple[ErrorRow, ...]
    rounds: tuple[Round, ...]
    promise: Promise | None


@dataclass(frozen=True, slots=True)
class News:
    """How the labels differ from those that the latest memory learned from.

    Attributes:
        memory: The latest memory version; empty where nothing was ever aligned.
        at: When it was made.
        learned: Labels it learned from.
        new: Labels given since.
        changed: Labels it learned from that say something else now.
        gone: Labels it learned from that were taken back, or are left out of learning now.
        notebooks: Notebooks with any of these three.
        labelled: Notebooks with any label now that may be learned from.
    """

    memory: str
    at: str
    learned: int
    new: int
    changed: int
    gone: int
    notebooks: int
    labelled: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to align again.

    Attributes:
        realign: True for yes.
        sentence: The answer in one plain sentence.
        reasons: Why, or what is missing for an answer, one plain sentence each.
    """

    realign: bool
    sentence: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AuditStatus:
    """Everything that `audit status` tells.

    Attributes:
        rubric: Rubric id.
        rubric_version: Its version.
        random: Random picks made.
        random_labelled: Of these, how many are labelled.
        other: Notebooks picked as uncertain or novel, and never at random.
        other_labelled: Of these, how many are labelled.
        waiting: Notebooks that wait for review.
        judges: The judge that judged last first.
        news: What is new among the labels.
        verdict: Whether to align again.
    """

    rubric: str
    rubric_version: int
    random: int
    random_labelled: int
    other: int
    other_labelled: int
    waiting: int
    judges: tuple[JudgeAudit, ...]
    news: News
    verdict: Verdict
