"""What an expert does with guidelines: accept, reject, pin, say in other words, write, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult

from nbalign.align.guidelines import checked_text
from nbalign.errors import UsageError
from nbalign.tui.align.deciding import Decided, expected_state
from nbalign.tui.align.dialogs import ChoiceDialog
from nbalign.tui.align.field import About, GuidelineField
from nbalign.tui.align.guidelines import GuidelineList
from nbalign.tui.align.naming import title_of
from nbalign.tui.plain import one_line

if TYPE_CHECKING:
    from nbalign.align.guidelines import Decision


class GuidelineSection(GuidelineList):
    """The guidelines with the field in which they are written."""

    def compose(self) -> ComposeResult:
        """The list and its page above the field."""
        yield from super().compose()
        yield GuidelineField()

    @property
    def field(self) -> GuidelineField:
        """The field."""
        return self.query_one(GuidelineField)

    # -- decisions

    def decide(self, action: Decision) -> None:
        """Accepts or rejects the guideline in focus."""
        guideline = self.current
        if guideline is None:
            self.room.say("no guideline is in focus")
            return
        ref, decisions = guideline.id, self.decisions
        self.hand(lambda: decisions.decide(action, ref), ref, action, f"“{one_line(guideline.text, 60)}” is NOT saved")

    def pin(self) -> None:
        """Pins the guideline in focus, or takes the pin away."""
        guideline = self.current
        self.decide("unpin" if guideline is not None and guideline.state == "pinned" else "pin")

    def undo(self) -> None:
        """Takes the last decision of this session back."""
        decisions, room = self.decisions, self.room

        def done(found: Decided) -> None:
            if not found.guideline:
                room.say("nothing to take back: you have decided nothing in this session")
                return
            now = next((g for g in found.guidelines if g.id == found.guideline), None)
            self.saved[found.guideline] = "saved"
            self.forget(found.guideline)
            if self.is_attached:
                self.take(found.guidelines, found.guideline if now is not None else "")
            words = f"“{one_line(now.text, 60)}” is {now.state} again" if now is not None else "the new one is gone"
            room.say(f"taken back: {words}")

        room.room_app.clerk.hand(
            decisions.take_back, done, lambda error: room.not_saved("Your last decision is NOT taken back", error)
        )

    # -- decisions on their way

    def hand(self, job: Callable[[], Decided], ref: str, action: str, what: str) -> None:
        """Hands a decision to the store; it shows at once, and as saved when the store says so.

        Args:
            job: Writes it; runs on the clerk's thread.
            ref: Id of the guideline; empty for a new one.
            action: What is decided.
            what: What did not happen if it fails, one sentence without a full stop.
        """
        room = self.room  # a widget whose room is closed by then has none any more
        known = next((each for each in self.guidelines if each.id == ref), None)
        if known is not None:
            self.saved[ref] = "saving"
            self.flights[ref] = (self.flights.get(ref, (0, known.state))[0] + 1, expected_state(action, known.state))
            self.take(self.guidelines)

        def over() -> None:
            count = self.flights.pop(ref, (0, "proposed"))
            if count[0] > 1:
                self.flights[ref] = (count[0] - 1, count[1])

        def done(found: Decided) -> None:
            over()
            self.saved[found.guideline] = "saving" if found.guideline in self.flights else "saved"
            self.forget(found.guideline)
            if not ref:
                self.state = self.needle = ""  # a new one shall be seen
            if self.is_attached:
                self.take(found.guidelines, found.guideline if not ref else "")

        def failed(error: Exception) -> None:
            over()
            if known is not None:
                self.saved[ref] = "failed"
            room.not_saved(what, error)
            if self.is_attached:
                self.load()

        room.room_app.clerk.hand(job, done, failed)

    # -- words

    def edit(self) -> None:
        """Opens the field on the words of the guideline in focus, or on what was begun of others."""
        guideline = self.current
        if guideline is None:
            self.room.say("no guideline is in focus")
            return
        title = title_of(self.room.rubric, guideline.dimension)
        about = About(guideline.id, guideline.dimension, title, guideline.text)
        self.field.start(self.drafts.get(about.key, "") or guideline.text, about)

    def write_new(self) -> None:
        """Opens the field for a new guideline of the dimension in focus; without one in focus, asks for it."""
        rubric = self.room.rubric
        if self.room.dimension:
            self._new(self.room.dimension)
            return

        def chosen(dimension: str | None) -> None:
            if dimension:
                self._new(dimension)

        answers = [(d.id, d.title) for d in rubric.dimensions]
        at = self.current.dimension if self.current is not None else ""
        self.app.push_screen(ChoiceDialog("A new guideline for which dimension?", [], answers, at), chosen)

    def _new(self, dimension: str) -> None:
        about = About("", dimension, title_of(self.room.rubric, dimension))
        self.field.start(self.drafts.get(about.key, ""), about)

    @on(GuidelineField.Opened)
    def _name_keys(self) -> None:
        self.room.show_keys()

    @on(GuidelineField.Told)
    def _told(self, event: GuidelineField.Told) -> None:
        event.stop()
        about, text = event.about, event.text
        unchanged = text == about.before or not text
        if not event.entered:
            self.keep(about, "" if unchanged else text)
        elif unchanged:
            self.keep(about, "")
            self.field.close()
        else:
            self._enter(about, text)

    def _enter(self, about: About, text: str) -> None:
        try:
            checked_text(text)
        except UsageError as error:
            self.keep(about, text)
            self.room.say(f"{error.message}. {error.hint}")
            return
        decisions, drafts, key = self.decisions, self.written, about.key
        write: Callable[[], Decided]
        if about.ref:
            write, action = (lambda: decisions.edit(about.ref, text)), "edit"
        else:
            write, action = (lambda: decisions.write(about.dimension, text)), "write"
        self.drafts = {name: words for name, words in self.drafts.items() if name != key}
        self.field.close()

        def job() -> Decided:
            drafts.keep(key, text)  # first, so that words which cannot become a guideline are not lost
            found = write()
            drafts.keep(key, "")
            return found

        what = f"“{one_line(text, 60)}” is NOT saved, but kept as a draft"
        self.hand(job, about.ref, action, what)

    def keep(self, about: About, text: str) -> None:
        """Keeps words that are not entered; empty ones forget the draft."""
        if self.drafts.get(about.key, "") == text:
            return
        drafts, key = self.written, about.key
        self.drafts = {
            **{name: words for name, words in self.drafts.items() if name != key},
            **({key: text} if text else {}),
        }
        self.room.write(lambda: drafts.keep(key, text), lambda _: self.draw(), "The draft of your words is NOT saved")

    async def finish(self) -> None:
        """Keeps what is being written as a draft, such as before quitting."""
        if self.field.writing:
            await self.field.settled()
            kept = self.field.draft()
            if kept is not None:
                self.keep(kept[1], "" if kept[0] == kept[1].before else kept[0])
