"""The field that asks for a part of a run's or a case's name."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType

from nbalign.tui.line_field import LineField


class RunFind(LineField):
    """A field of one line that shows while one types what names are to contain."""

    HELP = "the field for a part of a name: only runs, or cases, that contain it are listed"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "show all again", show=False, priority=True, id="runs.find.leave")
    ]

    def __init__(self) -> None:
        super().__init__("part of a name · Enter keeps it · Esc shows all", id="runs-find")
