"""How long work tells its caller how far it is: one small value, passed to one callable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Progress:
    """A step of long work.

    Attributes:
        stage: What is being done, for people, such as `judging churn1-047.ipynb`.
        done: How much is done, in `unit`s.
        total: How much there is; 0 when unknown.
        unit: `tokens`, `bytes`, `notebooks`, `cells` or `texts`.
        detail: A further word for people; may be empty.
        skipped: The part of `done` that was there already and took no time; rates leave it out.
    """

    stage: str
    done: float
    total: float
    unit: str
    detail: str = ""
    skipped: float = 0.0


OnProgress = Callable[[Progress], None]


def silent(_: Progress) -> None:
    """Takes progress and shows nothing."""
