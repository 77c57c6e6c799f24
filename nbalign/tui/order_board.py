"""The part of the labelling screen that orders the queue, and says why a notebook is where it is."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.style import Style

from nbalign.progress import Progress
from nbalign.tui.desk import Desk
from nbalign.tui.opening import Reader, order_setting
from nbalign.tui.plain import content, one_line
from nbalign.tui.queue_board import QueueBoard
from nbalign.tui.still import Still

if TYPE_CHECKING:
    from nbalign.audit.order import Ordered
    from nbalign.audit.order_kinds import OrderKind

ORDERS: dict[OrderKind, str] = {
    "imported": "as imported",
    "random": "random, yours alone",
    "informative": "most informative",
}
_TELL_EVERY = 25  # notebooks read between two words about it


class OrderBoard(QueueBoard):
    """The board with orders of the queue.

    Args:
        desk: Who works on what.
        first: A notebook to begin with, as `Workspace.notebook` takes it.

    Attributes:
        order: The order that the rater chose.
    """

    class OrderMade(Message):
        """An order is there, or why it is not.

        Attributes:
            kind: What was asked for.
            ordered: The order.
            error: Why there is none.
        """

        def __init__(self, kind: OrderKind, ordered: Ordered | None, error: Exception | None = None) -> None:
            super().__init__()
            self.kind, self.ordered, self.error = kind, ordered, error

    class OrderAdvanced(Message):
        """Some more notebooks are read for it.

        Attributes:
            progress: How many.
        """

        def __init__(self, progress: Progress) -> None:
            super().__init__()
            self.progress = progress

    def __init__(self, desk: Desk, first: str | None) -> None:
        super().__init__(desk, first)
        self.order: OrderKind = "imported"
        self._making = ""  # words about an order that is being made
        self._stop_order = threading.Event()

    def on_unmount(self) -> None:
        """Stops reading notebooks for an order."""
        self._stop_order.set()

    # -- orders

    @on(Reader.Started)
    def _order_started(self, event: Reader.Started) -> None:
        self.order = event.start.ordered.kind
        if event.start.ordered.unread:
            self._make(self.order, read_words=True)
        self.scoring.all_scored = f"all dimensions scored · {self.key('notebook.next_open')} next open notebook"
        self.show_order()

    def action_next_order(self) -> None:
        """Orders the queue another way, and keeps that for this rater."""
        if not self.queue.infos:
            return
        kinds = list(ORDERS)
        self.order = kinds[(kinds.index(self.order) + 1) % len(kinds)]
        workspace, name, kind = self.workspace, order_setting(self.rater), self.order
        self.room_app.clerk.hand(
            lambda: workspace.set_setting(name, kind),
            lambda _: None,
            lambda error: self.not_saved("The order is NOT remembered", error),
        )
        self._make(kind, read_words=False)

    def _make(self, kind: OrderKind, *, read_words: bool) -> None:
        self._stop_order.set()
        self._stop_order = threading.Event()
        self._making = "making the order …"
        self._read_order(kind, read_words, self._stop_order)
        self.show_order()

    @work(thread=True, exclusive=True, group="order", exit_on_error=False)
    def _read_order(self, kind: OrderKind, read_words: bool, cancel: threading.Event) -> None:
        def told(progress: Progress) -> None:
            if progress.done % _TELL_EVERY == 0:
                self.post_message(self.OrderAdvanced(progress))

        try:
            made = self.workspace.queue_order(
                self.rater, kind, self.rubric.id, read_words=read_words, progress=told, cancel=cancel
            )
        except Exception as error:
            if not cancel.is_set():  # else nobody waits for it any more
                self.post_message(self.OrderMade(kind, None, error))
        else:
            if not cancel.is_set():
                self.post_message(self.OrderMade(kind, made))

    @on(OrderAdvanced)
    def _advanced(self, event: OrderAdvanced) -> None:
        if self._making:
            self._making = f"reading {event.progress.done:,}/{event.progress.total:,}"
            self.show_order()

    @on(OrderMade)
    def _made(self, event: OrderMade) -> None:
        if event.kind != self.order:
            return  # the rater has chosen another one since
        self._making = ""
        if event.ordered is None:
            self.order = self.queue.kind
            if event.error is not None:
                self.not_saved("The order cannot be made; the queue stays as it was", event.error)
            self.show_order()
            return
        changed = event.kind != self.queue.kind
        self.queue.arrange(event.ordered)
        if event.ordered.unread and not self._stop_order.is_set():
            self._make(event.kind, read_words=True)
        if changed:
            self.say(f"order: {ORDERS[event.kind]} · {self.key('notebook.next_open')} goes to the next open notebook")
        self.changed()

    def changed(self) -> None:
        """Draws the order too."""
        super().changed()
        self.show_order()

    def show_order(self) -> None:
        """Says how the queue is ordered or filtered, and why the notebook in view stands where it stands."""
        if not self.is_mounted:
            return
        queue, title = self.queue, self.query_one("#queue-title", Still)
        title.auto_links = False
        if queue.needle.strip():
            words, action = (
                f"{len(queue.shown):,} of {len(queue.infos):,}: “{one_line(queue.needle, 40)}”",
                "find_queue",
            )
        else:
            words, action = f"Queue ({ORDERS[self.order]})", "next_order"
            if self._making:
                words = f"Queue · {self._making}"
        line = content(words).stylize(Style.from_meta({"@click": f"screen.{action}"}))
        title.say(line)
        why = self.query_one("#cells-why", Still)
        why.display = bool(queue.reason)
        why.say(content(("why this one: ", "bold"), one_line(queue.reason)))
