"""The lines at the top and at the bottom of the screen: where one is, how far, and the keys that matter most."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.style import Style
from textual.widget import Widget
from textual.widgets import Static

from nbalign.tui.plain import clean, content

SMALL_WIDTH = 60
SMALL_HEIGHT = 16
BEST = "80x24"
_WORK_GAPS = 4  # blanks around the words about work


class TopBar(Widget):
    """Where one is, how far, and the work under way."""

    DEFAULT_CSS = "TopBar { height: 1; dock: top; background: $primary-background; color: $foreground; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._left, self._right, self._work = "nbalign", "", ""
        self.auto_links = False

    def show(self, left: str, right: str) -> None:
        """Sets both ends; the left one is cut when there is too little room."""
        ends = clean(left), clean(right)
        if ends != (self._left, self._right):
            self._left, self._right = ends
            self.refresh()

    def show_work(self, words: str) -> None:
        """Sets the words about work under way, between both ends; they are cut first."""
        if words != self._work:
            self._work = clean(words)
            self.refresh()

    def render(self) -> Content:
        """One line; a click on its beginning shows all rooms, on the rater who else sits here, on the work all jobs."""
        room = self.size.width - len(self._right) - 2
        place, dot, rest = self._left.partition(" · ")
        menu = content((place, "bold")).stylize(Style.from_meta({"@click": "app.rooms"}))
        between, mark, name = rest.rpartition("rater: ")
        who = content((f"{mark}{name}", "bold"))
        if mark:
            who = who.stylize(Style.from_meta({"@click": "app.switch_rater"}))
        left = content(menu, (f"{dot}{between}", "bold"), who).truncate(max(room, 0), ellipsis=True)
        gap = max(self.size.width - left.cell_length - len(self._right), 1)
        if self._work and gap > _WORK_GAPS + 1:
            words = content((self._work, "$text-warning")).truncate(gap - _WORK_GAPS, ellipsis=True)
            words = words.stylize(Style.from_meta({"@click": "app.jobs"}))
            before = gap - words.cell_length - _WORK_GAPS // 2
            return content(left, " " * before, words, " " * (_WORK_GAPS // 2), self._right)
        return content(left, " " * gap, self._right)


class SmallNote(Static):
    """One line that says kindly that a terminal is small; hidden where it is not."""

    DEFAULT_CSS = """
    SmallNote { height: 1; display: none; padding: 0 1; background: $boost; color: $text-warning; }
    SmallNote.small { display: block; }
    """

    def fit(self, size: Size) -> None:
        """Shows or hides itself.

        Args:
            size: Of the terminal.
        """
        small = size.width < SMALL_WIDTH or size.height < SMALL_HEIGHT
        self.set_class(small, "small")
        if small:
            self.update(content(f"{size.width}x{size.height} is small: {BEST} and more is comfortable"))


class KeyBar(Widget):
    """The keys that matter most, as many as fit; each can be clicked."""

    DEFAULT_CSS = (
        "KeyBar { height: 1; dock: bottom; background: $primary-background; color: $foreground; padding: 0 1; }"
    )

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[tuple[str, str, str], ...] = ()
        self.auto_links = False  # keys can be clicked, but they are to look like keys and not like links

    def show(self, items: Iterable[tuple[str, str, str]]) -> None:
        """Names keys.

        Args:
            items: (key as people read it, words, action name) each, most needed first; an empty action name cannot be
                clicked.
        """
        self._items = tuple(items)
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Fits the keys to the width."""
        self.refresh()

    def render(self) -> Content:
        """One line."""
        room, line = self.size.width, Content("")
        for keys, words, action in self._items:
            item = content((keys, "bold $text-accent"), f" {words}")
            if action:
                target = action if action.startswith("app.") else f"screen.{action}"
                item = item.stylize(Style.from_meta({"@click": target}))
            joined = content(line, " · ", item) if line else item
            if joined.cell_length > room:
                break
            line = joined
        return line
