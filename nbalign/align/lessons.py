"""From labels to lessons: what raters settled on with everything they said, and where they are too far apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbalign.align.model import Lesson, Remark
from nbalign.labels.consensus import consensus
from nbalign.labels.model import Label
from nbalign.notebooks.sanitise import clean
from nbalign.rubrics.model import Rubric, Scale

_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Noisy:
    """A notebook and dimension whose raters are more than half of the scale apart; see `far_apart`.

    Attributes:
        notebook: Content hash.
        name: The notebook's name, for people.
        dimension: Dimension id.
        remarks: Everything that was said, in order of events.
        decided: Whether a decision settles it.
    """

    notebook: str
    name: str
    dimension: str
    remarks: tuple[Remark, ...]
    decided: bool


def lessons(labels: Iterable[Label], rubric: Rubric, names: Mapping[str, str]) -> list[Lesson]:
    """What can be learned from: every notebook and dimension with one settled score.

    Args:
        labels: Current labels, of any rubrics and in any order. Those of another rubric, of a dimension that this
            rubric does not have or with a score off its scale are left out.
        rubric: The rubric.
        names: Content hash -> name of the notebook; a missing one is called by its hash.

    Returns:
        Lessons ordered by notebook and by the rubric's dimensions. Where raters disagree and nobody has decided
        there is none: `unsettled` lists these.
    """
    grouped = _grouped(labels, rubric)
    settled = consensus((label for group in grouped.values() for label in group), rubric.scale)
    return [
        Lesson(notebook, names.get(notebook, notebook[:12]), dimension, score, _remarks(group))
        for (notebook, dimension), group in grouped.items()
        if (score := settled[notebook, dimension].score) is not None
    ]


def unsettled(labels: Iterable[Label], rubric: Rubric) -> list[Label]:
    """The labels that nothing is learned from because raters disagree and nobody has decided; see `lessons`."""
    grouped = _grouped(labels, rubric)
    settled = consensus((label for group in grouped.values() for label in group), rubric.scale)
    return [label for key, group in grouped.items() if settled[key].score is None for label in group]


def far_apart(scale: Scale) -> int:
    """How many steps between two raters make a label noise rather than nuance.

    It is the least number of steps that is more than half of the way from the lowest level to the highest: one on two
    levels, two on three or four, three on five or six, five on nine. So far apart, one score lies below the middle of
    the scale and the other above it: the raters do not differ in how good or how bad something is, but in which of the
    two. On five levels 3 and 5, two steps apart, are still nuance.

    Args:
        scale: The rubric's scale. Its levels count, not their digits: from 1 to 3 is one step where the levels are 1,
            3 and 5. N/A is no level.

    Returns:
        Steps between neighbouring levels, 1 or more.
    """
    return (len(scale.levels) + 1) // 2


def noise(labels: Iterable[Label], rubric: Rubric, names: Mapping[str, str]) -> list[Noisy]:
    """Where two raters' scores are `far_apart` or further, N/A left out; arguments as for `lessons`.

    A decision settles such a case for learning. It is listed all the same: the raters read the rubric differently.
    """
    step = {level: n for n, level in enumerate(rubric.scale.levels)}
    least = far_apart(rubric.scale)
    found = []
    for (notebook, dimension), group in _grouped(labels, rubric).items():
        steps = [step[x.score] for x in group if x.role == "rater" and x.score in step]
        if steps and max(steps) - min(steps) >= least:
            decided = any(label.role == "decision" for label in group)
            name = names.get(notebook, notebook[:12])
            found.append(Noisy(notebook, name, dimension, _remarks(group), decided))
    return found


def _grouped(labels: Iterable[Label], rubric: Rubric) -> dict[_Key, list[Label]]:
    """Valid labels by notebook and dimension, each group in order of events, the whole in an order of its own.

    The order must not depend on when labels were given: what is learned would then change with it.
    """
    order = {dimension.id: n for n, dimension in enumerate(rubric.dimensions)}
    values = frozenset(rubric.scale.values)
    grouped: dict[_Key, list[Label]] = {}
    for label in sorted(labels, key=lambda label: label.event):
        if label.rubric == rubric.id and label.dimension in order and label.score in values:
            grouped.setdefault((label.notebook, label.dimension), []).append(label)
    return dict(sorted(grouped.items(), key=lambda item: (item[0][0], order[item[0][1]])))


def _remarks(group: Iterable[Label]) -> tuple[Remark, ...]:
    return tuple(
        Remark(label.event, label.rater, label.role, label.score, clean(label.justification).strip(), label.cells)
        for label in group
    )
