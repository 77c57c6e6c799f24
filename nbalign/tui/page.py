"""Text that is laid out for the width there is, some of its lines to be brought into focus and clicked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

TAB = "    "


@dataclass(frozen=True, slots=True)
class Line:
    """One line.

    Attributes:
        text: What it says.
        item: Which item it belongs to, from 0; -1 for none. Several lines may be one item.
    """

    text: Content
    item: int = -1


Layout = Callable[[int], Sequence[Line]]


def wrapped(text: Content, width: int) -> list[Content]:
    """Text in lines of at most `width` columns, 8 or more; never none."""
    return text.wrap(max(width, 8)) or [Content("")]


def lines_of(text: Content, width: int, item: int = -1) -> list[Line]:
    """The same as lines of one item."""
    return [Line(line, item) for line in wrapped(text, width)]


def side_by_side(columns: Sequence[Callable[[int], Sequence[Content]]], width: int, least: int) -> list[Content]:
    """Columns beside each other, as many as there is room for, the rest beneath them.

    Args:
        columns: Each gives its lines for a width.
        width: Columns of the terminal there are.
        least: Columns that one of them takes at least, where several stand beside each other.
    """
    gap = 2
    abreast = min(max((width + gap) // (least + gap), 1), max(len(columns), 1))
    each = (width + gap) // abreast - gap
    found: list[Content] = []
    for start in range(0, len(columns), abreast):
        laid = [column(each) for column in columns[start : start + abreast]]
        if found:
            found.append(Content(""))
        for row in range(max(map(len, laid))):
            cells = [column[row] if row < len(column) else Content("") for column in laid]
            padded = [cell.pad_right(max(each - cell.cell_length, 0) + gap) for cell in cells[:-1]]
            found.append(Content.assemble(*padded, cells[-1]))
    return found


class Page(ScrollView, can_focus=False):
    """Lines made by a layout; a click on one that belongs to an item is posted as `Chosen`.

    Args:
        mark: What stands before the first line of the item in focus; other lines begin with as many blanks.
    """

    DEFAULT_CSS = """
    Page {
        overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
        background: $background; color: $foreground; padding: 0 0 0 1;
    }
    """

    class Chosen(Message):
        """An item was clicked.

        Attributes:
            page: The page it is on.
            item: The item, from 0.
        """

        def __init__(self, page: Page, item: int) -> None:
            super().__init__()
            self.page, self.item = page, item

        @property
        def control(self) -> Page:
            """The page, so that handlers can ask for one page by its id."""
            return self.page

    def __init__(self, *, mark: str = "", id: str | None = None) -> None:
        super().__init__(id=id)
        self._mark = mark
        self._layout_of: Layout = lambda width: ()
        self._lines: Sequence[Line] = ()
        self._width = 0
        self._about: object = None
        self.at = -1

    @property
    def text(self) -> str:
        """Everything it says, in and out of view."""
        return "\n".join(line.text.plain for line in self._lines)

    def show(self, layout: Layout, about: object, at: int = -1) -> None:
        """Shows other lines.

        Args:
            layout: Gives the lines for a width.
            about: What they are about; something else begins at its top.
            at: The item in focus, which is brought into view; -1 for none.
        """
        self._layout_of, self.at = layout, at
        if about != self._about:
            self._about = about
            self.scroll_to(y=0, animate=False)
        self._lay()

    def focus_item(self, at: int) -> None:
        """Brings an item into focus and into view; -1 takes the focus away."""
        self.at = at
        self._reveal()
        self.refresh()

    def scroll_page(self, step: int) -> None:
        """Scrolls by nearly a screen, forwards or back."""
        self.scroll_rows(step * max(self.size.height - 2, 1))

    def scroll_rows(self, rows: int) -> None:
        """Scrolls by rows, down or, below 0, up."""
        self.scroll_to(y=self.scroll_offset.y + rows, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Lays the lines out for another width."""
        if self.scrollable_content_region.width != self._width:
            self._lay()
        else:
            self._reveal()

    def _lay(self) -> None:
        self._width = width = self.scrollable_content_region.width
        self._lines = self._layout_of(max(width - len(self._mark), 1)) if width else ()
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()
        self._reveal()

    def _reveal(self) -> None:
        rows = [y for y, line in enumerate(self._lines) if line.item == self.at and self.at >= 0]
        room = max(self.size.height, 1)
        if not rows:
            return
        top = self.scroll_offset.y
        if rows[-1] >= top + room:
            top = rows[-1] - room + 1
        # Of an item that is too long its beginning; and with the first one, the heading above it.
        self.scroll_to(y=0 if self.at == 0 and rows[0] < room else min(top, rows[0]), animate=False)

    def on_click(self, event: events.Click) -> None:
        """Tells which item was clicked."""
        y = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if 0 <= y < len(self._lines) and (item := self._lines[y].item) >= 0:
            self.post_message(self.Chosen(self, item))

    def render_line(self, y: int) -> Strip:
        """One line."""
        base, row = self.visual_style, y + self.scroll_offset.y
        if row >= len(self._lines):
            return Strip.blank(self._width, base.rich_style)
        line = self._lines[row]
        here = line.item >= 0 and line.item == self.at
        first = here and (row == 0 or self._lines[row - 1].item != line.item)
        text = Content.assemble(self._mark if first else " " * len(self._mark), line.text)
        strip = Strip(text.truncate(self._width, ellipsis=True).render_segments(base))
        strip = strip.adjust_cell_length(self._width, base.rich_style)
        if not here:
            return strip
        return Strip([type(s)(s.text, (s.style or Style()) + Style(bold=True)) for s in strip])
