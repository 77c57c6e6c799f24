"""Text wrapped to the width, some of it in rows that can be brought into focus and clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.style import Style
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from nbalign.tui.plain import content

_MARK = 2  # cells before each line: ▶ stands there before the row in focus


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph.

    Attributes:
        text: What it says, without newlines.
        row: Which row it belongs to, from 0; -1 for none. Several blocks may be one row.
        indent: Cells to the left.
    """

    text: Content
    row: int = -1
    indent: int = 0


def block(*parts: str | tuple[str, str] | Content, row: int = -1, indent: int = 0) -> Block:
    """A block of plain strings, `(text, style)` pairs and other content; newlines become blanks."""
    flat = [
        part if isinstance(part, Content) else " ".join(part.splitlines()) if isinstance(part, str) else _flat(part)
        for part in parts
    ]
    return Block(content(*flat), row, indent)


def _flat(part: tuple[str, str]) -> tuple[str, str]:
    return " ".join(part[0].splitlines()), part[1]


class Page(ScrollView, can_focus=False):
    """Blocks beneath each other; a click on one that belongs to a row is posted as `Chosen`."""

    DEFAULT_CSS = """
    Page {
        overflow-x: hidden; overflow-y: auto; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
        background: $surface; color: $foreground;
    }
    """

    class Chosen(Message):
        """A row was clicked.

        Attributes:
            page: The page it is on.
            row: The row, from 0.
        """

        def __init__(self, page: Page, row: int) -> None:
            super().__init__()
            self.page, self.row = page, row

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._blocks: tuple[Block, ...] = ()
        self._lines: list[tuple[Content, int]] = []
        self._width = 0
        self.at = -1

    @property
    def rows(self) -> int:
        """How many rows can be in focus."""
        return max((block.row for block in self._blocks), default=-1) + 1

    def show(self, blocks: Sequence[Block], at: int = -1) -> None:
        """Shows other text, from its top unless a row is in focus.

        Args:
            blocks: The text.
            at: The row in focus; -1 for none.
        """
        if tuple(blocks) != self._blocks:
            self._blocks = tuple(blocks)
            self._wrap()
            if at < 0:
                self.scroll_to(y=0, animate=False)
        self.focus_row(at)

    def focus_row(self, at: int) -> None:
        """Brings a row into focus and into view; -1 takes the focus away."""
        self.at = at
        self._reveal()
        self.refresh()

    def scroll_page(self, step: int) -> None:
        """Scrolls by nearly a screen, forwards or back."""
        self.scroll_to(y=self.scroll_offset.y + step * max(self.size.height - 2, 1), animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Wraps anew for another width."""
        if self.scrollable_content_region.width != self._width:
            self._wrap()
        self._reveal()

    def _wrap(self) -> None:
        self._width = width = self.scrollable_content_region.width
        self._lines = []
        if width:
            for each in self._blocks:
                room = max(width - _MARK - each.indent, 8)
                pad = " " * each.indent
                self._lines += [(content(pad, line), each.row) for line in each.text.wrap(room) or [Content("")]]
        self.virtual_size = Size(width, len(self._lines))
        self.refresh()

    def _reveal(self) -> None:
        found = [y for y, (_, row) in enumerate(self._lines) if row == self.at and row >= 0]
        room = max(self.size.height, 1)
        if not found:
            return
        top = self.scroll_offset.y
        if found[-1] >= top + room:
            top = found[-1] - room + 1
        # What stands above the first row can be read only if it comes back into view with it.
        top = 0 if self.at == 0 and found[0] < room else min(top, found[0])
        self.scroll_to(y=top, animate=False)

    def on_click(self, event: events.Click) -> None:
        """Tells which row was clicked."""
        y = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if 0 <= y < len(self._lines) and (row := self._lines[y][1]) >= 0:
            self.post_message(self.Chosen(self, row))

    def render_line(self, y: int) -> Strip:
        """One line."""
        base, index = self.visual_style, y + self.scroll_offset.y
        if index >= len(self._lines):
            return Strip.blank(self._width, base.rich_style)
        text, row = self._lines[index]
        here = row >= 0 and row == self.at
        first = here and (index == 0 or self._lines[index - 1][1] != row)
        line = content("▶ " if first else " " * _MARK, text)
        strip = Strip(line.render_segments(base)).adjust_cell_length(self._width, base.rich_style)
        return strip if not here else Strip([type(s)(s.text, (s.style or Style()) + Style(bold=True)) for s in strip])
