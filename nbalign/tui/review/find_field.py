"""The field that asks for a part of a notebook's name."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from nbalign.tui.line_field import LineField


class FindField(LineField):
    """A field of one line that shows while one types what the names are to contain."""

    HELP = "the field for a part of a notebook's name: only those that contain it are listed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "show all again", show=False, priority=True, id="review.find.leave")
    ]

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("part of a notebook's name · Enter keeps it · Esc shows all", id=id)
