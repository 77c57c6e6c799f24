"""What was learned from rows and put into data: it goes with the data wherever that goes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from nbalign.evidence.flow.event import Place
from nbalign.evidence.flow.rows import Rows


@dataclass(frozen=True, slots=True)
class Learned:
    """Something that was learned from rows and then put into data.

    Attributes:
        id: Unique.
        what: `fill`, `scale`, `encode`, `target encode`, `select`, `decompose`, `vectorize`, `bin`, `resample`,
            `statistic`, `model` or `transform` when it is not known which.
        how: `median`, `StandardScaler`, `get_dummies`, …
        rows: Rows it was learned from.
        columns: Columns it was learned from, where known.
        uses_target: Whether the target was used to learn it.
        at: Where.
    """

    id: int
    what: str
    how: str
    rows: Rows
    columns: tuple[str, ...]
    uses_target: bool
    at: Place


Carried = frozenset[Learned]
NOTHING: Carried = frozenset()


def in_order(carried: Iterable[Learned]) -> list[Learned]:
    """What is carried in the order in which it was learned: a set's own order changes from one run to the next."""
    return sorted(carried, key=lambda learned: learned.id)
