"""Where one stands among the figures: a dimension and an arm."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a table of dimensions by arms; moves stop at its edges.

    Attributes:
        dimensions: How many dimensions there are, the mean included.
        arms: How many arms there are.
        dimension: Index of the dimension.
        arm: Index of the arm.
    """

    dimensions: int
    arms: int
    dimension: int = 0
    arm: int = 0

    @property
    def line(self) -> int:
        """The place in reading order of the chart: arm by arm, dimension by dimension."""
        return self.dimension * self.arms + self.arm

    def to_line(self, line: int) -> Cursor:
        """The place that comes at this number in the chart."""
        line = max(0, min(line, self.dimensions * self.arms - 1))
        return replace(self, dimension=line // max(self.arms, 1), arm=line % max(self.arms, 1))

    def to(self, dimension: int, arm: int) -> Cursor:
        """A place in the table."""
        return replace(
            self,
            dimension=max(0, min(dimension, self.dimensions - 1)),
            arm=max(0, min(arm, self.arms - 1)),
        )
