"""Expressions over columns that are written down before their table is known, as in polars and Spark."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import Fill
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import STATISTICS
from nbalign.evidence.flow.rows import NO_ROWS
from nbalign.evidence.flow.things import Thing

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_STATISTICS = STATISTICS | {"avg", "stddev", "percentile_approx"}
_RECENT = 30  # events back in which what the expression does was noted


def call(flow: Expressions, given: Given) -> Thing | None:
    """`pl.col("age")`, `F.col("age")`: a column of a table that is still to come."""
    if given.top not in ("polars", "pyspark"):
        return None
    names = tuple(text for arg in given.args for text in arg.texts())
    flow.state.use_column(*names)
    if given.last in _STATISTICS and names:
        learned = flow.state.learn("statistic", "mean" if given.last == "avg" else given.last, NO_ROWS, names)
        return Thing("scalar", sources=frozenset(names), learned=frozenset((learned,)))
    if given.last != "col":
        return None
    return Thing("column", sources=frozenset(names))


def over(flow: Expressions, table: Thing, thing: Thing) -> Thing:
    """An expression, now that its table is known: what it learns is learned from the table's rows."""
    if thing.rows or not table.rows:
        return thing
    known = {x: replace(x, rows=table.rows) for x in thing.all_learned if not x.rows}
    events = flow.state.events
    for index in range(max(len(events) - _RECENT, 0), len(events)):
        event = events[index]
        if isinstance(event, Fill) and not event.rows:
            learned = known.get(event.learned, event.learned) if event.learned is not None else None
            events[index] = replace(event, rows=table.rows, learned=learned)
    return thing.like(rows=table.rows, learned=frozenset(known.get(x, x) for x in thing.learned))
