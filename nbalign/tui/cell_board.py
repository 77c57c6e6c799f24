"""The part of the labelling screen that reads: from cell to cell, searches, figures, and tables moved sideways."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from nbalign.tui.actions import Action, key_name
from nbalign.tui.cell_look import CellKeys
from nbalign.tui.cell_view import CellView
from nbalign.tui.figure_dialog import FigureDialog
from nbalign.tui.figures import why_not_drawn
from nbalign.tui.keys import ACTIONS
from nbalign.tui.plain import content, one_line
from nbalign.tui.search_bar import JumpBar, SearchBar
from nbalign.tui.still import Still
from nbalign.tui.writing import WritingBoard

_BY_ID = {action.id: action for action in ACTIONS}
_SEARCH = ("next", "previous", "end")


class CellBoard(WritingBoard):
    """The board with what one does in a notebook."""

    def show_keys(self) -> None:
        """Names keys, in the cells too."""
        super().show_keys()
        names = (key_name(self.keys_of(action)[0]) for action in map(_action, ("open", "left", "right", "figure")))
        self.cells.name_keys(CellKeys(*names))

    # -- from cell to cell

    def _go_to(self, number: int) -> None:
        self.cells.go_to(number)
        self.show_title()  # in the same paint: the message that the cells send comes after it

    def action_next_cell(self) -> None:
        """Moves to the next cell."""
        self._go_to(self.cells.current + 1)

    def action_previous_cell(self) -> None:
        """Moves to the previous cell."""
        self._go_to(self.cells.current - 1)

    def action_first_cell(self) -> None:
        """Moves to the first cell."""
        self._go_to(1)

    def action_last_cell(self) -> None:
        """Moves to the last cell."""
        sheet = self.scoring.sheet
        if sheet is not None:
            self._go_to(len(sheet.notebook.cells))

    def action_page(self) -> None:
        """Scrolls one screen down."""
        self.cells.page(1)
        self.show_title()

    def action_jump(self) -> None:
        """Opens the field for the number of a cell."""
        if self.scoring.sheet is not None:
            self.query_one(JumpBar).open()

    @on(JumpBar.Asked)
    def _jump_asked(self, event: JumpBar.Asked) -> None:
        sheet = self.scoring.sheet
        if sheet is None:
            return
        count = len(sheet.notebook.cells)
        if not 1 <= event.number <= count:
            self.say(f"no cell {event.number}: this notebook has cells 1 to {count}")
        self.cells.go_to(event.number)

    # -- outputs

    def action_open_outputs(self) -> None:
        """Opens or folds the outputs of the current cell."""
        if not self.cells.toggle_outputs():
            self.say("nothing is folded in this cell")

    def action_outputs_left(self) -> None:
        """Moves wide tables back to the right."""
        self._shift(-1)

    def action_outputs_right(self) -> None:
        """Moves wide tables to the left, so that their right side shows."""
        self._shift(1)

    def _shift(self, direction: int) -> None:
        if not self.cells.shift_outputs(direction):
            self.say(f"nothing more to the {'right' if direction > 0 else 'left'} in this cell")

    @on(CellView.FigureAsked)
    def action_figure(self) -> None:
        """Shows the figures of the current cell large."""
        figures = self.cells.figures
        reasons = [why_not_drawn(image) for image in figures]
        if not figures:
            self.say("no figure in this cell")
        elif all(reasons):
            self.say(f"the figure of this cell cannot be shown: {reasons[0]}")
        else:
            keys = self.keys_of(_action("figure"))
            self.app.push_screen(FigureDialog(figures, self.cells.current, keys))

    # -- searches

    def action_search(self) -> None:
        """Opens the search field."""
        if self.scoring.sheet is not None:
            self.query_one(SearchBar).open()

    def action_next_match(self) -> None:
        """Goes to the next match."""
        self._step_match(1)

    def action_previous_match(self) -> None:
        """Goes to the previous match."""
        self._step_match(-1)

    def _step_match(self, direction: int) -> None:
        self.searching.step(self.cells, direction)
        self.show_found()

    def show_found(self) -> None:
        """Says how many matches a search has, and the keys that lead to them."""
        found = self.query_one("#found", Still)
        words = self.searching.words
        found.set_class(bool(words), "open")
        next_, previous, end = (key_name(self.keys_of(_BY_ID[f"search.{name}"])[0]) for name in _SEARCH)
        keys = f"{next_} next · {previous} previous · {end} ends" if self.searching.matches else f"{end} ends"
        line = content(f"“{one_line(self.searching.needle.text, 40)}”: {words} · {keys}")
        found.say(line.truncate(found.content_size.width, ellipsis=True) if found.content_size.width else line)

    def action_end_search(self) -> None:
        """Ends the search."""
        self.end_search()

    @on(Input.Changed, "#search")
    def _search_typed(self, event: Input.Changed) -> None:
        if self.query_one(SearchBar).is_open:
            self._look(event.value)
            self.show_found()

    @on(Input.Submitted, "#search")
    def _search_entered(self, event: Input.Submitted) -> None:
        self._look(event.value)
        self.action_next_match()

    def _look(self, text: str) -> None:
        sheet = self.scoring.sheet
        if sheet is not None:
            self.searching.look(sheet.notebook, text)
            self.cells.find(self.searching.needle)

    @on(SearchBar.Left, "#search")
    def _search_left(self) -> None:
        if not self.query_one(SearchBar).is_open:  # else it was opened again in the meantime
            self.end_search()


def _action(name: str) -> Action:
    return _BY_ID[f"cell.{name}"]
