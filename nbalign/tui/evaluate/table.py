"""The table in text: a row a dimension, a column an arm; with many arms those around the one in focus."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from nbalign.evaluate.report.words import NONE, number, span
from nbalign.tui.evaluate.figures import BEST, Figures
from nbalign.tui.evaluate.fit import fit, width_of
from nbalign.tui.plain import content

_TITLE, _SHORT_TITLE = 28, 18
_SCORES, _RATERS, _MORE = 6, 8, 3
_SPAN = 15  # ` (0.26 to 0.37)`
_LONGEST = 16


@dataclass(frozen=True, slots=True)
class Columns:
    """Which arms have a column, and where.

    Attributes:
        title: Columns of the dimension's name.
        first: Index of the first arm shown.
        widths: Columns of each arm shown.
        more: Whether arms follow that are not shown.
        spans: Whether there is room for intervals.
    """

    title: int
    first: int
    widths: tuple[int, ...]
    more: bool
    spans: bool

    def arm_at(self, x: int) -> int | None:
        """Index of the arm whose column this is; None beside all of them."""
        start = self.title + _SCORES + (_MORE if self.first else 0)
        for n, width in enumerate(self.widths):
            if start <= x < start + width:
                return self.first + n
            start += width
        return None


class Table:
    """The lines of the table of an experiment.

    Args:
        figures: The experiment.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._title = min(max(width_of(title, _TITLE) for _, title in figures.dimensions) + 1, _TITLE)
        self._names = [width_of(arm, _LONGEST) for arm in figures.arms]

    def columns(self, width: int, arm: int) -> Columns:
        """The columns that fit, with the arm in focus among them."""
        wanted = sum(max(name, 7) + 1 for name in self._names)
        # Names of dimensions give way where all arms fit beside shorter ones.
        title = max(min(self._title, _SHORT_TITLE), min(self._title, width - _SCORES - _RATERS - wanted))
        room = width - title - _SCORES - _RATERS
        wide = [max(name, 7 + _SPAN) + 1 for name in self._names]
        if sum(wide) <= room:
            return Columns(title, 0, tuple(wide), False, True)
        widths = [max(name, 7) + 1 for name in self._names]
        if sum(widths) <= room:
            return Columns(title, 0, tuple(widths), False, False)
        room -= 2 * _MORE
        first, last = arm, arm + 1
        # From the arm in focus to the left as far as there is room, then to the right.
        while first > 0 and sum(widths[first - 1 : last]) <= room:
            first -= 1
        while last < len(widths) and sum(widths[first : last + 1]) <= room:
            last += 1
        return Columns(title, first, tuple(widths[first:last]), last < len(widths), False)

    def head(self, width: int, arm: int) -> Content:
        """Names of the columns."""
        columns = self.columns(width, arm)
        parts: list[tuple[str, str]] = [(f"{'dimension':<{columns.title}}{'n':>{_SCORES - 1}} ", "$text-muted")]
        if columns.first:
            parts.append((f"{'‹':>{_MORE}}", "bold"))
        for n, room in enumerate(columns.widths, columns.first):
            parts.append(
                (f"{fit(self._figures.arms[n], room - 1, right=True)} ", "bold" if n == arm else "$text-muted")
            )
        if columns.more:
            parts.append((f"{'›':>{_MORE}}", "bold"))
        return content(*parts, (f"{'raters':>{_RATERS}}", "$text-muted"))

    def line(self, index: int, width: int, at: tuple[int, int]) -> Content:
        """The row of a dimension.

        Args:
            index: Index of the dimension.
            width: Columns there are.
            at: Indexes of the dimension and the arm in focus.
        """
        figures, columns = self._figures, self.columns(width, at[1])
        dimension, title = figures.dimensions[index]
        named = f"{fit(title, columns.title - 1)} "
        parts: list[tuple[str, str]] = [(named, "bold" if index == at[0] else "")]
        parts.append((f"{figures.scored(dimension):>{_SCORES - 1}} ", "$text-muted"))
        if columns.first:
            parts.append((" " * _MORE, ""))
        for n, room in enumerate(columns.widths, columns.first):
            figure = figures.at(figures.arms[n], dimension)
            said = figure.text + (f" ({span(figure.mae)})" if columns.spans and figure.mae else "")
            # A figure without a mark is followed by a blank, so that digits stand under digits.
            said = said if figure.mark or columns.spans else f"{said} "
            style = " ".join(("bold",) * figure.best + ("reverse",) * ((index, n) == at))
            parts.append((f"{BEST + said if figure.best else said:>{room - 1}} ", style))
        if columns.more:
            parts.append((" " * _MORE, ""))
        raters = figures.raters(dimension)
        return content(*parts, (f"{number(raters.value) if raters else NONE:>{_RATERS}}", "$text-success"))
