"""The lines of a notebook: only cells that are seen are rendered, however many there are."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nbalign.notebooks.model import Cell, Notebook
from nbalign.tui.cell_lines import cell_lines, estimated_height, heading
from nbalign.tui.cell_look import CellKeys, CellLines, Look
from nbalign.tui.figure_desk import FigureDesk, FigureDrawn
from nbalign.tui.heights import Heights
from nbalign.tui.needle import Needle
from nbalign.tui.paint import Paint, paint_for
from nbalign.tui.strips import marked

KEPT = 400  # rendered cells kept in memory
_GUTTER = 2
_NEAR = 3  # screens up to which scrolling up is exact; farther is a jump
_FIGURE_ROWS = 6  # rows a figure may take in the smallest terminal
_FOUND = Style(reverse=True)


class CellCanvas(ScrollView):
    """Draws the cells of one notebook as lines.

    Heights of cells that were never seen are estimates; they are put right as cells come into view, without moving
    what is being read.

    Attributes:
        notebook: The notebook, or None.
        current: Number of the current cell.
        cited: Numbers of the cells marked as cited.
        needle: What is to be marked.
        keys: Keys that lines name.
    """

    DEFAULT_CSS = """
    CellCanvas {
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; background: $surface; color: $foreground;
    }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.notebook: Notebook | None = None
        self.current = 1
        self.cited: frozenset[int] = frozenset()
        self.needle = Needle()
        self.keys = CellKeys()
        self._opened: set[int] = set()
        self._shifts: dict[int, int] = {}  # cell number -> cells that its wide tables are moved by
        self._heights = Heights()
        self._lines: OrderedDict[int, CellLines] = OrderedDict()
        self._figures = FigureDesk(self)
        self._paint: Paint | None = None
        self._width = 0
        self._rows = 0
        self._settling = False
        self._going = False
        self._anchor = (0, 0)  # cell index and line of it at the top of the view

    def show(self, notebook: Notebook | None) -> None:
        """Shows a notebook from its first cell; None empties the view."""
        self.notebook, self.current, self.cited, self.needle = notebook, 1, frozenset(), Needle()
        self._opened.clear()
        self._shifts.clear()
        self._figures.clear()
        self._anchor = (0, 0)
        self._measure()
        self.scroll_to(y=0, animate=False)
        self._settle()
        self.refresh()

    def cite(self, numbers: frozenset[int]) -> None:
        """Marks the cells that the dimension in focus cites."""
        changed, self.cited = numbers ^ self.cited, numbers
        for number in changed:
            self._repaint(number, 1)  # the line above a cell is what shows it

    def find(self, needle: Needle) -> None:
        """Marks every occurrence; an empty needle marks none."""
        if needle != self.needle:
            self.needle = needle
            self.refresh()

    def name_keys(self, keys: CellKeys) -> None:
        """Takes over the keys that lines name."""
        if keys != self.keys:
            self.keys = keys
            self._lines.clear()
            self.refresh()

    def _measure(self) -> None:
        self._lines.clear()
        self._width, self._rows = self._room()
        cells: tuple[Cell, ...] = self.notebook.cells if self.notebook else ()
        self._heights = Heights(estimated_height(cell, self._width, self._rows) + 2 for cell in cells)
        self._rebuild()
        self.refresh()

    def _room(self) -> tuple[int, int]:
        """Cells of a line, and lines of a figure: half of the screen, so that a field that opens changes nothing."""
        width = max(self.scrollable_content_region.width - _GUTTER, 10)
        return width, max(self.app.size.height // 2 - 2, _FIGURE_ROWS)

    def _rebuild(self) -> None:
        size = Size(self.scrollable_content_region.width, self._heights.total)
        if size.width != self.virtual_size.width:
            self.virtual_size = size
        elif size != self.virtual_size:
            # Nothing else on the screen moves when a notebook turns out longer: setting the size by its own name would
            # lay out the whole screen for each cell that is seen for the first time.
            self.set_reactive(CellCanvas.virtual_size, size)
            self.vertical_scrollbar.window_virtual_size = size.height

    def _repaint(self, number: int, lines: int = 0) -> None:
        """Draws a cell anew where it is in view: so many of its lines, all of them for 0."""
        if not 0 < number <= len(self._heights):
            return
        top = self.scroll_offset.y
        start = self._heights.start(number - 1)
        first = max(start, top)
        end = min(start + (lines or self._heights[number - 1]), top + self.size.height)
        if first < end:
            self.refresh_lines(first, end - first)

    def _forget(self, index: int) -> None:
        self._lines.pop(index, None)

    def _ensure(self, index: int) -> CellLines:
        """Renders a cell if need be and puts its height right; callers that care about positions rebuild."""
        lines = self._lines.get(index)
        if lines is None:
            assert self.notebook is not None
            lines = self._lines[index] = cell_lines(self.notebook.cells[index], self._look(index))
            if self._heights.put(index, len(lines.lines) + 2):
                self.refresh()
            while len(self._lines) > KEPT:
                self._lines.popitem(last=False)
        else:
            self._lines.move_to_end(index)
        return lines

    def _look(self, index: int) -> Look:
        assert self.notebook is not None
        return Look(
            self._width,
            self._styles_now(),
            rows=self._rows,
            opened=index + 1 in self._opened,
            shift=self._shifts.get(index + 1, 0),
            language=self.notebook.language,
            keys=self.keys,
            picture=partial(self._figures.picture, index),
        )

    def on_figure_drawn(self, event: FigureDrawn) -> None:
        """Shows a picture that has come."""
        event.stop()
        if self._figures.take(event):
            self._forget(event.cell)
            self._settle()
            self.refresh()

    def _settle(self) -> None:
        """Renders what is in view; scrolling up by n lines shows the n lines above, whatever was estimated of them."""
        if self._settling or not self._heights or not self.size.height:
            return
        self._settling = True
        try:
            top = self.scroll_offset.y
            cell, line = self._anchor
            up = self._heights.start(cell) + line - top
            if 0 < up <= _NEAR * self.size.height:
                index, missing = cell, up - line
                while missing > 0 and index > 0:
                    index -= 1
                    self._ensure(index)
                    missing -= self._heights[index]
                top = max(self._heights.start(cell) + line - up, 0)
            index = self._heights.at(top)
            while index < len(self._heights) and self._heights.start(index) < top + self.size.height:
                self._ensure(index)
                index += 1
            self._rebuild()
            self.scroll_to(y=top, animate=False)
            first = self._heights.at(self.scroll_offset.y)
            self._anchor = (first, self.scroll_offset.y - self._heights.start(first))
        finally:
            self._settling = False

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=max(y, 0), animate=False)
        self._settle()

    def on_resize(self, event: events.Resize) -> None:
        """Folds the lines anew for another width, the cell that is read staying in place."""
        if self._room() != (self._width, self._rows) and self._heights:
            index = self._heights.at(self.scroll_offset.y)
            self._measure()
            self._anchor = (index, 0)
            self._scroll(self._heights.start(index))
        self._settle()

    def notify_style_update(self) -> None:
        """Forgets rendered lines when the theme changes."""
        super().notify_style_update()
        if self._paint is not None and self._paint.base != self.visual_style:
            self._paint = None
            self._lines.clear()
            self._figures.clear()
            self.refresh()

    def _styles_now(self) -> Paint:
        if self._paint is None:
            self._paint = paint_for(self)
            self._figures.ground = self._paint.ground
        return self._paint

    def render_line(self, y: int) -> Strip:
        """One line of what is in view."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        paint = self._styles_now()
        if not self._heights or at >= self._heights.total:
            return Strip.blank(width, paint.text)
        index = self._heights.at(at)
        lines = self._ensure(index).lines
        row = at - self._heights.start(index)
        current = index + 1 == self.current
        if row == 0:
            assert self.notebook is not None
            cell = self.notebook.cells[index]
            return heading(cell, width, current, cell.number in self.cited, paint)
        if row > len(lines):
            return Strip.blank(width, paint.text)
        bar = Segment("┃ " if current else "│ ", paint.text if current else paint.dim)
        line = lines[row - 1]
        if line.strip is None:
            assert line.picture is not None
            body = line.picture.line(line.row)
        else:
            body = marked(line.strip, self.needle, _FOUND) if self.needle.text else line.strip
        return Strip([bar, *body]).adjust_cell_length(width, paint.text)
