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
