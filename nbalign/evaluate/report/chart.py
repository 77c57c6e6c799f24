"""Where things stand in the charts: one panel a dimension, one line an arm, the same axis everywhere.

Lengths are in the units of a panel's view box, about one pixel each. Drawing is the template's part.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from nbalign.evaluate.experiment.best import CONSTANT
from nbalign.evaluate.experiment.model import MACRO, Difference, ExperimentResult, Interval
from nbalign.evaluate.report.choose import covered, difference, error, floor, roles, row
from nbalign.evaluate.report.words import count, line, number, with_span

WIDTH = 400
NAMES = 126  # where the arms' names end
_LEFT, _RIGHT = 134, 344  # the axis; figures stand right of it
_ROW = 20
_TOP = 14
COLOURS = 7  # classes c0..c6 of the style sheet
# Drawn around (0, 0), each about as large to the eye: disc, square, diamond, triangles, cross, plus, hexagon.
SHAPES = (
    "M-4.6 0a4.6 4.6 0 1 0 9.2 0a4.6 4.6 0 1 0 -9.2 0z",
    "M-4.1 -4.1h8.2v8.2h-8.2z",
    "M0 -5.8L5.8 0L0 5.8L-5.8 0z",
    "M0 -5.4L5.2 3.8H-5.2z",
    "M0 5.4L5.2 -3.8H-5.2z",
    "M-4.9 -2.9L-2.9 -4.9L0 -2L2.9 -4.9L4.9 -2.9L2 0L4.9 2.9L2.9 4.9L0 2L-2.9 4.9L-4.9 2.9L-2 0z",
    "M-1.5 -5.4h3v3.9h3.9v3h-3.9v3.9h-3v-3.9h-3.9v-3h3.9z",
    "M-2.6 -4.5H2.6L5.2 0L2.6 4.5H-2.6L-5.2 0z",
)


@dataclass(frozen=True, slots=True)
class Mark:
    """How an arm looks: with 7 colours and 8 shapes no two of 56 arms look the same.

    Attributes:
        colour: Number of a colour class.
        shape: Path around the origin.
    """

    colour: int
    shape: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One arm in one panel.

    Attributes:
        name: Short name.
        mark: Its looks.
        y: Height of its line.
        x: Its error; None where it has none.
        low: Left end of the whisker.
        high: Right end.
        figure: The error in digits, and a sign where it differs significantly from the base.
        best: Whether it is the best arm of the experiment.
        tip: The same in words.
    """

    name: str
    mark: Mark
    y: float
    x: float | None
    low: float
    high: float
    figure: str
    best: bool
    tip: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One dimension.

    Attributes:
        title: Of the dimension.
        macro: Whether it is the mean over dimensions.
        description: All figures in words, for those who cannot see them.
        height: Of the view box.
        bottom: Where the axis ends.
        dots: One an arm.
        ticks: (x, label).
        constant: Where the constant predictor stands, or None.
        raters: (left end, value, right end) of the raters' distance from each other, or None.
    """

    title: str
    macro: bool
    description: str
    height: float
    bottom: float
    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, str], ...]
    constant: float | None
    raters: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class Forest:
    """A gain as a small picture, 120 wide: zero, whisker and dot.

    Attributes:
        zero: Where no difference stands.
        x: The gain.
        low: Left end of the whisker.
        high: Right end.
    """

    zero: float
    x: float
    low: float
    high: float


def marks(result: ExperimentResult) -> dict[str, Mark]:
    """The looks of every arm but the constant, the same in all panels."""
    drawn = [arm for arm in result.arms if arm != CONSTANT]
    return {arm: Mark(n % COLOURS, SHAPES[n % len(SHAPES)]) for n, arm in enumerate(drawn)}


def panels(result: ExperimentResult) -> list[Panel]:
    """The mean over dimensions first, then a panel a dimension, in the rubric's order; none without arms to draw."""
    if not marks(result):
        return []
    top, ticks = _axis(result)
    whole = [(MACRO, "All dimensions")] if len(result.dimensions) > 1 else []
    return [_panel(result, dimension, line(title, 48), top, ticks) for dimension, title in (*whole, *result.dimensions)]


def forests(differences: list[Difference]) -> list[Forest]:
    """One picture a comparison, all on one axis with zero in its middle."""
    reach = max((abs(end) for one in differences for end in _ends(one.gain)), default=0.0) or 1.0

    def place(value: float) -> float:
        return round(60 + 54 * max(-1.0, min(1.0, value / reach if math.isfinite(value) else 0.0)), 1)

    return [Forest(60.0, *(place(v) for v in (one.gain.value, one.gain.low, one.gain.high))) for one in differences]


def _panel(result: ExperimentResult, dimension: str, title: str, top: float, ticks: list[float]) -> Panel:
    looks = marks(result)
    best = roles(result).best
    dimensions = covered(result)
    most = max(dimensions.values(), default=0)
    dots = []
    for n, (arm, mark) in enumerate(looks.items()):
        found = row(result, arm, dimension)
        mae = found.mae if found is not None else None
        y = _TOP + _ROW * (n + 0.5)
        value = error(result, arm, dimension)
        said = f"{line(arm, 40)}: {with_span(mae)}"
        if found is not None:
            said += f", {count(found.ordinal, 'pair')}"
        if dimension == MACRO and 0 < dimensions[arm] < most:
            said += f", over {dimensions[arm]} of {most} dimensions alone"
        if mae is None or value is None:
            dots.append(Dot(line(arm, 18), mark, y, None, 0, 0, number(None), arm == best, said))
            continue
        x, low, high = (_place(v, top) for v in (value, mae.low, mae.high))
        figure = number(value) + _sign(result, arm, dimension)
        dots.append(Dot(line(arm, 18), mark, y, x, low, high, figure, arm == best, said))
    bottom = _TOP + _ROW * len(dots) + 4
    constant = error(result, CONSTANT, dimension)
    raters = floor(result, dimension)
    apart = raters.mae if raters is not None else None
    return Panel(
        title=title,
        macro=dimension == MACRO,
        description=_described(result, dimension, [dot.tip for dot in dots]),
        height=bottom + 20,
        bottom=bottom,
        dots=tuple(dots),
        ticks=tuple((_place(tick, top), f"{tick:g}") for tick in ticks),
        constant=None if constant is None else _place(constant, top),
        raters=None if apart is None else (_place(apart.low, top), _place(apart.value, top), _place(apart.high, top)),
    )


def _described(result: ExperimentResult, dimension: str, said: list[str]) -> str:
    constant = row(result, CONSTANT, dimension)
    if constant is not None:
        said = [*said, f"always giving the median: {with_span(constant.mae)}"]
    raters = floor(result, dimension)
    if raters is not None:
        said = [*said, f"raters against each other: {with_span(raters.mae)}, {count(raters.pairs, 'pair')}"]
    return f"Mean absolute error with its 95% interval. {'; '.join(said)}."


def _sign(result: ExperimentResult, arm: str, dimension: str) -> str:
    against = difference(result, arm, roles(result).base, dimension)
    if against is None or not against.significant:
        return ""
    return " ▲" if against.gain.value > 0 else " ▼"


def _axis(result: ExperimentResult) -> tuple[float, list[float]]:
    """The highest value shown, and round values from 0 up to it, at most six."""
    intervals = [one.mae for one in result.rows] + [one.mae for one in result.floors]
    shown = [end for one in intervals for end in _ends(one)]
    reach = max(shown, default=0.0) or 1.0
    raw = reach / 4
    unit = 10.0 ** math.floor(math.log10(raw))
    step = next(unit * m for m in (1, 2, 2.5, 5, 10) if unit * m >= raw * 0.999)
    ticks = [round(step * n, 10) for n in range(6) if step * n <= reach * 1.001 + step * 0.5]
    return max(reach, ticks[-1]), ticks


def _ends(interval: Interval | None) -> tuple[float, ...]:
    found = () if interval is None else (interval.value, interval.low, interval.high)
    return tuple(value for value in found if math.isfinite(value))


def _place(value: float, top: float) -> float:
    share = max(0.0, min(1.0, value / top)) if math.isfinite(value) else 0.0
    return round(_LEFT + (_RIGHT - _LEFT) * share, 1)
