"""A notebook as one judge reads it, and what it does not read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.judge.digest import Digest, Omission
from nbalign.judge.facts import Blocks
from nbalign.llm.model import Segment
from nbalign.notebooks.model import Notebook

_MOST_CUTS = 12  # a judgement names so many single cuts and counts the rest


@dataclass(frozen=True, slots=True)
class Reading:
    """A notebook as one judge reads it.

    Attributes:
        notebook: The notebook.
        digest: What fits the budget and the context.
        prefix: The prompt's shared part.
        cut: What the model does not see, for people.
        tokens: Tokens of the prefix.
        facts: Dimension id -> the facts that the model is shown with its question; none where there is none.
    """

    notebook: Notebook
    digest: Digest
    prefix: tuple[Segment, ...]
    cut: tuple[str, ...]
    tokens: int
    facts: Blocks


def told(omissions: Sequence[Omission]) -> list[str]:
    """What a digest left out, for people, the largest first."""
    ordered = sorted(omissions, key=lambda o: -o.tokens)
    told = [f"{o.what} ({_cells(o.cells)})" if o.cells else o.what for o in ordered[:_MOST_CUTS]]
    if len(ordered) > _MOST_CUTS:
        told.append(f"{len(ordered) - _MOST_CUTS} smaller cuts")
    return told


def _cells(numbers: Sequence[int]) -> str:
    shown = ", ".join(str(n) for n in numbers[:8])
    return f"cell {shown}" if len(numbers) == 1 else f"cells {shown}{', …' if len(numbers) > 8 else ''}"
