"""Plain text as lines of a cell: prose and code folded at the right edge, wide tables cut there and moved sideways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.tui.cell_look import CellLine, Look, window_note
from nbalign.tui.sideways import Window, window
from nbalign.tui.strips import fold_line, lines_after_fold
from nbalign.tui.text_tables import Block, blocks, columns_of, width_of

_KEPT = 3  # the first column of a table stays in view if it takes no more than this part of it


@dataclass(frozen=True, slots=True)
class TextLines:
    """A text that is going to be lines.

    Attributes:
        part: The part of its cell, as `CellLine` has it.
        style: Its style.
        look: How cells are shown.
        pieces: Its tables with the windows on them, and what lies between, without one.
        total: How many lines it takes.
    """

    part: int
    style: Style
    look: Look
    pieces: tuple[tuple[Block, Window | None], ...]
    total: int

    @property
    def windows(self) -> list[Window]:
        """The windows on its tables."""
        return [seen for _, seen in self.pieces if seen is not None]

    def first(self, count: int | None = None) -> list[CellLine]:
        """The first lines; all when no count is given."""
        return list(islice(self._lines(), count))

    def last(self, count: int) -> list[CellLine]:
        """The last lines, of a text without tables."""
        found: list[CellLine] = []
        for block, _ in reversed(self.pieces):
            for n in range(len(block.lines) - 1, -1, -1):
                found = [*self._folded(block, n), *found]
                if len(found) >= count:
                    return found[-count:]
        return found

    def _lines(self) -> Iterator[CellLine]:
        for block, seen in self.pieces:
            if seen is not None:
                yield CellLine(window_note(seen, self.look))
            for n, line in enumerate(block.lines):
                if seen is None:
                    yield from self._folded(block, n)
                else:
                    strip = seen.cut(Strip([Segment(line, self.style)]), self.style, self.look.paint.dim)
                    yield CellLine(strip, self.part, block.first + n, window=seen)

    def _folded(self, block: Block, n: int) -> Iterator[CellLine]:
        at = 0
        for piece in fold_line(block.lines[n], self.look.width):
            yield CellLine(Strip([Segment(piece, self.style)]), self.part, block.first + n, at)
            at += width_of(piece)


def text_lines(text: str, part: int, style: Style, look: Look, *, tables: bool = True) -> TextLines:
    """Prepares a text.

    Args:
        text: Clean text without tabs.
        part: The part of its cell, as `CellLine` has it.
        style: Its style.
        look: How cells are shown.
        tables: False folds everything, such as a traceback.
    """
    lines = text.split("\n")
    found = blocks(lines, look.width) if tables else [Block(0, tuple(lines))]
    pieces: list[tuple[Block, Window | None]] = []
    total = 0
    for block in found:
        if block.table:
            columns = columns_of(block.lines, look.width // _KEPT)
            pieces.append((block, window(columns, block.width, look.shift, look.width)))
            total += 1 + len(block.lines)
        else:
            pieces.append((block, None))
            total += sum(lines_after_fold(line, look.width) for line in block.lines)
    return TextLines(part, style, look, tuple(pieces), total)
