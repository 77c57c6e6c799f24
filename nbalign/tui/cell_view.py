"""The notebook in the middle of the screen: only cells that are seen are rendered, however many there are."""

from __future__ import annotations

from collections import OrderedDict

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nbalign.notebooks.model import Cell, Notebook
from nbalign.tui.cell_lines import Paint, cell_lines, estimated_height, has_folds
from nbalign.tui.heights import Heights
from nbalign.tui.strips import marked

KEPT = 400  # rendered cells kept in memory
_GUTTER = 2


class CellView(ScrollView, can_focus=True):
    """Shows the cells of one notebook as lines.

    Heights of cells that were never seen are estimates; they are put right as cells come into view, without moving
    what is being read.
    """

    DEFAULT_CSS = """
    CellView {
        overflow-x: hidden; overflow-y: scroll; scrollbar-size-vertical: 1; background: $surface; color: $foreground;
    }
    """

    class Moved(Message):
        """The current cell is another one.

        Attributes:
            number: Its number, 1 or more.
        """

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

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

    def show(self, notebook: Notebook | None) -> None:
        """Shows a notebook from its first cell; None empties the view."""
        self.notebook, self.current, self.cited, self.needle = notebook, 1, frozenset(), ""
        self._opened.clear()
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

    def go_to(self, number: int, line: int = 0) -> None:
        """Makes a cell current and brings it into view.

        Args:
            number: Cell number; one out of range is taken to the nearest end.
            line: Line of the cell, its heading being 0, to be in view too.
        """
        if not self._heights:
            return
        index = min(max(number, 1), len(self._heights)) - 1
        self._ensure(index)
        self._rebuild()
        start, height = self._heights.start(index), self._heights[index]
        top, room = self.scroll_offset.y, max(self.size.height, 1)
        self.current = index + 1
        target = start + line
        fits = start >= top and start + height - 1 <= top + room if not line else top <= target < top + room
        if not fits:
            self._going = True
            self._scroll(start if line < room else target - room // 2)
            self._going = False
        self.post_message(self.Moved(self.current))
        self.refresh()

    def page(self, direction: int) -> None:
        """Scrolls one screen down (1) or up (-1), two lines kept in view."""
        self._scroll(self.scroll_offset.y + direction * max(self.size.height - 2, 1))

    def toggle_outputs(self) -> bool:
        """Opens or folds the outputs of the current cell.

        Returns:
            False when the cell has nothing to open.
        """
        if self.notebook is None or not self._heights:
            return False
        number = self.current
        if number not in self._opened and not has_folds(self.notebook.cell(number), self._width):
            return False
        self._opened.symmetric_difference_update({number})
        self._forget(number - 1)
        self.go_to(number)
        return True

    def open_outputs(self, number: int) -> None:
        """Opens the outputs of a cell, such as before jumping to a match in them."""
        if number not in self._opened:
            self._opened.add(number)
            self._forget(number - 1)

    def lines_of(self, number: int) -> list[str]:
        """The text of a cell's lines as shown, heading first."""
        return ["", *(strip.text for strip in self._ensure(number - 1))]

    # -- geometry

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
        """Renders what is in view; a cell entered from below keeps the lines that are seen where they are."""
        if self._settling or not self._heights or not self.size.height:
            return
        self._settling = True
        try:
            top = self.scroll_offset.y
            first = index = self._heights.at(top)
            before = self._heights[first]
            self._ensure(first)
            if (shift := self._heights[first] - before) and self._heights.start(first) < top:
                top = max(top + shift, self._heights.start(first))
            y, end = self._heights.start(first), top + self.size.height
            while index < len(self._heights) and y < end:
                self._ensure(index)
                y += self._heights[index]
                index += 1
            self._rebuild()
            if top != self.scroll_offset.y:
                self.scroll_to(y=top, animate=False)
        finally:
            self._settling = False

    def _scroll(self, y: int) -> None:
        self.scroll_to(y=max(y, 0), animate=False)
        self._settle()

    # -- Textual

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Renders what came into view."""
        super().watch_scroll_y(old_value, new_value)
        if not self._settling:
            self._settle()
            if not self._going:
                self._follow()

    def on_resize(self, event: events.Resize) -> None:
        """Folds the lines anew for another width, the cell that is read staying in place."""
        width = max(self.scrollable_content_region.width - _GUTTER, 10)
        if width != self._width and self._heights:
            index = self._heights.at(self.scroll_offset.y)
            self._measure()
            self._ensure(index)
            self._rebuild()
            self._scroll(self._heights.start(index))
        self._settle()

    def notify_style_update(self) -> None:
        """Forgets rendered lines when the theme changes."""
        super().notify_style_update()
        if self._paint is not None and self._paint.base != self.visual_style:
            self._paint = None
            self._lines.clear()
            self.refresh()

    def _follow(self) -> None:
        """After scrolling by hand the current cell is one that is in view."""
        if not self._heights:
            return
        top, bottom = self.scroll_offset.y, self.scroll_offset.y + max(self.size.height, 1)
        index = self.current - 1
        start, end = self._heights.start(index), self._heights.start(index + 1)
        if top <= start < bottom or (start < top and end >= bottom):
            return
        first = self._heights.at(top)
        inside = (
            first + 1 < len(self._heights)
            and self._heights.start(first) < top
            and self._heights.start(first + 1) < bottom
        )
        self.current = first + (2 if inside else 1)
        self.post_message(self.Moved(self.current))
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Makes the clicked cell current."""
        if self._heights:
            y = event.get_content_offset_capture(self).y + self.scroll_offset.y
            if y < self._heights.total:
                self.current = self._heights.at(y) + 1
                self.post_message(self.Moved(self.current))
                self.refresh()

    def _styles_now(self) -> Paint:
        if self._paint is None:
            base = self.visual_style
            text = base.rich_style
            error = text + Style(color=self._colour("error"), bold=True)
            self._paint = Paint(base, text, text + Style(dim=True), error, self.app.console)
        return self._paint

    def _colour(self, name: str) -> str:
        value = self.app.theme_variables.get(f"text-{name}", "")
        return value if value.startswith("#") and len(value) == 7 else "red"

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
            return self._heading(index, width, current, paint)
        if row > len(lines):
            return Strip.blank(width, paint.text)
        bar = Segment("┃ " if current else "│ ", paint.text if current else paint.dim)
        body = marked(lines[row - 1], self.needle, Style(reverse=True)) if self.needle else lines[row - 1]
        return Strip([bar, *body]).adjust_cell_length(width, paint.text)

    def _heading(self, index: int, width: int, current: bool, paint: Paint) -> Strip:
        assert self.notebook is not None
        cell = self.notebook.cells[index]
        count = f" In [{cell.execution_count}]" if cell.execution_count is not None else ""
        words = f"{'▶' if current else '┌'}─[{cell.number}] {cell.kind}{count} "
        tail = " cited ●" if cell.number in self.cited else ""
        rule = "─" * max(width - len(words) - len(tail), 0)
        style = paint.text + Style(bold=True) if current else paint.dim
        head = [Segment(words + rule, style), Segment(tail, paint.text + Style(bold=True))]
        return Strip(head).adjust_cell_length(width, paint.text)
