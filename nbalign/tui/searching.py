"""Where a search stands: its matches, and which of them was gone to last."""

from __future__ import annotations

from nbalign.notebooks.model import Notebook
from nbalign.tui.cell_view import CellView
from nbalign.tui.needle import Needle
from nbalign.tui.search_text import MOST, Haystack, Match


class Searching:
    """A search in one notebook.

    Attributes:
        needle: What is looked for; empty when nothing is.
        matches: All occurrences, in order.
        at: Index of the match gone to last; -1 before the first.
    """

    def __init__(self) -> None:
        self.needle = Needle()
        self.matches: list[Match] = []
        self.at = -1
        self._haystack: Haystack | None = None

    def look(self, notebook: Notebook, text: str) -> None:
        """Looks for a text; the same text again keeps its place."""
        if self._haystack is None or self._haystack.notebook is not notebook:
            self._haystack, self.needle = Haystack(notebook), Needle()
        if text != self.needle.text:
            self.needle, self.at = Needle(text), -1
            self.matches = self._haystack.find(self.needle)

    def clear(self) -> None:
        """Forgets the search."""
        self.needle, self.matches, self.at, self._haystack = Needle(), [], -1, None

    @property
    def words(self) -> str:
        """Such as `match 2 of 14 matches`."""
        if not self.needle.text:
            return ""
        exact = ", case counts" if self.needle.exact else ""
        if not self.matches:
            return f"no match{exact}"
        more = len(self.matches) > MOST
        count = f"more than {MOST:,}" if more else f"{len(self.matches):,}"
        count += " match" if len(self.matches) == 1 else " matches"
        return (count if self.at < 0 else f"match {self.at + 1:,} of {count}") + exact

    def step(self, cells: CellView, direction: int = 1) -> None:
        """Goes to the next match (1) or the previous one (-1), round the ends.

        The first one gone to is the nearest at or after the current cell, or before it.
        """
        if not self.matches or self._haystack is None:
            return
        if self.at >= 0:
            self.at = (self.at + direction) % len(self.matches)
        elif direction > 0:
            self.at = next((n for n, match in enumerate(self.matches) if match.cell >= cells.current), 0)
        else:
            before = (n for n in range(len(self.matches) - 1, -1, -1) if self.matches[n].cell <= cells.current)
            self.at = next(before, len(self.matches) - 1)
        match = self.matches[self.at]
        cells.reveal(match, self._haystack.place(match, self.needle), self.needle)
