"""The room `adjudicate`: settling what raters see differently."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.room import Room


class AdjudicateRoom(Room):
    """Settling what raters see differently."""

    ROOM: ClassVar[str] = "adjudicate"
    ACTIONS: ClassVar[tuple[Action, ...]] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
