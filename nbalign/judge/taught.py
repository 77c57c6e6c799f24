"""The judge's question with what raters taught it: guidelines and precedents behind rubric and facts."""

from __future__ import annotations

from nbalign.judge import prompt
from nbalign.judge.probing import Probe, Question
from nbalign.judge.reading import Reading
from nbalign.llm.client import EngineClient
from nbalign.llm.model import Segment
from nbalign.rubrics.model import Dimension, Rubric

_SPARE = 16  # tokens: the lead, and what joining texts may cost


class Taught:
    """Makes questions for a judge that has a memory.

    Args:
        engine: The loaded model; it counts tokens here and is asked nothing.
        rubric: The rubric.
    """

    def __init__(self, engine: EngineClient, rubric: Rubric) -> None:
        self._engine = engine
        self._rubric = rubric

    def question(self, reading: Reading, dimension: Dimension, memory: str) -> Question:
        """The question of one dimension with a memory's words.

        Arms of one experiment differ in `memory` alone, so that they share the evaluation of the rubric's words.

        Args:
            reading: The notebook as the judge reads it.
            dimension: What is asked.
            memory: Guidelines and precedents, one a line; empty for none.
        """
        return Question(
            stem=self._stem(dimension),
            rest=prompt.taught_branch(self._engine.info.frame, memory, _facts(reading, dimension)),
            lead=prompt.LEAD,
            answers=tuple(str(value) for value in self._rubric.scale.values),
        )

    def room(self, reading: Reading, dimension: Dimension) -> int:
        """Tokens that a memory's words may take behind this notebook and question; 0 where there are none left."""
        rest = prompt.taught_branch(self._engine.info.frame, "", _facts(reading, dimension))
        taken = self._engine.length((*self._stem(dimension), *rest), first=False)
        return max(0, self._engine.info.context - reading.tokens - taken - _SPARE)

    def _stem(self, dimension: Dimension) -> tuple[Segment, ...]:
        return (Segment(f"{prompt.stem(self._rubric.scale, dimension, '')}\n"),)


def _facts(reading: Reading, dimension: Dimension) -> str:
    shown = reading.facts.get(dimension.id)
    return shown.text if shown else ""


def distribution(probe: Probe) -> dict[int, float]:
    """A probe's answers as values of the scale."""
    return {int(value): share for value, share in probe.probabilities.items()}
