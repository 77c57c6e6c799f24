"""The room `models`: which model judges, and what this machine has."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.room import Room


class ModelsRoom(Room):
    """Which model judges, and what this machine has."""

    ROOM: ClassVar[str] = "models"
    ACTIONS: ClassVar[tuple[Action, ...]] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
