"""Where each cell begins: heights in lines, estimated until a cell was rendered."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Heights:
    """Heights of cells and the lines they begin at.

    Args:
        heights: Lines of each cell, 1 or more.
    """

    def __init__(self, heights: Iterable[int] = ()) -> None:
        self._heights = list(heights)
        self._starts = list(accumulate(self._heights, initial=0))
        self._stale = False

    def __len__(self) -> int:
        return len(self._heights)

    def __getitem__(self, index: int) -> int:
        return self._heights[index]

    def put(self, index: int, height: int) -> bool:
        """Corrects the height of a cell.

        Returns:
            Whether it was another one, so that all that follows stands elsewhere now.
        """
        if self._heights[index] == height:
            return False
        self._heights[index] = height
        self._stale = True
        return True

    @property
    def total(self) -> int:
        """Lines of all cells together."""
        return self.start(len(self._heights))

    def start(self, index: int) -> int:
        """The line a cell begins at."""
        if self._stale:
            self._starts = list(accumulate(self._heights, initial=0))
            self._stale = False
        return self._starts[index]

    def at(self, line: int) -> int:
        """Index of the cell that a line belongs to; lines out of range belong to the nearest cell."""
        self.start(0)
        return min(max(bisect_right(self._starts, line) - 1, 0), len(self._heights) - 1)
