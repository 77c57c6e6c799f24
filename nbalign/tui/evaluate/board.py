"""The board of the room of experiments: what it knows, and where it shows it."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from nbalign.evaluate.experiment.cases import Case, Cases
from nbalign.evaluate.experiment.model import MACRO
from nbalign.evaluate.report.words import count
from nbalign.jobs.model import JobState
from nbalign.tui.desk import Desk
from nbalign.tui.evaluate.case_words import CaseWords
from nbalign.tui.evaluate.cursor import Cursor
from nbalign.tui.evaluate.lines import Above, Lines
from nbalign.tui.evaluate.reading import Ground, Shelf, Shown
from nbalign.tui.line_list import LineList
from nbalign.tui.plain import content, one_line
from nbalign.tui.room import Room

VIEWS = ("chart", "table", "words")


class EvaluateBoard(Room):
    """The room without its keys and without what draws it.

    Args:
        desk: Who works on what.
    """

    ROOM: ClassVar[str] = "evaluate"
    CSS = """
    #ev-shelf { width: 30; background: $panel; display: none; }
    EvaluateRoom.listed #ev-shelf { display: block; }
    EvaluateRoom.listed.-narrow #ev-main { display: none; }
    EvaluateRoom.listed.-narrow #ev-shelf { width: 1fr; }
    .-vast #ev-shelf { width: 40; }
    #ev-shelf-title { height: 1; padding: 0 1; color: $text-muted; }
    #ev-list { height: 1fr; padding: 0 1; }
    #ev-main { width: 1fr; }
    #ev-empty { padding: 1 2; max-width: 100; display: none; }
    #ev-head { height: auto; max-height: 3; padding: 0 1; }
    #ev-work { height: auto; max-height: 3; padding: 0 1; background: $boost; display: none; }
    #ev-tabs { height: 1; padding: 0 1; }
    #ev-views { height: 1fr; padding: 0 1; }
    #ev-views > * { width: 1fr; display: none; padding-right: 1; }
    EvaluateRoom.view-chart #ev-chart, EvaluateRoom.view-table #ev-table, EvaluateRoom.view-words #ev-words,
    EvaluateRoom.-wide.view-chart #ev-table, EvaluateRoom.-wide.view-table #ev-chart,
    EvaluateRoom.-vast #ev-chart, EvaluateRoom.-vast #ev-table, EvaluateRoom.-vast #ev-words { display: block; }
    #ev-legend { height: auto; max-height: 2; padding: 0 1; }
    .-low #ev-legend { max-height: 1; }
    EvaluateRoom.view-words #ev-legend { display: none; }
    EvaluateRoom.-vast #ev-legend { display: block; }
    #ev-detail { height: 4; padding: 0 1; background: $boost; }
    .-low #ev-detail { height: 3; }
    .-wide #ev-detail { height: 3; }
    .-vast #ev-detail { height: 2; }
    #ev-cases { height: 1fr; display: none; }
    #ev-case-list { width: 1fr; height: 1fr; padding: 0 1; }
    #ev-case { width: 1fr; height: 1fr; padding: 0 1; background: $boost; }
    .-narrow #ev-cases { layout: vertical; }
    EvaluateRoom.-low.drilled #ev-head { display: none; }
    .-narrow #ev-case-list { height: 1fr; }
    .-narrow #ev-case { height: 1fr; }
    EvaluateRoom.drilled #ev-cases { display: block; }
    EvaluateRoom.drilled #ev-views, EvaluateRoom.drilled #ev-tabs, EvaluateRoom.drilled #ev-detail,
    EvaluateRoom.drilled #ev-legend { display: none; }
    EvaluateRoom.empty #ev-empty { display: block; }
    EvaluateRoom.empty #ev-shelf, EvaluateRoom.empty #ev-head, EvaluateRoom.empty #ev-tabs { display: none; }
    EvaluateRoom.empty #ev-views, EvaluateRoom.empty #ev-detail, EvaluateRoom.empty #ev-legend,
    EvaluateRoom.empty #ev-cases { display: none; }
    EvaluateRoom.unread #ev-tabs, EvaluateRoom.unread #ev-views, EvaluateRoom.unread #ev-detail,
    EvaluateRoom.unread #ev-legend { display: none; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.shelf = Shelf((), Ground())
        self.shelf_read = False  # before that nothing can be said, not even that there is nothing
        self.at = 0
        self.shown: Shown | None = None
        self.place = Cursor(0, 0)
        self.in_view = "chart"
        self.list_wanted: bool | None = None
        self.cases: Cases | None = None
        self.case_words: CaseWords | None = None
        self.case_at = 0
        self.revealed = False
        self.under_way: JobState | None = None

    def body(self) -> ComposeResult:
        """A list of experiments beside what is shown of one."""
        with Horizontal():
            with Vertical(id="ev-shelf"):
                yield Static("Experiments, latest first", id="ev-shelf-title", markup=False)
                yield LineList(self._entry_row, id="ev-list")
            with Vertical(id="ev-main"):
                yield Static(id="ev-work")
                yield Static(id="ev-empty")
                yield Static(id="ev-head")
                yield Static(id="ev-tabs")
                with Horizontal(id="ev-views"):
                    with Vertical(id="ev-chart"):
                        yield Above(self._chart_head, id="ev-chart-head")
                        yield Lines(self._chart_row, id="ev-chart-lines")
                    with Vertical(id="ev-table"):
                        yield Above(self._table_head, id="ev-table-head")
                        yield Lines(self._table_row, id="ev-table-lines")
                    with VerticalScroll(id="ev-words", can_focus=False):
                        yield Static(id="ev-words-text")
                yield Static(id="ev-legend")
                yield Static(id="ev-detail")
                with Horizontal(id="ev-cases"):
                    with Vertical(id="ev-case-list"):
                        yield Static(id="ev-case-title")
                        yield Above(self._case_head, id="ev-case-head")
                        yield Lines(self._case_row, id="ev-case-lines")
                    with VerticalScroll(id="ev-case", can_focus=False):
                        yield Static(id="ev-case-text")

    # -- what there is

    @property
    def drilled(self) -> bool:
        """Whether the notebooks behind a figure are in view."""
        return self.cases is not None

    @property
    def case(self) -> Case | None:
        """The case in focus, or None."""
        shown = self.cases.shown if self.cases else ()
        return shown[self.case_at] if self.case_at < len(shown) else None

    @property
    def list_covers(self) -> bool:
        """Whether the list of experiments has all the room there is."""
        return self.has_class("-narrow") and self.has_class("listed")

    # -- lines

    @property
    def _focus(self) -> tuple[int, int]:
        return self.place.dimension, self.place.arm

    def _entry_row(self, index: int) -> Content:
        entry = self.shelf.entries[index]
        return content(f"{one_line(entry.at[:16].replace('T', ' '), 16)} · {count(len(entry.arms), 'arm')}")

    def _chart_head(self, width: int) -> Content:
        return self.shown.chart.head(width) if self.shown and self.shown.chart else Content("")

    def _chart_row(self, index: int, width: int) -> Content:
        return self.shown.chart.line(index, width, self._focus) if self.shown and self.shown.chart else Content("")

    def _table_head(self, width: int) -> Content:
        return self.shown.table.head(width, self.place.arm) if self.shown and self.shown.table else Content("")

    def _table_row(self, index: int, width: int) -> Content:
        return self.shown.table.line(index, width, self._focus) if self.shown and self.shown.table else Content("")

    def _case_head(self, width: int) -> Content:
        return self.case_words.head(width, self.cases) if self.case_words and self.cases else Content("")

    def _case_row(self, index: int, width: int) -> Content:
        if self.case_words is None or self.cases is None:
            return Content("")
        everywhere = self.cases.dimension == MACRO
        return self.case_words.line(self.cases.shown[index], width, everywhere, index == self.case_at)
