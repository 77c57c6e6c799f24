"""What became of each label: the guidelines that it led to, or why there is none."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nbalign.align.distill.batches import Batched
from nbalign.align.distill.distiller import Distilled
from nbalign.align.distill.merging import Candidate
from nbalign.align.model import Account, Guideline, Lesson

REJECTED = "The guideline that it led to was rejected."
NOTHING_SAID = "No guideline was distilled from it."


def accounts(lessons: Iterable[Lesson], guidelines: Iterable[Guideline], unused: Mapping[int, str]) -> list[Account]:
    """One account for every label that could be learned from.

    Args:
        lessons: All of them, whether or not they were in a batch.
        guidelines: What `merge` made of everything distilled.
        unused: Event -> why it led to nothing, from batches and distilling.

    Returns:
        By event, ascending.
    """
    led: dict[int, list[str]] = {}
    rejected: set[int] = set()
    for guideline in guidelines:
        for event in guideline.sources:
            if guideline.state == "rejected":
                rejected.add(event)
            else:
                led.setdefault(event, []).append(guideline.id)
    found = []
    for lesson in lessons:
        for remark in lesson.remarks:
            ids = tuple(led.get(remark.event, ()))
            why = REJECTED if remark.event in rejected else unused.get(remark.event, NOTHING_SAID)
            found.append(Account(remark.event, lesson.dimension, ids, "" if ids else why))
    return sorted(found, key=lambda account: account.event)


def candidates_of(distilled: Iterable[Distilled]) -> list[Candidate]:
    """All candidates of some batches."""
    return [candidate for one in distilled for candidate in one.candidates]


def unused_of(batched: Batched, distilled: Iterable[Distilled]) -> dict[int, str]:
    """Event of every label that led to no candidate -> why."""
    found = dict(batched.unused)
    for one in distilled:
        found.update(one.unused)
    return found
