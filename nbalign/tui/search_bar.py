"""The fields at the bottom in which one types what to look for, and the cell to go to."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from nbalign.tui.line_field import LineField


class SearchBar(LineField):
    """A field at the bottom that shows while one types what to look for."""

    HELP = "the field for what to look for in this notebook"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "end the search", show=False, priority=True, id="search.leave")
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("search in this notebook · Enter goes there · Esc ends", id=id)


class JumpBar(LineField):
    """A field at the bottom for the number of a cell; Enter or `G` goes there."""

    HELP = "the number of the cell to go to"
    KEEPS = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "stay where you are", show=False, priority=True, id="jump.leave")
    ]

    class Asked(Message):
        """A number was given.

        Attributes:
            number: The number; it may be one that no cell has.
        """

        def __init__(self, number: int) -> None:
            super().__init__()
            self.number = number

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("number of a cell · Enter or G goes there · Esc stays", id=id, restrict=r"[0-9]{0,7}")

    async def _on_key(self, event: events.Key) -> None:
        if event.character == "G":
            event.stop()
            event.prevent_default()
            self.close()
            await self.action_submit()
        else:
            await super()._on_key(event)

    async def action_submit(self) -> None:
        """Asks for the cell, if a number was given."""
        if self.value:
            self.post_message(self.Asked(int(self.value)))
