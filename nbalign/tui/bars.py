"""The lines at the top and at the bottom of the screen."""

from __future__ import annotations

from textual import events
from textual.content import Content
from textual.style import Style
from textual.widget import Widget

from nbalign.tui.keys import IN_FIELD, bar_items
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
        self._values: tuple[int, ...] = ()
        self._writing = False
        self.auto_links = False  # keys can be clicked, but they are to look like keys and not like links

    def show(self, values: tuple[int, ...]) -> None:
        """Names the digits of the scale."""
        self._values = values
        self.refresh()

    def show_writing(self, writing: bool) -> None:
        """Names the keys that count while a justification is written, or the usual ones again."""
        self._writing = writing
        self.refresh()

    def on_resize(self, event: events.Resize) -> None:
        """Fits the keys to the width."""
        self.refresh()

    def render(self) -> Content:
        """One line."""
        room, line = self.size.width, Content("")
        for keys, words, action in IN_FIELD if self._writing else bar_items(self._values):
            item = content((keys, "bold $text-accent"), f" {words}")
            if action:
                target = action if action.startswith("app.") else f"screen.{action}"
                item = item.stylize(Style.from_meta({"@click": target}))
            joined = content(line, " · ", item) if line else item
            if joined.cell_length > room:
                break
            line = joined
        return line
