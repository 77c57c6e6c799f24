"""Confusion matrices of the arms that matter, as small squares with shaded cells."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evaluate.experiment.model import MACRO, ExperimentResult
from nbalign.evaluate.metrics import Matrix
from nbalign.evaluate.report.choose import roles, row
from nbalign.evaluate.report.words import count, line

SHADES = 8  # classes h1..h8 of the style sheet; h0 is no shade


@dataclass(frozen=True, slots=True)
class Square:
    """One arm in one dimension.

    Attributes:
        arm: Its name.
        caption: For people who hear it.
        heads: Digits of the scale, over the columns (arm) and before the rows (raters).
        rows: (count, shade 0..8 by its share of the row, whether both sides agree).
        empty: Whether there is nothing to count.
    """

    arm: str
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[tuple[int, int, bool], ...], ...]
    empty: bool


@dataclass(frozen=True, slots=True)
class Squares:
    """The squares of one dimension, or all of them added up.

    Attributes:
        title: Of the dimension.
        squares: One an arm.
    """

    title: str
    squares: tuple[Square, ...]


def shown_arms(result: ExperimentResult) -> list[str]:
    """The base, the full arm and the best one, without repeats."""
    parts = roles(result)
    return [arm for arm in dict.fromkeys((parts.base, parts.full, parts.best)) if arm is not None]


def squares(result: ExperimentResult) -> list[Squares]:
    """All dimensions added up first, then each by itself."""
    arms = shown_arms(result)
    made = []
    for dimension, title in result.dimensions:
        found = [(arm, row(result, arm, dimension)) for arm in arms]
        given = [(arm, one.confusion) for arm, one in found if one is not None and one.confusion is not None]
        if given:
            name = line(title, 60)
            made.append(Squares(name, tuple(_square(result, arm, name, counts) for arm, counts in given)))
    if len(made) > 1:
        sums = [(arm, added) for arm in arms if (added := _sum(result, arm)) is not None]
        whole = "All dimensions"
        made.insert(0, Squares(whole, tuple(_square(result, arm, whole, counts) for arm, counts in sums)))
    return made


def legend(result: ExperimentResult) -> str:
    """What the digits mean, such as `1 bad · 2 average · 3 good`; empty where they have no names."""
    named = zip(result.values, result.value_names, strict=False)
    levels = [f"{value} {line(name, 40)}" for value, name in named if value in result.levels and name != str(value)]
    return " · ".join(levels)


def _sum(result: ExperimentResult, arm: str) -> Matrix | None:
    found = [
        one.confusion for one in result.rows if one.arm == arm and one.dimension != MACRO and one.confusion is not None
    ]
    if not found:
        return None
    return tuple(tuple(sum(cells) for cells in zip(*lines, strict=True)) for lines in zip(*found, strict=True))


def _square(result: ExperimentResult, arm: str, title: str, counts: Matrix) -> Square:
    total = sum(sum(cells) for cells in counts)
    rows = []
    for n, cells in enumerate(counts):
        of = sum(cells)
        shades = [0 if not cell else max(1, round(SHADES * cell / of)) for cell in cells]
        rows.append(tuple((cell, shade, m == n) for m, (cell, shade) in enumerate(zip(cells, shades, strict=True))))
    name = line(arm, 40)
    caption = f"{title}: rows are the raters' scores, columns those of {name}; {count(total, 'pair')}"
    return Square(name, caption, tuple(_head(result, value) for value in result.values), tuple(rows), total == 0)


def _head(result: ExperimentResult, value: int) -> str:
    return str(value) if value in result.levels else "N/A"
