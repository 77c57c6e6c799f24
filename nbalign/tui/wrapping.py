"""Prose in several styles, wrapped at its words."""

from __future__ import annotations

import re
from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.tui.strips import fold_styled
from nbalign.tui.text_tables import width_of

_PIECES = re.compile(r"\n|[^\S\n]+|\S+")

Run = tuple[str, Style]


def wrap_styled(runs: Iterable[Run], width: int) -> list[Strip]:
    """Wraps at blanks; a word wider than the line is cut.

    Args:
        runs: Text and style; a newline ends a line.
        width: Cells a line may take, 2 or more.
    """
    lines = _Lines(max(width, 2))
    for text, style in runs:
        for piece in _PIECES.findall(text):
            if piece == "\n":
                lines.end_word()
                lines.end_line()
            elif piece.isspace():
                lines.end_word()
                lines.gap = (piece, style)
            else:
                lines.word.append((piece, style))
    lines.end_word()
    lines.end_line()
    return lines.strips


class _Lines:
    """The lines so far, the one under way, and the word under way, which may have several styles."""

    def __init__(self, width: int) -> None:
        self.strips: list[Strip] = []
        self.word: list[Run] = []
        self.gap: Run | None = None
        self._width = width
        self._line: list[Segment] = []
        self._used = 0

    def end_line(self) -> None:
        self.strips.append(Strip(self._line, self._used))
        self._line, self._used, self.gap = [], 0, None

    def end_word(self) -> None:
        if not self.word:
            return
        size = sum(width_of(text) for text, _ in self.word)
        gap = self.gap if self._line and self.gap is not None else ("", Style())
        if self._line and self._used + width_of(gap[0]) + size > self._width:
            self.end_line()
            gap = ("", Style())
        if gap[0]:
            self._add(*gap)
        if size <= self._width:
            for text, style in self.word:
                self._add(text, style)
        else:
            *whole, last = fold_styled(self.word, self._width)
            self.strips += whole
            self._line, self._used = list(last), last.cell_length
        self.word, self.gap = [], None

    def _add(self, text: str, style: Style) -> None:
        self._line.append(Segment(text, style))
        self._used += width_of(text)
