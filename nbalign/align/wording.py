"""What a judge with a memory reads: guidelines and precedents, one a line, within budgets."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from nbalign.align.model import Guideline
from nbalign.notebooks.sanitise import clean_line

VERSION = "1"  # raise it with every change to the words below, for audits: keys hold the words themselves
GUIDELINES_HEAD = "What the experts of this team go by:"
PRECEDENTS_HEAD = "How they scored other material like this:"
GUIDELINE_TOKENS = 90
PRECEDENT_TOKENS = 110
_LONGEST = 240  # characters of one guideline

Count = Callable[[Sequence[str]], Sequence[int]]


def guidelines_shown(guidelines: Sequence[Guideline], count: Count, budget: int) -> str:
    """As many guidelines as fit, the strongest first, one a line; empty where none does.

    Args:
        guidelines: Of one dimension, in order of strength; rejected ones are left out here.
        count: Tokens of each of some texts.
        budget: Most tokens of the lines.
    """
    lines = [f"- {clean_line(g.text, _LONGEST)}" for g in guidelines if g.state != "rejected"]
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
