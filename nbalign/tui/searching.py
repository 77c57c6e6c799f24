"""Where a search stands: its matches, and which of them was gone to last."""

from __future__ import annotations

from nbalign.notebooks.model import Notebook
from nbalign.tui.cell_view import CellView
from nbalign.tui.search_bar import Match, find_all


class Searching:
    """A search in one notebook.

    Attributes:
        needle: What is looked for, in lower case; empty when nothing is.
        matches: All occurrences, in order.
        at: Index of the match gone to last; -1 before the first.
    """

    def __init__(self) -> None:
        self.needle = ""
        self.matches: list[Match] = []
        self.at = -1

    def look(self, notebook: Notebook, text: str) -> None:
        """Looks for a text; the same text again keeps its place."""
        needle = text.lower()
        if needle != self.needle:
            self.needle, self.matches, self.at = needle, find_all(notebook, needle), -1

    def clear(self) -> None:
        """Forgets the search."""
        self.needle, self.matches, self.at = "", [], -1

    @property
    def words(self) -> str:
        """Such as `match 2 of 14`."""
        if not self.needle:
            return ""
        if not self.matches:
            return "no match"
        count = f"{len(self.matches):,} match{'' if len(self.matches) == 1 else 'es'}"
        return count if self.at < 0 else f"match {self.at + 1:,} of {count}"

    def next(self, cells: CellView) -> None:
        """Goes to the next match, from the last one round to the first; the first is at or after the current cell."""
        if not self.matches:
            return
        if self.at < 0:
            later = (n for n, match in enumerate(self.matches) if match.cell >= cells.current)
            self.at = next(later, 0)
        else:
            self.at = (self.at + 1) % len(self.matches)
        match = self.matches[self.at]
        if match.in_output:
            cells.open_outputs(match.cell)
        cells.go_to(match.cell, self._line(cells, match))

    def _line(self, cells: CellView, match: Match) -> int:
        """The line of the cell that shows the match; 0 where the rendering broke the text apart."""
        seen = 0
        for n, line in enumerate(cells.lines_of(match.cell)):
            seen += line.lower().count(self.needle)
            if seen > match.nth:
                return n
        return 0
