"""Looks at data: what is printed, plotted or summarised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import Look
from nbalign.evidence.flow.things import Thing

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions


def look(flow: Expressions, what: str, base: Thing, extra: tuple[str, ...] = ()) -> None:
    """Data is looked at."""
    columns = tuple(sorted(base.sources | frozenset(extra)))
    flow.state.use_column(*extra)
    flow.state.emit(Look(flow.state.place, what, columns, base.rows))


def shown(flow: Expressions, thing: Thing) -> None:
    """A table or column is the last value of a cell, or is printed."""
    if thing.kind == "table" and thing.rows and not thing.predicted:
        look(flow, "table", thing)
