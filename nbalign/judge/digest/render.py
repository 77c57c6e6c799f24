"""Reduced cells as text: heads and marks that the notebook's own text cannot fake."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from nbalign.judge.digest.model import CellDigest, Line

CUT = "…"

Shown = Callable[[Line], str]
"""What is shown of a line; empty where it is dropped."""

_RESERVED = re.compile(
    r"^(\s*)(?:\[\s*(\d[\d\s–-]*)\](?=\s*(?:\w|\())|\[(?=\s*(?:\d+\s+)?(?:figures?|warnings?)\b)|(out|error)\s*:)",
    re.IGNORECASE,
)
_WORDS = 60  # characters in which a mark must begin and end


def neutral(text: str) -> str:
    """Text whose lines cannot be taken for a head, for the mark of an output or for a cut.

    Brackets become parentheses, a colon moves off its word, a leading `…` becomes three dots; all else stays.
    """
    return "\n".join(_neutral(line) for line in text.splitlines())


def _neutral(line: str) -> str:
    plain = line
    if not line.isascii():
        start = "".join(mark for mark in line[:_WORDS] if unicodedata.category(mark) not in {"Cf", "Mn", "Cc"})
        start = unicodedata.normalize("NFKC", start)
        if _RESERVED.match(start):
            plain = start + line[_WORDS:]
        if plain.lstrip().startswith(CUT):
            plain = plain.replace(CUT, "...", 1)
    match = _RESERVED.match(plain)
    if match is None:
        return plain
    indent, number, word = match.groups()
    rest = plain[match.end() :]
    if number is not None:
        return f"{indent}({number.strip()}){rest}"
    return f"{indent}{word} :{rest}" if word else f"{indent}({rest}"


def render(cells: Sequence[CellDigest], shown: Shown) -> str:
    """The text of a digest.

    Args:
        cells: Reduced cells in order, their lines neutral.
        shown: What is shown of each line.

    Returns:
        The text; cells of which nothing is shown are collapsed into one line a run.
    """
    blocks: list[str] = []
    gone: list[int] = []
    for cell in cells:
        text = _cell(cell, shown)
        if text:
            blocks += _left_out(gone)
            gone = []
            blocks.append(text)
        else:
            gone.append(cell.number)
    return "\n".join([*blocks, *_left_out(gone)])


def _left_out(numbers: Sequence[int]) -> list[str]:
    if not numbers:
        return []
    if len(numbers) == 1:
        return [f"[{numbers[0]}] left out"]
    return [f"[{numbers[0]}-{numbers[-1]}] {len(numbers)} cells left out"]


def _cell(cell: CellDigest, shown: Shown) -> str:
    source = _joined(cell.source, shown)
    errors = tuple(line for line in cell.output if line.what == "errors")
    others = tuple(line for line in cell.output if line.what != "errors")
    output = _joined(others, shown)
    error = "\n".join(text for line in errors if (text := shown(line)))
    if cell.source and source == CUT:
        source = ""
    if output == CUT:
        output = ""
    if not (source or output or error or cell.pinned):
        return ""
    parts = [cell.head]
    if cell.source:
        parts.append(source or CUT)
    if others:
        parts.append(f"out: {output or CUT}")
    if errors:
        parts.append(error or CUT)
    return "\n".join(parts)


def _joined(lines: Sequence[Line], shown: Shown) -> str:
    """The lines that are shown, one mark for each gap between them."""
    text = ""
    cut = False
    for line in lines:
        piece = shown(line)
        if not piece:
            cut = True
            continue
        if cut and not text.endswith(CUT) and not piece.startswith(CUT):
            text += f"{' ' if text and line.glue == ' ' else chr(10) if text else ''}{CUT}"
        cut = False
        text += (line.glue if text else "") + piece
    if cut and not text.endswith(CUT):
        last = lines[-1].glue
        text += (last if text else "") + CUT
    return text
