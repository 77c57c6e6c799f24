"""The part of the labelling screen that opens notebooks: the queue as it was read, then one notebook after another."""

from __future__ import annotations

from functools import partial

from textual import on

from nbalign.tui.board import Board
from nbalign.tui.desk import Desk
from nbalign.tui.keys import IN_NOTEBOOK
from nbalign.tui.opening import Reader
from nbalign.tui.plain import one_line
from nbalign.tui.queue import Queue
from nbalign.tui.sheet import Sheet


class OpeningBoard(Board):
    """The board with its queue and the notebook in view.

    Args:
        desk: Who works on what.
        first: A notebook to begin with, as `Workspace.notebook` takes it.
    """

    def __init__(self, desk: Desk, first: str | None) -> None:
        super().__init__(desk, first)
        self.queue_read = False
        self.going_to: tuple[str, str, int] = ("", "", 0)  # notebook, dimension and cell that another room asked for
        self._opening = ""  # hash of the notebook whose labels are being read

    @property
    def nothing_scored(self) -> str:
        """Why a score has nowhere to go while no notebook is in view."""
        if self.queue.infos:
            name = one_line(self.queue.info.name, 40)
            return f"{f'still loading {name}' if self.unread else f'{name} cannot be read'}: nothing was scored"
        return "no notebooks yet: nothing was scored" if self.queue_read else "still loading: nothing was scored"

    @property
    def no_sheet(self) -> str:
        """What stands for the cell's number while no notebook is in view."""
        return "loading …" if self.unread else "not read"

    def awaits(self, action: str) -> bool:
        """Before the queue is read everything waits, then what one does in a notebook while it is being opened."""
        return self.unread and (not self.queue_read or action in IN_NOTEBOOK)

    @on(Reader.Started)
    def _started(self, event: Reader.Started) -> None:
        start = event.start
        self.queue_read = True
        self.scoring.counts.update(start.counts)
        for sha, marks in start.flags.items():
            self.scoring.flags.setdefault(sha, set()).update(marks)
        self.queue = Queue(start.infos, len(self.rubric.dimensions), self.scoring.counts, self.scoring.flags)
        if start.infos:
            self.queue.arrange(start.ordered)
            self.queue.start_at(self.going_to[0] or start.first)
            self.go(self.queue.at)
        else:
            self.read_all()
        self.changed()

    def go(self, index: int) -> None:
        """Opens the notebook at this place of the queue."""
        if not self.queue.infos:
            return
        self.queue.at = index
        self.scoring.sheet = None
        self.unread, self._opening = True, ""
        self.end_search()
        self.cells.show(None)
        info = self.queue.info
        self.query_one(Reader).open(info.sha256, one_line(info.name))
        self.changed()

    @on(Reader.Opened)
    def _opened(self, event: Reader.Opened) -> None:
        sha256 = event.notebook.sha256
        # There and back again brings the same notebook twice; a second sheet would not know what was scored on the
        # first one meanwhile.
        if self._in_view(sha256) and self._opening != sha256:
            self._opening = sha256
            self.scoring.open(event.notebook, partial(self._show_sheet, sha256), partial(self._not_read, sha256))

    @on(Reader.Failed)
    def _failed(self, event: Reader.Failed) -> None:
        self.not_saved(event.what, event.error)
        self._not_read(event.notebook)

    def _not_read(self, sha256: str) -> None:
        if not sha256 or self._in_view(sha256):
            self.read_all(failed=True)
            self.changed()

    def _show_sheet(self, sha256: str) -> None:
        sheet = self.scoring.sheet
        if sheet is None or not self._in_view(sha256):
            self.scoring.sheet = None  # the rater went on while it was being read
            return
        self.cells.show(sheet.notebook)
        self.sheet_shown(sheet)
        self.changed()
        self.read_all()

    def _in_view(self, sha256: str) -> bool:
        return bool(self.queue.infos) and self.queue.info.sha256 == sha256

    def sheet_shown(self, sheet: Sheet) -> None:
        """A notebook came into view, its labels read; the parts of the screen that build on this one may act on it."""
