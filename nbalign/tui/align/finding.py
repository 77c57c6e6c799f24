"""The field at the bottom in which one types what to list."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FindBar(Input):
    """A field that shows while one types; what fits is listed with each key."""

    DEFAULT_CSS = """
    FindBar { display: none; border: none; height: 1; background: $boost; padding: 0 1; }
    FindBar:focus { border: none; }
    FindBar.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "give_up", "end the search", show=False, id="align.search.leave")
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
        super().__init__(placeholder="words · Enter keeps what fits · Esc lists all again", compact=True)

    def open(self) -> None:
        """Shows the field, empty."""
        self.value = ""
        self.add_class("open")
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands

    def _close(self) -> None:
        self.remove_class("open")
        if self.screen.focused is self:
            self.screen.set_focus(None)

    def action_give_up(self) -> None:
        """Lists everything again."""
        self.value = ""
        self.post_message(self.Sought(""))
        self._close()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Lists what fits."""
        event.stop()
        if self.has_class("open"):
            self.post_message(self.Sought(event.value))

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Keeps what is listed."""
        event.stop()
        self.post_message(self.Sought(event.value))
        self._close()

    def on_blur(self, event: events.Blur) -> None:
        """Closes: a hidden search would go on swallowing keys."""
        if self.app.app_focus:
            self.remove_class("open")
