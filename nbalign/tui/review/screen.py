"""The room `review`: your scores beside the judge's, and the raters' agreement."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from nbalign.tui.actions import EVERYWHERE, Action, bindings_of
from nbalign.tui.room import Room


class ReviewRoom(Room):
    """Your scores beside the judge's, and the raters' agreement."""

    ROOM: ClassVar[str] = "review"
    ACTIONS: ClassVar[tuple[Action, ...]] = EVERYWHERE
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
