"""Text folded into terminal lines: hard wraps by cell width, exact for wide and combining characters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

from rich.cells import cell_len, get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.tui.needle import Needle
from nbalign.tui.text_tables import width_of

TAB = 4


def fold_line(line: str, width: int) -> Iterator[str]:
    """Cuts one line without newlines into pieces of at most `width` cells; an empty line is one empty piece."""
    width = max(width, 2)
    if line.isascii():
        for start in range(0, max(len(line), 1), width):
            yield line[start : start + width]
        return
    start = used = 0
    for at, character in enumerate(line):
        size = get_character_cell_size(character)
        if used + size > width:
            yield line[start:at]
            start, used = at, 0
        used += size
    yield line[start:]


def lines_after_fold(line: str, width: int) -> int:
    """How many pieces `fold_line` gives, near enough for counting: exact for ASCII."""
    length = len(line) if line.isascii() else cell_len(line)
    return max(1, math.ceil(length / max(width, 2)))


def fold_text(text: str, width: int, style: Style) -> list[Strip]:
    """Text of one style as strips, tabs expanded."""
    strips: list[Strip] = []
    for line in text.expandtabs(TAB).split("\n"):
        strips.extend(Strip([Segment(piece, style)]) for piece in fold_line(line, width))
    return strips


def fold_styled(parts: Iterable[tuple[str, Style | None]], width: int) -> list[Strip]:
    """Styled text, newlines included, as strips.

    Args:
        parts: Runs of text with their styles, without tabs.
        width: Cells a line may take, 2 or more.
    """
    width = max(width, 2)
    strips: list[Strip] = []
    line: list[Segment] = []
    used = 0

    def end_line() -> None:
        nonlocal line, used
        strips.append(Strip(line))
        line, used = [], 0

    for text, style in parts:
        for n, piece in enumerate(text.split("\n")):
            if n:
                end_line()
            while piece:
                fits = _fitting(piece, width - used)
                if not fits:
                    end_line()
                    continue
                line.append(Segment(piece[:fits], style))
                used += cell_len(piece[:fits])
                piece = piece[fits:]
    end_line()
    return strips


def _fitting(text: str, room: int) -> int:
    """Characters of `text` that fit into `room` cells."""
    if text[: room + 1].isascii():
        return min(len(text), max(room, 0))
    used = 0
    for at, character in enumerate(text):
        used += get_character_cell_size(character)
        if used > room:
            return at
    return len(text)


def marked(strip: Strip, needle: Needle, style: Style) -> Strip:
    """The strip with every occurrence of `needle` drawn in `style`."""
    text = strip.text
    pieces, at, end = [], 0, strip.cell_length
    for start in needle.places(needle.heap(text)):
        left = width_of(text[:start])
        right = left + width_of(text[start : start + len(needle.text)])
        pieces += [
            strip.crop(at, left),
            Strip([Segment(s.text, (s.style or Style()) + style) for s in strip.crop(left, right)]),
        ]
        at = right
    return Strip.join([*pieces, strip.crop(at, end)]) if pieces else strip
