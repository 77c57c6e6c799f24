"""The field for the justification: keys type here and score nothing."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from nbalign.labels.checks import MAX_JUSTIFICATION
from nbalign.tui.plain import content
from nbalign.tui.sheet import Sheet

_COUNT_FROM = MAX_JUSTIFICATION - 500  # characters from which the field says how many there are
DRAFT_AFTER = 0.8  # seconds without a key after which what was typed is kept as a draft


@dataclass(frozen=True, slots=True)
class About:
    """What a justification is written for.

    Attributes:
        sheet: The sheet of the notebook.
        dimension: Id of the dimension.
    """

    sheet: Sheet
    dimension: str


class WhyArea(TextArea):
    """A text field that shows while it is written in, and hands its text over on the way."""

    DEFAULT_CSS = """
    WhyArea { height: 9; display: none; border: tall $accent; padding: 0; }
    WhyArea.writing { display: block; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave and save", show=False, priority=True, id="why.leave")
    ]

    class Typed(Message):
        """The rater paused: worth keeping as a draft.

        Attributes:
            text: All of the text.
            about: What it is about, as it was given to `start`.
        """

        def __init__(self, text: str, about: Any) -> None:
            super().__init__()
            self.text, self.about = text, about

    class Opened(Message):
        """The field is open."""

    class Left(Message):
        """The field lost the focus: to be saved.

        Attributes:
            text: All of the text.
            about: What it is about, as it was given to `start`.
        """

        def __init__(self, text: str, about: Any) -> None:
            super().__init__()
            self.text, self.about = text, about

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id, soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self._timer: Timer | None = None
        self.about: Any = None  # rooms write about different things: an `About`, or the key of a pair

    @property
    def writing(self) -> bool:
        """Whether the field is open."""
        return self.has_class("writing")

    @property
    def kept(self) -> str:
        """The text as far as it can be saved: with words that are too long a score would not be saved either."""
        return self.text[:MAX_JUSTIFICATION]

    @property
    def _too_many(self) -> int:
        return max(len(self.text) - MAX_JUSTIFICATION, 0)

    def start(self, text: str, about: Any) -> None:
        """Opens the field on a text, the cursor at its end."""
        self.about = about
        self.load_text(text)
        self.add_class("writing")
        self.post_message(self.Opened())
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands
        self.move_cursor(self.document.end)

    async def settled(self) -> None:
        """Waits until the keys on their way to the field are typed; not to be awaited by the field itself."""
        done = asyncio.Event()
        if self.call_later(done.set):
            await done.wait()

    async def action_leave(self) -> None:
        """Leaves the field; its text is saved on the way out. One that is too long to be saved is to be cut first."""
        await self.settled()
        if self._too_many:
            self.app.bell()
            words = (
                f"{self._too_many:,} characters too many: shorten the text, then leave. So far it is saved up to there."
            )
            self.notify(words, markup=False, severity="warning", timeout=6)
            return
        self._leave()
        self.screen.set_focus(None)

    def _leave(self) -> None:
        self._stop_timer()
        if self.about is not None:
            self.post_message(self.Left(self.kept, self.about))
            if self._too_many and self.app.app_focus:
                lost = f"The last {self._too_many:,} characters of your words were too many and are NOT saved."
                self.notify(lost, markup=False, severity="warning", timeout=15)
        if self.app.app_focus:
            self.remove_class("writing")

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Counts, and waits for a pause."""
        event.stop()
        self._stop_timer()
        count = f"{len(self.text):,} of {MAX_JUSTIFICATION:,}" if len(self.text) > _COUNT_FROM else ""
        self.border_subtitle = content(f"{self._too_many:,} characters too many" if self._too_many else count)
        if self.writing:
            self._timer = self.set_timer(DRAFT_AFTER, self._paused)

    def _paused(self) -> None:
        if self.writing and self.about is not None:
            self.post_message(self.Typed(self.kept, self.about))

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def on_blur(self, event: events.Blur) -> None:
        """Saves; the field stays open only when the whole terminal lost the focus, as on a change of tmux window."""
        if self.writing and self.screen.focused is not self:  # else it was opened again in the meantime
            self._leave()
