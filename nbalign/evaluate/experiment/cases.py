"""The notebooks behind one figure of an experiment, the worst first, for one reader: blind where they have not scored.

A result keeps every score of every arm, but not what the raters settled on: labels stay with the notebooks and may
change. The settled scores are therefore those of today, and it is told where they no longer give the figures that the
experiment kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nbalign.evaluate.experiment.model import MACRO, ExperimentResult, Prediction
from nbalign.labels.consensus import consensus
from nbalign.labels.model import Label
from nbalign.rubrics.model import Scale

Key = tuple[str, str]  # notebook, dimension


@dataclass(frozen=True, slots=True)
class Case:
    """One notebook and dimension: what the raters settled on and what an arm says.

    Attributes:
        notebook: Content hash.
        name: For people.
        dimension: Dimension id.
        truth: The settled score.
        score: What the arm says.
        expected: The same before rounding.
        probabilities: Value of the scale -> probability.
        apart: Distance of the two on the levels; None where exactly one of them says "not applicable".
        fold: The fold that was held out.
        note: Whether the arm fell back on something simpler, and why; mostly empty.
        said: All labels behind the settled score, raters before decisions.
        facts: Facts that the experiment kept with its worst disagreements; mostly empty.
        rationale: The judge's words, where the arm is that judge and they were written; mostly empty.
        own: Whether the reader scored this dimension of this notebook.
    """

    notebook: str
    name: str
    dimension: str
    truth: int
    score: int
    expected: float
    probabilities: Mapping[int, float]
    apart: int | None
    fold: int
    note: str
    said: tuple[Label, ...]
    facts: tuple[str, ...]
    rationale: str
    own: bool


@dataclass(frozen=True, slots=True)
class Cases:
    """What is behind a figure, as far as one reader may see it.

    Attributes:
        arm: The arm.
        dimension: Dimension id; `MACRO` for all of them.
        shown: Worst first.
        hidden: Cases left out because the reader has not scored them.
        unsettled: Predictions without a settled score.
        changed: Whether labels have changed since, so that these cases give other figures than were kept.
    """

    arm: str
    dimension: str
    shown: tuple[Case, ...]
    hidden: int
    unsettled: int
    changed: bool


def cases(
    result: ExperimentResult,
    arm: str,
    dimension: str,
    labels: Iterable[Label],
    scale: Scale,
    names: Mapping[str, str],
    reader: str,
    *,
    reveal: bool = False,
    rationales: Mapping[Key, str] | None = None,
) -> Cases:
    """Puts what an arm says beside what raters settled on.

    Args:
        result: The experiment.
        arm: One of its arms.
        dimension: Dimension id; `MACRO` for all of them.
        labels: Current labels; those under other rubrics, and scores that the scale does not have, are passed over.
        scale: The rubric's scale.
        names: Content hash -> name of the notebooks.
        reader: Who looks: cases that they have not scored, as a rater or in a decision, are counted and left out.
        reveal: Show these as well.
        rationales: (notebook, dimension) -> the judge's words about it, where the arm is that judge.
    """
    asked, values = {d for d, _ in result.dimensions}, set(scale.values)
    said: dict[Key, list[Label]] = {}
    for label in labels:
        if label.rubric == result.rubric and label.dimension in asked and label.score in values:
            said.setdefault((label.notebook, label.dimension), []).append(label)
    truth = {key: found.score for key, found in consensus((x for many in said.values() for x in many), scale).items()}
    facts = {(one.notebook, one.dimension): one.facts for one in result.disagreements}
    wanted = [p for p in result.predictions if p.arm == arm and dimension in (MACRO, p.dimension)]
    shown, hidden, unsettled = [], 0, 0
    for p in wanted:
        key = (p.notebook, p.dimension)
        settled = truth.get(key)
        if settled is None:
            unsettled += 1
            continue
        own = any(label.rater == reader for label in said[key])
        if not (own or reveal):
            hidden += 1
            continue
        shown.append(
            Case(
                p.notebook,
                names.get(p.notebook, p.notebook[:12]),
                p.dimension,
                settled,
                p.score,
                p.expected,
                p.probabilities,
                _apart(p.score, settled, scale),
                p.fold,
                p.note,
                tuple(sorted(said[key], key=lambda label: (label.role == "decision", label.rater, label.event))),
                facts.get(key, ()),
                (rationales or {}).get(key, ""),
                own,
            )
        )
    order = {d: n for n, (d, _) in enumerate(result.dimensions)}
    shown.sort(
        key=lambda case: (-_badness(case, scale.not_applicable), order[case.dimension], case.name, case.notebook)
    )
    return Cases(arm, dimension, tuple(shown), hidden, unsettled, _changed(result, wanted, truth))


def _apart(score: int, truth: int, scale: Scale) -> int | None:
    na = scale.not_applicable
    return abs(score - truth) if (score == na) == (truth == na) else None


def _badness(case: Case, not_applicable: int | None) -> float:
    """As in the experiment's own worst disagreements: one N/A alone counts like a level, the unrounded score last."""
    if case.apart is None:
        return 1.0
    # Where both say N/A the unrounded score is about the levels and says nothing.
    return case.apart + (abs(case.expected - case.truth) / 10 if case.truth != not_applicable else 0.0)


def _changed(result: ExperimentResult, wanted: Sequence[Prediction], truth: Mapping[Key, int | None]) -> bool:
    """Whether counting truths and scores anew gives another confusion matrix than the one that was kept."""
    kept = {row.dimension: row.confusion for row in result.rows if wanted and row.arm == wanted[0].arm}
    for dimension in {p.dimension for p in wanted}:
        counted = Counter((truth.get((p.notebook, dimension)), p.score) for p in wanted if p.dimension == dimension)
        now = tuple(tuple(counted[true, mine] for mine in result.values) for true in result.values)
        if kept.get(dimension) not in (None, now):
            return True
    return False
