"""What a model wrote as its reason, made fit to be read."""

from __future__ import annotations

import re

from nbalign.notebooks.sanitise import clean

NO_REASON = "(The model gave no reason.)"  # kept like one, so that it is not asked again and again
_CITATION = re.compile(r"\[(\d{1,6})\]")


def tidy(text: str, cells: int) -> str:
    """One line of whole sentences; a citation of a cell that does not exist says so.

    A small model cites cells that are not there. Leaving such a citation out would make the sentence look better
    than it is.

    Args:
        text: What the model wrote.
        cells: How many cells the notebook has.
    """
    text = _whole_sentences(clean(text)) or NO_REASON
    return _CITATION.sub(lambda m: m[0] if 1 <= int(m[1]) <= cells else f"[{m[1]}: no such cell]", text)


def citations(text: str) -> tuple[int, ...]:
    """The cells that a tidied reason cites, ascending; those that do not exist are not among them."""
    return tuple(sorted({int(match[1]) for match in _CITATION.finditer(text)}))


def _whole_sentences(text: str) -> str:
    """Drops a last sentence that broke off at the token limit."""
    text = " ".join(text.split())
    if not text or text[-1] in ".!?":
        return text
    ends = [match.end() for match in re.finditer(r"[.!?](?=\s)", text)]
    return text[: ends[-1]] if ends else text + " …"
