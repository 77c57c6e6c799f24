"""What every event of the data-flow reading says: where it happens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens.

    Attributes:
        cell: Cell number of the statement that runs (the call of a function, not its definition).
        line: Line in that cell.
        within: Names of the notebook's own functions it happens inside of, the outermost first.
        loop: How many loops it is inside of.
        defined: Cell in which the text of it stands: differs from `cell` inside functions.
    """

    cell: int
    line: int
    within: tuple[str, ...] = ()
    loop: int = 0
    defined: int = 0


NOWHERE = Place(0, 0)


@dataclass(frozen=True, slots=True)
class Event:
    """Anything that happens; see the subclasses.

    Attributes:
        at: Where.
    """

    at: Place
