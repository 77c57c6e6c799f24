"""The room `runs`: what an assistant's notebooks scored."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.room import Room


class RunsRoom(Room):
    """What an assistant's notebooks scored."""

    ROOM: ClassVar[str] = "runs"
    ACTIONS: ClassVar[tuple[Action, ...]] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
