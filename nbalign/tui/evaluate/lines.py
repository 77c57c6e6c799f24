"""Lines that mark what is in focus themselves, and a line above them that fits their width."""

from __future__ import annotations

from collections.abc import Callable

from textual import events
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget

from nbalign.tui.line_list import LineList


class Lines(LineList, can_focus=False):
    """A list whose rows are drawn for the width there is; a click tells the column too.

    Args:
        row: Gives the content of a row for a width.
    """

    DEFAULT_CSS = "Lines { scrollbar-gutter: stable; background: $background; }"

    class Pressed(Message):
        """A row was clicked.

        Attributes:
            lines: The list it is a row of.
            index: The row, from 0.
            x: The column, from 0.
        """

        def __init__(self, lines: Lines, index: int, x: int) -> None:
            super().__init__()
            self.lines = lines
            self.index = index
            self.x = x

    def __init__(self, row: Callable[[int, int], Content], *, id: str | None = None) -> None:
        super().__init__(lambda index: row(index, self.width), id=id)
        self._above = 0

    @property
    def width(self) -> int:
        """Columns of a row."""
        return max(self.scrollable_content_region.width, 1)

    def show(self, count: int, cursor: int, above: int = 0) -> None:
        """Says how many rows there are and which one is to be seen.

        Args:
            count: Rows.
            cursor: The one in focus.
            above: How many rows above it are to be seen with it, such as the one that names what it belongs to.
        """
        self._above = above
        self.fill(count, cursor)

    def _reveal(self) -> None:
        top, room = self.scroll_offset.y, max(self.size.height, 1)
        first = max(self.cursor - min(self._above, room - 1), 0)
        if first < top:
            self.scroll_to(y=first, animate=False)
        elif self.cursor >= top + room:
            self.scroll_to(y=self.cursor - room + 1, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Tells the screen which row and column was clicked."""
        event.prevent_default()  # the list's own message, without the column, is not sent as well
        offset = event.get_content_offset_capture(self)
        index = offset.y + self.scroll_offset.y
        if 0 <= index < self._count:
            self.post_message(self.Pressed(self, index, offset.x))

    def render_line(self, y: int) -> Strip:
        """One row."""
        width, base = self.width, self.visual_style
        index = y + self.scroll_offset.y
        if index >= self._count:
            return Strip.blank(width, base.rich_style)
        strip = Strip(self._row(index).truncate(width, ellipsis=True).render_segments(base))
        return strip.adjust_cell_length(width, base.rich_style)


class Above(Widget):
    """One line over `Lines`, as wide as their rows.

    Args:
        draw: Gives its content for a width.
    """

    DEFAULT_CSS = "Above { height: 1; }"

    def __init__(self, draw: Callable[[int], Content], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw

    def render(self) -> Content:
        """The line."""
        width = max(self.size.width - 1, 1)  # the last column is the scroll bar's
        return self._draw(width).truncate(width, ellipsis=True)
