"""A rubric: what raters and judges are asked, and the ordinal scale they answer on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """An ordinal scale of 2 to 9 levels named by digits, with or without "not applicable".

    Attributes:
        meanings: Digit 0..9 -> what it means in general, the N/A digit included when there is one.
        not_applicable: The digit that means N/A, or None.
    """

    meanings: Mapping[int, str]
    not_applicable: int | None

    @property
    def levels(self) -> tuple[int, ...]:
        """The ordinal digits in ascending order, N/A left out."""
        return tuple(sorted(v for v in self.meanings if v != self.not_applicable))

    @property
    def values(self) -> tuple[int, ...]:
        """Every digit a rater may give, ascending, N/A included."""
        return tuple(sorted(self.meanings))

    def name(self, value: int) -> str:
        """A short name of a value: `good`, `N/A`; the digit itself when the scale gives no words."""
        if value == self.not_applicable:
            return "N/A"
        head = self.meanings[value].split(".")[0].split(":")[0].strip()
        return head.lower() if head and len(head) <= 24 else str(value)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing to be scored.

    Attributes:
        id: Stable snake_case identifier.
        title: For people.
        question: What is asked.
        levels: Digit -> what this score means for this dimension.
    """

    id: str
    title: str
    question: str
    levels: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Rubric:
    """A rubric of 1 to 20 dimensions.

    Attributes:
        id: Stable kebab-case identifier.
        version: Positive integer that its author raises with each change.
        title: For people.
        scale: The scale all dimensions share.
        dimensions: In the author's order.
        sha256: Hash of the YAML text; it names the exact rubric in every judgement.
        text: The YAML itself.
    """

    id: str
    version: int
    title: str
    scale: Scale
    dimensions: tuple[Dimension, ...]
    sha256: str
    text: str

    def dimension(self, dimension_id: str) -> Dimension:
        """The dimension with this id.

        Raises:
            KeyError: If the rubric has none.
        """
        for dimension in self.dimensions:
            if dimension.id == dimension_id:
                return dimension
        raise KeyError(dimension_id)
