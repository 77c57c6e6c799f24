"""The part of the labelling screen that shows evidence: facts, never scores, and none for who wants none."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult

from nbalign.tui.cell_board import CellBoard
from nbalign.tui.desk import Desk
from nbalign.tui.fact_list import FactList, broken_facts, facts_on_their_way, facts_shown, hidden_facts
from nbalign.tui.fact_reader import FactReader
from nbalign.tui.fact_walk import FactWalk
from nbalign.tui.opening import Reader, hides_facts
from nbalign.tui.rubric_panel import RubricPanel
from nbalign.tui.sheet import Sheet

FOLD_BELOW = 30  # rows below which the rubric needs the room: of the facts, only the one in focus shows


class FactBoard(CellBoard):
    """The board with the evidence of the dimension in focus.

    Args:
        desk: Who works on what.
        first: A notebook to begin with, as `Workspace.notebook` takes it.

    Attributes:
        walk: Where the rater stands among the facts.
        facts_wanted: Whether the evidence shows.
    """

    def __init__(self, desk: Desk, first: str | None) -> None:
        super().__init__(desk, first)
        self.walk = FactWalk()
        self.facts_wanted = True

    def compose(self) -> ComposeResult:
        """The board, and who reads the facts."""
        yield from super().compose()
        yield FactReader()

    @property
    def fact_reader(self) -> FactReader:
        """Who reads the facts."""
        return self.query_one(FactReader)

    @on(Reader.Started)
    def _facts_wanted(self, event: Reader.Started) -> None:
        self.facts_wanted = not event.start.facts_hidden

    def sheet_shown(self, sheet: Sheet) -> None:
        """Has the facts read once a notebook is in view."""
        if self.facts_wanted:
            self.fact_reader.read(sheet.notebook)

    @on(FactReader.Read)
    def _facts_read(self, event: FactReader.Read) -> None:
        if event.error is not None:
            self.room_app.write_log(event.error)
        self.show_facts()

    def changed(self) -> None:
        """Draws the facts too."""
        super().changed()
        self.show_facts()

    def on_resize(self, event: events.Resize) -> None:
        """Folds the facts where the rubric needs the room."""
        self.show_facts()

    def show_facts(self) -> None:
        """Draws the facts of the dimension in focus."""
        sheet = self.scoring.sheet
        if not self.is_mounted:
            return
        panel = self.query_one(RubricPanel)
        if sheet is None:
            panel.show_facts(None)
            return
        # Facts are looked up by the notebook in view, so that those of one left behind never show beside it.
        sha256, dimension = sheet.notebook.sha256, sheet.dimension.id
        evidence = self.fact_reader.known(sha256)
        if not self.facts_wanted:
            panel.show_facts(hidden_facts(self.key("evidence.toggle")))
        elif evidence is not None:
            self.walk.take(sha256, dimension, evidence.of(dimension))
            folded, key = self.app.size.height < FOLD_BELOW, self.key("evidence.next")
            panel.show_facts(facts_shown(evidence, self.walk, folded=folded, key=key))
        elif self.fact_reader.broken(sha256):
            panel.show_facts(broken_facts(self.room_app.log_path.name))
        else:
            panel.show_facts(facts_on_their_way())

    # -- actions

    def action_next_fact(self) -> None:
        """Goes to the next cell of the fact in focus, or to the next fact."""
        self._step_fact(1)

    def action_previous_fact(self) -> None:
        """The same backwards."""
        self._step_fact(-1)

    def _step_fact(self, direction: int) -> None:
        sheet = self.scoring.sheet
        if sheet is None:
            return
        if not self.facts_wanted:
            self.say(f"the evidence is hidden: {self.key('evidence.toggle')} shows it")
        elif self.fact_reader.known(sheet.notebook.sha256) is not None:  # else the section says how things stand
            self.walk.step(direction)
            self._go_to_fact()

    @on(FactList.Chosen)
    def _fact_chosen(self, event: FactList.Chosen) -> None:
        if event.fact in self.walk.facts:
            self.walk.choose(self.walk.facts.index(event.fact))
            self._go_to_fact()

    def _go_to_fact(self) -> None:
        self.show_facts()
        if self.walk.cell is not None:
            self.cells.go_to(self.walk.cell)

    def action_toggle_facts(self) -> None:
        """Shows or hides the evidence, for this rater, until the same key is pressed again."""
        self.facts_wanted = not self.facts_wanted
        workspace, name, hidden = self.workspace, hides_facts(self.rater), not self.facts_wanted
        self.room_app.clerk.hand(
            lambda: workspace.set_setting(name, hidden),
            lambda _: None,
            lambda error: self.not_saved("Whether evidence shows is NOT remembered", error),
        )
        if self.scoring.sheet is not None:
            self.sheet_shown(self.scoring.sheet)
        self.show_facts()
