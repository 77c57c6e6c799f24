"""What the data-flow reading found: one list of events in the order in which the notebook does them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.rows import RowTree

_E = TypeVar("_E", bound=Event)


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole reading.

    Attributes:
        events: In the order in which the notebook does them, loops once or a few times.
        tree: All sets of rows.
        target: Name of the target column; empty when it is not known.
        columns: Columns that the notebook names, in order of first use.
        complete: Whether the reading came to its end; False when the notebook is too long to follow to the end.
    """

    events: tuple[Event, ...]
    tree: RowTree
    target: str = ""
    columns: tuple[str, ...] = ()
    complete: bool = True

    def of(self, kind: type[_E]) -> tuple[_E, ...]:
        """The events of one kind, in order."""
        return tuple(event for event in self.events if isinstance(event, kind))
