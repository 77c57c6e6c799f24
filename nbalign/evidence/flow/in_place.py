"""Changes in place: a table or column becomes something else under the same name."""

from __future__ import annotations

from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.things import UNKNOWN, Thing


def in_place(base: Thing, given: Given, made: Thing) -> Thing:
    """The result; with `inplace=True` the thing itself becomes it."""
    if not given.true("inplace"):
        return made
    become(base, made)
    return UNKNOWN


def become(base: Thing, made: Thing) -> None:
    """A thing is changed in place: a column in its table too."""
    base.rows, base.learned, base.entries = made.rows, made.learned, made.entries
    base.columns, base.without, base.aggregate = made.columns, made.without, made.aggregate
    if base.kind == "column" and base.base is not None and base.base.kind == "table":
        if len(base.sources) == 1:
            base.base.entries[next(iter(base.sources))] = base
        else:  # columns whose names are not known, as in a loop over all of them: it is in the table somewhere
            base.base.learned |= made.learned
