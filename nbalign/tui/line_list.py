"""A list of one-line rows drawn on demand: 5,000 rows cost what is seen of them."""

from __future__ import annotations

from collections.abc import Callable

from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip


class LineList(ScrollView, can_focus=False):
    """Rows made by a function of their index; a click on a row is posted as `Chosen`.

    Args:
        row: Gives the content of a row; called for visible rows alone.
    """

    DEFAULT_CSS = """
    LineList {
        overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1; background: $panel; color: $foreground;
    }
    """

    class Chosen(Message):
        """A row was clicked.

        Attributes:
            list: The list it is a row of.
            index: The row, from 0.
        """

        def __init__(self, line_list: LineList, index: int) -> None:
            super().__init__()
            self.list = line_list
            self.index = index

    def __init__(self, row: Callable[[int], Content], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._row = row
        self._count = 0
        self._drawn: dict[int, tuple[Content, bool]] = {}  # row -> what was drawn of it, and whether as the current one
        self.cursor = 0

    def fill(self, count: int, cursor: int = 0) -> None:
        """Says how many rows there are and which one is current, and brings that one into view.

        Of rows that were drawn before, those alone are drawn anew that say something else now.
        """
        if count != self._count:
            self.refresh()
        self._count, self.cursor = count, cursor
        self.virtual_size = Size(self.scrollable_content_region.width, count)
        self._reveal()
        top = self.scroll_offset.y
        drawn, self._drawn = self._drawn, {}
        for index in range(top, min(top + self.size.height, count)):
            before, row = drawn.get(index), self._row(index)
            if before is not None and before[1] == (index == cursor) and row.is_same(before[0]):
                self._drawn[index] = before
            else:
                self.refresh_line(index)

    def on_resize(self, event: events.Resize) -> None:
        """Keeps the current row in view."""
        self.virtual_size = Size(self.scrollable_content_region.width, self._count)
        self._reveal()

    def _reveal(self) -> None:
        top, room = self.scroll_offset.y, max(self.size.height, 1)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False)
        elif self.cursor >= top + room:
            self.scroll_to(y=self.cursor - room + 1, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Tells the screen which row was clicked."""
        index = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if 0 <= index < self._count:
            self.post_message(self.Chosen(self, index))

    def render_line(self, y: int) -> Strip:
        """One row."""
        width, base = self.scrollable_content_region.width, self.visual_style
        index = y + self.scroll_offset.y
        if index >= self._count:
            return Strip.blank(width, base.rich_style)
        row, current = self._row(index), index == self.cursor
        self._drawn[index] = row, current
        # The content is padded and cut here, so that a long name never wraps a row.
        strip = Strip(row.truncate(width, ellipsis=True).render_segments(base))
        strip = strip.adjust_cell_length(width, base.rich_style)
        if not current:
            return strip.apply_style(Style())
        # One ground for all of it: in reverse, its colours would be patches of ground.
        plain = base.rich_style
        focus = Style(bold=True, reverse=True, color=plain.color, bgcolor=plain.bgcolor)
        return Strip([type(s)(s.text, (s.style or Style()) + focus) for s in strip])
