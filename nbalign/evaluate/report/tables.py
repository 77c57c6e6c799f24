"""The tables of a report: every cell already in words, so that the template only lays them out."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evaluate.experiment.model import MACRO, ArmRow, Difference, ExperimentResult, Interval
from nbalign.evaluate.metrics import NaAgreement
from nbalign.evaluate.report.chart import Forest, forests
from nbalign.evaluate.report.choose import covered, difference, error, floor, roles, row
from nbalign.evaluate.report.words import (
    NONE,
    line,
    number,
    p_value,
    percent,
    signed,
    span,
    whole,
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table.

    Attributes:
        text: What stands in it.
        small: Small print under it; may be empty.
        look: Space-separated words for the looks: `best`, `better`, `worse`, `words`.
    """

    text: str
    small: str = ""
    look: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table.

    Attributes:
        caption: For people who hear it.
        head: Column heads; the first is that of the row heads.
        groups: (title of a group of rows or empty, its rows); the first cell of a row is its head.
    """

    caption: str
    head: tuple[str, ...]
    groups: tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class Gains:
    """The comparisons of one pair of arms.

    Attributes:
        title: `full against base`.
        rows: The mean over dimensions first: its cells, and the picture that stands in the second column.
        open: Whether to show it at once.
    """

    title: str
    rows: tuple[tuple[tuple[Cell, ...], Forest], ...]
    open: bool


GAIN_HEAD = ("dimension", "", "gain", "95% interval", "pairs", "p", "adjusted p", "")


def errors(result: ExperimentResult) -> Table:
    """MAE by dimension and arm with intervals, and the raters' own distance: the numbers of the chart."""
    parts = roles(result)
    dimensions = covered(result)
    most = max(dimensions.values(), default=0)
    rows = []
    for dimension, title in _dimensions(result):
        values = [error(result, arm, dimension) for arm in result.arms]
        # A mean over fewer dimensions is shown and marked, but it competes with none.
        partial = [dimension == MACRO and 0 < dimensions[arm] < most for arm in result.arms]
        fair = [value for value, part in zip(values, partial, strict=True) if value is not None and not part]
        least = min((round(value, 2) for value in fair), default=None)
        cells = [Cell(title)]
        for arm, value, part in zip(result.arms, values, partial, strict=True):
            found = row(result, arm, dimension)
            look = "best" if value is not None and not part and round(value, 2) == least else ""
            against = difference(result, arm, parts.base, dimension)
            if against is not None and against.significant:
                look += " better" if against.gain.value > 0 else " worse"
            small = _narrow(found.mae) if found is not None else ""
            if part:
                small = f"{small}, over {dimensions[arm]} of {most}"
            cells.append(Cell(number(value), small, look.strip()))
        raters = floor(result, dimension)
        apart = raters.mae if raters is not None else None
        rows.append((*cells, Cell(number(apart.value if apart else None), _narrow(apart))))
    return Table(
        "Mean absolute error by dimension and arm, with 95% intervals",
        ("dimension", *(line(arm, 24) for arm in result.arms), "raters"),
        _split(rows, len(result.dimensions)),
    )


def yardsticks(result: ExperimentResult) -> Table:
    """All measures of every arm, means over dimensions first."""
    groups = []
    for dimension, title in _dimensions(result):
        found = [(arm, row(result, arm, dimension)) for arm in result.arms]
        groups.append((title, tuple(_measures(arm, one) for arm, one in found if one is not None)))
    return Table(
        "All measures by arm",
        ("arm", "pairs", "on the levels", "MAE", "95% interval", "bias", "exact", "QWK"),
        tuple(groups),
    )


def gains(result: ExperimentResult) -> list[Gains]:
    """Paired comparisons, one block a pair of arms; that of the best arm with the base comes first and is open."""
    parts = roles(result)
    pairs = list(dict.fromkeys((one.arm, one.against) for one in result.differences))
    pairs.sort(key=lambda pair: (pair != (parts.best, parts.base), pair[0] != parts.best))
    order = {dimension: n for n, (dimension, _) in enumerate(_dimensions(result))}
    titles = dict(_dimensions(result))
    blocks = []
    for n, (arm, against) in enumerate(pairs):
        made = [one for one in result.differences if (one.arm, one.against) == (arm, against)]
        made.sort(key=lambda one: order.get(one.dimension, len(order)))
        rows = [_gain(one, titles.get(one.dimension, line(one.dimension, 60))) for one in made]
        title = f"{line(arm, 40)} against {line(against, 40)}"
        blocks.append(Gains(title, tuple(zip(rows, forests(made), strict=True)), n == 0))
    return blocks


def not_applicable(result: ExperimentResult) -> Table | None:
    """Agreement on N/A: sums over dimensions first, then by dimension; None where the scale has no N/A."""
    if set(result.levels) == set(result.values):
        return None
    groups = []
    whole_scale: list[tuple[Cell, ...]] = []
    for arm in result.arms:
        found = [one.na for one in result.rows if one.arm == arm and one.na is not None and one.dimension != MACRO]
        whole_scale.append(_na(arm, *(sum(getattr(na, name) for na in found) for name in _NA_COUNTS)))
    if len(result.dimensions) > 1:
        groups.append(("All dimensions", tuple(whole_scale)))
    for dimension, title in result.dimensions:
        rows = [(one.arm, one.na) for one in result.rows if one.dimension == dimension and one.na is not None]
        groups.append((line(title, 60), tuple(_na_row(arm, na) for arm, na in rows)))
    head = ("arm", "both N/A", "arm alone", "raters alone", "both a level", "agreement", "kappa")
    return Table("Agreement on what is not applicable", head, tuple(groups))


_NA_COUNTS = ("both", "only_a", "only_b", "neither")


def _dimensions(result: ExperimentResult) -> list[tuple[str, str]]:
    """(id, clean title), with the mean over dimensions first where there are several."""
    named = [(dimension, line(title, 60)) for dimension, title in result.dimensions]
    return [(MACRO, "All dimensions"), *named] if len(named) != 1 else named


def _narrow(interval: Interval | None) -> str:
    """`0.26–0.37`: with a dozen arms every character counts, and no error is below 0."""
    return span(interval).replace(" to ", "–")


def _split(rows: list[tuple[Cell, ...]], dimensions: int) -> tuple[tuple[str, tuple[tuple[Cell, ...], ...]], ...]:
    """The mean over dimensions as a group of its own."""
    if dimensions == 1:
        return (("", tuple(rows)),)
    return (("", tuple(rows[:1])), ("", tuple(rows[1:])))


def _measures(arm: str, one: ArmRow) -> tuple[Cell, ...]:
    return (
        Cell(line(arm, 40)),
        Cell(whole(one.n)),
        Cell(whole(one.ordinal)),
        Cell(number(one.mae.value if one.mae else None)),
        Cell(span(one.mae) or NONE),
        Cell(signed(one.bias)),
        Cell(percent(one.exact)),
        Cell(number(one.kappa)),
    )


def _gain(one: Difference, title: str) -> tuple[Cell, ...]:
    better = one.gain.value > 0
    if not one.significant:
        verdict = Cell("not told apart")
    else:
        verdict = Cell("better" if better else "worse", look="better" if better else "worse")
    return (
        Cell(title),
        Cell(signed(one.gain.value)),
        Cell(span(one.gain, sign=True)),
        Cell(whole(one.pairs)),
        Cell(p_value(one.p)),
        Cell(p_value(one.adjusted)),
        verdict,
    )


def _na_row(arm: str, na: NaAgreement) -> tuple[Cell, ...]:
    counts = [Cell(whole(getattr(na, name))) for name in _NA_COUNTS]
    return (Cell(line(arm, 40)), *counts, Cell(percent(na.share)), Cell(number(na.kappa)))


def _na(arm: str, both: int, only_a: int, only_b: int, neither: int) -> tuple[Cell, ...]:
    """Sums over dimensions; no kappa, which is about one dimension."""
    n = both + only_a + only_b + neither
    return _na_row(arm, NaAgreement(both, only_a, only_b, neither, (both + neither) / n if n else None, None))
