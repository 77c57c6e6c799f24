"""The chart in text: for every dimension a line an arm, a dot with its whisker, on one axis for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from textual.content import Content

from nbalign.evaluate.experiment.model import Interval
from nbalign.evaluate.report.words import count, number, span
from nbalign.tui.evaluate.figures import BEST, Figures
from nbalign.tui.evaluate.fit import fit, width_of
from nbalign.tui.plain import content, one_line

DOT, WHISKER, LEFT, RIGHT, CONSTANT, RATERS = "●", "─", "├", "┤", "│", "┊"
LEGEND = (
    f"{DOT} MAE · {LEFT}{WHISKER}{WHISKER}{RIGHT} its 95% interval · {CONSTANT} always the median · "
    f"{RATERS} raters apart"
)
_SPAN = 13  # `0.26 to 0.37` and a blank before it
_SPAN_FROM = 58  # columns from which intervals stand in digits too
_FIGURE = 9  # a blank and `(0.31)*`
_STYLES = {DOT: "bold $text-accent", CONSTANT: "$text-warning", RATERS: "$text-success"}


@dataclass(frozen=True, slots=True)
class Axis:
    """The common axis.

    Attributes:
        top: The value at its right end; it begins at 0.
        ticks: Round values on it.
    """

    top: float
    ticks: tuple[float, ...]

    def place(self, value: float, width: int) -> int:
        """The column of a value, 0 up to width - 1."""
        return round(max(0.0, min(1.0, value / self.top)) * (width - 1))


def axis_of(intervals: Sequence[Interval]) -> Axis:
    """An axis with room for all of these, with three to six round values on it."""
    reach = max((max(one.value, one.high) for one in intervals), default=0.0) or 1.0
    raw = reach / 4
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= raw * 0.999)
    ticks = tuple(round(step * n, 10) for n in range(6) if step * n <= reach * 1.001 + step * 0.5)
    return Axis(max(reach, ticks[-1]), ticks)


class Chart:
    """The lines of the chart of an experiment.

    Args:
        figures: The experiment.
    """

    def __init__(self, figures: Figures) -> None:
        self._figures = figures
        self._axis = axis_of(figures.intervals)
        self._block = len(figures.arms) + 1  # a line that names the dimension, and the arms
        self._names = max((width_of(arm, 16) for arm in figures.arms), default=1)

    @property
    def height(self) -> int:
        """How many lines there are."""
        return self._block * len(self._figures.dimensions)

    def line_of(self, dimension: int, arm: int) -> int:
        """The line of an arm in a dimension."""
        return dimension * self._block + 1 + arm

    def place_of(self, line: int) -> tuple[int, int | None]:
        """The indexes of dimension and arm of a line; no arm where it names the dimension."""
        dimension, at = divmod(line, self._block)
        return dimension, at - 1 if at else None

    def head(self, width: int) -> Content:
        """The axis with its values."""
        left, axis, _ = self._widths(width)
        line = [" "] * width
        for tick in self._axis.ticks:
            label = f"{tick:g}"
            start = max(0, min(left + self._axis.place(tick, axis) - len(label) // 2, width - len(label)))
            # A label that would touch the one before it is left out.
            if all(cell == " " for cell in line[max(start - 1, 0) : start + len(label)]):
                line[start : start + len(label)] = label
        return content(("".join(line), "$text-muted"))

    def line(self, line: int, width: int, at: tuple[int, int]) -> Content:
        """One line.

        Args:
            line: Its number.
            width: Columns there are.
            at: Indexes of the dimension and the arm in focus.
        """
        dimension, arm = self.place_of(line)
        if arm is None:
            return self._title(dimension)
        shown = self._arm(dimension, arm, width)
        # One ground for all of it: in reverse, the colours of its marks would be patches of ground.
        return Content(shown.plain).stylize("reverse") if (dimension, arm) == at else shown

    def _title(self, index: int) -> Content:
        figures = self._figures
        dimension, title = figures.dimensions[index]
        constant, raters = figures.constant(dimension), figures.raters(dimension)
        said = [count(figures.scored(dimension), "score")]
        said += [f"{CONSTANT} {number(constant.value)}"] if constant else []
        said += [f"{RATERS} {number(raters.value)}"] if raters else []
        return content((one_line(title, 60), "bold"), (f"   {' · '.join(said)}", "$text-muted"))

    def _arm(self, dimension_index: int, arm_index: int, width: int) -> Content:
        figures = self._figures
        dimension, arm = figures.dimensions[dimension_index][0], figures.arms[arm_index]
        figure = figures.at(arm, dimension)
        _, axis, spans = self._widths(width)
        name = f"{BEST if figure.best else ' '} {fit(arm, self._names)}"
        style = "bold" if figure.best else ""
        tail = f" {span(figure.mae)}" if spans else ""
        return content(
            (name, style), (f"{figure.text:>{_FIGURE - 1}} ", style), *self._bar(figure.mae, dimension, axis), tail
        )

    def _bar(self, mae: Interval | None, dimension: str, width: int) -> list[tuple[str, str]]:
        cells = [" "] * width
        for interval, mark in (
            (self._figures.raters(dimension), RATERS),
            (self._figures.constant(dimension), CONSTANT),
        ):
            if interval is not None:
                cells[self._axis.place(interval.value, width)] = mark
        if mae is not None:
            low, high = self._axis.place(mae.low, width), self._axis.place(mae.high, width)
            cells[low : high + 1] = [WHISKER] * (high + 1 - low)
            cells[low], cells[high] = LEFT, RIGHT
            cells[self._axis.place(mae.value, width)] = DOT
        return [("".join(run), _STYLES.get(mark, "")) for mark, run in groupby(cells)]

    def _widths(self, width: int) -> tuple[int, int, bool]:
        """Where the axis begins, how long it is, and whether intervals stand in digits behind it."""
        left = 2 + self._names + _FIGURE
        spans = width >= _SPAN_FROM
        return left, max(width - left - (_SPAN if spans else 0), 5), spans
