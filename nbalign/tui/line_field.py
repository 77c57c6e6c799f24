"""A field of one line that shows while one types in it: what to look for, a part of a name, the number of a cell."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from nbalign.tui.room import Room


class LineField(Input):
    """A field that opens on a key and is hidden again once it is left.

    A subclass says in `BINDINGS` which key gives it up (`leave`), under an id of its own and with priority: keys that
    come in one burst with it, as over a slow line, would else be typed into a field that is about to close.

    Args:
        placeholder: What shows while it is empty.
        kwargs: As `Input` takes them.
    """

    DEFAULT_CSS = """
    LineField { display: none; border: none; height: 1; background: $boost; padding: 0 1; }
    LineField:focus { border: none; }
    LineField.open { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "enter", "take what is written", show=False, priority=True)
    ]
    KEEPS: ClassVar[bool] = True  # opens on what it held before, selected; else empty

    class _Told(Message):
        def __init__(self, field: LineField) -> None:
            super().__init__()
            self.field = field

        @property
        def control(self) -> Widget:
            """The field, so that rooms can listen to one by its id."""
            return self.field

    class Left(_Told):
        """The field was given up.

        Attributes:
            field: The field.
        """

    class Closed(_Told):
        """The field is hidden again, given up or not; keys are for the room.

        Attributes:
            field: The field.
        """

    def __init__(self, placeholder: str, **kwargs: Any) -> None:
        super().__init__(placeholder=placeholder, compact=True, **kwargs)

    @property
    def is_open(self) -> bool:
        """Whether it shows."""
        return self.has_class("open")

    def open(self) -> None:
        """Shows the field and takes the focus."""
        if not self.KEEPS:
            self.value = ""
        self.add_class("open")
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands
        self.action_select_all()

    def close(self) -> None:
        """Hides the field; the keys go to the room again."""
        if not self.is_open:
            return
        self.remove_class("open")
        if self.screen.focused is self:
            screen = self.screen
            screen.set_focus(screen.home if isinstance(screen, Room) else None)
        self.post_message(self.Closed(self))

    async def action_enter(self) -> None:
        """Closes, and hands over what is written as `Input.Submitted`."""
        done = asyncio.Event()
        if self.call_later(done.set):  # after the keys that are still on their way to the field
            await done.wait()
        self.close()
        await self.action_submit()

    def action_leave(self) -> None:
        """Gives it up."""
        self.close()
        self.post_message(self.Left(self))

    def on_blur(self, event: events.Blur) -> None:
        """Closes when another part of the screen took the focus, so that no hidden field goes on taking keys."""
        if self.app.app_focus and self.screen.focused is not self:  # else it was opened again in the meantime
            self.close()
