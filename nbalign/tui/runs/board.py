"""The room's widgets, and how they are drawn from the view on top."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.widget import Widget
from textual.widgets import Static

from nbalign.tui.actions import EVERYWHERE, key_name
from nbalign.tui.bars import KeyBar
from nbalign.tui.desk import Desk
from nbalign.tui.evaluate.lines import Lines
from nbalign.tui.page import Page
from nbalign.tui.plain import content
from nbalign.tui.room import Room
from nbalign.tui.runs.find_field import RunFind
from nbalign.tui.runs.keys import ACTIONS, LEAVE
from nbalign.tui.runs.shelf_view import ShelfView
from nbalign.tui.runs.view import BLANK, View, laid
from nbalign.tui.runs.words import no_runs
from nbalign.tui.still import Still

_ROOMS = {action.id.removeprefix("room."): action for action in EVERYWHERE}


class Heads(Widget):
    """Lines above a list, in its columns.

    Args:
        draw: Gives them for a width.
    """

    DEFAULT_CSS = "Heads { height: auto; padding: 0 1; }"

    def __init__(self, draw: Callable[[int], list[Content]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._draw = draw
        self._many = 0

    def draw(self) -> None:
        """Draws them anew; where they are as many as before, nothing else is laid out anew."""
        many = len(self._draw(max(self.size.width - 1, 1)))
        self.refresh(layout=many != self._many)
        self._many = many

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many as the view has."""
        return len(self._draw(max(width - 1, 1)))

    def render(self) -> Content:
        """The lines, each cut to the width; the last column is the list's scroll bar."""
        width = max(self.size.width - 1, 1)
        return Content("\n").join(line.truncate(width, ellipsis=True) for line in self._draw(width))


class RunsBoard(Room):
    """The room without its keys: views that lie upon each other, the list of runs at the bottom.

    Args:
        desk: Who works on what.

    Attributes:
        shelf: The list of runs.
        views: The list, and what was opened from it.
        revealed: Whether scores that wait for the rater's own are shown on purpose.
        waiting: What is being worked out, in a few words; empty for nothing.
    """

    ROOM: ClassVar[str] = "runs"
    AUTO_FOCUS = ""  # the keys are the room's, and no field's
    CSS = """
    #runs-empty { padding: 1 2; display: none; }
    #runs-empty-words { max-width: 100; }
    #runs-title { height: auto; max-height: 3; padding: 0 1; }
    #runs-split { height: 1fr; layout: vertical; }
    #runs-side { width: 1fr; height: 1fr; }
    #runs-list { height: 1fr; padding: 0 1; }
    #runs-page { width: 1fr; height: 40%; border-top: solid $primary; }
    .-low #runs-page { height: 45%; }
    .-wide #runs-split, .-vast #runs-split { layout: horizontal; }
    .-wide #runs-side { width: 3fr; }
    .-vast #runs-side { width: 3fr; }
    .-wide #runs-page, .-vast #runs-page {
        width: 2fr; height: 1fr; border-top: none; border-left: solid $primary;
    }
    RunsRoom.whole #runs-page { height: 70%; }
    RunsRoom.whole.-wide #runs-page, RunsRoom.whole.-vast #runs-page { height: 1fr; }
    RunsRoom.empty #runs-empty { display: block; }
    RunsRoom.empty #runs-title, RunsRoom.empty #runs-split { display: none; }
    """

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.shelf = ShelfView(self.key)
        self.shelf_read = False
        self.views: list[View] = [self.shelf]
        self.revealed = False
        self.waiting = ""

    def body(self) -> ComposeResult:
        """What is shown without runs, else a list and what is told of the row in focus."""
        with VerticalScroll(id="runs-empty", can_focus=False):
            yield Static(id="runs-empty-words")
        yield Still(id="runs-title")
        with Horizontal(id="runs-split"):
            with Vertical(id="runs-side"):
                yield Heads(lambda width: self.view.heads(width), id="runs-heads")
                yield Lines(lambda index, width: self.view.line(index, width), id="runs-list")
            yield Page(id="runs-page")
        yield RunFind()

    @property
    def view(self) -> View:
        """The view on top."""
        return self.views[-1]

    def draw(self) -> None:
        """Draws everything, once it is known what there is."""
        if not self.is_mounted or not self.shelf_read:
            return
        view, empty = self.view, not self.shelf.all
        self.set_class(empty, "empty")
        self.set_class(view.whole, "whole")
        self.show_keys()
        if empty:
            self.show_place()
            self.query_one("#runs-empty-words", Static).update(no_runs(self._room_key))
            return
        self.show_place(view.place())
        waiting = content((f"{self.waiting} … {self.key(LEAVE.id)} gives up", "bold $text-accent"))
        self.query_one("#runs-title", Still).say(waiting if self.waiting else view.title())
        self.query_one("#runs-heads", Heads).draw()
        listed = self.query_one("#runs-list", Lines)
        listed.show(view.count(), view.at)
        listed.refresh()
        self.query_one("#runs-page", Page).show(laid([BLANK] if self.waiting else view.page()), view.about)

    def show_keys(self) -> None:
        """Names the keys that matter most in the view on top."""
        order = self.view.BAR if self.shelf.all else ()
        more = [action for action in ACTIONS if action.short and action not in order and action in EVERYWHERE]
        # Before the view's own rarer keys: whoever sees nothing else is to find the help.
        shown = [*order[:4], *more[:2], *order[4:], *more[2:]]
        bar = [(key_name(self.keys_of(action)[0]), action.short, action.name) for action in shown]
        self.query_one(KeyBar).show(bar)

    def _room_key(self, room: str) -> str:
        return key_name(self.keys_of(_ROOMS[room])[0])
