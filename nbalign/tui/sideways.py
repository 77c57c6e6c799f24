"""Lines wider than the view, cut at its right edge and moved sideways, the first column staying where it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.tui.text_tables import Columns

_EDGE = "›"  # the last cell of a line that goes on


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a wide table that is in view.

    Attributes:
        columns: Its columns.
        width: Cells of its longest line.
        shift: Cells it is moved to the left by, 0 or more, as far as there is something to see.
        room: Cells for what moves; the last one is the edge.
    """

    columns: Columns
    width: int
    shift: int
    room: int

    @property
    def start(self) -> int:
        """The first cell in view of what moves."""
        return self.columns.kept + self.shift

    @property
    def reach(self) -> int:
        """The largest shift that still shows something new."""
        return max(self.width - self.columns.kept - self.room, 0)

    @property
    def more(self) -> bool:
        """Whether there is more to the right."""
        return self.shift < self.reach

    def shift_to(self, start: int, end: int) -> int | None:
        """The shift that brings the cells from `start` to `end` of a line into view; None when they are in view."""
        kept = self.columns.kept
        last = self.start + self.room - (1 if self.more else 0)
        if end <= kept or (self.start <= start and end <= last):
            return None
        return min(max(start - kept - (self.room - (end - start)) // 2, 0), self.reach)

    def cut(self, strip: Strip, text: Style, dim: Style) -> Strip:
        """The part of a line that is in view.

        Args:
            strip: The whole line.
            text: Style of blanks.
            dim: Style of the mark at the edge.
        """
        seen = strip.crop(self.start, min(self.start + self.room, strip.cell_length))
        if strip.cell_length > self.start + self.room:
            seen = Strip.join([seen.crop(0, self.room - 1), Strip([Segment(_EDGE, dim)])])
        if not self.columns.kept:
            return seen
        return Strip.join([strip.crop(0, self.columns.kept).adjust_cell_length(self.columns.kept, text), seen])

    def hidden(self) -> tuple[str, str]:
        """How much lies to the left and to the right of what is in view, in words; empty for nothing."""
        end = self.start + self.room
        moving = [span for span in self.columns.spans if span[0] >= self.columns.kept]
        if len(moving) > 1:
            left = sum(start < self.start for start, _ in moving)
            right = sum(stop > end for _, stop in moving)
            unit = "column"
        else:
            left, right, unit = self.shift, max(self.width - end, 0), "character"
        return (
            _count(left, unit, "") if self.shift else "",
            (_count(right, unit, "more ") if right else "a little more") if self.more else "",
        )


def window(columns: Columns, width: int, shift: int, room: int) -> Window:
    """The window on a table.

    Args:
        columns: Its columns.
        width: Cells of its longest line.
        shift: The shift that was asked for.
        room: Cells a line may take.
    """
    whole = Window(columns, width, 0, max(room - columns.kept, 2))
    return Window(columns, width, max(min(shift, whole.reach), 0), whole.room)


def reach(windows: Iterable[Window]) -> int:
    """The largest shift that still shows something new of any of these tables."""
    return max((w.reach for w in windows), default=0)


def _count(count: int, unit: str, more: str) -> str:
    return f"{count:,} {more}{unit}{'' if count == 1 else 's'}"
