"""The field that asks for a part of a notebook's name."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class FindField(Input):
    """A field of one line that shows while one types what the names are to contain."""

    DEFAULT_CSS = """
    FindField { display: none; border: none; height: 1; background: $boost; padding: 0 1; }
    FindField:focus { border: none; }
    FindField.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "show all again", show=False, id="review.find.leave")
    ]

    class Left(Message):
        """The search was given up."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder="part of a notebook's name · Enter keeps it · Esc shows all", compact=True)

    def open(self) -> None:
        """Shows the field, what was typed last selected."""
        self.add_class("open")
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands
        self.action_select_all()

    def close(self) -> None:
        """Hides the field."""
        self.remove_class("open")

    def action_leave(self) -> None:
        """Gives the search up."""
        self.close()
        self.post_message(self.Left())
