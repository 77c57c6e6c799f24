"""Missing values: filled with what, learned from which rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import Fill
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.in_place import become
from nbalign.evidence.flow.learned import Carried
from nbalign.evidence.flow.things import UNKNOWN, Thing, constant

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_DIRECT = {"ffill": "ffill", "pad": "ffill", "bfill": "bfill", "backfill": "bfill", "interpolate": "interpolate"}

_STRATEGIES = {"forward": "ffill", "backward": "bfill", "mean": "mean", "min": "min", "max": "max"}  # polars


def method(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    """`fillna`, `ffill`, `bfill`, `interpolate`; of a group, within its groups."""
    if name in _DIRECT and (base.is_data):
        return _done(base, given, _direct(flow, base, _DIRECT[name]))
    if name not in ("fillna", "fill", "nan_to_num", "fill_null", "fill_nan"):
        return None
    how = given.text(-1, "method") or _STRATEGIES.get(given.text(-1, "strategy"), "")
    if how:
        return _done(base, given, _direct(flow, base, _DIRECT.get(how, how)))
    value = given.get(0, "value")
    if value is None:
        return base
    if value.text in _DIRECT and base.kind == "table":
        return _done(base, given, _direct(flow, base, _DIRECT[value.text or ""]))
    learned = base.learned
    if value.kind == "dict" and value.entries:
        made = base.like()
        for key, part in value.entries.items():
            found = fill(flow, base, (str(key),) if isinstance(key, str) else (), part)
            column = made.entries.get(key)
            if isinstance(key, str) and base.kind == "table":
                entry = column.like() if column else Thing("column", rows=base.rows, sources=frozenset((key,)))
                entry.learned |= found
                made.entries[key] = entry
        return _done(base, given, made)
    names = tuple(sorted(base.sources)) or base.columns or ()
    learned = learned | fill(flow, base, names, value)
    return _done(base, given, base.like(learned=learned))


def fill(flow: Expressions, base: Thing, names: tuple[str, ...], value: Thing) -> Carried:
    """One fill, and what it put into the data."""
    state = flow.state
    sources = sorted(value.all_learned - base.all_learned, key=lambda x: -x.id) or sorted(
        value.all_learned, key=lambda x: -x.id
    )
    if value.aggregate is not None:
        sources = [value.aggregate, *sources]
    if sources:
        from_ = next((s for s in sources if s.what in ("statistic", "model")), sources[0])
        learned = state.learn("fill", from_.how, from_.rows, names or from_.columns)
        state.emit(Fill(state.place, names, from_.how, learned, base.rows))
        return frozenset((learned,))
    if value.kind == "constant":
        state.emit(Fill(state.place, names, "constant", None, base.rows, value.value))
    else:
        state.emit(Fill(state.place, names, "values", None, base.rows))
    return frozenset()


def _direct(flow: Expressions, base: Thing, how: str) -> Thing:
    names = tuple(sorted(base.sources)) or base.columns or ()
    within = "group " if base.kind == "group" else ""
    found: Carried = frozenset()
    if how in ("bfill", "interpolate", "mean", "min", "max"):
        # These take values from later rows, so that they are learned from whatever rows they run over.
        found = frozenset((flow.state.learn("fill", within + how, base.rows, names),))
    flow.state.emit(Fill(flow.state.place, names, within + how, next(iter(found), None), base.rows))
    if base.kind == "group":
        inner = base.base or UNKNOWN
        kind = "column" if base.sources else inner.kind
        return inner.like(sources=base.sources or inner.sources, kind=kind, learned=inner.learned | found)
    return base.like(learned=base.learned | found)


def _done(base: Thing, given: Given, made: Thing) -> Thing:
    if given.true("inplace"):
        become(base, made)
        return constant(None)
    return made
