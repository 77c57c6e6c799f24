"""The field in which a guideline is written: Enter enters it, Esc leaves it and keeps the words as a draft."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.timer import Timer
from textual.widgets import TextArea

from nbalign.align.guidelines import MOST_CHARACTERS
from nbalign.tui.plain import clean, content
from nbalign.tui.why_area import DRAFT_AFTER


@dataclass(frozen=True, slots=True)
class About:
    """What is written.

    Attributes:
        ref: Id of the guideline that gets other words; empty for a new one.
        dimension: Id of its dimension.
        title: The same for people.
        before: The words it has.
    """

    ref: str
    dimension: str
    title: str
    before: str = ""

    @property
    def key(self) -> str:
        """Under what its draft is kept."""
        return self.ref or f"new:{self.dimension}"


class GuidelineField(TextArea):
    """A text field that shows while it is written in; it tells its words on a pause, on leaving and on Enter."""

    DEFAULT_CSS = """
    GuidelineField { height: 6; display: none; border: tall $accent; padding: 0; }
    GuidelineField.writing { display: block; }
    """
    HELP = "the field for a guideline: one sentence that says what leads to which score"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "leave, keep the draft", show=False, priority=True, id="guideline.leave"),
        Binding("enter", "enter", "enter the guideline", show=False, priority=True, id="guideline.enter"),
    ]

    class Told(Message):
        """Words to be kept.

        Attributes:
            text: All of the text.
            about: What it is about.
            entered: Whether it is to become the guideline; else it is a draft.
        """

        def __init__(self, text: str, about: About, entered: bool) -> None:
            super().__init__()
            self.text, self.about, self.entered = text, about, entered

    class Opened(Message):
        """The field is open, or closed again."""

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, show_line_numbers=False, tab_behavior="focus")
        self._timer: Timer | None = None
        self.about: About | None = None

    @property
    def writing(self) -> bool:
        """Whether the field is open."""
        return self.has_class("writing")

    @property
    def words(self) -> str:
        """The text on one line, as a guideline is."""
        return " ".join(clean(self.text).split())

    def start(self, text: str, about: About) -> None:
        """Opens the field on a text, the cursor at its end."""
        self.about = about
        self.load_text(clean(text))
        self.add_class("writing")
        self._entitle()
        self.screen.set_focus(self)  # at once: focus() waits, and keys typed meanwhile would be commands
        self.move_cursor(self.document.end)
        self.post_message(self.Opened())

    def _entitle(self) -> None:
        if self.about is not None:
            what = "in your words" if self.about.ref else "a new guideline"
            self.border_title = content(f"{what}: {self.about.title}")
        self.border_subtitle = f"{len(self.words)}/{MOST_CHARACTERS} · Enter enters · Esc leaves, the draft is kept"

    async def settled(self) -> None:
        """Waits until the keys on their way to the field are typed; not to be awaited by the field itself."""
        done = asyncio.Event()
        if self.call_later(done.set):
            await done.wait()

    def draft(self) -> tuple[str, About] | None:
        """What would be kept as a draft now; None while nothing is written."""
        return (self.words, self.about) if self.writing and self.about is not None else None

    def close(self) -> None:
        """Closes the field and says nothing; its owner has taken the words."""
        self._stop_timer()
        self.about = None
        self.remove_class("writing")
        if self.screen.focused is self:
            self.screen.set_focus(None)
        self.post_message(self.Opened())

    async def action_leave(self) -> None:
        """Leaves the field; its words are kept as a draft."""
        await self.settled()
        self._tell(entered=False)
        self.close()

    async def action_enter(self) -> None:
        """Hands the words over; whoever takes them closes the field, or says what is wrong with them."""
        await self.settled()
        self._tell(entered=True)

    def _tell(self, *, entered: bool) -> None:
        self._stop_timer()
        if self.about is not None:
            self.post_message(self.Told(self.words, self.about, entered))

    def on_text_area_changed(self, event: TextArea.Changed) -> None:
        """Counts, and waits for a pause."""
        event.stop()
        self._stop_timer()
        if self.writing:
            self._entitle()
            self._timer = self.set_timer(DRAFT_AFTER, self._paused)

    def _paused(self) -> None:
        if self.writing:
            self._tell(entered=False)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    def on_blur(self, event: events.Blur) -> None:
        """Keeps the draft; the field stays open where the whole terminal lost the focus, as in another tmux window."""
        if self.writing and self.screen.focused is not self:
            self._tell(entered=False)
            if self.app.app_focus:
                self.close()
