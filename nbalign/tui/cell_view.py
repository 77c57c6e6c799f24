"""The notebook in the middle of the screen: the current cell, and how one moves from cell to cell."""

from __future__ import annotations

from textual import events
from textual.message import Message

from nbalign.tui.cell_canvas import CellCanvas
from nbalign.tui.cell_lines import has_folds

_TRIES = 4


class CellView(CellCanvas, can_focus=True):
    """Shows the cells of one notebook and keeps track of the current one."""

    class Moved(Message):
        """The current cell is another one.

        Attributes:
            number: Its number, 1 or more.
        """

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def go_to(self, number: int, line: int = 0) -> None:
        """Makes a cell current and brings it into view.

        Args:
            number: Cell number; one out of range is taken to the nearest end.
            line: Line of the cell, its heading being 0, to be in view too.
        """
        if not self._heights:
            return
        index = min(max(number, 1), len(self._heights)) - 1
        self.current = index + 1
        self._going = True
        # Cells rendered on the way may push the target on; it settles in a step or two.
        for _ in range(_TRIES):
            self._ensure(index)
            self._rebuild()
            start, end = self._heights.start(index), self._heights.start(index + 1)
            top, room = self.scroll_offset.y, max(self.size.height, 1)
            target = start + line
            if top <= target < top + room and (line or end - 1 <= top + room):
                break
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

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Renders what came into view."""
        super().watch_scroll_y(old_value, new_value)
        if not self._settling:
            self._settle()
            if not self._going:
                self._follow()

    def action_page_up(self) -> None:
        """One screen up."""
        self.page(-1)

    def action_page_down(self) -> None:
        """One screen down."""
        self.page(1)

    def action_scroll_up(self) -> None:
        """One line up."""
        self._scroll(self.scroll_offset.y - 1)

    def action_scroll_down(self) -> None:
        """One line down."""
        self._scroll(self.scroll_offset.y + 1)

    def action_scroll_home(self) -> None:
        """To the first cell."""
        self.go_to(1)

    def action_scroll_end(self) -> None:
        """To the last cell."""
        self.go_to(len(self._heights))

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
