"""The lines of a notebook: only cells that are seen are rendered, however many there are."""

from __future__ import annotations

from collections import OrderedDict

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nbalign.notebooks.model import Cell, Notebook
from nbalign.tui.cell_lines import cell_lines, estimated_height, heading
from nbalign.tui.heights import Heights
from nbalign.tui.paint import Paint, paint_for
from nbalign.tui.strips import marked

KEPT = 400  # rendered cells kept in memory
_GUTTER = 2
_NEAR = 3  # screens up to which scrolling up is exact; farther is a jump


class CellCanvas(ScrollView):
    """Draws the cells of one notebook as lines.

    Heights of cells that were never seen are estimates; they are put right as cells come into view, without moving
    what is being read.

    Attributes:
        notebook: The notebook, or None.
        current: Number of the current cell.
        cited: Numbers of the cells marked as cited.
        needle: Text to be marked, in lower case.
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
        self.needle = ""
        self._opened: set[int] = set()
        self._heights = Heights()
        self._lines: OrderedDict[int, list[Strip]] = OrderedDict()
        self._paint: Paint | None = None
        self._width = 0
        self._settling = False
        self._going = False
        self._anchor = (0, 0)  # cell index and line of it at the top of the view

    def show(self, notebook: Notebook | None) -> None:
        """Shows a notebook from its first cell; None empties the view."""
        self.notebook, self.current, self.cited, self.needle = notebook, 1, frozenset(), ""
        self._opened.clear()
        self._anchor = (0, 0)
        self._measure()
        self.scroll_to(y=0, animate=False)
        self._settle()
        self.refresh()

    def cite(self, numbers: frozenset[int]) -> None:
        """Marks the cells that the dimension in focus cites."""
        self.cited = numbers
        self.refresh()

    def find(self, needle: str) -> None:
        """Marks every occurrence of `needle` (lower case); empty marks none."""
        self.needle = needle
        self.refresh()

    def open_outputs(self, number: int) -> None:
        """Opens the outputs of a cell, such as before jumping to a match in them."""
        if number not in self._opened:
            self._opened.add(number)
            self._forget(number - 1)

    def lines_of(self, number: int) -> list[str]:
        """The text of a cell's lines as shown, heading first."""
        return ["", *(strip.text for strip in self._ensure(number - 1))]

    def _measure(self) -> None:
        self._lines.clear()
        self._width = max(self.scrollable_content_region.width - _GUTTER, 10)
        cells: tuple[Cell, ...] = self.notebook.cells if self.notebook else ()
        self._heights = Heights(estimated_height(cell, self._width) + 2 for cell in cells)
        self._rebuild()

    def _rebuild(self) -> None:
        size = Size(self.scrollable_content_region.width, self._heights.total)
        if size != self.virtual_size:
            self.virtual_size = size

    def _forget(self, index: int) -> None:
        self._lines.pop(index, None)

    def _ensure(self, index: int) -> list[Strip]:
        """Renders a cell if need be and puts its height right; callers that care about positions rebuild."""
        lines = self._lines.get(index)
        if lines is None:
            assert self.notebook is not None
            cell = self.notebook.cells[index]
            opened = cell.number in self._opened
            lines = cell_lines(cell, self._width, opened, self._styles_now(), self.notebook.language)
            self._lines[index] = lines
            self._heights.put(index, len(lines) + 2)
            while len(self._lines) > KEPT:
                self._lines.popitem(last=False)
        else:
            self._lines.move_to_end(index)
        return lines

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
        width = max(self.scrollable_content_region.width - _GUTTER, 10)
        if width != self._width and self._heights:
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
            self.refresh()

    def _styles_now(self) -> Paint:
        if self._paint is None:
            self._paint = paint_for(self)
        return self._paint

    def render_line(self, y: int) -> Strip:
        """One line of what is in view."""
        width = self.scrollable_content_region.width
        at = y + self.scroll_offset.y
        paint = self._styles_now()
        if not self._heights or at >= self._heights.total:
            return Strip.blank(width, paint.text)
        index = self._heights.at(at)
        lines = self._ensure(index)
        row = at - self._heights.start(index)
        current = index + 1 == self.current
        if row == 0:
            assert self.notebook is not None
            cell = self.notebook.cells[index]
            return heading(cell, width, current, cell.number in self.cited, paint)
        if row > len(lines):
            return Strip.blank(width, paint.text)
        bar = Segment("┃ " if current else "│ ", paint.text if current else paint.dim)
        body = marked(lines[row - 1], self.needle, Style(reverse=True)) if self.needle else lines[row - 1]
        return Strip([bar, *body]).adjust_cell_length(width, paint.text)
