"""The application's jobs: started when first needed, told in every room, ended with it."""

from __future__ import annotations

import asyncio
from typing import Literal

from textual.message import Message

from nbalign.jobs.desk import Jobs
from nbalign.jobs.model import JobState
from nbalign.tui.jobs.dialog import JobsDialog, LeaveDialog
from nbalign.tui.jobs.words import brief, notice
from nbalign.tui.room import Room
from nbalign.tui.shell import Shell

_SECONDS = 12.0  # that the notice of an ended job stays


class JobChanged(Message):
    """A job stands otherwise than before.

    Attributes:
        state: How.
    """

    def __init__(self, state: JobState) -> None:
        super().__init__()
        self.state = state


class Working(Shell):
    """An application with long work beside it."""

    _jobs: Jobs | None = None
    _may_leave = False

    @property
    def jobs(self) -> Jobs:
        """The jobs of this application."""
        if self._jobs is None:
            self._jobs = Jobs(self._job_news)
        return self._jobs

    @property
    def work_words(self) -> str:
        """The work under way in a few words; empty while there is none."""
        return brief(self._jobs.states()) if self._jobs is not None else ""

    def _job_news(self, state: JobState) -> None:
        # On a thread of the jobs: a message brings it to the screen's.
        self.post_message(JobChanged(state))

    def on_job_changed(self, event: JobChanged) -> None:
        """Tells every room that was opened; an end is told on the screen, too."""
        state = event.state
        if state.ended:
            severity: Literal["error", "information"] = "error" if state.phase == "failed" else "information"
            self.notify(notice(state), severity=severity, timeout=_SECONDS, markup=False)
        for stack in self._screen_stacks.values():
            for screen in stack:
                if isinstance(screen, Room | JobsDialog) and screen.is_mounted:
                    try:
                        screen.job_changed(state)
                    except Exception as error:
                        self.unexpected(error)

    def action_jobs(self) -> None:
        """Shows all jobs."""
        if isinstance(self.screen, Room):  # over a dialog another one would bury it
            self.push_screen(JobsDialog(self._jobs, self.keys_of))

    # -- leaving

    def asks_about_work(self) -> bool:
        """Whether quitting has to wait for an answer: work is under way, and nobody has said yet to stop it.

        The answer is asked for here; when it is yes, quitting is tried again.
        """
        if self._may_leave or not self.work_words:
            return False
        if isinstance(self.screen, LeaveDialog):
            return True

        def answered(leave: bool | None) -> None:
            if leave:
                self._may_leave = True
                self.call_later(self.run_action, "quit")

        self.push_screen(LeaveDialog(self.work_words), answered)
        return True

    async def end_work(self) -> None:
        """Stops all jobs; returns when they are gone."""
        if self._jobs is not None:
            await asyncio.to_thread(self._jobs.close)

    def on_unmount(self) -> None:
        """Leaves no process behind, however the application ends."""
        if self._jobs is not None:
            self._jobs.close(0.5)
