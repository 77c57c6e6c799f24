"""The room `runs`: what an assistant's notebooks scored, and whether another run is better by more than noise."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual.binding import BindingType

from nbalign.jobs.model import JobState
from nbalign.tui.actions import Action, bindings_of
from nbalign.tui.align.dialogs import ChoiceDialog
from nbalign.tui.plain import one_line
from nbalign.tui.runs.keys import ACTIONS
from nbalign.tui.runs.opening import RunsOpening
from nbalign.tui.runs.pages import write_comparison, write_run
from nbalign.tui.runs.pair_view import PairView
from nbalign.tui.runs.words import before_deleting


class RunsRoom(RunsOpening):
    """What the notebooks of runs scored.

    Args:
        desk: Who works on what.
    """

    HELP: ClassVar[str] = (
        "What the notebooks that an assistant wrote for a suite scored, case by case and dimension by dimension, and "
        "whether another run is better or worse by more than noise. What the judge says of notebooks that wait in your "
        "queue neither shows nor counts before you have scored them."
    )
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]

    def job_changed(self, state: JobState) -> None:
        """Reads anew what a job that ended may have changed."""
        super().job_changed(state)
        if state.ended and self.is_current:
            self.load()

    # -- comparing

    def action_compare(self) -> None:
        """Marks the run in focus; with another one marked, compares them."""
        run, marked = self.run_in_focus, self.shelf.marked
        if run is None:
            self.say("a comparison is in view already")
        elif marked == [run.name]:
            self.action_mark()
        elif not marked:
            marked.append(run.name)
            self.say(f"marked: {self.key('runs.compare')} on another run compares it with {one_line(run.name, 60)}")
            self.draw()
        else:
            self._compare([*marked, run.name] if run.name not in marked else list(marked))

    def action_mark(self) -> None:
        """Marks one more run, or takes its mark away."""
        run, marked = self.run_in_focus, self.shelf.marked
        if run is None:
            self.say("runs are marked in the list")
            return
        if run.name in marked:
            marked.remove(run.name)
        else:
            marked.append(run.name)
        self.draw()

    def _compare(self, names: Sequence[str]) -> None:
        if len(names) == 2:
            self.shelf.marked[:] = names[:1]  # the next one is compared with the same run
        else:
            self.shelf.marked[:] = names
        judges = {run.judge for run in self.shelf.all if run.name in names}
        if len(judges) < 2:
            self._show_compared(names)
            return
        lines = [
            "Different judges scored these runs: a difference may then be one of judges and not of notebooks, and no "
            "measured error covers it.",
            "",
        ]
        answers = [("no", "do not compare them"), ("yes", "compare them all the same")]

        def answered(answer: str | None) -> None:
            if answer == "yes":
                self.allow_across(names)
                self._show_compared(names)

        self.app.push_screen(ChoiceDialog("Compare across judges?", lines, answers), answered)

    def _show_compared(self, names: Sequence[str]) -> None:
        del self.views[1:]
        self.open_comparison(names)

    # -- deleting, writing

    def action_delete(self) -> None:
        """Asks whether to delete a run."""
        run = self.run_in_focus
        if run is None:
            self.say("open one run, or go to it in the list, to delete it")
            return
        lines = before_deleting(run, self.shelf.summaries.get(run.name))
        answers = [("no", "keep it"), ("yes", f"delete {one_line(run.name, 60)}")]
        dialog = ChoiceDialog("Delete this run?", lines, answers)
        self.app.push_screen(dialog, lambda answer: self._delete(run.name) if answer == "yes" else None)

    def _delete(self, name: str) -> None:
        def done(count: int) -> None:
            many = f"{count:,} notebook{'' if count == 1 else 's'}"
            self.say(f"✔ deleted: {one_line(name, 60)} and {many}")
            del self.views[1:]
            self.load()

        self.write(lambda: self.workspace.remove_run(name), done, f"{one_line(name, 60)} is NOT deleted")

    def action_write_page(self) -> None:
        """Writes the run, or the comparison, as a page for a browser."""
        run, view, workspace = self.run_in_focus, self.view, self.workspace
        if run is not None:
            name = run.name
            self._save(partial(write_run, workspace, name))
        elif isinstance(view, PairView) and view.pair is not None:
            self._save(partial(write_comparison, workspace, view.compared.names))
        else:
            self.say("pages are written of a run, or of two that are compared")

    def _save(self, job: partial[Path]) -> None:
        def done(path: Path) -> None:
            said = f"Written: {path}\nIt shows all scores and reasons of the judge, also those that are hidden here."
            self.notify(said, markup=False, timeout=10)

        self.say("writing the page …")
        self.read(job, done, "The page could not be written")
