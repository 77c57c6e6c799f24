"""The fields at the bottom in which one types what to look for, and the cell to go to."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class SearchBar(Input):
    """A field at the bottom that shows while one types what to look for."""

    DEFAULT_CSS = """
    SearchBar { display: none; border: none; height: 1; background: $boost; padding: 0 1; }
    SearchBar:focus { border: none; }
    SearchBar.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "end the search", show=False, id="search.leave")
    ]

    class Left(Message):
        """The search was given up."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder="search in this notebook · Enter goes there · Esc ends", compact=True)

    def open(self) -> None:
        """Shows the field, the last search selected."""
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


class JumpBar(Input):
    """A field at the bottom for the number of a cell; Enter or `G` goes there."""

    HELP = "the number of the cell to go to"
    DEFAULT_CSS = """
    JumpBar { display: none; border: none; height: 1; background: $boost; padding: 0 1; }
    JumpBar:focus { border: none; }
    JumpBar.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "stay where you are", show=False, id="jump.leave")
    ]

    class Asked(Message):
        """A number was given.

        Attributes:
            number: The number; it may be one that no cell has.
        """

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    class Left(Message):
        """The field was left, with a number or without."""

    def __init__(self, *, id: str | None = None) -> None:
        words = "number of a cell · Enter or G goes there · Esc stays"
        super().__init__(id=id, placeholder=words, compact=True, restrict=r"[0-9]{0,7}")

    def open(self) -> None:
        """Shows the field, empty."""
        self.value = ""
        self.add_class("open")
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands

    async def _on_key(self, event: events.Key) -> None:
        if event.character == "G":
            event.stop()
            event.prevent_default()
            await self.action_submit()
        else:
            await super()._on_key(event)

    async def action_submit(self) -> None:
        """Goes to the cell, and leaves."""
        number = self.value
        self.action_leave()
        if number:
            self.post_message(self.Asked(int(number)))

    def action_leave(self) -> None:
        """Leaves the field."""
        if self.has_class("open"):
            self.remove_class("open")
            self.post_message(self.Left())

    def on_blur(self, event: events.Blur) -> None:
        """A field that lost the focus to another part of the screen is left."""
        if self.app.app_focus:
            self.action_leave()
