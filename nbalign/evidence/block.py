"""A few facts as a short text for a judge: the strongest that fit a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from nbalign.evidence.model import Fact, Polarity
from nbalign.notebooks.sanitise import clean_line

_WORDS: dict[Polarity, str] = {"fault": "fault", "n/a": "n/a", "gap": "gap", "good": "good", "neutral": "note"}
_RANK = {polarity: rank for rank, polarity in enumerate(_WORDS)}
_MOST_CELLS = 4  # named of one fact
_LONGEST = 240  # characters of one fact's sentence

Count = Callable[[Sequence[str]], Sequence[int]]


@dataclass(frozen=True, slots=True)
class Block:
    """What a judge reads of the facts of one dimension.

    Attributes:
        text: One fact a line, the strongest first; empty when there is none, or none fits.
        shown: The facts in it, in its order.
        left_out: The facts that did not fit, in the same order.
        tokens: Tokens of the text.
    """

    text: str
    shown: tuple[Fact, ...]
    left_out: tuple[Fact, ...]
    tokens: int


EMPTY = Block("", (), (), 0)


def block(facts: Iterable[Fact], count: Count, budget: int, closing: str = "") -> Block:
    """Puts as many facts as fit into a text: whole facts only, the strongest first.

    At equal strength faults come before gaps and gaps before what is good, so that a short budget never makes a
    notebook look better than it is. The same facts make the same text in whatever order they come.

    Args:
        facts: Facts of one dimension.
        count: Tokens of each of some texts.
        budget: Most tokens of the text; 0 or less shows nothing.
        closing: A last line, such as what all the facts come to; shown only where at least one fact is.
    """
    ordered = sorted(facts, key=_order)
    if not ordered:
        return EMPTY
    last = [closing] if closing else []
    lines = [line(fact) for fact in ordered]
    chosen: list[int] = []
    left = budget - sum(count([f"{closing}\n"] if closing else []))
    for at, tokens in enumerate(count([text + "\n" for text in lines])):
        if tokens <= left:
            chosen.append(at)
            left -= tokens
    # Tokens of lines need not add up to those of the text: the text itself decides.
    text, tokens = _joined(lines, chosen, last, count)
    while chosen and tokens > budget:
        chosen.pop()
        text, tokens = _joined(lines, chosen, last, count)
    kept = set(chosen)
    return Block(
        text,
        tuple(ordered[at] for at in chosen),
        tuple(fact for at, fact in enumerate(ordered) if at not in kept),
        tokens,
    )


def line(fact: Fact) -> str:
    """One fact as a judge reads it, such as `- [12] fault: fillna(median) learned from all rows`.

    It is one line whatever the fact holds: names out of a notebook can start no new one.
    """
    words = f"{_WORDS[fact.kind.polarity]}: {clean_line(fact.text, _LONGEST)}"
    return f"- {cells(fact.cells)} {words}" if fact.cells else f"- {words}"


def cells(numbers: Sequence[int]) -> str:
    """Cell numbers in brackets, as judges and raters cite them; of many, the first ones."""
    shown = ", ".join(str(number) for number in numbers[:_MOST_CELLS])
    return f"[{shown}{', …' if len(numbers) > _MOST_CELLS else ''}]"


def _order(fact: Fact) -> tuple[float, int, tuple[int, ...], str, str]:
    return -fact.strength, _RANK[fact.kind.polarity], fact.cells, fact.text, fact.kind.name


def _joined(lines: Sequence[str], chosen: Sequence[int], last: Sequence[str], count: Count) -> tuple[str, int]:
    text = "\n".join([*(lines[at] for at in chosen), *last]) if chosen else ""
    return text, count([text])[0] if text else 0
