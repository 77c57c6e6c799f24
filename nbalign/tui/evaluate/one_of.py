"""One of several things, on one line: keys and clicks go on to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget

from nbalign.tui.plain import content, one_line


class OneOf(Widget, can_focus=True):
    """Shows which one is taken and how many there are.

    Args:
        title: What they are.
        values: They themselves.
        at: The one that is taken at first; the first where it is none of them.
        nothing: What is said where there are none.
    """

    DEFAULT_CSS = "OneOf { height: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,right,l,j,down", "step(1)", "next", show=False),
        Binding("left,h,k,up", "step(-1)", "previous", show=False),
    ]

    class Changed(Message):
        """Another one is taken."""

    def __init__(
        self, title: str, values: Sequence[str], at: str, nothing: str = "none", *, id: str | None = None
    ) -> None:
        super().__init__(id=id)
        self._title, self._values, self._nothing = title, tuple(values), nothing
        self._at = self._values.index(at) if at in self._values else 0

    @property
    def value(self) -> str:
        """The one that is taken; empty where there are none."""
        return self._values[self._at] if self._values else ""

    def action_step(self, step: int) -> None:
        """Takes another one, from the last one round to the first."""
        if len(self._values) > 1:
            self._at = (self._at + step) % len(self._values)
            self.refresh()
            self.post_message(self.Changed())

    def on_click(self, event: events.Click) -> None:
        """Takes the next one."""
        self.action_step(1)

    def on_focus(self) -> None:
        """Shows that keys act here."""
        self.refresh()

    def on_blur(self) -> None:
        """Shows that they act elsewhere."""
        self.refresh()

    def render(self) -> Content:
        """The line."""
        here = "›" if self.has_focus else " "
        if not self._values:
            return content((f"{here} {self._title} ", "bold"), self._nothing)
        several = f" ‹ › {self._at + 1} of {len(self._values)}" if len(self._values) > 1 else ""
        line = content((f"{here} {self._title} ", "bold"), one_line(self.value, 60), (several, "$text-muted"))
        return line.truncate(max(self.size.width, 1), ellipsis=True)
