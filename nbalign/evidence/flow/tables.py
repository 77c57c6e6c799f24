"""Methods of tables, columns, arrays, groups and windows, as pandas, NumPy and Spark name them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow import filling, looks, metrics, ordering
from nbalign.evidence.flow.binding import drop_columns, set_columns
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import LOOKS, STATISTICS
from nbalign.evidence.flow.splits import random_parts
from nbalign.evidence.flow.subscripts import columns, with_rows
from nbalign.evidence.flow.things import UNKNOWN, Thing, sequence
from nbalign.evidence.flow.trace import Choice, DropColumns, DropRows, Replace, Resample, Save

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_SOME = {"head", "tail", "nlargest", "nsmallest", "limit", "take", "truncate", "first", "last"}
_AGGREGATES = STATISTICS | {"sum", "count", "size", "nunique", "agg", "aggregate", "first", "last", "value_counts"}


def method(flow: Expressions, base: Thing, given: Given) -> Thing:
    """A method of data."""
    name = given.last
    for room in (_rows, _columns, filling.method, ordering.method, _values, _summaries):
        found = room(flow, base, given, name)
        if found is not None:
            return found
    if name in LOOKS or name.startswith("plot"):
        looks.look(flow, name, base)
    if name in ("plot", "hist", "boxplot", "show", "display"):
        flow.show([base])
        return UNKNOWN
    if name in ("to_csv", "to_parquet", "to_excel", "to_sql", "saveAsTable", "to_pickle"):
        flow.state.emit(Save(flow.state.place, name, base.made_by))
        if given.text(0):
            flow.state.saved[given.text(0)] = base
        return UNKNOWN
    others = [t for t in given.all if t.is_data or t.learned]
    # A method that is not known keeps the rows: renaming, sorting, casting, copying are the most frequent ones.
    made = base.like(name="" if base.name in ("loc", "iloc", "str", "dt") else base.name)
    for other in others:
        made.learned |= other.all_learned
    return made


def _rows(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    """Methods that leave rows out or take some."""
    state = flow.state
    if name in ("dropna", "drop_duplicates", "dropDuplicates"):
        subset = given.get(-1, "subset")
        axis = given.get(0, "axis")
        if name == "dropna" and axis is not None and axis.value in (1, "columns"):
            state.emit(DropColumns(state.place, (), base.rows))
            return _in_place(flow, base, given, base.like(columns=None))
        kept = state.subset(base.rows, ast.unparse(given.node)[-80:], name)
        names = subset.texts() if subset is not None else tuple(sorted(base.sources))
        state.emit(DropRows(state.place, "drop_duplicates" if "uplicates" in name else name, names, base.rows, kept))
        return _in_place(flow, base, given, with_rows(base, kept))
    by_text = bool(given.args and given.args[0].text) or (name == "filter" and bool(given.args))
    if name in ("query", "filter", "where") and base.kind == "table" and by_text:
        if name == "filter" and ("items" in given.kwargs or "like" in given.kwargs or "regex" in given.kwargs):
            return base.like(columns=None)
        kept = state.subset(base.rows, ast.unparse(given.node.args[0])[:80], "mask")
        state.emit(DropRows(state.place, "filter", (), base.rows, kept))
        return with_rows(base, kept)
    if name == "sample":
        replace = given.get(-1, "replace", "withReplacement")
        share = given.get(-1, "frac")
        if replace is not None and replace.value is True:
            state.emit(Resample(state.place, "sample with replacement", base.rows))
            return base.like(learned=base.learned | {state.learn("resample", "sample", base.rows)})
        if share is not None and share.number == 1:
            return base
        return with_rows(base, state.subset(base.rows, ast.unparse(given.node)[-60:], "sample"))
    if name in _SOME and base.kind in ("table", "column", "array"):
        if name in ("head", "tail"):
            looks.look(flow, name, base)
        return with_rows(base, state.subset(base.rows, f"{name} {ast.unparse(given.node)[-40:]}", "slice"))
    if name == "drop" and given.args and given.args[0].kind == "index" and "axis" not in given.kwargs:
        return with_rows(base, state.subset(base.rows, "not " + ast.unparse(given.node)[-60:], "sample"))
    if name in ("randomSplit",):
        return random_parts(flow, base, given)
    if name == "isin":
        return Thing("mask", rows=base.rows, sources=base.sources)
    return None


def _columns(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    """Methods that add or leave out columns."""
    if name == "drop" and base.kind in ("table", "column", "unknown"):
        listed = given.get(0, "columns", "labels")
        names = listed.texts() if listed is not None else ()
        if "index" in given.kwargs and "columns" not in given.kwargs:
            return _in_place(flow, base, given, base)
        if base.rows and len(given.args) > 1 and not names:  # Spark: drop("a", "b")
            names = tuple(t.text for t in given.args if t.text)
        made = base.like(name="")
        if listed is not None and not names:
            made.columns = None
        drop_columns(flow, made, names)
        return _in_place(flow, base, given, made)
    if name == "pop" and given.text(0):
        taken = columns(flow, base, (given.text(0),))
        drop_columns(flow, base, (given.text(0),))
        return taken.like(kind="column", columns=None)
    if name == "assign":
        made = base.like()
        for key, thing in given.kwargs.items():
            value = flow.call_function(thing, [made], {}, None) if thing.kind == "function" else thing
            set_columns(flow, made, (key,), value, None)
        return made
    if name == "insert" and len(given.args) > 2:
        set_columns(flow, base, given.args[1].texts(), given.args[2], None)
        return UNKNOWN
    if name == "withColumn" and len(given.args) > 1:
        made = base.like()
        set_columns(flow, made, given.args[0].texts(), given.args[1], None)
        return made
    if name in ("select", "filter") and base.kind == "table" and (given.args or "items" in given.kwargs):
        names = tuple(t for a in (*given.args, *([given.kwargs["items"]] if "items" in given.kwargs else []))
                      for t in a.texts())  # fmt: skip
        return columns(flow, base, names) if names else base.like(columns=None)
    if name in ("select_dtypes", "filter") and base.kind == "table":
        return base.like(columns=None)
    if name in ("merge", "join") and given.args:
        return join(flow, base, given.args[0])
    if name in ("append", "union", "unionByName", "combine_first") and given.args and base.kind == "table":
        other = given.args[0]
        return base.like(rows=base.rows | other.rows, learned=base.all_learned | other.all_learned, columns=None)
    return None


def join(flow: Expressions, left: Thing, right: Thing) -> Thing:
    """A merge: rows of the left side; what the right side aggregated is learned now."""
    learned = left.all_learned | right.all_learned
    if right.aggregate is not None and right.aggregate.what == "statistic":
        learned |= {right.aggregate}
    return left.like(
        kind="table", name="", learned=learned, columns=None, entries={**right.entries, **left.entries},
        rows=left.rows or right.rows,
    )  # fmt: skip


def _values(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    """Methods that change values."""
    if name == "replace":
        _replaced(flow, base, given)
        made = base.like()
        for arg in given.all:
            made.learned |= arg.learned
        return _in_place(flow, base, given, made)
    if (
        name in ("map", "apply", "applymap", "transform", "pipe", "applyInPandas", "swifter", "progress_apply")
        and base.kind != "group"
    ):
        return _applied(flow, base, given)
    if name in ("isnull", "isna", "notnull", "notna", "isNull", "isNotNull"):
        looks.look(flow, name, base)
        return base.like(kind="mask", missing="yes" if name in ("isnull", "isna", "isNull") else "no", name=name)
    if name in ("mean", "any", "sum", "all") and base.missing:
        return base.like(kind="mask", learned=frozenset())
    if name in ("where", "mask") and given.args:
        made = base.like(kind=base.kind)
        other = given.get(1, "other")
        if other is not None:
            made.learned |= other.learned
        return _in_place(flow, base, given, made)
    if name in ("rename", "set_index", "reset_index", "sort_values", "sort_index"):
        by = given.get(0, "by")
        if name == "sort_values" and base.measured:
            flow.state.emit(Choice(flow.state.place, "sort", base.measured))
        if by is not None and name == "sort_values":
            flow.state.use_column(*by.texts())
        made = base.like(columns=None) if name in ("rename", "set_index", "reset_index") else base.like()
        return _in_place(flow, base, given, made)
    if name in ("idxmax", "idxmin", "argmax", "argmin") and base.measured:
        flow.state.emit(Choice(flow.state.place, name, base.measured))
        return Thing("scalar")
    return None


def _applied(flow: Expressions, base: Thing, given: Given) -> Thing:
    function = given.get(0, "func", "arg")
    made = base.like()
    if function is None:
        return made
    if function.kind == "function":
        element = base.like(kind="scalar", name="") if given.last != "pipe" else base
        result = flow.call_function(function, [element, *given.args[1:]], {}, None)
        if given.last == "pipe":
            return result
        made.learned |= result.learned
        made.sources |= result.sources
        return made
    if function.aggregate is not None:
        made.learned |= {function.aggregate}
    made.learned |= function.all_learned
    if function.text in STATISTICS and base.kind != "table":
        return method(flow, base, Given(function.text or "", (), {}, given.node))
    return made


def _replaced(flow: Expressions, base: Thing, given: Given) -> None:
    old, new = given.get(0, "to_replace"), given.get(1, "value")
    pairs: list[tuple[tuple[object, ...], Thing]] = []
    if old is not None and old.kind == "dict" and new is None:
        pairs = [((key,), value) for key, value in old.entries.items() if value.kind != "dict"]
        for column, inner in old.entries.items():
            if inner.kind == "dict":
                for key, value in inner.entries.items():
                    _emit_replace(flow, (str(column),), (key,), value, base)
    elif old is not None and new is not None:
        olds = tuple(t.value for t in (old.items or [old]) if t.kind == "constant")
        pairs = [(olds, new)]
    for olds, value in pairs:
        _emit_replace(flow, tuple(sorted(base.sources)), olds, value, base)


def _emit_replace(flow: Expressions, names: tuple[str, ...], old: tuple[object, ...], new: Thing, base: Thing) -> None:
    is_nan = new.name.rpartition(".")[2] in ("nan", "NaN", "NA", "NaT", "NAN") or (
        new.kind == "constant" and new.value is None
    )
    value: object = "nan" if is_nan else new.value if new.kind == "constant" else None
    flow.state.emit(Replace(flow.state.place, names, old, value, base.rows))


def _summaries(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
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


def _in_place(flow: Expressions, base: Thing, given: Given, made: Thing) -> Thing:
    """The result; with `inplace=True` the thing itself becomes it."""
    if not given.true("inplace"):
        return made
    become(flow, base, made)
    return UNKNOWN


def become(flow: Expressions, base: Thing, made: Thing) -> None:
    """A thing is changed in place: a column in its table too."""
    base.rows, base.learned, base.entries = made.rows, made.learned, made.entries
    base.columns, base.without, base.aggregate = made.columns, made.without, made.aggregate
    if base.kind == "column" and base.base is not None and base.base.kind == "table" and len(base.sources) == 1:
        name = next(iter(base.sources))
        base.base.entries[name] = base


__all__ = ["join", "method", "sequence"]
