"""What is compared with raters: judgements of a judge, or anything else that scores notebooks as judges do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

from nbalign.judge.key import EVIDENCE_MARK
from nbalign.rubrics.model import Rubric

Key = tuple[str, str]  # notebook, dimension
EVIDENCE = "evidence"  # the arm of evidence alone, where the name of a judge is asked for; a judge's name holds an @


def is_evident(judge: str) -> bool:
    """Whether an arm rests on evidence: evidence alone, or a model that is shown it."""
    return judge == EVIDENCE or EVIDENCE_MARK in judge


class Scored(Protocol):
    """One score of one arm; `Judgement` is one."""

    @property
    def judge(self) -> str:
        """Name of the arm."""

    @property
    def notebook(self) -> str:
        """Content hash."""

    @property
    def rubric(self) -> str:
        """Rubric id."""

    @property
    def rubric_sha256(self) -> str:
        """The exact rubric."""

    @property
    def dimension(self) -> str:
        """Dimension id."""

    @property
    def score(self) -> int:
        """The decided score."""

    @property
    def expected(self) -> float:
        """The score before it was rounded; of no meaning where the score is N/A."""

    @property
    def at(self) -> str:
        """When it was given; of several for one notebook and dimension the latest counts."""


S = TypeVar("S", bound=Scored)


def latest(rubric: Rubric, scores: Iterable[S]) -> tuple[dict[Key, S], int]:
    """The score that counts for each notebook and dimension.

    Args:
        rubric: What belongs to other rubrics is passed over.
        scores: Those of one arm.

    Returns:
        The scores, and how many were left out because the rubric has no such dimension or score.
    """
    asked = {dimension.id for dimension in rubric.dimensions}
    values = set(rubric.scale.values)
    found: dict[Key, S] = {}
    left_out = 0
    for scored in sorted(scores, key=lambda s: s.at):
        if scored.rubric != rubric.id:
            continue
        if scored.dimension in asked and scored.score in values:
            found[scored.notebook, scored.dimension] = scored
        else:
            left_out += 1
    return found, left_out
