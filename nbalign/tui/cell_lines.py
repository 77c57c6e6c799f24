"""One cell as terminal lines: syntax colours, rendered markdown, folded outputs, figures, errors that say so."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.notebooks.model import Cell, Image, Output
from nbalign.tui.cell_look import CellLine, CellLines, Look, touchable
from nbalign.tui.code_lines import code_strips
from nbalign.tui.figures import figure_mark, fitted, measures, why_not_drawn
from nbalign.tui.markdown_lines import markdown_strips
from nbalign.tui.paint import Paint
from nbalign.tui.plain import clean
from nbalign.tui.shown_text import output_text, source_text
from nbalign.tui.sideways import Window, reach
from nbalign.tui.strips import fold_text
from nbalign.tui.text_lines import text_lines
from nbalign.tui.text_tables import width_of

FOLD = 12  # lines of an output before it is folded


def cell_lines(cell: Cell, look: Look) -> CellLines:
    """The lines of a cell below its heading.

    Args:
        cell: The cell.
        look: How it is to be shown.
    """
    windows: list[Window] = []
    lines = _source(cell, look, windows)
    if cell.cut:
        lines += _note(f"… {cell.cut:,} characters of this cell were left out when it was read", look)
    folded = False
    for number, output in enumerate(cell.outputs, 1):
        lines += _heading_of(output, look)
        shown, hidden = _text(output, number, look, windows)
        lines += shown
        folded = folded or hidden
        if output.cut:
            lines += _note(f"… {output.cut:,} characters were left out when it was read", look)
        for image in output.images:
            lines += _figure(image, look)
    return CellLines(tuple(lines), reach(windows), folded)


def heading(cell: Cell, width: int, current: bool, cited: bool, paint: Paint) -> Strip:
    """The line above a cell: a mark on the current one, its number, kind and count, and whether it is cited."""
    count = f" In [{cell.execution_count}]" if cell.execution_count is not None else ""
    words = f"{'▶' if current else '┌'}─[{cell.number}] {cell.kind}{count} "
    tail = " cited ●" if cited else ""
    rule = "─" * max(width - len(words) - len(tail), 0)
    bold = paint.text + Style(bold=True)
    head = [Segment(words + rule, bold if current else paint.dim), Segment(tail, bold)]
    return Strip(head).adjust_cell_length(width, paint.text)


def estimated_height(cell: Cell, width: int, rows: int) -> int:
    """Lines that `cell_lines` will roughly give, without rendering: what the scrollbar goes by until a cell is seen.

    Args:
        cell: The cell.
        width: Cells a line may take.
        rows: Lines that a figure may take.
    """
    lines = cell.source.count("\n") + 1 + len(cell.source) // max(8 * width, 1)
    for output in cell.outputs:
        lines += 2 + min(output.text.count("\n"), FOLD)
        lines += sum(
            1 + (_room_of(image, width, rows)[1] if not why_not_drawn(image) else 0) for image in output.images
        )
    return lines


def _source(cell: Cell, look: Look, windows: list[Window]) -> list[CellLine]:
    source = source_text(cell)
    if cell.kind == "markdown":
        strips, found = markdown_strips(source, look)
        windows += found
        return [CellLine(strip, 0) for strip in strips]
    if cell.kind == "code":
        return _placed(code_strips(source, look.width, look.paint, look.language), source)
    return text_lines(source, 0, look.paint.text, look, tables=False).first()


def _placed(strips: Iterable[Strip], text: str) -> list[CellLine]:
    """Folded lines with where they stand in their text, of which they are all characters but the newlines."""
    lines: list[CellLine] = []
    widths = [width_of(line) for line in text.split("\n")]
    number = at = 0
    for strip in strips:
        lines.append(CellLine(strip, 0, number, at))
        at += strip.cell_length
        if number < len(widths) and at >= widths[number]:
            number, at = number + 1, 0
    return lines


def _heading_of(output: Output, look: Look) -> list[CellLine]:
    name = clean(output.name)[:60]
    if output.kind == "error":
        return _note(f"✗ error · {name}", look, look.paint.error)
    return _note("── output" + (f" · {name}" if name else ""), look)


def _text(output: Output, part: int, look: Look, windows: list[Window]) -> tuple[list[CellLine], bool]:
    """The lines of an output's text, and whether some are or would be folded away."""
    text = output_text(output)
    if not text:
        return [], False
    error = output.kind == "error"
    lines = text_lines(text, part, look.paint.error if error else look.paint.text, look, tables=not error)
    windows += lines.windows
    if lines.total <= FOLD + 1:  # folding one line away would save nothing
        return lines.first(), False
    if look.opened:
        return lines.first(), True
    hidden = f"{lines.total - FOLD:,} more lines"
    style = look.paint.dim + touchable("open")
    if error:  # the last line of a traceback is the one that says what went wrong
        return _note(f"… {hidden} above ({look.keys.open} opens)", look, style) + lines.last(FOLD), True
    return lines.first(FOLD) + _note(f"… {hidden} ({look.keys.open} opens)", look, style), True


def _figure(image: Image, look: Look) -> list[CellLine]:
    mark, why = clean(figure_mark(image)), why_not_drawn(image)
    if why:
        return _note(mark if not image.data else f"{mark} {why}", look)
    columns, rows = _room_of(image, look.width, look.rows)
    picture = look.picture(image, columns, rows)
    if picture is not None and not picture.pixels:
        return _note(f"{mark} broken: it cannot be drawn", look)
    lines = _note(f"{mark} ({look.keys.figure} shows it large)", look, look.paint.dim + touchable("figure"))
    if picture is None:  # the room is kept, so that nothing moves when it comes
        return lines + [CellLine(Strip([Segment(" …" if n == 0 else "", look.paint.dim)])) for n in range(rows)]
    return lines + [CellLine(None, picture=picture, row=n) for n in range(rows)]


def _room_of(image: Image, width: int, rows: int) -> tuple[int, int]:
    return fitted(measures(image) or (1, 1), width, rows)


def _note(text: str, look: Look, style: Style | None = None) -> list[CellLine]:
    return [CellLine(strip) for strip in fold_text(text, look.width, style or look.paint.dim)]
