"""What the next alignment would learn from, dimension by dimension, and what should be settled first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbalign.align.lessons import lessons, noise, unsettled
from nbalign.align.model import Lesson, Memory
from nbalign.align.news import news
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric


@dataclass(frozen=True, slots=True)
class DimensionOutlook:
    """One dimension before the next alignment.

    Attributes:
        dimension: Dimension id.
        lessons: Settled scores, each to be learned from.
        labels: Labels behind them.
        words: Those of them that say why.
        added: Labels that the latest memory does not know.
        gone: Labels that it learned from and that do not stand any more.
        kept: Labels that it learned from and that still stand.
        unsettled: Notebooks where raters differ and nobody has decided: nothing is learned from them.
        apart: Notebooks whose raters are more than half of the scale apart.
        apart_open: Those of them that nobody has decided.
    """

    dimension: str
    lessons: int
    labels: int
    words: int
    added: int
    gone: int
    kept: int
    unsettled: int
    apart: int
    apart_open: int


def outlook(
    rubric: Rubric, labels: Iterable[Label], names: Mapping[str, str], memory: Memory | None
) -> list[DimensionOutlook]:
    """One for each dimension, in the rubric's order.

    Args:
        rubric: The rubric.
        labels: Current labels; what is not to be learned from is left out already.
        names: Content hash -> name of every notebook; labels of others are passed over, as alignment does.
        memory: The latest memory; None where nothing was ever aligned.
    """
    own = [label for label in labels if label.notebook in names]
    taught = _by_dimension(lessons(own, rubric, names))
    apart = noise(own, rubric, names)
    open_ = {(label.notebook, label.dimension) for label in unsettled(own, rubric)}
    found = []
    for dimension in rubric.dimensions:
        mine = taught.get(dimension.id, [])
        remarks = [remark for lesson in mine for remark in lesson.remarks]
        told = news(memory, mine, {dimension.id})
        cases = [case for case in apart if case.dimension == dimension.id]
        found.append(
            DimensionOutlook(
                dimension=dimension.id,
                lessons=len(mine),
                labels=len(remarks),
                words=sum(bool(remark.text) for remark in remarks),
                added=told.added,
                gone=told.gone,
                kept=told.kept,
                unsettled=sum(where == dimension.id for _, where in open_),
                apart=len(cases),
                apart_open=sum(not case.decided for case in cases),
            )
        )
    return found


def _by_dimension(all_lessons: Iterable[Lesson]) -> dict[str, list[Lesson]]:
    found: dict[str, list[Lesson]] = {}
    for lesson in all_lessons:
        found.setdefault(lesson.dimension, []).append(lesson)
    return found
