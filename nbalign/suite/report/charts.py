"""Where things stand in the pictures of runs: distributions as bars, differences as whiskers on one axis.

Lengths are in the units of the view boxes, about one pixel each. Drawing is the templates' part.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nbalign.evaluate.report.words import count, line, number, with_span
from nbalign.suite.compare.model import MACRO, Comparison, Interval, Row

BAR_WIDTH = 220
CHART_WIDTH = 760
NAMES = 210  # where names of dimensions end
_LEFT, _RIGHT = 222, 640  # the axis; figures stand right of it
ROW = 34
TOP = 22


@dataclass(frozen=True, slots=True)
class Segment:
    """One value of the scale in a bar.

    Attributes:
        label: `2`, or `N/A`.
        count: Notebooks.
        x: Left end.
        width: Length.
        shade: Number of a shade class: 1 for the lowest level and up, 0 for N/A.
    """

    label: str
    count: int
    x: float
    width: float
    shade: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A distribution over the scale.

    Attributes:
        segments: Values with notebooks, the lowest first, N/A last.
        description: The same in words.
    """

    segments: tuple[Segment, ...]
    description: str


@dataclass(frozen=True, slots=True)
class Whisker:
    """An interval on the axis.

    Attributes:
        x: The figure.
        low: Left end.
        high: Right end.
        tip: The same in words.
    """

    x: float
    low: float
    high: float
    tip: str


@dataclass(frozen=True, slots=True)
class Line:
    """A dimension in the chart of differences.

    Attributes:
        title: Of the dimension.
        y: Height of its middle.
        judged: The judged difference; None without pairs.
        true: The expected true difference; None where the judge's error is not known.
        figure: The judged difference in digits, with a sign where it is certain.
        look: `better`, `worse` or empty.
        macro: Whether it is the mean over dimensions.
    """

    title: str
    y: float
    judged: Whisker | None
    true: Whisker | None
    figure: str
    look: str
    macro: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """Differences of all dimensions on one axis.

    Attributes:
        lines: The mean first.
        ticks: (x, label).
        zero: Where no difference stands.
        height: Of the view box.
        bottom: Where the axis ends.
        description: All figures in words.
    """

    lines: tuple[Line, ...]
    ticks: tuple[tuple[float, str], ...]
    zero: float
    height: float
    bottom: float
    description: str


def bar(counts: Mapping[int, int], not_applicable: int | None) -> Bar:
    """A distribution as a bar of `BAR_WIDTH`.

    Args:
        counts: Value -> notebooks, in the order they are drawn.
        not_applicable: The digit that means N/A.
    """
    total = sum(counts.values())
    at, segments, said = 0.0, [], []
    levels = [value for value in counts if value != not_applicable]
    for value, there in counts.items():
        if not there:
            continue
        width = BAR_WIDTH * there / total
        name = "N/A" if value == not_applicable else str(value)
        # Four shades are easily told apart: scales of more levels share some.
        shade = 0 if value == not_applicable else shade_of(levels.index(value), len(levels))
        segments.append(Segment(name, there, round(at, 1), round(width, 1), shade))
        said.append(f"{name}: {there}")
        at += width
    return Bar(tuple(segments), f"{count(total, 'notebook')}: {', '.join(said)}" if said else "no notebooks")


def shade_of(place: int, levels: int) -> int:
    """The shade class of a level: 1 for the lowest, 4 for the highest.

    Args:
        place: Of the level in ascending order, from 0.
        levels: How many there are.
    """
    return 1 + 3 * place // max(1, levels - 1)


def differences(found: Comparison) -> Chart:
    """The differences of a comparison with both intervals."""
    rows = [found.macro, *found.rows] if len(found.rows) > 1 else list(found.rows)
    ends = [abs(end) for row in rows for one in (row.judged, row.true) for end in _ends(one)]
    step, reach = _axis(max(ends, default=0.0))

    def place(value: float) -> float:
        share = max(-1.0, min(1.0, value / reach))
        return round((_LEFT + _RIGHT) / 2 + (_RIGHT - _LEFT) / 2 * share, 1)

    lines = tuple(_line(row, TOP + ROW * (n + 0.5), place) for n, row in enumerate(rows))
    bottom = TOP + ROW * len(rows)
    times = round(reach / step)
    ticks = tuple((place(step * n), f"{step * n:+g}" if n else "0") for n in range(-times, times + 1))
    said = [
        f"{line(row.title, 60)}: judged {with_span(row.judged, sign=True)}"
        + (f", true {with_span(row.true, sign=True)}" if row.true else "")
        for row in rows
    ]
    return Chart(lines, ticks, place(0.0), bottom + 24, bottom, "; ".join(said))


def _line(row: Row, y: float, place: object) -> Line:
    assert callable(place)

    def whisker(one: Interval | None, name: str) -> Whisker | None:
        if one is None:
            return None
        return Whisker(place(one.value), place(one.low), place(one.high), f"{name} {with_span(one, sign=True)}")

    change = row.judged
    look = ("better" if change.value > 0 else "worse") if change is not None and row.significant else ""
    sign = {"better": " ▲", "worse": " ▼"}.get(look, "")
    figure = "–" if change is None else f"{'+' if change.value > 0 else ''}{number(change.value)}{sign}"
    title = line(row.title, 30)
    return Line(title, y, whisker(change, "judged"), whisker(row.true, "true"), figure, look, row.dimension == MACRO)


def _axis(reach: float) -> tuple[float, float]:
    """A round step, and the end of the axis: a multiple of it, at least half a level."""
    reach = max(0.5, reach)
    step = next(step for step in (0.25, 0.5, 1.0, 2.0, 5.0, 10.0) if reach / step <= 4 or step == 10.0)
    return step, step * math.ceil(reach / step - 1e-9)


def _ends(interval: Interval | None) -> Sequence[float]:
    found = () if interval is None else (interval.value, interval.low, interval.high)
    return [value for value in found if math.isfinite(value)]
