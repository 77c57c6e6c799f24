"""The figures of an experiment, looked up by arm and dimension, with the marks that table and chart share."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.evaluate.experiment.best import CONSTANT
from nbalign.evaluate.experiment.model import MACRO, ArmRow, Difference, ExperimentResult, Interval
from nbalign.evaluate.report.choose import covered, roles
from nbalign.evaluate.report.words import number

BEST, BETTER, WORSE = "▸", "*", "▼"  # as `nbalign evaluate` prints them
MEAN = "All dimensions"


@dataclass(frozen=True, slots=True)
class Figure:
    """One arm in one dimension.

    Attributes:
        row: What was measured; None where nothing was.
        mae: Its error with the interval; None where it has none, or none that is a number.
        best: Whether no arm is nearer to the raters here.
        mark: `*` or `▼` where the difference from the base is significant, else empty.
        partial: Whether it is a mean over fewer dimensions than that of other arms.
    """

    row: ArmRow | None
    mae: Interval | None
    best: bool
    mark: str
    partial: bool

    @property
    def text(self) -> str:
        """The error in digits with its mark; in brackets where it is no match for the others."""
        value = number(self.mae.value if self.mae else None)
        return f"({value}){self.mark}" if self.partial else f"{value}{self.mark}"


class Figures:
    """An experiment as table and chart read it.

    Args:
        result: The experiment.

    Attributes:
        result: The same.
        arms: Names of the arms, in the order of tables.
        dimensions: (id, title): the mean over all of them first, where there are several.
        base: The arm that significance is measured against, or None.
        best: The best arm over all dimensions, or None.
    """

    def __init__(self, result: ExperimentResult) -> None:
        self.result = result
        self.arms = result.arms
        mean = ((MACRO, MEAN),) if len(result.dimensions) > 1 else ()
        self.dimensions: tuple[tuple[str, str], ...] = (*mean, *result.dimensions)
        parts = roles(result)
        self.base, self.best = parts.base, parts.best
        self._rows = {(row.arm, row.dimension): row for row in result.rows}
        self._differences = {(d.arm, d.against, d.dimension): d for d in result.differences}
        self._floors = {floor.dimension: floor.mae for floor in result.floors}
        count = covered(result)
        most = max(count.values(), default=0)
        self._partial = {arm for arm in result.arms if 0 < count[arm] < most}
        self._least = {dimension: self._nearest(dimension) for dimension, _ in self.dimensions}
        self._scored = {dimension: self._truths(dimension) for dimension, _ in result.dimensions}

    def at(self, arm: str, dimension: str) -> Figure:
        """The figure of an arm in a dimension."""
        row = self._rows.get((arm, dimension))
        mae = _finite(row.mae if row else None)
        found = self.difference(arm, self.base, dimension)
        mark = "" if found is None or not found.significant else BETTER if found.gain.value > 0 else WORSE
        partial = dimension == MACRO and arm in self._partial
        best = mae is not None and not partial and number(mae.value) == self._least[dimension]  # of equal looks, all
        return Figure(row, mae, best, mark, partial)

    def difference(self, arm: str, against: str | None, dimension: str) -> Difference | None:
        """The paired comparison of two arms, or None where it was not made."""
        return self._differences.get((arm, against or "", dimension))

    def constant(self, dimension: str) -> Interval | None:
        """What always giving the median comes to; None without that arm."""
        row = self._rows.get((CONSTANT, dimension))
        return _finite(row.mae if row else None)

    def raters(self, dimension: str) -> Interval | None:
        """The raters' distance from each other; None where no two scored the same."""
        return _finite(self._floors.get(dimension))

    def scored(self, dimension: str) -> int:
        """How many scores on the levels the arms were compared with."""
        return sum(self._scored.values()) if dimension == MACRO else self._scored.get(dimension, 0)

    @property
    def intervals(self) -> tuple[Interval, ...]:
        """All that an axis must have room for."""
        rows: Mapping[str, Interval | None] = {d: self.raters(d) for d, _ in self.dimensions}
        every = [*(self.at(arm, d).mae for arm in self.arms for d, _ in self.dimensions), *rows.values()]
        return tuple(interval for interval in every if interval is not None)

    def _nearest(self, dimension: str) -> str:
        rivals = [arm for arm in self.arms if dimension != MACRO or arm not in self._partial]
        rows = [self._rows.get((arm, dimension)) for arm in rivals]
        errors = [mae.value for row in rows if row is not None and (mae := _finite(row.mae)) is not None]
        return number(min(errors)) if errors else ""

    def _truths(self, dimension: str) -> int:
        found = [row.na for row in self.result.rows if row.dimension == dimension and row.na is not None]
        return max((na.neither + na.only_a for na in found), default=0)


def _finite(interval: Interval | None) -> Interval | None:
    known = interval is not None and all(map(math.isfinite, (interval.value, interval.low, interval.high)))
    return interval if known else None
