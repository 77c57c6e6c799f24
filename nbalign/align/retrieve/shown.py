"""Neighbours as lines of a judge's prompt."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nbalign.align.retrieve.retriever import Neighbour
from nbalign.notebooks.sanitise import clean_line
from nbalign.rubrics.model import Scale

Count = Callable[[Sequence[str]], Sequence[int]]  # texts -> tokens of each

_CHARS = 200  # of a precedent's words; also where they were edited or come from elsewhere


def shown(neighbours: Sequence[Neighbour], scale: Scale, count: Count, budget: int = 140) -> str:
    """Lines such as `- bad: scaler fitted on all rows before the split`, the nearest first.

    A line is whole or left out. The words come from raters: in a prompt they are an untrusted segment.

    Args:
        neighbours: In the order in which they are to stand.
        scale: The rubric's scale; where it has no word for a score, `score 4` stands there.
        count: Tokens of texts, such as `EngineClient.count`.
        budget: Most tokens of all lines together.

    Returns:
        One line a neighbour with words or an excerpt, newline separated, without one at the end; may be empty.
    """
    lines: list[str] = []
    for neighbour in neighbours:
        precedent = neighbour.precedent
        said = clean_line(precedent.text, _CHARS) or clean_line(precedent.excerpt, _CHARS)
        name = scale.name(precedent.score)
        line = f"- {f'score {name}' if name.isdigit() else name}: {said}"
        if said and line not in lines and count(["\n".join([*lines, line])])[0] <= budget:
            lines.append(line)
    return "\n".join(lines)
