"""Reading runs, and opening one or several: all of it off the screen's thread, one reading at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from nbalign.suite.runs.model import Run
from nbalign.tui.desk import Desk
from nbalign.tui.plain import one_line
from nbalign.tui.runs.board import RunsBoard
from nbalign.tui.runs.board_view import BoardView
from nbalign.tui.runs.eyes import Eyes
from nbalign.tui.runs.pair_view import PairView
from nbalign.tui.runs.reading import Compared, RunShown, Summary, read_comparison, read_run, read_runs, read_summary
from nbalign.tui.runs.run_view import RunView
from nbalign.tui.runs.view import View

T = TypeVar("T")


class RunsFetching(RunsBoard):
    """The board with what it reads.

    Args:
        desk: Who works on what.

    Attributes:
        asked: Number of what is waited for; an answer to another question is too late.
        to_read: Runs whose figures are still to be read.
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.asked = 0
        self.to_read: list[Run] = []
        self._eyes = Eyes()
        self._loads = 0
        self._across: set[tuple[str, ...]] = set()  # runs of different judges to be compared all the same

    # -- reading

    def load(self) -> None:
        """Reads which runs there are, then the figures of one after the other."""
        self._loads += 1
        self.read(partial(read_runs, self.desk), partial(self._runs_read, self._loads), "The runs cannot be read")

    def _runs_read(self, load: int, found: tuple[tuple[Run, ...], Eyes]) -> None:
        if load != self._loads:
            return  # asked for again in the meantime
        runs, eyes = found
        changed, self._eyes = eyes != self._eyes, eyes
        self.shelf_read = True
        self.shelf.take(runs)
        self.to_read = list(runs)
        self._keep_views({run.name for run in runs}, anew=changed)
        self.draw()
        # Not at once: whoever pressed keys ahead waits for the list and not for all figures in it.
        self.call_later(self.next_summary)

    def _keep_views(self, names: set[str], *, anew: bool) -> None:
        """Leaves views of runs that are gone, and reads anew what may have changed."""
        for n, view in enumerate(self.views[1:], 1):
            if not set(_names(view)) <= names:
                del self.views[n:]
                break
        for view in self.views[1:]:
            if isinstance(view, RunView):
                self._reread(view, partial(read_run, self.desk, view.run.name, revealed=self.revealed))
            elif anew and isinstance(view, (PairView, BoardView)):
                self._reread(view, self._comparison(view.compared.names))

    def _reread(self, view: View, job: Callable[[], RunShown | Compared]) -> None:
        revealed = self.revealed

        def done(found: RunShown | Compared) -> None:
            # What was asked for with other eyes must not come into view late.
            if view not in self.views or revealed != self.revealed:
                return
            if isinstance(view, RunView) and isinstance(found, RunShown):  # noqa: SIM114
                view.take(found, revealed=revealed)
            elif isinstance(view, (PairView, BoardView)) and isinstance(found, Compared):
                view.take(found, revealed=revealed)
            self.draw()

        self.read(job, done, "It cannot be read again")

    def next_summary(self) -> None:
        """Reads the figures of the next run in the list."""
        # One at a time, and none while something is waited for: whoever opens a run waits for that one alone.
        if not self.to_read or not self.is_attached or not self.is_current or self.waiting:
            return
        run, load, revealed = self.to_read.pop(0), self._loads, self.revealed

        def done(told: Summary | str) -> None:
            if load == self._loads and revealed == self.revealed:
                self.shelf.tell(run.name, told)
                if self.view is self.shelf:
                    self.draw()
                self.call_later(self.next_summary)

        self.read(partial(read_summary, self.desk, run, revealed=revealed), done, "A run cannot be read")

    # -- opening

    def _wait_for(self, words: str, job: Callable[[], T], view: Callable[[T], View], like: View | None) -> None:
        """Reads what a view shows, and shows it; keys wait until it is there.

        Args:
            words: What is being done.
            job: Reads it off the screen's thread.
            view: Makes the view of it.
            like: A view in which one stood where one is to stand in this one.
        """
        self.asked += 1
        asked, before, revealed = self.asked, self.view, self.revealed
        self.waiting, self.unread = words, True

        def done(found: T) -> None:
            if asked != self.asked:
                return
            self.waiting = ""
            if self.view is before and revealed == self.revealed:
                self.views.append(opened := view(found))
                if like is not None:
                    opened.find(like.needle)
                    opened.at, opened.column, opened.whole = like.at, like.column, like.whole
                    opened.go(like.at)
            self.draw()
            self.call_later(self.next_summary)

        def read() -> T:
            try:
                return job()
            except Exception:
                self.app.call_later(self._gave_up, asked)
                raise

        self.read(read, done, f"{words}: this failed")
        self.draw()

    def _gave_up(self, asked: int) -> None:
        if asked == self.asked:
            self.waiting = ""
            self.draw()
            self.next_summary()

    def awaits(self, action: str) -> bool:
        """What is waited for can be given up at any time."""
        return super().awaits(action) and not (self.waiting and action == "leave")

    def open_run(self, name: str, like: View | None = None) -> None:
        """Shows one run.

        Args:
            name: Its name.
            like: A view of it in which one stood where one is to stand.
        """
        revealed = self.revealed
        self._wait_for(
            f"reading {one_line(name, 60)}",
            partial(read_run, self.desk, name, revealed=revealed),
            lambda shown: RunView(shown, self.key, revealed=revealed),
            like,
        )

    def open_comparison(self, names: Sequence[str], like: View | None = None) -> None:
        """Shows two runs against each other, or three and more on a board; arguments as for `open_run`."""
        revealed, chosen = self.revealed, tuple(names)

        def view(compared: Compared) -> View:
            made = PairView if len(chosen) == 2 else BoardView
            return made(compared, self.key, revealed=revealed)

        said = " and ".join(one_line(name, 60) for name in chosen) if len(chosen) == 2 else f"{len(chosen)} runs"
        self._wait_for(f"comparing {said}", self._comparison(chosen), view, like)

    def _comparison(self, names: Sequence[str]) -> Callable[[], Compared]:
        across = tuple(sorted(names)) in self._across
        return partial(read_comparison, self.desk, tuple(names), revealed=self.revealed, across=across)

    def allow_across(self, names: Sequence[str]) -> None:
        """Compares these runs although different judges scored them."""
        self._across.add(tuple(sorted(names)))


def _names(view: View) -> Sequence[str]:
    """The runs that a view shows."""
    if isinstance(view, RunView):
        return (view.run.name,)
    return view.compared.names if isinstance(view, (PairView, BoardView)) else ()
