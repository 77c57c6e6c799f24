"""The lines at the top and at the bottom of the screen."""

from __future__ import annotations

from collections.abc import Iterable

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from nbalign.tui.plain import clean, content


class TopBar(Widget):
    """Where one is, and how far."""

    DEFAULT_CSS = "TopBar { height: 1; dock: top; background: $primary-background; color: $foreground; padding: 0 1; }"

    def __init__(self) -> None:
        super().__init__()
        self._left, self._right = "nbalign", ""

    def show(self, left: str, right: str) -> None:
        """Sets both ends; the left one is cut when there is too little room."""
        self._left, self._right = clean(left), clean(right)
        self.refresh()

    def render(self) -> Content:
        """One line."""
        room = self.size.width - len(self._right) - 2
        left = content((self._left, "bold")).truncate(max(room, 0), ellipsis=True)
        gap = max(self.size.width - left.cell_length - len(self._right), 1)
        return content(left, " " * gap, self._right)


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
