"""What a loop, a comprehension or a builtin goes through, element by element."""

from __future__ import annotations

from nbalign.evidence.flow.things import NOT_CONSTANT, UNKNOWN, Thing, constant, sequence

_MOST_ROUNDS = 24  # elements of a known list that a loop goes through one by one


def elements(over: Thing) -> list[Thing]:
    """What is gone through: known elements one by one, anything else once."""
    if over.kind == "dict" and over.entries:
        return [constant(k) for k in list(over.entries)[:_MOST_ROUNDS]]
    if over.items is not None:
        return over.items[:_MOST_ROUNDS]
    if over.kind == "loader":
        return [over.like(kind="list", items=[_batch(over), _batch(over)])]
    if over.kind == "table" and over.name in ("columns", "names"):
        return [Thing("unknown", name="column name")]
    if over.kind == "group":
        return [sequence([UNKNOWN, over.base.like() if over.base else UNKNOWN])]
    if over.kind in ("table", "column", "array"):
        return [over.like(kind="scalar", value=NOT_CONSTANT, name="")]
    if over.name == "counter" and over.kind == "unknown":
        return [over]
    return [over if over.kind == "estimator" else Thing(measured=over.measured, rows=over.rows, learned=over.learned)]


def _batch(loader: Thing) -> Thing:
    return Thing("array", rows=loader.rows, learned=loader.learned, sources=loader.sources)
