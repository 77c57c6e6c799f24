"""The room `align`: letting the judges learn, and looking at what they learned."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import BindingType

from nbalign.jobs.model import JobState
from nbalign.tui.actions import bindings_of
from nbalign.tui.align.actions import ACTIONS, LAST
from nbalign.tui.align.experts import GuidelineSection
from nbalign.tui.align.sections import SectionedRoom
from nbalign.tui.align.starting import ask_what, spec_for, why_not
from nbalign.tui.align.state import StateSection
from nbalign.tui.align.work import is_alignment, latest_alignment


class AlignRoom(SectionedRoom):
    """Letting the judges learn, and looking at what they learned.

    Args:
        desk: Who works on what.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS, last=LAST)]

    def load(self) -> None:
        """Reads everything again, and how an alignment stands."""
        self._show_job()
        super().load()

    def _show_job(self) -> None:
        states = self.room_app.jobs.states()
        self.query_one(StateSection).show_job(latest_alignment(states, self.workspace.path))

    # -- writing

    async def leave_writing(self) -> None:
        """Keeps what is being written as a draft."""
        if self.guidelines.field.writing:
            await self.guidelines.finish()
            self.guidelines.field.close()

    async def finish_writing(self) -> None:
        """The same, but stays in the field."""
        await self.guidelines.finish()

    async def action_enter_words(self) -> None:
        """Enters the guideline that is being written, such as by a click on the bar."""
        await self.guidelines.field.action_enter()

    async def action_leave_words(self) -> None:
        """Leaves the field."""
        await self.guidelines.field.action_leave()

    # -- guidelines

    def _deciding(self) -> GuidelineSection | None:
        if self._section == "guidelines":
            return self.guidelines
        self.say(f"this decides on guidelines: {self.key('align.section.guidelines')} shows them")
        return None

    def action_accept(self) -> None:
        """Accepts the guideline in focus."""
        if section := self._deciding():
            section.decide("accept")

    def action_pin(self) -> None:
        """Pins it, or takes the pin away."""
        if section := self._deciding():
            section.pin()

    def action_edit(self) -> None:
        """Opens the field for other words."""
        if section := self._deciding():
            section.edit()

    def action_write_new(self) -> None:
        """Opens the field for a new guideline."""
        if section := self._deciding():
            section.write_new()

    def action_undo(self) -> None:
        """Takes the last decision of this session back."""
        if section := self._deciding():
            section.undo()

    def action_filter(self) -> None:
        """Lists guidelines in another state."""
        if section := self._deciding():
            section.filter()

    def action_no(self) -> None:
        """Rejects the guideline in focus; in the section `State`, stops the alignment."""
        if self._section == "state":
            self._stop()
        elif section := self._deciding():
            section.decide("reject")

    # -- alignment

    def action_start(self) -> None:
        """Asks what to align, and starts it."""
        state = self.query_one(StateSection)
        found = state.found
        if found is None or (reason := why_not(found, state.job, self.key)):
            self.say("still reading what there is to learn: press the key again" if found is None else reason)
            return

        def chosen(answer: str | None) -> None:
            if answer is not None:
                self.room_app.jobs.start(spec_for(self.workspace.path, self.rubric, answer.partition(":")[2], found))
                self._show_job()
                self.action_section("state")

        self.app.push_screen(ask_what(found, self.rubric, self.dimension), chosen)

    def _stop(self) -> None:
        job = self.query_one(StateSection).job
        if job is None or job.ended:
            self.say("no alignment is under way")
        else:
            self.room_app.jobs.stop(job.id)
            self.say("stopping; what is finished is kept, and aligning again goes on there")

    def job_changed(self, state: JobState) -> None:
        """Shows how an alignment stands; when work of any kind has ended, reads everything again."""
        super().job_changed(state)
        if is_alignment(state, self.workspace.path):
            self.query_one(StateSection).show_job(state)
        if state.ended and state.spec.workspace.resolve() == self.workspace.path.resolve():
            self.load()
