"""The part of the labelling screen that shows what the rater did last, and takes back one step of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nbalign.labels.model import Label
from nbalign.labels.steps import Step
from nbalign.tui.find_board import FindBoard
from nbalign.tui.history_dialog import HistoryDialog
from nbalign.tui.history_words import title_of

_STEPS = 200  # as far back as the list goes
_FAILED = "This step is NOT taken back"


@dataclass(frozen=True, slots=True)
class _TakenBack:
    steps: Sequence[Step]
    labels: Sequence[Label]
    marks: set[str]


class HistoryBoard(FindBoard):
    """The board with the rater's history."""

    def action_history(self) -> None:
        """Shows what the rater did last."""
        workspace, rater, rubric = self.workspace, self.rater, self.rubric.id
        names = {info.sha256: info.name for info in self.queue.infos}
        action = next(a for a in self.ACTIONS if a.id == "history.show")
        dialog = HistoryDialog(names, self.rubric, self.room_app.keys_of, self._take_back, self.keys_of(action))
        self.app.push_screen(dialog, self._go_to_step)
        # As a write: what is on its way into the store belongs to the history, too.
        self.write(lambda: workspace.steps(rater, rubric, _STEPS), dialog.fill, "Your history cannot be read")

    async def _go_to_step(self, step: Step | None) -> None:
        if step is None:
            return
        if step.role == "decision":
            await self.room_app.open_conflict(step.notebook, step.dimension)
        else:
            self.open_at(step.notebook, step.dimension)

    def _take_back(self, step: Step, then: Callable[[Sequence[Step], str], None]) -> None:
        workspace, rater, rubric = self.workspace, self.rater, self.rubric.id
        sheet = self.scoring.sheet
        in_view = sheet is not None and sheet.notebook.sha256 == step.notebook

        def job() -> _TakenBack:
            notebook = step.notebook
            before = []
            if not step.is_mark:
                before = workspace.labels(notebook, rubric, step.dimension, rater, "rater")
            workspace.undo_step(step, "tui")
            labels = workspace.labels(notebook, rubric, rater=rater, role="rater")
            gone = before and not any(label.dimension == step.dimension for label in labels)
            if gone and not in_view and not workspace.draft(step.notebook, rubric, step.dimension, rater):
                # The score is gone, the words were work: they stay as a draft, as after any undo.
                words = before[0]
                workspace.save_draft(step.notebook, rubric, step.dimension, rater, words.justification, words.cells)
            marks = workspace.flags(rater).get(step.notebook, set())
            return _TakenBack(workspace.steps(rater, rubric, _STEPS), labels, marks)

        def done(found: _TakenBack) -> None:
            self.scoring.taken_back(step.notebook, step.dimension, found.labels, found.marks)
            then(found.steps, f"taken back: {title_of(step, self.rubric)}")

        def failed(error: Exception) -> None:
            self.not_saved(_FAILED, error)
            self.room_app.reader.hand(
                lambda: workspace.steps(rater, rubric, _STEPS),
                lambda steps: then(steps, _FAILED),
                lambda again: self.not_saved("Your history cannot be read", again),
            )

        self.room_app.clerk.hand(job, done, failed)
