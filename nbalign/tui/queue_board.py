"""The part of the labelling screen that goes from notebook to notebook: steps, jumps, flags and the list of them."""

from __future__ import annotations

from textual import on

from nbalign.tui.fact_board import FactBoard
from nbalign.tui.line_list import LineList
from nbalign.tui.plain import one_line
from nbalign.tui.sheet import Sheet


class QueueBoard(FactBoard):
    """The board with ways from one notebook to another."""

    def action_next_notebook(self) -> None:
        """Opens the next notebook, from the last one round to the first."""
        self._step(1)

    def action_previous_notebook(self) -> None:
        """Opens the previous notebook."""
        self._step(-1)

    def _step(self, step: int) -> None:
        if not self.queue.infos:
            return
        index, round_end = self.queue.beside(step)
        if round_end:
            self.say("round the end of the queue")
        self.go(index)

    def action_next_open(self) -> None:
        """Opens the next notebook that is not done."""
        if not self.queue.infos:
            return
        index = self.queue.next_open(fallback=-1)
        if index < 0:
            self.say("no other notebook is open")
        else:
            self.go(index)

    def open_at(self, sha256: str, dimension: str = "", cell: int = 0) -> None:
        """Opens a notebook, and there a dimension and a cell.

        Args:
            sha256: Hash of the notebook; one that is not in the queue is told.
            dimension: Id of the dimension to bring into focus; empty leaves it.
            cell: Number of the cell to make current; 0 leaves it.
        """
        if not self.queue_read:
            self.going_to = (sha256, dimension, cell)  # the queue begins there
            return
        index = next((n for n, info in enumerate(self.queue.infos) if info.sha256 == sha256), -1)
        if index < 0:
            self.say("this notebook is not in the queue: it came after this terminal was opened, or was removed")
            return
        self.going_to = (sha256, dimension, cell)
        if index == self.queue.at and self.scoring.sheet is not None:
            self.sheet_shown(self.scoring.sheet)
            self.changed()
        else:
            self.go(index)

    def sheet_shown(self, sheet: Sheet) -> None:
        """Goes on to the dimension and the cell that were asked for, once their notebook is in view."""
        super().sheet_shown(sheet)
        sha256, dimension, cell = self.going_to
        if sheet.notebook.sha256 == sha256:
            self.going_to = ("", "", 0)
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
        if event.list.id == "queue" and event.index != self.queue.cursor:
            self.go(self.queue.shown[event.index])
