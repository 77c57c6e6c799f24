"""A section of the room: a list, and beside it a page about the row in focus."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.style import Style
from textual.widgets import Static

from nbalign.tui.align.page import Block, layout_of, rows_of
from nbalign.tui.line_list import LineList
from nbalign.tui.page import Page
from nbalign.tui.plain import content

if TYPE_CHECKING:
    from nbalign.tui.align.sections import SectionedRoom


class Section(Vertical):
    """What the sections have in common: two cursors, keys and clicks. One of the two sides has the focus."""

    NAME: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__(id=f"align-{self.NAME}")
        self.at = 0
        self.in_page = False
        self.page_at = 0
        self.page_rows = 0

    @property
    def room(self) -> SectionedRoom:
        """The room that it is a section of."""
        return cast("SectionedRoom", self.screen)

    @property
    def rows(self) -> LineList:
        """The list."""
        return self.query_one(LineList)

    @property
    def page(self) -> Page:
        """The page beside it."""
        return self.query_one(Page)

    def compose(self) -> ComposeResult:
        """A line above, the list and the page."""
        head = Static(classes="head")
        head.auto_links = False
        yield head
        with Horizontal(classes="split"):
            yield LineList(self.row)
            yield Page(mark="▶ ")

    # -- what each section says

    def count(self) -> int:
        """How many rows the list has."""
        return 0

    def row(self, index: int) -> Content:
        """One row of the list."""
        return content("")

    def head(self) -> Content:
        """The line above the list."""
        return content("")

    def blocks(self) -> Sequence[Block]:
        """The page about the row in focus."""
        return ()

    @property
    def about(self) -> object:
        """What the page is about: another one begins at its top, the same one stays where it was scrolled to."""
        return self.at, self.room.dimension

    def load(self) -> None:
        """Reads anew what it shows."""

    def moved(self) -> None:
        """Another row of the list came into focus."""

    def act(self, row: int) -> None:
        """Does what Enter does on a row of the page."""

    def enter(self) -> None:
        """Does what Enter does on a row of the list: goes to the rows of the page, where there are any."""
        if self.page_rows:
            self.in_page, self.page_at = True, 0
            self.draw()

    def search(self, needle: str) -> None:
        """Lists only what fits; sections without a search say so."""
        self.room.say("there is nothing to search in this section")

    def end_search(self) -> bool:
        """Lists everything again; whether a search was on."""
        return False

    def reveal(self) -> None:
        """Shows or hides what this rater has not scored."""
        self.room.say("nothing is hidden in this section")

    def dimension_changed(self) -> None:
        """Another dimension came into focus, in whichever section."""
        self.draw()

    # -- drawing

    def draw(self) -> None:
        """Draws everything; nothing before it is laid out for the first time."""
        if not self.is_mounted:
            return
        self.at = max(min(self.at, self.count() - 1), 0)
        self.query_one(".head", Static).update(self.head())
        self.rows.fill(self.count(), self.at)
        blocks = self.blocks()
        self.page_rows = rows = rows_of(blocks)
        self.in_page = self.in_page and rows > 0
        self.page_at = max(min(self.page_at, rows - 1), 0)
        self.page.show(layout_of(blocks), self.about, self.page_at if self.in_page else -1)

    @property
    def width(self) -> int:
        """Cells of a row of the list."""
        return self.rows.scrollable_content_region.width

    def link(self, words: str, action: str, style: str = "bold") -> Content:
        """Words that do something when they are clicked."""
        return content((words, style)).stylize(Style.from_meta({"@click": f"screen.{action}"}))

    # -- keys

    def move(self, step: int) -> None:
        """Moves the focus by so many rows."""
        if self.in_page:
            self.page_at = max(min(self.page_at + step, self.page_rows - 1), 0)
            self.page.focus_item(self.page_at)
        else:
            self.go(self.at + step)

    def ends(self, last: bool) -> None:
        """Moves to the first or the last row."""
        if self.in_page:
            self.move(self.page_rows if last else -self.page_rows)
        else:
            self.go(self.count() - 1 if last else 0)

    def go(self, index: int) -> None:
        """Brings a row of the list into focus."""
        index = max(min(index, self.count() - 1), 0)
        changed = index != self.at
        self.at, self.in_page = index, False
        if changed:
            self.page_at = 0
            self.moved()
        self.draw()

    def open(self) -> None:
        """What Enter does where the focus is."""
        if self.in_page:
            self.act(self.page_at)
        else:
            self.enter()

    def leave(self) -> None:
        """Back to the list, or the end of the search."""
        if self.in_page:
            self.in_page = False
        elif not self.end_search():
            return
        self.draw()

    @on(LineList.Chosen)
    def _row_clicked(self, event: LineList.Chosen) -> None:
        event.stop()
        if event.index == self.at and not self.in_page:
            self.open()
        else:
            self.go(event.index)

    @on(Page.Chosen)
    def _page_clicked(self, event: Page.Chosen) -> None:
        event.stop()
        self.in_page, self.page_at = True, event.item
        self.page.focus_item(event.item)
        self.act(event.item)
