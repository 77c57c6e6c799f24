"""Tables in plain text: which lines of an output stand in columns, and where those columns begin."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rich.cells import cell_len, get_character_cell_size

_SAMPLE = 200  # lines looked at for where columns begin
# Two blanks or more between two words, or ` | ` as tables out of HTML have it; two blanks after a full stop are prose.
_GAP = re.compile(r"(?<!\D[.!?])(?<=\S) {2,}(?=\S)|(?<=\S) +[|│║] +(?=\S)")
_RULE = re.compile(r"^[\s|+=_\-\u2500-\u257f]{3,}$")
_INDENTED = "   "


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together.

    Attributes:
        first: Number of the first line in its text, from 0.
        lines: The lines.
        table: Whether they are a table.
        width: Cells of the longest line of a table; 0 for other lines.
    """

    first: int
    lines: tuple[str, ...]
    table: bool = False
    width: int = 0


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a table, in cells from the left.

    Attributes:
        kept: Cells of the first column, blanks behind it included, which stay in view; 0 when none can.
        spans: Beginning and end of each column.
    """

    kept: int
    spans: tuple[tuple[int, int], ...]


def width_of(line: str) -> int:
    """Cells that a line takes."""
    return len(line) if line.isascii() else cell_len(line)


def blocks(lines: Sequence[str], width: int) -> list[Block]:
    """Divides lines into the tables that are wider than `width`, and what lies between them."""
    found: list[Block] = []
    start = at = 0
    while at < len(lines):
        if not _tabular(lines[at]):
            at += 1
            continue
        end = at
        while end < len(lines) and _tabular(lines[end]):
            end += 1
        table = tuple(lines[at:end])
        widest = max(width_of(line) for line in table)
        if widest > width and sum(bool(_GAP.search(line)) for line in table) > 1:
            if start < at:
                found.append(Block(start, tuple(lines[start:at])))
            found.append(Block(at, table, True, widest))
            start = end
        at = end
    if start < len(lines):
        found.append(Block(start, tuple(lines[start:])))
    return found


def _tabular(line: str) -> bool:
    """Whether a line can be one of a table: it has a gap, is a rule, or is indented such as a header or a title is."""
    return bool(line.strip()) and (
        line.startswith(_INDENTED) or _GAP.search(line) is not None or _RULE.match(line) is not None
    )


def columns_of(lines: Iterable[str], most_kept: int) -> Columns:
    """Where the columns of a table begin and end: they are divided by blanks that run through all its rows.

    Args:
        lines: The lines of a table.
        most_kept: The first column stays in view if it takes no more cells than this.
    """
    rows = [line for line in lines if _GAP.search(line)][:_SAMPLE]
    used = bytearray(max((width_of(row) for row in rows), default=0))
    for row in rows:
        for word in re.finditer(r"\S+", row if row.isascii() else _as_cells(row)):
            used[word.start() : word.end()] = b"\1" * (word.end() - word.start())
    spans = tuple(span.span() for span in re.finditer(b"\1+", bytes(used)))
    if len(spans) < 2:
        return Columns(0, spans)
    kept = min(spans[1][0], spans[0][1] + 2)
    return Columns(kept if kept <= most_kept else 0, spans)


def _as_cells(line: str) -> str:
    """The line with one character for each cell it takes."""
    return "".join(" " if c == " " else "x" * get_character_cell_size(c) for c in line)
