"""The field above the queue: what is typed there leaves only the notebooks whose name contains it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from nbalign.tui.line_field import LineField


class QueueFind(LineField):
    """A field that shows while one types a part of a name."""

    HELP = "the field for a part of a notebook's name: the queue shows those that contain it"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "show all notebooks again", show=False, priority=True, id="queue.find.leave"),
        Binding("down", "move(1)", "next notebook", show=False, id="queue.find.next"),
        Binding("up", "move(-1)", "previous notebook", show=False, id="queue.find.previous"),
    ]

    class Moved(Message):
        """Another row is to be in focus.

        Attributes:
            step: How many rows on.
        """

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__("part of a name · Enter · Esc", id=id)

    def action_move(self, step: int) -> None:
        """Moves among the notebooks that are shown."""
        self.post_message(self.Moved(step))
