"""What a judge with a memory reads: guidelines and precedents, one a line, within budgets."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from nbalign.align.model import Guideline
from nbalign.notebooks.sanitise import clean_line
from nbalign.rubrics.model import Scale

# Raise it with every change to the words below, to those of checks, and to which precedents are shown: it is part of
# the keys of aligned judgements and of experiments' ids. Answers of the model are kept under the words themselves.
VERSION = "2"
GUIDELINES_HEAD = "What the experts of this team go by:"
PRECEDENTS_HEAD = "How they scored other material like this:"
GUIDELINE_TOKENS = 90
PRECEDENT_TOKENS = 110
_LONGEST = 240  # characters of one guideline
_SCORE = re.compile(r"Score (\d)(?= )")

Count = Callable[[Sequence[str]], Sequence[int]]


def in_words(text: str, scale: Scale) -> str:
    """A guideline with its score in the scale's words: `Score 1 when …` becomes `Bad when …`.

    Digits before the answer draw a small model's answer to them; words do so less. A scale without words keeps digits.
    """
    found = _SCORE.match(text)
    if found is None or int(found[1]) not in scale.values:
        return text
    name = scale.name(int(found[1]))
    return text if name.isdigit() else f"{name[:1].upper()}{name[1:]}{text[found.end() :]}"


def guidelines_shown(guidelines: Sequence[Guideline], scale: Scale, count: Count, budget: int) -> str:
    """As many guidelines as fit, the strongest first, one a line; empty where none does.

    Args:
        guidelines: Of one dimension, in order of strength; rejected ones are left out here.
        scale: The rubric's scale.
        count: Tokens of each of some texts.
        budget: Most tokens of the lines.
    """
    lines = [f"- {in_words(clean_line(g.text, _LONGEST), scale)}" for g in guidelines if g.state != "rejected"]
    chosen, left = [], budget
    for line, tokens in zip(lines, count([line + "\n" for line in lines]) if lines else [], strict=True):
        if tokens <= left:
            chosen.append(line)
            left -= tokens
    return "\n".join(chosen)


def budgets(room: int, count: Count, guidelines: int, precedents: int) -> tuple[int, int]:
    """Tokens for the lines of guidelines and of precedents: what was asked for, or less where there is little room.

    Args:
        room: Tokens that a memory's words may take, both headings included.
        count: Tokens of each of some texts.
        guidelines: Asked for.
        precedents: Asked for.
    """
    asked = guidelines + precedents
    left = max(0, room - sum(count([f"{GUIDELINES_HEAD}\n", f"\n{PRECEDENTS_HEAD}\n"])))
    if left >= asked:
        return guidelines, precedents
    return guidelines * left // asked, precedents * left // asked


def memory_text(guidelines: str, precedents: str) -> str:
    """Both memories' lines under their headings; empty where there are none.

    Args:
        guidelines: From `guidelines_shown`.
        precedents: Lines of the retriever.
    """
    parts = []
    if guidelines:
        parts.append(f"{GUIDELINES_HEAD}\n{guidelines}")
    if precedents:
        parts.append(f"{PRECEDENTS_HEAD}\n{precedents}")
    return "\n".join(parts)
