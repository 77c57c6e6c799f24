"""A room with a list of pairs of notebook and dimension, what was said of the one in focus, and the cells cited."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Container, Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget

from nbalign.tui.desk import Desk
from nbalign.tui.line_list import LineList
from nbalign.tui.page import Line, Page
from nbalign.tui.plain import content
from nbalign.tui.review.citing import Cite, cells_lines
from nbalign.tui.review.pen import Key
from nbalign.tui.review.source import Source
from nbalign.tui.room import Room
from nbalign.tui.why_area import WhyArea


class Head(Widget):
    """One line above the list; parts of it can be clicked."""

    DEFAULT_CSS = "Head { height: 1; padding: 0 1; background: $panel; color: $foreground; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._line = Content("")
        self.auto_links = False  # what can be clicked is to look like a key and not like a link

    def show(self, line: Content) -> None:
        """Says something else."""
        self._line = line
        self.refresh()

    def render(self) -> Content:
        """The line, cut to the width."""
        return self._line.truncate(max(self.size.width - 2, 1), ellipsis=True)


class PairRoom(Room):
    """What Review and Adjudicate look like and how one moves in them.

    A subclass lists the pairs (`pairs`), draws a row of the list and the words about the pair in focus, says which
    cells are cited, and calls `changed` after each change.

    Args:
        desk: Who works on what.

    Attributes:
        at: Index of the pair in focus.
        pane: Where the arrows move: among the pairs or among the cited cells.
        cell_at: Index of the cited cell in focus.
    """

    AUTO_FOCUS = ""
    CSS = """
    PairRoom #rows { width: 34; padding: 0 0 0 1; }
    PairRoom #right { width: 1fr; }
    PairRoom #beside { height: 1fr; layout: vertical; }
    PairRoom #words { height: 1fr; }
    PairRoom #cells { height: auto; max-height: 50%; border-top: solid $primary; display: none; }
    PairRoom #cells.some { display: block; }
    PairRoom .-narrow WhyArea { height: 6; }
    PairRoom.-narrow #rows { width: 30; }
    PairRoom.-low WhyArea { height: 5; }
    PairRoom.-low .writing #cells.some { display: none; }
    PairRoom.-low #cells { max-height: 8; }
    PairRoom.-normal #rows { width: 40; }
    PairRoom.-wide #rows { width: 48; }
    PairRoom.-vast #rows { width: 60; }
    PairRoom.-wide #beside, PairRoom.-vast #beside { layout: horizontal; }
    PairRoom.-wide #cells, PairRoom.-vast #cells {
        width: 1fr; height: 1fr; max-height: 100%; border-top: none; border-left: solid $primary;
    }
    PairRoom.-wide #words, PairRoom.-vast #words { width: 1fr; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.at = 0
        self.pane: Literal["pairs", "cells"] = "pairs"
        self.cell_at = 0
        self.source = Source(self.workspace, self.room_app.reader, self.changed, self._no_source)

    def body(self) -> ComposeResult:
        """A line, the list, and the right side."""
        yield Head(id="head")
        with Horizontal(id="pairs"):
            yield LineList(self._row, id="rows")
            with Vertical(id="right"):
                with Container(id="beside"):
                    yield Page(id="words")
                    yield Page(id="cells")
                yield WhyArea(id="why")

    # -- what a subclass says

    @property
    def pairs(self) -> Sequence[Key]:
        """The pairs listed."""
        raise NotImplementedError

    def row(self, index: int, width: int) -> Content:
        """One row of the list, without the mark of the focus."""
        raise NotImplementedError

    def words_lines(self, width: int) -> Sequence[Line]:
        """What was said of the pair in focus, or why there is none."""
        raise NotImplementedError

    def cited(self, key: Key) -> tuple[Cite, ...]:
        """The cells cited about a pair; none while they are to stay hidden."""
        raise NotImplementedError

    # -- drawing

    @property
    def pair(self) -> Key | None:
        """The pair in focus."""
        return self.pairs[self.at] if 0 <= self.at < len(self.pairs) else None

    @property
    def cells_here(self) -> tuple[Cite, ...]:
        """The cells cited about the pair in focus."""
        return self.cited(self.pair) if self.pair is not None else ()

    def changed(self) -> None:
        """Draws everything anew."""
        if not self.is_mounted:
            return
        cells, key = self.cells_here, self.pair
        if not cells:
            self.pane = "pairs"
        self.cell_at = max(0, min(self.cell_at, len(cells) - 1))
        self.query_one("#rows", LineList).fill(len(self.pairs), self.at)
        self.query_one("#words", Page).show(self.words_lines, key)
        notebook = self.source.get(key[0]) if key is not None and cells else None
        focus = self.cell_at if self.pane == "cells" else -1
        page = self.query_one("#cells", Page)
        page.set_class(bool(cells), "some")
        page.show(lambda width: cells_lines(cells, notebook, focus, width), (key, cells), focus)

    def _row(self, index: int) -> Content:
        width = self.query_one("#rows", LineList).scrollable_content_region.width
        here = index == self.at
        mark = "▶" if here and self.pane == "pairs" else "›" if here else " "
        return content(mark, self.row(index, max(width - 1, 8)))

    def _no_source(self, error: Exception) -> None:
        self.not_saved("The cited cells cannot be read", error)

    # -- moving

    def go(self, index: int) -> None:
        """Brings a pair into focus."""
        index = max(0, min(index, len(self.pairs) - 1))
        if index != self.at:
            self.at, self.cell_at = index, 0
        self.pane = "pairs"
        self.changed()

    def keep(self, key: Key | None) -> None:
        """Stays on a pair when the list has changed, or near the place where it was."""
        if key in self.pairs:
            assert key is not None
            self.at = self.pairs.index(key)
        self.at = max(0, min(self.at, len(self.pairs) - 1))

    def action_move(self, step: int) -> None:
        """Moves among the pairs, or among the cited cells."""
        if self.pane == "cells":
            self.cell_at += step
            self.changed()
        else:
            self.go(self.at + step)

    def action_pair(self, step: int) -> None:
        """Moves among the pairs from wherever one is."""
        self.go(self.at + step)

    def action_ends(self, last: bool) -> None:
        """Goes to the first or the last row."""
        if self.pane == "cells":
            self.cell_at = len(self.cells_here) - 1 if last else 0
            self.changed()
        else:
            self.go(len(self.pairs) - 1 if last else 0)

    def action_page(self, step: int) -> None:
        """Scrolls what was said."""
        self.query_one("#words", Page).scroll_page(step)

    async def action_open(self) -> None:
        """Goes to the cited cells, and from one of them to the notebook."""
        key, cells = self.pair, self.cells_here
        if key is None:
            return
        if self.pane == "pairs" and cells:
            self.pane, self.cell_at = "cells", 0
            self.changed()
        else:
            await self.room_app.open_notebook(*key, cells[self.cell_at].cell if cells else 0)

    def action_leave(self) -> None:
        """Back to the list."""
        self.pane = "pairs"
        self.changed()

    @on(LineList.Chosen)
    def _row_chosen(self, event: LineList.Chosen) -> None:
        self.set_focus(None)  # leaves, and so saves, what is being written
        self.go(event.index)

    @on(Page.Chosen, "#cells")
    async def _cell_chosen(self, event: Page.Chosen) -> None:
        """A first click brings a cell into focus, where it can be cited, one on the cell in focus goes there."""
        self.set_focus(None)
        here = (self.pane, self.cell_at) == ("cells", event.item)
        self.pane, self.cell_at = "cells", event.item
        self.changed()
        if here:
            await self.action_open()

    def on_resize(self, event: events.Resize) -> None:
        """Draws the rows for another width."""
        self.query_one("#rows", LineList).refresh()
