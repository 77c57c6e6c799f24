"""The labelling screen: every key's action, on the board that draws them."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.binding import BindingType

from nbalign.tui.keys import ACTIONS, bindings, score_keys
from nbalign.tui.record_board import RecordBoard
from nbalign.tui.rubric_panel import RubricPanel

NAMES = frozenset(["score", *(action.name for action in ACTIONS)])  # the application's own names have a dot


class LabelScreen(RecordBoard):
    """Labels the notebooks of a workspace by keyboard.

    Args:
        desk: Who works on what.
        first: A notebook to begin with, as `Workspace.notebook` takes it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuses everything but the help while keys belong to a text field."""
        return action == "help" or action not in NAMES or not self.typing

    # -- scores

    def action_score(self, value: int) -> None:
        """Scores the dimension in focus."""
        if value not in self.rubric.scale.values:
            self.say(f"{value} is not on the scale: press {score_keys(self.rubric.scale.values, self.keys_of)}")
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
