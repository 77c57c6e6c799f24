"""The room `evaluate`: experiments and their intervals, down to the notebooks behind each figure."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from nbalign.jobs.model import JobState
from nbalign.tui.actions import Action, bindings_of
from nbalign.tui.evaluate.keys import ACTIONS, CLOSE, OPEN
from nbalign.tui.evaluate.looking import EvaluateLooking
from nbalign.tui.evaluate.plan import Plan
from nbalign.tui.evaluate.reading import Ground, read_start
from nbalign.tui.evaluate.start_dialog import StartDialog
from nbalign.tui.evaluate.working import in_view, is_experiment


class EvaluateRoom(EvaluateLooking):
    """Experiments and their intervals.

    Args:
        desk: Who works on what.
    """

    HELP: ClassVar[str] = (
        "Does what judges learn from raters bring them nearer to the raters? Experiments with intervals, and the "
        "notebooks behind each figure."
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS, last=(OPEN.id, CLOSE.id))]

    def load(self) -> None:
        """Reads what there is, and how an experiment under way stands."""
        state = in_view(self.room_app.jobs.states(), self.workspace.path)
        # One that ended while another room was in view has been told by a notice.
        seen = self.under_way.id if self.under_way is not None else 0
        self.under_way = state if state is not None and (not state.ended or state.id == seen) else None
        super().load()

    def action_start(self) -> None:
        """Asks what to compare."""
        self.read(
            partial(read_start, self.workspace, self.rubric),
            self._ask,
            "What there is to learn from could not be read",
        )

    def _ask(self, ground: Ground) -> None:
        if not ground.scores:
            self.say(f"There are no scores to learn from yet: label notebooks first ({self.key('room.label')})")
        elif self.app.screen is self:
            self.app.push_screen(StartDialog(self.rubric, ground, self.keys_of), partial(self._planned, ground))

    def _planned(self, ground: Ground, plan: Plan | None) -> None:
        if plan is not None:
            self.room_app.jobs.start(plan.job(self.workspace.path, self.rubric.id, ground))

    def action_stop(self) -> None:
        """Stops the experiment under way."""
        if self.under_way is None or self.under_way.ended:
            self.say("no experiment is under way")
        else:
            self.room_app.jobs.stop(self.under_way.id)

    def job_changed(self, state: JobState) -> None:
        """Shows how an experiment stands, and reads the list again when one has been finished."""
        super().job_changed(state)
        if not is_experiment(state, self.workspace.path):
            return
        self.under_way = in_view(self.room_app.jobs.states(), self.workspace.path)
        if state.phase == "done":
            if not self.drilled:  # whoever reads a case is not taken away from it
                self.wanted = str(state.result.get("experiment", ""))
            self.load()
        self.show_under_way()
        self.show_keys()

    def action_write_page(self) -> None:
        """Writes the experiment as a page for a browser."""
        result = self.shown.result if self.shown else None
        if result is None:
            self.say("there is no experiment to write yet")
            return
        folder, load = self.workspace.path, self.workspace.notebook

        def save() -> Path:
            from nbalign.evaluate.report.saving import FOLDER, save_page  # off the screen's thread: it takes a moment

            return save_page(result, folder / FOLDER, load)

        self.read(
            save,
            lambda path: self.notify(
                f"Written: {path}\nIt shows scores and words of all raters: share it as you would share these.",
                markup=False,
                timeout=10,
            ),
            "The page could not be written",
        )
