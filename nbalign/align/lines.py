"""Both memories' lines for one question about one notebook, for whoever asks a judge that has a memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.align.model import Guideline
from nbalign.align.retrieve import Neighbour, shown
from nbalign.align.wording import budgets, guidelines_shown, memory_text
from nbalign.judge.opened import OpenJudge
from nbalign.judge.reading import Reading
from nbalign.rubrics.model import Dimension, Scale


@dataclass(frozen=True, slots=True)
class MemoryLines:
    """What a judge is shown of its memories, before any heading.

    Attributes:
        guidelines: One a line; may be empty.
        precedents: Likewise.
    """

    guidelines: str
    precedents: str

    def text(self, *, guidelines: bool = True, precedents: bool = True) -> str:
        """The lines under their headings; those that are not wanted are left out."""
        return memory_text(self.guidelines if guidelines else "", self.precedents if precedents else "")


def memory_lines(
    opened: OpenJudge,
    reading: Reading,
    dimension: Dimension,
    scale: Scale,
    guidelines: Sequence[Guideline],
    neighbours: Sequence[Neighbour],
    tokens: tuple[int, int],
) -> MemoryLines:
    """As much of both memories as there is room for behind a notebook and the question.

    Args:
        opened: The loaded judge.
        reading: The notebook as the judge reads it.
        dimension: What is asked.
        scale: The rubric's scale.
        guidelines: Of this dimension, the strongest first.
        neighbours: Precedents, the nearest first. That they may be shown for this notebook is the caller's business.
        tokens: Most tokens of guidelines and of precedents.
    """
    count = opened.engine.count
    for_rules, for_cases = budgets(opened.taught.room(reading, dimension), count, *tokens)
    return MemoryLines(
        guidelines_shown(guidelines, scale, count, for_rules),
        shown(neighbours, scale, count, for_cases),
    )
