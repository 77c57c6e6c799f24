"""A list of things to tick: the mark in a box says what is taken, not a colour."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message

from nbalign.tui.line_list import LineList
from nbalign.tui.plain import content


class Ticks(LineList, can_focus=True):
    """Rows with a box each; Space or a click takes one in or out.

    Args:
        rows: (value, words) each.
        taken: Values that are taken at first.
    """

    DEFAULT_CSS = "Ticks { height: auto; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "step(1)", "next", show=False),
        Binding("up,k", "step(-1)", "previous", show=False),
        Binding("space", "tick", "take in or out", show=False),
    ]

    class Changed(Message):
        """Something was taken in or out."""

    def __init__(self, rows: Sequence[tuple[str, str]], taken: Collection[str], *, id: str | None = None) -> None:
        super().__init__(self._line, id=id)
        self._rows = tuple(rows)
        self._taken = set(taken)

    @property
    def taken(self) -> tuple[str, ...]:
        """What is taken, in the order of the rows."""
        return tuple(value for value, _ in self._rows if value in self._taken)

    def take(self, values: Collection[str]) -> None:
        """Takes these and no others."""
        self._taken = set(values)
        self.refresh()
        self.post_message(self.Changed())

    def on_mount(self) -> None:
        """Shows the rows."""
        self.fill(len(self._rows))

    def on_focus(self) -> None:
        """Shows which row is current."""
        self.refresh()

    def on_blur(self) -> None:
        """Shows that none is."""
        self.refresh()

    def get_content_height(self, container: object, viewport: object, width: int) -> int:
        """One line a row."""
        return len(self._rows)

    def action_step(self, step: int) -> None:
        """Moves to another row."""
        self.fill(len(self._rows), max(0, min(self.cursor + step, len(self._rows) - 1)))

    def action_tick(self) -> None:
        """Takes the current row in or out."""
        self._taken ^= {self._rows[self.cursor][0]}
        self.refresh()
        self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """Takes a row in or out."""
        event.prevent_default()
        index = event.get_content_offset_capture(self).y + self.scroll_offset.y
        if 0 <= index < len(self._rows):
            self.action_step(index - self.cursor)
            self.action_tick()

    def _line(self, index: int) -> Content:
        value, words = self._rows[index]
        box = "[x]" if value in self._taken else "[ ]"
        here = "›" if self.has_focus and index == self.cursor else " "
        return content((f"{here} {box} ", "bold"), words)
