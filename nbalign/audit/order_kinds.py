"""The orders in which a rater may go through the notebooks, by name."""

from __future__ import annotations

from typing import Literal, get_args

from nbalign.errors import UsageError

OrderKind = Literal["imported", "random", "informative"]
KINDS: tuple[OrderKind, ...] = get_args(OrderKind)


def order_kind(value: object) -> OrderKind:
    """A kind of order as a setting holds it; as imported for anything else."""
    return next((kind for kind in KINDS if kind == value), "imported")


def check_kind(value: str) -> OrderKind:
    """A kind of order by name.

    Raises:
        UsageError: If there is no such kind.
    """
    if value not in KINDS:
        raise UsageError(f"there is no order {value!r:.40}", f"Orders are {', '.join(KINDS)}.")
    return order_kind(value)
