"""One cell as terminal lines: syntax colours, rendered markdown, folded outputs, errors that say so in words."""

from __future__ import annotations

from rich.markdown import Markdown
from rich.segment import Segment
from rich.style import Style
from textual.highlight import highlight
from textual.strip import Strip

from nbalign.notebooks.model import Cell, Output
from nbalign.tui.figures import figure_mark
from nbalign.tui.paint import Paint
from nbalign.tui.plain import clean
from nbalign.tui.strips import TAB, fold_line, fold_styled, fold_text, lines_after_fold

FOLD = 12  # lines of an output before it is folded
HIGHLIGHT_LIMIT = 20_000  # characters of source above which colours would cost more time than they are worth


def cell_lines(cell: Cell, width: int, opened: bool, paint: Paint, language: str = "python") -> list[Strip]:
    """The lines of a cell below its heading.

    Args:
        cell: The cell.
        width: Cells a line may take.
        opened: True shows long outputs whole.
        paint: Styles.
        language: Kernel language of the notebook.
    """
    source = clean(cell.source).expandtabs(TAB)
    if cell.kind == "markdown":
        lines = _markdown(source, width, paint)
    elif cell.kind == "code" and len(source) <= HIGHLIGHT_LIMIT:
        lines = _code(source, width, paint, language)
    else:
        lines = fold_text(source, width, paint.text)
    if cell.cut:
        lines += _note(f"… {cell.cut:,} characters of this cell were left out when it was read", width, paint)
    for output in cell.outputs:
        lines += _output(output, width, opened, paint)
    return lines


def heading(cell: Cell, width: int, current: bool, cited: bool, paint: Paint) -> Strip:
    """The line above a cell: a mark on the current one, its number, kind and count, and whether it is cited."""
    count = f" In [{cell.execution_count}]" if cell.execution_count is not None else ""
    words = f"{'▶' if current else '┌'}─[{cell.number}] {cell.kind}{count} "
    tail = " cited ●" if cited else ""
    rule = "─" * max(width - len(words) - len(tail), 0)
    bold = paint.text + Style(bold=True)
    head = [Segment(words + rule, bold if current else paint.dim), Segment(tail, bold)]
    return Strip(head).adjust_cell_length(width, paint.text)


def estimated_height(cell: Cell, width: int) -> int:
    """Lines that `cell_lines` will roughly give, without rendering: what the scrollbar goes by until a cell is seen."""
    lines = cell.source.count("\n") + 1 + len(cell.source) // max(8 * width, 1)
    for output in cell.outputs:
        lines += 2 + min(output.text.count("\n"), FOLD) + len(output.images)
    return lines


def has_folds(cell: Cell, width: int) -> bool:
    """Whether an output of this cell is long enough to be folded."""
    return any(sum(lines_after_fold(t, width) for t in o.text.split("\n")) > FOLD for o in cell.outputs)


def _code(source: str, width: int, paint: Paint, language: str) -> list[Strip]:
    coloured = highlight(source, language=language or "text", tab_size=TAB)
    parts = [(text, style.rich_style) for text, style in coloured.render(paint.base, end="")]
    return fold_styled(parts, width)


def _markdown(source: str, width: int, paint: Paint) -> list[Strip]:
    # hyperlinks=False: links are written out; a notebook must not be able to put a clickable target on the screen.
    markdown = Markdown(source, hyperlinks=False)
    options = paint.console.options.update(width=max(width, 10), height=None, highlight=False)
    lines = paint.console.render_lines(markdown, options, style=paint.text, pad=False)
    strips = [Strip([Segment(s.text, _linkless(s.style)) for s in line if not s.control]) for line in lines]
    return strips or [Strip([])]


def _linkless(style: Style | None) -> Style | None:
    return style.clear_meta_and_links() if style is not None and (style.link or style._meta) else style


def _output(output: Output, width: int, opened: bool, paint: Paint) -> list[Strip]:
    error = output.kind == "error"
    style = paint.error if error else paint.text
    name = clean(output.name)[:60]
    heading = f"✗ error · {name}" if error else "── output" + (f" · {name}" if name else "")
    lines = fold_text(heading, width, paint.error if error else paint.dim)
    text = clean(output.text).strip("\n").expandtabs(TAB)
    if text:
        lines += fold_text(text, width, style) if opened else _folded(text, width, style, paint, from_end=error)
    if output.cut:
        lines += _note(f"… {output.cut:,} characters were left out when it was read", width, paint)
    for image in output.images:
        lines += fold_text(clean(figure_mark(image)), width, paint.dim)
    return lines


def _folded(text: str, width: int, style: Style, paint: Paint, *, from_end: bool) -> list[Strip]:
    logical = text.split("\n")
    total = sum(lines_after_fold(line, width) for line in logical)
    if total <= FOLD + 1:  # folding one line away would save nothing
        return fold_text(text, width, style)
    shown: list[str] = []
    for line in reversed(logical) if from_end else logical:
        pieces = list(fold_line(line, width))
        shown = pieces + shown if from_end else shown + pieces
        if len(shown) >= FOLD:
            break
    shown = shown[-FOLD:] if from_end else shown[:FOLD]
    lines = [Strip([Segment(line, style)]) for line in shown]
    hidden = f"{total - FOLD:,} more lines"
    if from_end:  # the last line of a traceback is the one that says what went wrong
        return _note(f"… {hidden} above (o opens)", width, paint) + lines
    return lines + _note(f"… {hidden} (o opens)", width, paint)


def _note(text: str, width: int, paint: Paint) -> list[Strip]:
    return fold_text(text, width, paint.dim)
