"""The notebook in the middle of the screen: the current cell, and how one moves from cell to cell."""

from __future__ import annotations

from textual import events
from textual.message import Message

from nbalign.notebooks.model import Image
from nbalign.tui.cell_canvas import CellCanvas
from nbalign.tui.cell_look import touched
from nbalign.tui.finding_rows import row_of
from nbalign.tui.needle import Needle
from nbalign.tui.search_text import Match, Place

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

    class FigureAsked(Message):
        """A figure of the current cell was clicked."""

    @property
    def figures(self) -> list[Image]:
        """The figures of the current cell, in order."""
        if self.notebook is None or not self._heights:
            return []
        return [image for output in self.notebook.cell(self.current).outputs for image in output.images]

    def go_to(self, number: int, line: int = 0) -> None:
        """Makes a cell current and brings it into view.

        Args:
            number: Cell number; one out of range is taken to the nearest end.
            line: Line of the cell, its heading being 0, to be in view too.
        """
        if not self._heights:
            return
        index = min(max(number, 1), len(self._heights)) - 1
        self._repaint(self.current)
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
        self._repaint(self.current)

    def reveal(self, match: Match, place: Place, needle: Needle) -> None:
        """Brings a match into view: in folded outputs, which are opened, and in tables that are cut at the right."""
        number, index = match.cell, match.cell - 1
        row = row_of(self._ensure(index), match, place, needle)
        if row is None and match.part and number not in self._opened:
            self._opened.add(number)
            self._forget(index)
            row = row_of(self._ensure(index), match, place, needle)
        if row is not None:
            seen = self._ensure(index).lines[row].window
            shift = seen.shift_to(place.start, place.end) if seen is not None else None
            if shift is not None:
                self._shifts[number] = shift
                self._forget(index)
        self.go_to(number, 0 if row is None else row + 1)

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
        if number not in self._opened and not self._ensure(number - 1).folded:
            return False
        self._opened.symmetric_difference_update({number})
        self._forget(number - 1)
        self.go_to(number)
        return True

    def shift_outputs(self, direction: int, number: int = 0) -> bool:
        """Moves the wide tables of a cell by half of the view.

        Args:
            direction: 1 shows what is farther right, -1 what is farther left.
            number: The cell; 0 for the current one.

        Returns:
            False when there is nothing more on that side.
        """
        if not self._heights:
            return False
        number = number or self.current
        reach, before = self._ensure(number - 1).reach, self._shifts.get(number, 0)
        after = min(max(before + direction * (self._width // 2), 0), reach)
        if after == before:
            return False
        self._shifts[number] = after
        self._forget(number - 1)
        self._settle()
        self.refresh()
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

    def action_scroll_left(self) -> None:
        """Wide tables of the current cell back to the right."""
        self.shift_outputs(-1)

    def action_scroll_right(self) -> None:
        """Wide tables of the current cell to the left, so that their right side shows."""
        self.shift_outputs(1)

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

    # -- the mouse

    def _cell_under(self, event: events.MouseEvent) -> int:
        """Number of the cell under the pointer; 0 for none."""
        y = event.get_content_offset_capture(self).y + self.scroll_offset.y
        return self._heights.at(y) + 1 if self._heights and 0 <= y < self._heights.total else 0

    def on_click(self, event: events.Click) -> None:
        """Makes the clicked cell current; a click on a mark does what the mark says."""
        number = self._cell_under(event)
        if not number:
            return
        self._repaint(self.current)
        self.current = number
        self.post_message(self.Moved(number))
        self._repaint(number)
        match touched(event.style):
            case "open":
                self.toggle_outputs()
            case "left":
                self.shift_outputs(-1)
            case "right":
                self.shift_outputs(1)
            case "figure":
                self.post_message(self.FigureAsked())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """With shift, moves the wide tables under the pointer."""
        if event.shift:
            self._wheel(event, 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """With shift, moves the wide tables under the pointer back."""
        if event.shift:
            self._wheel(event, -1)

    def on_mouse_scroll_right(self, event: events.MouseScrollRight) -> None:
        """Moves the wide tables under the pointer."""
        self._wheel(event, 1)

    def on_mouse_scroll_left(self, event: events.MouseScrollLeft) -> None:
        """Moves the wide tables under the pointer back."""
        self._wheel(event, -1)

    def _wheel(self, event: events.MouseEvent, direction: int) -> None:
        event.stop()
        event.prevent_default()
        if number := self._cell_under(event):
            self.shift_outputs(direction, number)
