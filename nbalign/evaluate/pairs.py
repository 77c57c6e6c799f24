"""Two aligned columns of scores, split into what can be averaged and what can only be counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from nbalign.rubrics.model import Scale

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Scores of the same things by two sides.

    A score and "not applicable" are never averaged together: whatever averages uses `ordinal`, and the rest is
    counted with `both_na`, `only_a_na` and `only_b_na`, which together make up all `n` pairs.

    Attributes:
        a: Scores of the side that is looked at (the judge, or the first of two raters), shape (n,).
        b: Scores of the side that it is compared with (the truth, or the second rater), shape (n,).
        scale: The scale of both; every score is one of its values.
    """

    a: IntArray
    b: IntArray
    scale: Scale

    def __post_init__(self) -> None:
        if self.a.ndim != 1 or self.a.shape != self.b.shape:
            raise ValueError(f"pairs need two columns of one length, not shapes {self.a.shape} and {self.b.shape}")
        strange = set(self.a.tolist()) | set(self.b.tolist())
        strange -= set(self.scale.values)
        if strange:
            raise ValueError(f"scores {sorted(strange)} are not on the scale {self.scale.values}")

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int]], scale: Scale) -> Pairs:
        """Makes columns out of (a, b) tuples.

        Raises:
            ValueError: If a score is not on the scale.
        """
        columns = np.asarray(pairs, dtype=np.int64).reshape(len(pairs), 2)
        return cls(columns[:, 0], columns[:, 1], scale)

    @property
    def n(self) -> int:
        """All pairs, N/A included."""
        return int(self.a.size)

    @property
    def ordinal(self) -> BoolArray:
        """Mask, shape (n,): pairs that both sides scored on the ordinal levels."""
        mask: BoolArray = ~(self._na(self.a) | self._na(self.b))
        return mask

    @property
    def both_na(self) -> int:
        """How many pairs both sides call N/A."""
        return int((self._na(self.a) & self._na(self.b)).sum())

    @property
    def only_a_na(self) -> int:
        """How many pairs `a` alone calls N/A."""
        return int((self._na(self.a) & ~self._na(self.b)).sum())

    @property
    def only_b_na(self) -> int:
        """How many pairs `b` alone calls N/A."""
        return int((~self._na(self.a) & self._na(self.b)).sum())

    def scored(self) -> tuple[IntArray, IntArray]:
        """Both columns of the ordinal pairs, each of shape (number of ordinal pairs,)."""
        mask = self.ordinal
        return self.a[mask], self.b[mask]

    def _na(self, column: IntArray) -> BoolArray:
        digit = self.scale.not_applicable
        mask: BoolArray = np.zeros(column.shape, dtype=np.bool_) if digit is None else column == digit
        return mask
