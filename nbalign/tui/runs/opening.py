"""Opening what is in focus: runs, comparisons, notebooks to be read, and from there the way into the queue."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nbalign.notebooks.model import Notebook
from nbalign.store.notebooks import NotebookInfo
from nbalign.suite.runs.model import Run
from nbalign.tui.align.dialogs import ChoiceDialog
from nbalign.tui.plain import one_line
from nbalign.tui.runs.board_view import BoardView
from nbalign.tui.runs.elsewhere import bring_into_queue
from nbalign.tui.runs.keys import REVEAL
from nbalign.tui.runs.looking import RunsLooking
from nbalign.tui.runs.notebook_dialog import NotebookDialog
from nbalign.tui.runs.pair_view import PairView
from nbalign.tui.runs.run_view import RunView
from nbalign.tui.runs.words import before_queueing


class RunsOpening(RunsLooking):
    """The room but for comparing, deleting and writing."""

    @property
    def run_in_focus(self) -> Run | None:
        """The run that is open, or in focus among all; None where a comparison is in view."""
        if isinstance(self.view, RunView):
            return self.view.run
        return self.shelf.run if self.view is self.shelf else None

    # -- opening

    def action_open(self) -> None:
        """Opens what is in focus: a run, a notebook, or a comparison."""
        view = self.view
        if isinstance(view, RunView):
            self._open_cell(view)
        elif isinstance(view, PairView):
            self._open_changed(view)
        elif isinstance(view, BoardView):
            self._open_place(view)
        elif self.shelf.run is not None:
            self.open_run(self.shelf.run.name)

    def _open_cell(self, view: RunView) -> None:
        made = view.production
        if made is None or not made.notebook:
            self.say("there is no notebook to show" if made else "this notebook is not made yet")
            return
        name = f"{made.case} {made.repeat}" if view.run.repeats > 1 else made.case
        self._read_notebook(made.notebook, f"{name} of {view.run.name}", view.run.name, view.dimension)

    def _open_changed(self, view: PairView) -> None:
        row, found = view.changed, view.pair
        if row is None or found is None:
            self.say("the notebooks that changed stand below the dimensions")
            return
        sides = ((row.notebook_a, found.a.name), (row.notebook_b, found.b.name))
        answers = [(str(n), f"{one_line(row.case, 60)} of {one_line(name, 60)}") for n, (_, name) in enumerate(sides)]
        dimension = row.moves[0].dimension

        def chosen(answer: str | None) -> None:
            if answer is not None:
                sha256, name = sides[int(answer)]
                self._read_notebook(sha256, f"{row.case} of {name}", name, dimension)

        self.app.push_screen(ChoiceDialog("Which notebook?", [], answers), chosen)

    def _open_place(self, view: BoardView) -> None:
        place = view.place_in_focus
        if place is None:
            return
        first = view.places[0]
        if place is first:
            self.open_run(place.run.name)
        else:
            self.open_comparison((place.run.name, first.run.name))

    # -- a notebook

    def _read_notebook(self, sha256: str, title: str, run: str, dimension: str) -> None:
        def show(notebook: Notebook) -> None:
            if self.is_current:
                self.app.push_screen(NotebookDialog(notebook, title, self), partial(self._read, sha256, run, dimension))

        self.read(lambda: self.workspace.notebook(sha256), show, f"{one_line(title, 60)} cannot be opened")

    def _read(self, sha256: str, run: str, dimension: str, cell: int | None) -> None:
        """A notebook was read; a cell's number says that it is to be scored there."""
        if cell is None:
            return

        def found(infos: Sequence[NotebookInfo]) -> None:
            if any(info.sha256 == sha256 for info in infos):
                bring_into_queue(self.room_app.visited(), infos)
                self.app.call_later(self.room_app.open_notebook, sha256, self._known(dimension), cell)
            elif (chosen := self.shelf.named(run)) is not None:
                self._ask_to_queue(chosen, (sha256, dimension, cell))

        self.read(self.workspace.notebooks, found, "The queue cannot be read")

    def _known(self, dimension: str) -> str:
        """The dimension where the rubric at hand has it; empty where it has not."""
        return dimension if any(each.id == dimension for each in self.rubric.dimensions) else ""

    # -- the queue

    def action_queue(self) -> None:
        """Asks whether to put a run's notebooks into the queue."""
        run = self.run_in_focus
        if run is None:
            self.say("open one run, or go to it in the list, to put its notebooks into the queue")
        else:
            self._ask_to_queue(run, None)

    def _ask_to_queue(self, run: Run, go_to: tuple[str, str, int] | None) -> None:
        told = self.shelf.summaries.get(run.name)
        lines = before_queueing(run, told, self.key(REVEAL.id), asked=go_to is not None)
        yes = "put them into the queue" + (" and go there" if go_to else "")
        dialog = ChoiceDialog(
            "Let raters score these notebooks?", lines, [("no", "leave them out of it"), ("yes", yes)]
        )
        self.app.push_screen(dialog, lambda answer: self._queue(run, go_to) if answer == "yes" else None)

    def _queue(self, run: Run, go_to: tuple[str, str, int] | None) -> None:
        def write() -> tuple[int, Sequence[NotebookInfo]]:
            return self.workspace.queue_run(run.name), self.workspace.notebooks()

        def done(found: tuple[int, Sequence[NotebookInfo]]) -> None:
            count, infos = found
            bring_into_queue(self.room_app.visited(), infos)
            many = f"{count:,} notebook{'' if count == 1 else 's'}"
            self.say(f"✔ {many} of {one_line(run.name, 60)} {'is' if count == 1 else 'are'} in the queue")
            if go_to is not None:
                sha256, dimension, cell = go_to
                self.app.call_later(self.room_app.open_notebook, sha256, self._known(dimension), cell)
            else:
                self.load()

        self.write(write, done, "The notebooks are NOT in the queue")
