"""Scores of a judge beside the raters' settled scores, notebook by notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbalign.evaluate.scored import Scored
from nbalign.rubrics.model import Rubric


@dataclass(frozen=True, slots=True)
class Beside:
    """One notebook.

    Attributes:
        notebook: Content hash.
        scores: Dimension id -> (the judge's score, the raters' settled score), each None where there is none.
    """

    notebook: str
    scores: Mapping[str, tuple[int | None, int | None]]


def beside(
    rubric: Rubric, judgements: Sequence[Scored], truth: Mapping[tuple[str, str], int | None]
) -> tuple[Beside, ...]:
    """Puts judge and raters side by side for every judged notebook, in the order of judging.

    Args:
        rubric: Its dimensions make the columns.
        judgements: Those of one judge, oldest first; of several for one notebook and dimension the latest counts.
        truth: (notebook, dimension) -> settled score, or None where it is not settled.
    """
    judged: dict[str, dict[str, int]] = {}
    for judgement in judgements:
        judged.setdefault(judgement.notebook, {})[judgement.dimension] = judgement.score
    return tuple(
        Beside(notebook, {d.id: (scores.get(d.id), truth.get((notebook, d.id))) for d in rubric.dimensions})
        for notebook, scores in judged.items()
    )
