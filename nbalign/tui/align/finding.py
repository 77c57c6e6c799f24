"""The field at the bottom in which one types what to list."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from nbalign.tui.line_field import LineField


class FindBar(LineField):
    """A field that shows while one types; what fits is listed with each key."""

    HELP = "the field for words: only what has them all is listed"
    KEEPS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "end the search", show=False, priority=True, id="align.search.leave")
    ]

    class Sought(Message):
        """Something else is looked for.

        Attributes:
            needle: The words; empty for everything.
        """

        def __init__(self, needle: str) -> None:
            super().__init__()
            self.needle = needle

    def __init__(self) -> None:
        super().__init__("words · Enter keeps what fits · Esc lists all again")

    def action_leave(self) -> None:
        """Lists everything again."""
        self.value = ""
        self.post_message(self.Sought(""))
        super().action_leave()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Lists what fits."""
        event.stop()
        if self.is_open:
            self.post_message(self.Sought(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps what is listed."""
        event.stop()
        self.post_message(self.Sought(event.value))
