"""The board of the labelling screen: queue, cells and rubric, what they read and how they are drawn."""

from __future__ import annotations

from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from nbalign.tui.actions import Action
from nbalign.tui.bars import KeyBar
from nbalign.tui.cell_view import CellView
from nbalign.tui.desk import Desk
from nbalign.tui.keys import ACTIONS, bar_items, field_items
from nbalign.tui.line_list import LineList
from nbalign.tui.opening import Reader
from nbalign.tui.plain import content, one_line
from nbalign.tui.queue import Queue, Tally
from nbalign.tui.queue_find import QueueFind
from nbalign.tui.room import Room
from nbalign.tui.rubric_panel import RubricPanel
from nbalign.tui.scoring import Scoring
from nbalign.tui.search_bar import JumpBar, SearchBar
from nbalign.tui.searching import Searching
from nbalign.tui.still import Still

QUEUE_FROM = 100  # columns from which the queue shows unless the rater says otherwise


class Board(Room):
    """The labelling screen without its keys.

    Args:
        desk: Who works on what.
        first: A notebook to begin with, as `Workspace.notebook` takes it.
    """

    ROOM: ClassVar[str] = "label"
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS
    CSS = """
    #queue-side { width: 28; background: $panel; }
    #queue-title, #cells-title, #cells-why { height: 1; padding: 0 1; color: $text-muted; }
    #cells-why { display: none; height: auto; max-height: 2; }
    #queue { height: 1fr; padding: 0 1; }
    #cells-side { width: 1fr; }
    #cells { height: 1fr; }
    #found { height: 1; padding: 0 1; display: none; background: $boost; }
    #found.open { display: block; }
    RubricPanel { width: 38; }
    .-narrow WhyArea { height: 7; }
    LabelScreen.-tiny > Horizontal { layout: vertical; }
    LabelScreen.-tiny #queue-side { width: 1fr; height: 30%; }
    LabelScreen.-tiny RubricPanel { width: 1fr; height: 55%; }
    .-low #facts { max-height: 4; }
    .-low .walking #why-text { max-height: 5; }
    .-low .writing #why-text { max-height: 2; }
    .-low .writing #facts { display: none; }
    .-middle .writing #facts { max-height: 5; }
    .-wide RubricPanel { width: 54; }
    .-wide #queue-side { width: 34; }
    .-vast RubricPanel { width: 72; }
    .-vast #queue-side { width: 44; }
    """

    def __init__(self, desk: Desk, first: str | None) -> None:
        super().__init__(desk)
        self._first = first
        self.queue_wanted: bool | None = None
        self.scoring = Scoring(desk.workspace, desk.rubric, desk.rater, self.room_app.clerk, self)
        self.queue = Queue([], len(desk.rubric.dimensions), {}, {})
        self.searching = Searching()

    def body(self) -> ComposeResult:
        """Three columns."""
        with Horizontal():
            with Vertical(id="queue-side"):
                yield Still(id="queue-title")
                yield QueueFind(id="queue-find")
                yield LineList(self._queue_row, id="queue")
            with Vertical(id="cells-side"):
                yield Still(id="cells-title")
                yield Still(id="cells-why")
                yield CellView(id="cells")
                yield Still(id="found")
                yield SearchBar(id="search")
                yield JumpBar(id="jump")
            yield RubricPanel(id="panel")
        yield Reader(self.workspace)

    def on_mount(self) -> None:
        """Reads the queue."""
        self.show_keys()
        self.show_queue()
        self.set_focus(self.cells)
        self.query_one(Reader).start(self.rater, self.rubric.id, self._first)
        self.changed()

    @property
    def shows_itself(self) -> bool:
        """The queue is read once; what other rooms change here comes as messages."""
        return False

    @property
    def writing(self) -> bool:
        """Whether the field for the justification is open."""
        return False

    def show_keys(self) -> None:
        """Names the keys that matter most; while words are written, those that count then."""
        self.query_one(KeyBar).show(
            field_items(self.keys_of) if self.writing else bar_items(self.rubric.scale.values, self.keys_of)
        )

    def on_resize(self, event: events.Resize) -> None:
        """Shows or hides the queue as the width allows."""
        self.show_queue()

    @property
    def home(self) -> CellView:
        """The cells have the focus while nothing is typed: arrows scroll them."""
        return self.cells

    @property
    def cells(self) -> CellView:
        """The notebook in view."""
        return self.query_one("#cells", CellView)

    # -- what scoring tells the screen

    def changed(self) -> None:
        """Draws everything but the cells anew."""
        if not self.is_mounted:
            return
        tally = self.queue.tally()
        right = f"{tally.done}/{len(self.queue.infos)} labelled"
        right += "".join(f" · {n} {word}" for n, word in ((tally.flagged, "flagged"), (tally.skipped, "skipped")) if n)
        self.show_place(right + self.time_left(tally))
        self.query_one("#queue", LineList).fill(len(self.queue.shown), self.queue.cursor)
        sheet = self.scoring.sheet
        self.query_one(RubricPanel).show(sheet)
        if sheet is not None:
            self.cells.cite(frozenset(sheet.words_of(sheet.dimension.id).cells))
        self.show_title()

    def time_left(self, tally: Tally) -> str:
        """How long the open notebooks will take, such as ` · ETA 1 h 40`; empty while nobody knows."""
        return ""

    @property
    def no_sheet(self) -> str:
        """What stands for the cell's number while no notebook is in view."""
        return "loading …"

    # -- searching

    def end_search(self) -> None:
        """Forgets the search and its marks."""
        self.searching.clear()
        self.cells.find(self.searching.needle)
        self.query_one(SearchBar).close()
        self.show_found()

    # -- drawing

    def show_found(self) -> None:
        """A search has begun, moved or ended; the part of the screen that searches says how many matches it has."""

    def _queue_row(self, index: int) -> Content:
        return self.queue.row(index, self.query_one("#queue", LineList).scrollable_content_region.width)

    def show_queue(self) -> None:
        """Shows or hides the queue."""
        wanted = self.queue_wanted if self.queue_wanted is not None else self.app.size.width >= QUEUE_FROM
        self.query_one("#queue-side").display = wanted

    @on(CellView.Moved)
    def show_title(self) -> None:
        """Says which notebook and which of its cells is in view."""
        title = self.query_one("#cells-title", Still)
        if not self.queue.infos:
            title.say(
                content(("No notebooks yet. ", "bold"), f"Quit ({self.key('app.quit')}), then: nbalign import PATHS")
            )
            return
        sheet = self.scoring.sheet
        where = self.no_sheet
        if sheet is not None:
            count = len(sheet.notebook.cells)
            where = f"cell {self.cells.current}/{count}" if count else "no cells"
        room = max(title.size.width - len(where) - 2, 8)
        name = one_line(self.queue.info.name, room)
        title.say(content((name.ljust(room + 1), "bold"), where))
