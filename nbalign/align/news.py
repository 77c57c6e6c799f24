"""What is new among the labels since a memory was made."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from nbalign.align.model import Lesson, Memory


@dataclass(frozen=True, slots=True)
class News:
    """Labels of the dimensions that are aligned.

    Attributes:
        added: New labels, and the new side of changed ones.
        gone: Labels that the memory learned from and that do not stand any more: changed, withdrawn, or left out.
        kept: Labels that the memory learned from and that still stand.
        notebooks: Names of the notebooks with a new label, sorted.
    """

    added: int
    gone: int
    kept: int
    notebooks: tuple[str, ...]


def news(memory: Memory | None, lessons: Iterable[Lesson], dimensions: Collection[str]) -> News:
    """Compares what can be learned now with what a memory learned from.

    Args:
        memory: The latest memory; None where nothing was ever aligned.
        lessons: What can be learned now.
        dimensions: Ids of the dimensions that are aligned; others are passed over.
    """
    names = {remark.event: lesson.name for lesson in lessons for remark in lesson.remarks}
    before = {a.event for a in memory.accounts if a.dimension in dimensions} if memory else set()
    new = names.keys() - before
    return News(
        len(new), len(before - names.keys()), len(before & names.keys()), tuple(sorted({names[e] for e in new}))
    )
