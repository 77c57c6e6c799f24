"""The labelling screen: every key's action, on the board that draws them."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.widgets import Input

from nbalign.tui.fact_board import FactBoard
from nbalign.tui.keys import ACTIONS, bindings, scale_keys
from nbalign.tui.line_list import LineList
from nbalign.tui.plain import one_line
from nbalign.tui.rubric_panel import RubricPanel
from nbalign.tui.search_bar import SearchBar
from nbalign.tui.sheet import Sheet

NAMES = frozenset(["score", *(action.name for action in ACTIONS)])  # the application's own names have a dot


class LabelScreen(FactBoard):
    """Labels the notebooks of a workspace by keyboard.

    Args:
        desk: Who works on what.
        first: A notebook to begin with, as `Workspace.notebook` takes it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    _going_to: tuple[str, str, int] = ("", "", 0)  # what `open_at` waits for

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuses everything but the help while keys belong to a text field."""
        return action == "help" or action not in NAMES or not self.typing

    # -- scores

    def action_score(self, value: int) -> None:
        """Scores the dimension in focus."""
        if value not in self.rubric.scale.values:
            self.say(f"{value} is not on the scale: press {scale_keys(self.rubric.scale.values)}")
            return
        if self.scoring.sheet is None:
            self.say(self.nothing_scored)
        self.scoring.score(value)

    def action_next_dimension(self) -> None:
        """Moves to the next dimension."""
        self._move_dimension(1)

    def action_previous_dimension(self) -> None:
        """Moves to the previous dimension."""
        self._move_dimension(-1)

    def _move_dimension(self, step: int) -> None:
        if self.scoring.sheet is not None:
            self.scoring.sheet.move(step)
            self.changed()

    def action_cite(self) -> None:
        """Cites the current cell."""
        self.scoring.cite(self.cells.current)

    def action_undo(self) -> None:
        """Takes back one step."""
        self.scoring.undo()

    def action_redo(self) -> None:
        """Does it again."""
        self.scoring.undo(back=False)

    def action_reveal(self) -> None:
        """Shows or hides the judge."""
        self.scoring.reveal()

    def action_rubric_down(self) -> None:
        """Scrolls the rubric down."""
        self.query_one(RubricPanel).scroll_rubric(4)

    def action_rubric_up(self) -> None:
        """Scrolls the rubric up."""
        self.query_one(RubricPanel).scroll_rubric(-4)

    @on(RubricPanel.DimensionChosen)
    def _dimension_chosen(self, event: RubricPanel.DimensionChosen) -> None:
        self.set_focus(self.cells)  # leaves, and so saves, what is being written
        if self.scoring.sheet is not None:
            self.scoring.sheet.focus = event.index
            self.changed()

    # -- cells

    def action_next_cell(self) -> None:
        """Moves to the next cell."""
        self.cells.go_to(self.cells.current + 1)

    def action_previous_cell(self) -> None:
        """Moves to the previous cell."""
        self.cells.go_to(self.cells.current - 1)

    def action_first_cell(self) -> None:
        """Moves to the first cell."""
        self.cells.go_to(1)

    def action_last_cell(self) -> None:
        """Moves to the last cell."""
        sheet = self.scoring.sheet
        if sheet is not None:
            self.cells.go_to(len(sheet.notebook.cells))

    def action_page(self) -> None:
        """Scrolls one screen down."""
        self.cells.page(1)

    def action_open_outputs(self) -> None:
        """Opens or folds the outputs of the current cell."""
        if not self.cells.toggle_outputs():
            self.say("nothing is folded in this cell")

    def action_search(self) -> None:
        """Opens the search field."""
        if self.scoring.sheet is not None:
            self.query_one(SearchBar).open()

    def action_next_match(self) -> None:
        """Goes to the next match."""
        self.searching.next(self.cells)
        self.show_found()

    def action_end_search(self) -> None:
        """Ends the search."""
        self.end_search()

    @on(Input.Changed, "#search")
    def _search_typed(self, event: Input.Changed) -> None:
        sheet = self.scoring.sheet
        if sheet is not None and self.query_one(SearchBar).has_class("open"):
            self.searching.look(sheet.notebook, event.value)
            self.cells.find(self.searching.needle)
            self.show_found()

    @on(Input.Submitted, "#search")
    def _search_entered(self, event: Input.Submitted) -> None:
        sheet = self.scoring.sheet
        if sheet is not None:
            self.searching.look(sheet.notebook, event.value)
            self.cells.find(self.searching.needle)
            self.action_next_match()
        self.query_one(SearchBar).close()
        self.set_focus(self.cells)

    @on(SearchBar.Left)
    def _search_left(self) -> None:
        self.end_search()
        self.set_focus(self.cells)

    # -- queue

    def action_next_notebook(self) -> None:
        """Opens the next notebook, from the last one round to the first."""
        self._step(1)

    def action_previous_notebook(self) -> None:
        """Opens the previous notebook."""
        self._step(-1)

    def _step(self, step: int) -> None:
        count = len(self.queue.infos)
        if count:
            index = (self.queue.at + step) % count
            if index != self.queue.at + step:
                self.say("round the end of the queue")
            self.go(index)

    def open_at(self, sha256: str, dimension: str = "", cell: int = 0) -> None:
        """Opens a notebook, and there a dimension and a cell.

        Args:
            sha256: Hash of the notebook; one that is not in the queue is told.
            dimension: Id of the dimension to bring into focus; empty leaves it.
            cell: Number of the cell to make current; 0 leaves it.
        """
        index = next((n for n, info in enumerate(self.queue.infos) if info.sha256 == sha256), -1)
        if index < 0:
            self.say("this notebook is not in the queue")
            return
        self._going_to = (sha256, dimension, cell)
        if index == self.queue.at and self.scoring.sheet is not None:
            self.sheet_shown(self.scoring.sheet)
            self.changed()
        else:
            self.go(index)

    def sheet_shown(self, sheet: Sheet) -> None:
        """Goes on to the dimension and the cell that were asked for, once their notebook is in view."""
        super().sheet_shown(sheet)
        sha256, dimension, cell = self._going_to
        if sheet.notebook.sha256 == sha256:
            self._going_to = ("", "", 0)
            sheet.focus_on(dimension)
            if cell:
                self.cells.go_to(cell)

    def action_flag(self) -> None:
        """Flags the notebook, or takes the flag away."""
        if self.queue.infos:
            sha = self.queue.info.sha256
            self.scoring.set_flag(sha, "flagged", not self.queue.marked(sha, "flagged"))

    def action_skip(self) -> None:
        """Skips the notebook for now; a second time takes the mark away."""
        if not self.queue.infos:
            return
        skipped = self.queue.marked(sha := self.queue.info.sha256, "skipped")
        self.scoring.set_flag(sha, "skipped", not skipped)
        if skipped:
            self.say("no longer skipped")
            return
        index = self.queue.next_open(fallback=-1)
        if index < 0:
            self.say("skipped; no other notebook is open")
        else:
            self.say(f"skipped {one_line(self.queue.info.name, 40)}: it comes back after the others")
            self.go(index)

    def action_toggle_queue(self) -> None:
        """Shows or hides the queue."""
        self.queue_wanted = not self.query_one("#queue-side").display
        self.show_queue()

    @on(LineList.Chosen)
    def _notebook_chosen(self, event: LineList.Chosen) -> None:
        self.set_focus(self.cells)
        if event.list.id == "queue" and event.index != self.queue.at:
            self.go(event.index)
