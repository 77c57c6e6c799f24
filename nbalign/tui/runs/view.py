"""What the views of the room have in common: lines above a list, the list, and a page about the row in focus."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual.content import Content

from nbalign.tui.actions import Action
from nbalign.tui.page import Layout, Line, wrapped
from nbalign.tui.plain import content

Part = str | tuple[str, str] | Content
Paragraph = Content | Callable[[int], Sequence[Content]]  # text that wraps, or lines laid out for a width
KeyOf = Callable[[str], str]  # id of an action -> its first key, as people read it

BLANK = Content("")


class View:
    """One view: it knows what it shows and where one stands, and no widget.

    Args:
        key: Gives the first key of an action of the room by its id.

    Attributes:
        at: Row in focus, from 0.
        column: Column in focus, from 0, where there are columns.
        whole: Whether the page tells of the whole instead of the row.
    """

    NAME: ClassVar[str] = ""
    BAR: ClassVar[tuple[Action, ...]] = ()
    FINDS: ClassVar[str] = ""  # what can be looked for by name; empty where nothing can

    def __init__(self, key: KeyOf) -> None:
        self.key = key
        self.at = 0
        self.column = 0
        self.whole = False
        self.needle = ""

    @property
    def about(self) -> object:
        """What the page is about: another thing begins at its top."""
        return self.NAME, self.at, self.column, self.whole

    def place(self) -> str:
        """The right end of the top line."""
        return ""

    def title(self) -> Content:
        """A line or two above everything."""
        return BLANK

    def heads(self, width: int) -> list[Content]:
        """Lines above the list, in its columns."""
        return []

    def count(self) -> int:
        """How many rows the list has."""
        return 0

    def line(self, index: int, width: int) -> Content:
        """One row of the list."""
        return BLANK

    def page(self) -> Sequence[Paragraph]:
        """What is told of the row in focus, or of the whole."""
        return ()

    def go(self, index: int) -> None:
        """Brings a row into focus, the nearest one where it is out of range."""
        self.at = max(min(index, self.count() - 1), 0)

    def turn(self, step: int) -> None:
        """Brings another column into focus, where there are columns."""

    def column_at(self, x: int, width: int) -> int:
        """The column at a place of a row; the one in focus where there are no columns."""
        return self.column

    def find(self, needle: str) -> None:
        """Lists only what has this in its name; empty lists everything."""
        self.needle = needle
        self.go(self.at)


def laid(paragraphs: Sequence[Paragraph]) -> Layout:
    """Paragraphs beneath each other, wrapped for a width."""

    def lay(width: int) -> list[Line]:
        lines: list[Line] = []
        for each in paragraphs:
            lines += [Line(line) for line in (wrapped(each, width) if isinstance(each, Content) else each(width))]
        return lines

    return lay


def heading(words: str) -> Content:
    """A line that begins a part of a page."""
    return content((words, "bold $text-accent"))


def fits(needle: str, name: str) -> bool:
    """Whether a name has what is looked for in it, case aside."""
    return needle.strip().casefold() in name.casefold()
