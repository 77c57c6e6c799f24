"""The field above the queue: what is typed there leaves only the notebooks whose name contains it."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input


class QueueFind(Input):
    """A field that shows while one types a part of a name."""

    HELP = "the field for a part of a notebook's name: the queue shows those that contain it"
    DEFAULT_CSS = """
    QueueFind { display: none; border: none; height: 1; background: $boost; padding: 0 1; }
    QueueFind:focus { border: none; }
    QueueFind.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "show all notebooks again", show=False, id="queue.find.leave"),
        Binding("down", "move(1)", "next notebook", show=False, id="queue.find.next"),
        Binding("up", "move(-1)", "previous notebook", show=False, id="queue.find.previous"),
    ]

    class Left(Message):
        """The field was given up: all notebooks are to show again."""

    class Moved(Message):
        """Another row is to be in focus.

        Attributes:
            step: How many rows on.
        """

        def __init__(self, step: int) -> None:
            super().__init__()
            self.step = step

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, placeholder="part of a name · Enter · Esc", compact=True)

    def open(self) -> None:
        """Shows the field, what it holds selected."""
        self.add_class("open")
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands
        self.action_select_all()

    def close(self) -> None:
        """Hides the field."""
        self.remove_class("open")

    def action_leave(self) -> None:
        """Gives the field up."""
        self.close()
        self.post_message(self.Left())

    def action_move(self, step: int) -> None:
        """Moves among the notebooks that are shown."""
        self.post_message(self.Moved(step))
