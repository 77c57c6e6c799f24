"""Tables of markdown: as wide as their words where that fits, then with wrapped cells, else moved sideways."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.tui.cell_look import Look, window_note
from nbalign.tui.markdown_inline import inline_runs
from nbalign.tui.sideways import Window, window
from nbalign.tui.text_tables import Columns, width_of
from nbalign.tui.wrapping import Run, wrap_styled

_BETWEEN = 2  # cells between columns
_NARROW = 8  # cells a column keeps when a table is made to fit
_BROAD = 32  # cells a column may take when it is not
_Row = list[tuple[list[Run], str]]  # words and alignment of each cell


def table_strips(tokens: Sequence[Token], width: int, look: Look) -> tuple[list[Strip], Window | None]:
    """The lines of a table, and the window on it if it is wider than the view.

    Args:
        tokens: What stands between its opening and its end.
        width: Cells a line may take.
        look: How cells are shown.
    """
    rows = _rows(tokens, look)
    if not rows:
        return [], None
    count = max(len(row) for row in rows)
    natural = [max((_longest(row[n][0]) for row in rows if n < len(row)), default=1) for n in range(count)]
    widths = _widths(natural, width - _BETWEEN * (count - 1))
    lines = [line for n, row in enumerate(rows) for line in _drawn(row, widths, look, header=n == 0)]
    spans, at = [], 0
    for size in widths:
        spans.append((at, at + size))
        at += size + _BETWEEN
    total = at - _BETWEEN
    if total <= width:
        return lines, None
    kept = widths[0] + _BETWEEN if widths[0] + _BETWEEN <= width // 3 else 0
    seen = window(Columns(kept, tuple(spans)), total, look.shift, width)
    return [window_note(seen, look), *(seen.cut(line, look.paint.text, look.paint.dim) for line in lines)], seen


def _rows(tokens: Sequence[Token], look: Look) -> list[_Row]:
    rows: list[_Row] = []
    for at, token in enumerate(tokens):
        if token.type == "tr_open":
            rows.append([])
        elif token.type in ("th_open", "td_open") and rows:
            style = look.paint.text + Style(bold=True) if token.type == "th_open" else look.paint.text
            runs = inline_runs(tokens[at + 1].children or [], style, look.paint)
            rows[-1].append((runs, str(token.attrs.get("style", "")).removeprefix("text-align:")))
    return rows


def _longest(runs: list[Run]) -> int:
    return max(1, *(width_of(line) for line in "".join(text for text, _ in runs).split("\n")))


def _widths(natural: list[int], room: int) -> list[int]:
    """The widths of columns: their own if they fit, else the widest give way first."""
    if sum(natural) <= room:
        return natural
    if sum(min(size, _NARROW) for size in natural) > room:
        return [min(size, _BROAD) for size in natural]
    left, share = room, 0
    for done, size in enumerate(sorted(natural)):
        share = left // (len(natural) - done)
        if size > share:
            break
        left -= size
    return [min(size, share) for size in natural]


def _drawn(row: _Row, widths: list[int], look: Look, *, header: bool) -> list[Strip]:
    """The lines of one row, its header ruled off."""
    text = look.paint.text
    cells = [wrap_styled(runs, size) for (runs, _), size in zip(row, widths, strict=False)]
    lines = []
    for n in range(max((len(cell) for cell in cells), default=0)):
        segments: list[Segment] = []
        for column, size in enumerate(widths):
            strip = cells[column][n] if column < len(cells) and n < len(cells[column]) else Strip([])
            free = size - strip.cell_length
            side = row[column][1] if column < len(row) else ""
            before = free if side == "right" else free // 2 if side == "center" else 0
            gap = _BETWEEN if column + 1 < len(widths) else 0
            segments += [Segment(" " * before, text), *strip, Segment(" " * (free - before + gap), text)]
        lines.append(Strip(segments))
    if header:
        lines.append(Strip([Segment((" " * _BETWEEN).join("─" * size for size in widths), look.paint.dim)]))
    return lines
