"""Statistics and aggregates of tables, columns and groups: what is learned from their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow import looks, metrics
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import STATISTICS
from nbalign.evidence.flow.things import UNKNOWN, Thing

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_AGGREGATES = STATISTICS | {"sum", "count", "size", "nunique", "agg", "aggregate", "first", "last", "value_counts"}


def method(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    """Statistics and aggregates."""
    state = flow.state
    if name in ("groupby", "groupBy", "pivot_table", "crosstab"):
        by = given.get(0, "by", "index")
        names = by.texts() if by is not None else ()
        looks.look(flow, name, base, names)
        if name == "pivot_table":
            return base.like(columns=None, aggregate=state.learn("statistic", "pivot table", base.rows))
        return Thing("group", rows=base.rows, learned=base.all_learned, base=base, columns=names, sources=base.sources)
    if base.kind == "group":
        return _of_group(flow, base, given, name)
    if name in STATISTICS or name in ("agg", "aggregate", "describe"):
        by_hand = metrics.by_hand(flow, base, name)
        if by_hand is not None:
            return by_hand
        if base.kind == "scalar" or (base.kind == "mask" and name != "quantile"):
            return base
        if name == "describe":
            looks.look(flow, name, base)
        how = name if name not in ("agg", "aggregate") else given.text(0) or "agg"
        cols = base.columns or tuple(sorted(base.sources))
        learned = state.learn("statistic", how, base.rows, cols)
        return Thing("scalar", learned=base.learned | {learned}, sources=base.sources, name=how, measured=base.measured)
    if name in ("sum", "count"):
        by_hand = metrics.by_hand(flow, base, name)
        return by_hand or Thing("scalar", sources=base.sources, name=name, measured=base.measured)
    if name == "value_counts":
        looks.look(flow, name, base)
        learned = state.learn("statistic", "counts", base.rows, tuple(sorted(base.sources)))
        return Thing("table", rows=base.rows, aggregate=learned, sources=base.sources, name="value_counts")
    if name in ("tolist", "unique", "keys", "items", "iterrows", "itertuples", "to_dict", "nunique"):
        if name in ("unique", "nunique"):
            looks.look(flow, name, base)
        if name == "tolist" and base.kind == "table" and base.name == "columns":
            return base
        if name == "to_dict":
            return Thing("dict", learned=base.learned, aggregate=base.aggregate, measured=base.measured)
        return base.like(kind="array" if base.is_data else base.kind, name="")
    if name in ("corr", "corrwith"):
        looks.look(flow, name, base, (given.text(0),) if given.text(0) else ())
        learned = state.learn("statistic", "corr", base.rows)
        return Thing("table", rows=base.rows, learned=frozenset((learned,)), name="corr")
    return None


def _of_group(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    state = flow.state
    if name in ("transform", "apply"):
        how = given.text(0) or (given.args[0].name if given.args else "")
        if how.rpartition(".")[2] in STATISTICS:
            learned = state.learn(
                "statistic", f"group {how.rpartition('.')[2]}", base.rows, tuple(sorted(base.sources))
            )
            return Thing("column", rows=base.rows, learned=base.learned | {learned}, sources=base.sources)
        if given.args and given.args[0].kind == "function":
            inner = base.base or UNKNOWN
            element = inner.like(sources=base.sources or inner.sources, kind="column" if base.sources else "table")
            result = flow.call_function(given.args[0], [element], {}, None)
            return result.like(kind="column" if base.sources else "table", rows=base.rows,
                               learned=base.learned | result.learned)  # fmt: skip
        return base.like(kind="column")
    if name in _AGGREGATES:
        how = given.text(0) if name in ("agg", "aggregate") else name
        looks.look(flow, "groupby", base)
        learned = state.learn("statistic", f"group {how or 'agg'}", base.rows, tuple(sorted(base.sources)))
        return Thing(
            "table" if not base.sources or name in ("agg", "aggregate") else "column", rows=base.rows,
            learned=base.learned, aggregate=learned, sources=base.sources, measured=base.measured,
        )  # fmt: skip
    if name in ("get_group", "filter", "head", "tail", "nth"):
        return base.base.like() if base.base is not None else base
    return None
