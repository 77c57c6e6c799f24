"""The field for the justification: keys type here and score nothing."""

from __future__ import annotations

from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

DRAFT_AFTER = 0.8  # seconds without a key after which what was typed is kept as a draft


class WhyArea(TextArea):
    """A text field that shows while it is written in, and hands its text over on the way."""

    DEFAULT_CSS = """
    WhyArea { height: 9; display: none; border: tall $accent; padding: 0; }
    WhyArea.writing { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave and save", show=False, id="why.leave")]

    class Typed(Message):
        """The rater paused: worth keeping as a draft.

        Attributes:
            text: All of the text.
        """

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The field lost the focus: to be saved.

        Attributes:
            text: All of the text.
        """

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self._timer: Timer | None = None

    @property
    def writing(self) -> bool:
        """Whether the field is open."""
        return self.has_class("writing")

    def start(self, text: str) -> None:
        """Opens the field on a text, the cursor at its end."""
        self.load_text(text)
        self.add_class("writing")
        self.focus()
        self.move_cursor(self.document.end)

    def action_leave(self) -> None:
        """Leaves the field; its text is saved on the way out."""
        self.screen.set_focus(None)

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Waits for a pause."""
        event.stop()
        self._stop_timer()
        if self.writing:
            self._timer = self.set_timer(DRAFT_AFTER, self._paused)

    def _paused(self) -> None:
        if self.writing:
            self.post_message(self.Typed(self.text))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def on_blur(self, event: events.Blur) -> None:
        """Saves; the field stays open only when the whole terminal lost the focus, as on a change of tmux window."""
        if not self.writing:
            return
        self._stop_timer()
        self.post_message(self.Left(self.text))
        if self.app.app_focus:
            self.remove_class("writing")
