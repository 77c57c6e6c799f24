"""The part of the labelling screen that finds notebooks by a part of their name."""

from __future__ import annotations

from textual import on
from textual.widgets import Input

from nbalign.tui.line_list import LineList
from nbalign.tui.order_board import OrderBoard
from nbalign.tui.queue_find import QueueFind


class FindBoard(OrderBoard):
    """The board with a filter on its queue."""

    _row = 0  # in focus while a name is typed

    @property
    def finding(self) -> bool:
        """Whether the field for names is open."""
        return self.query_one(QueueFind).is_open

    def action_find_queue(self) -> None:
        """Opens the field for a part of a name."""
        if self.queue.infos:
            self.query_one(QueueFind).open()
            self._row = max(self.queue.cursor, 0)
            self.show_queue()

    @on(Input.Changed, "#queue-find")
    def _name_typed(self, event: Input.Changed) -> None:
        if self.finding:
            self.queue.find(event.value)
            self._show_row(0)

    @on(QueueFind.Moved)
    def _row_moved(self, event: QueueFind.Moved) -> None:
        self._show_row(self._row + event.step)

    def _show_row(self, row: int) -> None:
        self._row = min(max(row, 0), max(len(self.queue.shown) - 1, 0))
        self.query_one("#queue", LineList).fill(len(self.queue.shown), self._row)
        self.show_order()

    @on(Input.Submitted, "#queue-find")
    def _name_entered(self) -> None:
        if not self.queue.shown:
            self.say("no notebook's name contains this")
            self.query_one(QueueFind).open()
            return
        index = self.queue.shown[self._row]
        if index != self.queue.at:
            self.go(index)

    @on(QueueFind.Left, "#queue-find")
    def _find_left(self) -> None:
        if not self.finding:  # else it was opened again in the meantime
            self.show_all()

    def show_all(self) -> None:
        """Takes the filter away."""
        self.query_one(QueueFind).clear()
        self.queue.find("")
        self.changed()

    @on(QueueFind.Closed, "#queue-find")
    def _find_closed(self) -> None:
        self.show_queue()
        self.changed()

    def action_end_search(self) -> None:
        """Ends the search in the notebook; where there is none, the filter of the queue."""
        if self.searching.words or not self.queue.needle:
            self.end_search()
        else:
            self.show_all()

    def show_queue(self) -> None:
        """Shows the queue while a name is typed, however narrow the terminal is."""
        super().show_queue()
        if self.finding:
            self.query_one("#queue-side").display = True
