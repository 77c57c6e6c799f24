"""Methods of tables, columns, arrays, groups and windows, as pandas, NumPy and Spark name them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow import filling, joining, looks, ordering, summaries, table_values
from nbalign.evidence.flow.binding import drop_columns, set_columns
from nbalign.evidence.flow.data_events import DropColumns, DropRows
from nbalign.evidence.flow.deferred import over
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.in_place import in_place
from nbalign.evidence.flow.known import LOOKS
from nbalign.evidence.flow.model_events import Resample, Save
from nbalign.evidence.flow.splits import random_parts
from nbalign.evidence.flow.subscripts import columns, with_rows
from nbalign.evidence.flow.things import UNKNOWN, Thing, sequence

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_SOME = {"head", "tail", "nlargest", "nsmallest", "limit", "take", "truncate", "first", "last"}


def method(flow: Expressions, base: Thing, given: Given) -> Thing:
    """A method of data."""
    name = given.last
    for room in (_rows, _columns, filling.method, ordering.method, table_values.method, summaries.method):
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
            return in_place(base, given, base.like(columns=None))
        kept = state.subset(base.rows, ast.unparse(given.node)[-80:], name)
        names = subset.texts() if subset is not None else tuple(sorted(base.sources))
        state.emit(DropRows(state.place, "drop_duplicates" if "uplicates" in name else name, names, base.rows, kept))
        return in_place(base, given, with_rows(base, kept))
    by_text = bool(given.args and given.args[0].text) or (name == "filter" and bool(given.args))
    if name in ("query", "filter", "where") and base.kind == "table" and by_text:
        if name == "filter" and ("items" in given.kwargs or "like" in given.kwargs or "regex" in given.kwargs):
            return base.like(columns=None)
        if given.args[0].kind == "list" and given.args[0].texts():
            return columns(flow, base, given.args[0].texts())
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
            return with_rows(base, state.subset(base.rows, "all", "shuffle"))
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
            return in_place(base, given, base)
        if base.rows and len(given.args) > 1 and not names:  # Spark: drop("a", "b")
            names = tuple(t.text for t in given.args if t.text)
        made = base.like(name="")
        if listed is not None and not names:
            made.columns = None
        drop_columns(flow, made, names)
        return in_place(base, given, made)
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
        set_columns(flow, made, given.args[0].texts(), over(flow, base, given.args[1]), None)
        return made
    if name == "with_columns":
        made = base.like()
        for part in [x for a in given.args for x in (a.items or [a])]:
            set_columns(flow, made, tuple(sorted(part.sources)), over(flow, base, part), None)
        for key, part in given.kwargs.items():
            set_columns(flow, made, (key,), over(flow, base, part), None)
        return made
    if name in ("select", "filter") and base.kind == "table" and (given.args or "items" in given.kwargs):
        names = tuple(t for a in (*given.args, *([given.kwargs["items"]] if "items" in given.kwargs else []))
                      for t in a.texts())  # fmt: skip
        made = columns(flow, base, names) if names else base.like(columns=None)
        for part in given.args:
            made.learned |= over(flow, base, part).learned
        return made
    if name in ("select_dtypes", "filter") and base.kind == "table":
        return base.like(columns=None)
    if name in ("merge", "join") and given.args:
        return joining.join(flow, base, given.args[0])
    if name in ("append", "union", "unionByName", "combine_first") and given.args and base.kind == "table":
        other = given.args[0]
        if other.items is not None and other.items:
            return joining.concat(flow, Given("concat", (sequence([base, *other.items]),), {}, given.node))
        return base.like(rows=base.rows | other.rows, learned=base.all_learned | other.all_learned, columns=None)
    return None
