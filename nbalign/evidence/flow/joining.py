"""Tables put together: below each other, beside each other, or by a key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.model_events import Resample
from nbalign.evidence.flow.rows import NO_ROWS
from nbalign.evidence.flow.things import UNKNOWN, Thing, union_rows

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions


def concat(flow: Expressions, given: Given) -> Thing:
    """Tables or arrays below or beside each other."""
    listed = given.get(0, "objs", "tup", "arrays")
    parts = list(listed.items or [listed]) if listed is not None else []
    if given.last == "append":
        parts = list(given.args)
    parts = [p for p in parts if p.kind != "constant"]
    if not parts:
        return UNKNOWN
    axis = given.get(1, "axis")
    beside = given.last in ("hstack", "column_stack") or (axis is not None and axis.value in (1, "columns", -1))
    made = flow.combined(parts)
    made.kind = "table" if any(p.kind == "table" for p in parts) else "array"
    rows = [p.rows for p in parts if p.rows]
    made.rows = (rows[0] if rows else NO_ROWS) if beside else union_rows(rows)
    made.predicted = any(p.predicted for p in parts)
    if beside:
        for part in reversed(parts):
            if part.kind == "table":
                made.entries.update(part.entries)
        known = [p.columns for p in parts]
        if all(c is not None for c in known):
            made.columns = tuple(c for names in known for c in names or ())
    made.without = frozenset().union(*(p.without for p in parts))
    if not beside:
        _repeated(flow, parts, made)
    return made


def _repeated(flow: Expressions, parts: list[Thing], made: Thing) -> None:
    """Rows that are put below each other more than once: copies of one row come to lie on both sides of a split."""
    state = flow.state
    for index, part in enumerate(parts):
        twice = part.name == "repeated" or any(part is other for other in parts[:index])
        if twice and part.kind == "table" and part.rows:
            state.emit(Resample(state.place, "repeat", part.rows))
            made.learned |= {state.learn("resample", "repeat", part.rows)}
            return


def join(flow: Expressions, left: Thing, right: Thing) -> Thing:
    """A merge: rows of the left side; what the right side aggregated is learned now."""
    learned = left.all_learned | right.all_learned
    if right.aggregate is not None and right.aggregate.what == "statistic":
        learned |= {right.aggregate}
    return left.like(
        kind="table", name="", learned=learned, columns=None, entries={**right.entries, **left.entries},
        rows=left.rows or right.rows,
    )  # fmt: skip
