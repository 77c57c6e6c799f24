"""Moving in what is in view: rows, dimensions, views, names, and the mouse."""

from __future__ import annotations

from textual import events, on
from textual.containers import VerticalScroll
from textual.widgets import Input

from nbalign.tui.evaluate.lines import Lines
from nbalign.tui.page import Page
from nbalign.tui.runs.board_view import BoardView
from nbalign.tui.runs.fetching import RunsFetching
from nbalign.tui.runs.find_field import RunFind
from nbalign.tui.runs.pair_view import PairView
from nbalign.tui.runs.run_view import RunView


class RunsLooking(RunsFetching):
    """The room but for what acts on runs."""

    def on_resize(self, event: events.Resize) -> None:
        """Fits everything to the size."""
        self.call_after_refresh(self.draw)

    def action_move(self, step: int) -> None:
        """Moves to another row; where there is no run, scrolls the words."""
        if not self.shelf.all:
            self.query_one("#runs-empty", VerticalScroll).scroll_relative(y=step, animate=False)
        else:
            self._go(self.view.at + step)

    def action_ends(self, last: bool) -> None:
        """Moves to the first or the last row."""
        self._go(self.view.count() - 1 if last else 0)

    def _go(self, index: int) -> None:
        self.view.go(index)
        self.draw()

    def action_move_dimension(self, step: int) -> None:
        """Moves to another dimension."""
        self.view.turn(step)
        self.draw()

    def action_page(self, step: int) -> None:
        """Scrolls what is told."""
        self.query_one("#runs-page", Page).scroll_page(step)

    def action_next_view(self) -> None:
        """Tells of the whole instead of the row, or of the row again."""
        if self.view is self.shelf:
            self.say(f"{self.key('runs.open')} opens a run first")
        else:
            self.view.whole = not self.view.whole
            self.draw()

    def action_leave(self) -> None:
        """Goes back one view; among the runs ends the search, then forgets the marks."""
        if self.waiting:
            self.asked += 1
            self.waiting = ""
            self.read_all(failed=True)
            self.call_later(self.next_summary)
        elif self.view.needle:
            self.view.find("")
        elif self.view.whole:
            self.view.whole = False
        elif len(self.views) > 1:
            self.views.pop()
            if self.view is self.shelf:
                self._see(everything=False)
        else:
            self.shelf.marked.clear()
        self.draw()

    def action_run(self, step: int) -> None:
        """Goes to the next or the previous run, into it where one is open."""
        if not isinstance(self.view, RunView):
            self._go(self.view.at + step)
            return
        names = [run.name for run in self.shelf.all]
        index = names.index(self.view.run.name) + step if self.view.run.name in names else 0
        if 0 <= index < len(names):
            del self.views[1:]
            self._see(everything=False)
            self.shelf.find("")
            self.shelf.go(index)
            self.open_run(names[index])
        else:
            self.say("there is no other run on this side")

    def action_reveal(self) -> None:
        """Shows what the rater has not scored, or hides it again."""
        self._see(everything=not self.revealed)
        # Whatever shows hidden scores goes at once, and does not wait for what is to stand there instead.
        top = self.view
        del self.views[1:]
        if isinstance(top, RunView):
            self.open_run(top.run.name, top)
        elif isinstance(top, (PairView, BoardView)):
            self.open_comparison(top.compared.names, top)
        self.draw()

    def _see(self, *, everything: bool) -> None:
        """Shows what is hidden, on purpose, or hides it: who opens another run later does not see it unasked."""
        if everything != self.revealed:
            self.revealed = self.shelf.revealed = everything
            self.shelf.summaries.clear()
            self.to_read = list(self.shelf.all)
            self.call_later(self.next_summary)

    # -- finding

    def action_find(self) -> None:
        """Asks for a part of a name."""
        if not self.view.FINDS or not self.shelf.all:
            self.say("there is nothing to find here by name")
            return
        field = self.query_one(RunFind)
        field.placeholder = f"{self.view.FINDS} · Enter keeps it · Esc shows all"
        field.value = self.view.needle
        field.open()

    @on(Input.Changed, "#runs-find")
    def _find_typed(self, event: Input.Changed) -> None:
        if self.query_one(RunFind).is_open:
            self.view.find(event.value)
            self.draw()

    @on(RunFind.Left)
    def _find_left(self) -> None:
        self.view.find("")
        self.draw()

    # -- the mouse

    @on(Lines.Pressed)
    async def _row_pressed(self, event: Lines.Pressed) -> None:
        """A first click brings a row into focus, one on the row in focus opens it."""
        view = self.view
        before = (view.at, view.column)
        view.go(event.index)
        view.column = view.column_at(event.x, event.lines.width)
        if (view.at, view.column) == before and view.at == event.index:
            await self.run_action("open")
        self.draw()
