"""One rater's scores beside a judge's, the worst first, and how the two and the raters agree on them.

Blind first: everything here is about what the rater has scored, so that nothing of a judge or of another rater is told
about the rest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbalign.align.conflicts import apart
from nbalign.align.lessons import far_apart
from nbalign.evaluate.agreement import agreement
from nbalign.evaluate.alpha import ordinal_alpha
from nbalign.evaluate.results import Agreement
from nbalign.evaluate.scored import Key, latest
from nbalign.judge.model import Judgement
from nbalign.labels.checks import one_form
from nbalign.labels.consensus import consensus
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A notebook and dimension that one rater and one judge scored.

    Attributes:
        notebook: Content hash.
        name: The notebook's name, for people.
        dimension: Dimension id.
        mine: The rater's label.
        judgement: The judge's latest.
        others: Labels of other raters, by their names.
        decision: The decision that counts, or None.
        apart: How far the rater and the judge are apart; see `nbalign.align.conflicts.apart`.
        far: Whether that is more than half of the scale, or the two do not agree that there is something to score.
    """

    notebook: str
    name: str
    dimension: str
    mine: Label
    judgement: Judgement
    others: tuple[Label, ...]
    decision: Label | None
    apart: int
    far: bool

    @property
    def key(self) -> Key:
        """Notebook and dimension."""
        return self.notebook, self.dimension


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """How a judge, one rater and all raters agree on what this rater scored.

    Attributes:
        mine: The judge against this rater's scores.
        settled: The judge against what the raters come to or somebody decided, and the raters among themselves.
        alpha: Dimension id -> Krippendorff's ordinal alpha of all raters; None where nothing can be said.
        scored: How many pairs of notebook and dimension this rater scored.
    """

    mine: Agreement
    settled: Agreement
    alpha: Mapping[str, float | None]
    scored: int


def review(
    rater: str, rubric: Rubric, labels: Sequence[Label], judgements: Sequence[Judgement], names: Mapping[str, str]
) -> list[Reviewed]:
    """Puts a rater's scores beside a judge's.

    Args:
        rater: Whose scores.
        rubric: The rubric; what belongs to another one, or is not on its scale, is left out.
        labels: Current labels of all raters, decisions included.
        judgements: Those of one judge.
        names: Content hash -> name of the notebook; a missing one is called by its hash.

    Returns:
        The furthest apart first, then the surer judge first: where it is sure and wrong there is most to learn.
    """
    judged, _ = latest(rubric, judgements)
    order = {dimension.id: n for n, dimension in enumerate(rubric.dimensions)}
    least = far_apart(rubric.scale)
    found = []
    for key, group in _scored_by(rater, rubric, labels).items():
        judgement = judged.get(key)
        if judgement is None:
            continue
        mine = next(label for label in group if _is_of(label, rater))
        others = sorted((x for x in group if x.role == "rater" and x is not mine), key=lambda x: x.rater)
        decisions = [label for label in group if label.role == "decision"]
        distance = apart(mine.score, judgement.score, rubric.scale)
        found.append(
            Reviewed(
                notebook=key[0],
                name=names.get(key[0], key[0][:12]),
                dimension=key[1],
                mine=mine,
                judgement=judgement,
                others=tuple(others),
                decision=max(decisions, key=lambda label: label.event, default=None),
                apart=distance,
                far=distance >= least,
            )
        )
    found.sort(
        key=lambda r: (-r.apart, -r.judgement.probabilities.get(r.judgement.score, 0.0), r.name, order[r.dimension])
    )
    return found


def own_agreement(rater: str, rubric: Rubric, labels: Sequence[Label], judgements: Sequence[Judgement]) -> OwnAgreement:
    """Measures agreement on what a rater scored; arguments as for `review`."""
    scored = _scored_by(rater, rubric, labels)
    theirs = [label for group in scored.values() for label in group]
    judged = [judgement for judgement in judgements if (judgement.notebook, judgement.dimension) in scored]
    mine: dict[Key, int | None] = {
        key: next(label.score for label in group if _is_of(label, rater)) for key, group in scored.items()
    }
    settled = {key: found.score for key, found in consensus(theirs, rubric.scale).items()}
    units: dict[str, list[list[int]]] = {dimension.id: [] for dimension in rubric.dimensions}
    for (_, dimension), group in scored.items():
        units[dimension].append([label.score for label in group if label.role == "rater"])
    return OwnAgreement(
        mine=agreement(rubric, judged, theirs, mine),
        settled=agreement(rubric, judged, theirs, settled),
        alpha={dimension: ordinal_alpha(each, rubric.scale) for dimension, each in units.items()},
        scored=len(scored),
    )


def _scored_by(rater: str, rubric: Rubric, labels: Sequence[Label]) -> dict[Key, list[Label]]:
    """All valid labels on what this rater scored, by notebook and dimension."""
    asked, values = {dimension.id for dimension in rubric.dimensions}, frozenset(rubric.scale.values)
    valid = [x for x in labels if x.rubric == rubric.id and x.dimension in asked and x.score in values]
    grouped: dict[Key, list[Label]] = {(x.notebook, x.dimension): [] for x in valid if _is_of(x, rater)}
    for label in valid:
        group = grouped.get((label.notebook, label.dimension))
        if group is not None:
            group.append(label)
    return grouped


def _sureness(judgement: Judgement) -> float:
    return judgement.probabilities.get(judgement.score, 0.0)


def _is_of(label: Label, rater: str) -> bool:
    return label.role == "rater" and label.rater == one_form(rater)
