"""Looking at experiments: reading them, moving among figures, and down to the notebooks behind one."""

from __future__ import annotations

from functools import partial

from textual import events, on

from nbalign.evaluate.experiment.cases import Cases
from nbalign.tui.desk import Desk
from nbalign.tui.evaluate.board import VIEWS
from nbalign.tui.evaluate.case_words import CaseWords
from nbalign.tui.evaluate.cursor import Cursor
from nbalign.tui.evaluate.drawing import EvaluateDrawing
from nbalign.tui.evaluate.keys import OPEN
from nbalign.tui.evaluate.lines import Lines
from nbalign.tui.evaluate.reading import Entry, Shelf, Shown, read_cases, read_experiment, read_shelf
from nbalign.tui.line_list import LineList


class EvaluateLooking(EvaluateDrawing):
    """The room but for what starts, stops and writes experiments.

    Args:
        desk: Who works on what.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wanted = ""  # id of an experiment to show as soon as it is on the shelf
        self._asked = 0  # which reading of notebooks behind a figure is waited for; another one is too late

    # -- reading

    def load(self) -> None:
        """Reads which experiments there are, and anew what labels may have changed."""
        self.read(
            partial(read_shelf, self.workspace, self.rubric), self._shelf_read, "The experiments could not be read"
        )
        if self.cases is not None:
            self._read_cases(self.cases.arm, self.cases.dimension)

    def _shelf_read(self, shelf: Shelf) -> None:
        before = self.shown.entry.id if self.shown else ""
        ids = [entry.id for entry in shelf.entries]
        wanted = next((ref for ref in (self.wanted, before) if ref in ids), None)
        self.shelf, self.shelf_read, self.wanted = shelf, True, ""
        if ids:
            self._go(ids.index(wanted) if wanted else 0)
        else:
            self.shown = None
            self._drop_cases()
            self.show()

    def _go(self, index: int) -> None:
        """Shows an experiment of the shelf."""
        entry = self.shelf.entries[index]
        self.at = index
        if self.shown is None or self.shown.entry != entry:
            self._drop_cases()
            what = "The experiment could not be read"
            self.read(partial(read_experiment, self.workspace, entry), self._experiment_read, what)
        self.show()

    def _experiment_read(self, shown: Shown) -> None:
        if shown.entry != self._entry:
            return  # another one was chosen in the meantime
        self.shown = shown
        figures = shown.figures
        if figures is not None and shown.result is not None:
            arm = figures.arms.index(figures.best) if figures.best in figures.arms else 0
            self.place = Cursor(len(figures.dimensions), len(figures.arms), 0, arm)
            self.case_words = CaseWords(shown.result)
        self.query_one("#ev-words").scroll_home(animate=False)
        self.show()

    @property
    def _entry(self) -> Entry | None:
        return self.shelf.entries[self.at] if self.at < len(self.shelf.entries) else None

    def _read_cases(self, arm: str, dimension: str) -> None:
        result = self.shown.result if self.shown else None
        if result is None:
            return
        self._asked += 1
        job = partial(read_cases, self.desk, result, arm, dimension, reveal=self.revealed)
        self.read(job, partial(self._cases_read, self._asked), "The notebooks could not be read")

    def _cases_read(self, asked: int, cases: Cases) -> None:
        # What was asked for with other eyes, of another figure, or left meanwhile, must not come into view late.
        if asked != self._asked:
            return
        now = (self.case.notebook, self.case.dimension) if self.case else None
        self.cases = cases
        # Where a label was changed meanwhile the order is another one; what was in focus stays so.
        self.case_at = next((n for n, case in enumerate(cases.shown) if (case.notebook, case.dimension) == now), 0)
        self.show()

    def _drop_cases(self) -> None:
        self.cases, self.case_at, self.revealed = None, 0, False
        self._asked += 1

    def on_resize(self, event: events.Resize) -> None:
        """Fits everything to the size."""
        self.call_after_refresh(self.show)

    # -- moving

    def action_move(self, step: int) -> None:
        """Moves to another line of what is in view."""
        if self.list_covers:
            self._step(step)
        elif self.cases is not None:
            self._to_case(self.case_at + step)
        elif self.in_view == "words":
            self.query_one("#ev-words").scroll_relative(y=step, animate=False)
        elif self.in_view == "table":
            self._to(self.place.to(self.place.dimension + step, self.place.arm))
        else:
            self._to(self.place.to_line(self.place.line + step))

    def action_move_arm(self, step: int) -> None:
        """Moves to another arm of the same dimension."""
        self._to(self.place.to(self.place.dimension, self.place.arm + step))

    def action_move_dimension(self, step: int) -> None:
        """Moves to another dimension of the same arm."""
        self._to(self.place.to(self.place.dimension + step, self.place.arm))

    def action_first(self) -> None:
        """Moves to the first line."""
        self.action_move(-1_000_000)

    def action_last(self) -> None:
        """Moves to the last line."""
        self.action_move(1_000_000)

    def action_page(self, direction: int) -> None:
        """Moves by a screen; where one case is in view, by a screen of its words."""
        if self.cases is not None:
            self.query_one("#ev-case").scroll_page_down(animate=False) if direction > 0 else self.query_one(
                "#ev-case"
            ).scroll_page_up(animate=False)
            return
        self.action_move(direction * max(self.query_one("#ev-views").size.height - 2, 1))

    def _to(self, place: Cursor) -> None:
        if self.cases is None and self.place.arms:
            self.place = place
            self.show_figures()

    def _to_case(self, index: int) -> None:
        if self.cases is not None and self.cases.shown:
            self.case_at = max(0, min(index, len(self.cases.shown) - 1))
            self.query_one("#ev-case").scroll_home(animate=False)
            self.show_cases()

    # -- opening and leaving

    async def action_open(self) -> None:
        """Shows the notebooks behind the figure in focus; there, goes to the notebook in focus."""
        case = self.case
        if self.list_covers:
            self.list_wanted = None
            self.show()
        elif case is not None:
            cells = [cell for label in case.said for cell in label.cells]
            await self.room_app.open_notebook(case.notebook, case.dimension, cells[0] if cells else 0)
        elif self.cases is None and self.shown is not None and self.shown.figures is not None and self.place.arms:
            figures = self.shown.figures
            self._read_cases(figures.arms[self.place.arm], figures.dimensions[self.place.dimension][0])

    def action_leave(self) -> None:
        """Goes back to the figures; from a list that covers them, to them."""
        if self.list_covers:
            self.list_wanted = None
        else:
            if self.cases is None and self.under_way is not None and self.under_way.ended:
                self.under_way = None  # it was read
            self._drop_cases()
        self.show()

    def action_reveal(self) -> None:
        """Shows what the rater has not scored, or hides it again."""
        if self.cases is None:
            self.say(f"{self.key(OPEN.id)} lists the notebooks behind a figure first")
            return
        self.revealed = not self.revealed
        self._read_cases(self.cases.arm, self.cases.dimension)

    def action_view(self, view: str) -> None:
        """Shows chart, table or words."""
        self.in_view = view if view in VIEWS else VIEWS[0]
        self.show()

    def action_next_view(self) -> None:
        """Goes on to the next view."""
        if self.cases is None:
            self.action_view(VIEWS[(VIEWS.index(self.in_view) + 1) % len(VIEWS)])

    def action_toggle_list(self) -> None:
        """Shows or hides the list of experiments."""
        self.list_wanted = not self.has_class("listed")
        self.show()

    def action_next_experiment(self) -> None:
        """Shows the next experiment, from the last one round to the first."""
        self._step(1)

    def action_previous_experiment(self) -> None:
        """Shows the previous experiment."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if self.shelf.entries:
            self._go((self.at + step) % len(self.shelf.entries))

    @on(LineList.Chosen)
    def _entry_chosen(self, event: LineList.Chosen) -> None:
        if event.list.id == "ev-list":
            if self.list_covers:
                self.list_wanted = None
            self._go(event.index)

    @on(Lines.Pressed)
    async def _line_pressed(self, event: Lines.Pressed) -> None:
        """A first click brings a line into focus, one on the line in focus opens it."""
        before = (self.place, self.case_at)
        if event.lines.id == "ev-case-lines":
            self._to_case(event.index)
        elif self.shown is not None and self.shown.chart is not None and self.shown.table is not None:
            if event.lines.id == "ev-chart-lines":
                dimension, arm = self.shown.chart.place_of(event.index)
                self.in_view = "chart"
            else:
                dimension, arm = (
                    event.index,
                    self.shown.table.columns(event.lines.width, self.place.arm).arm_at(event.x),
                )
                self.in_view = "table"
            self._to(self.place.to(dimension, self.place.arm if arm is None else arm))
        if (self.place, self.case_at) == before:
            await self.action_open()
