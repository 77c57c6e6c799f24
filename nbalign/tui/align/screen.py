"""The room `align`: letting the judges learn, and looking at what they learned."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.room import Room


class AlignRoom(Room):
    """Letting the judges learn, and looking at what they learned."""

    ROOM: ClassVar[str] = "align"
    ACTIONS: ClassVar[tuple[Action, ...]] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
