"""The room `evaluate`: experiments and their intervals."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.room import Room


class EvaluateRoom(Room):
    """Experiments and their intervals."""

    ROOM: ClassVar[str] = "evaluate"
    ACTIONS: ClassVar[tuple[Action, ...]] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
