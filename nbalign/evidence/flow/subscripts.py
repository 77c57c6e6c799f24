"""Subscripts: columns of tables, parts of rows, elements of lists and dictionaries."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import DropRows
from nbalign.evidence.flow.learned import Carried
from nbalign.evidence.flow.rows import Rows
from nbalign.evidence.flow.state import part_of
from nbalign.evidence.flow.things import NOT_CONSTANT, UNKNOWN, Thing, merge, sequence

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_LOCATORS = ("loc", "iloc", "ix", "at", "iat")


def column(flow: Expressions, table: Thing, name: str) -> Thing:
    """One column of a table."""
    flow.state.use_column(name)
    made = table.entries.get(name)
    if made is not None:
        return made.like(kind="column", base=table, rows=made.rows or table.rows, learned=made.learned | table.learned)
    return Thing(
        "column",
        rows=table.rows,
        learned=table.learned,
        sources=frozenset((name,)),
        through=table.through,
        base=table,
        new=table.new,
        aggregate=table.aggregate,
        predicted=table.predicted and "pred" in name.lower(),
        made_by=table.made_by,
    )


def attribute(flow: Expressions, table: Thing, name: str) -> Thing:
    """`table.name`: a column; of a scikit-learn data set, its data or target."""
    if name in ("data", "frame", "exog", "endog", "images") and is_bunch(flow, table):
        return table.like(kind="array" if name in ("data", "images") else "table", name="")
    return column(flow, table, name)


def is_bunch(flow: Expressions, table: Thing) -> bool:
    """Whether a table is what scikit-learn's or statsmodels' loaders return: data and target side by side."""
    return all(flow.state.tree.nodes[i].origin.startswith(("load_", "fetch_", "get_rdataset")) for i in table.rows)


def columns(flow: Expressions, table: Thing, names: tuple[str, ...]) -> Thing:
    """Some columns of a table."""
    flow.state.use_column(*names)
    entries: dict[object, Thing] = {name: table.entries[name] for name in names if name in table.entries}
    return table.like(
        kind="table", name="", columns=names, entries=entries, without=frozenset(), sources=frozenset(names)
    )


def subscript(flow: Expressions, base: Thing, node: ast.Subscript) -> Thing:
    """`base[key]`."""
    key = flow.value(node.slice)
    if base.kind == "dict":
        return _of_dict(base, key)
    if base.kind == "list":
        return _of_list(base, key, node.slice)
    if base.kind == "library":
        return flow.combined(key.items or [key], "array")
    if base.kind == "estimator":
        return base
    if base.kind in ("group", "window"):
        names = key.texts()
        flow.state.use_column(*names)
        return base.like(sources=frozenset(names) or base.sources)
    if base.kind == "table":
        return _of_table(flow, base, key, node.slice)
    if base.kind in ("column", "array", "mask"):
        return _of_array(flow, base, key, node.slice)
    if base.kind == "index":
        return base.like(
            rows=flow.state.subset(base.rows, ast.unparse(node.slice), "slice") if base.rows else base.rows
        )
    return base if base.kind in ("scalar", "method") else flow.combined([base, key])


def _of_dict(base: Thing, key: Thing) -> Thing:
    if isinstance(key.value, str | int | float | bool) and key.value in base.entries:
        return base.entries[key.value]
    found = list(base.entries.values())
    if not found:
        return Thing(measured=base.measured, learned=base.learned, rows=base.rows)
    result = found[0]
    for other in found[1:8]:
        result = merge(result, other)
    return result


def _of_list(base: Thing, key: Thing, node: ast.expr) -> Thing:
    items = base.items
    if items is None:
        return Thing(measured=base.measured)
    if key.number is not None and -len(items) <= int(key.number) < len(items):
        return items[int(key.number)]
    if isinstance(node, ast.Slice):
        return sequence(items)
    return items[0] if items else UNKNOWN


def _of_table(flow: Expressions, base: Thing, key: Thing, node: ast.expr) -> Thing:
    if base.name in _LOCATORS:
        rows_node: ast.expr = node
        rows_key, columns_key = key, None
        if isinstance(node, ast.Tuple) and len(node.elts) == 2 and key.items is not None and len(key.items) == 2:
            rows_node, (rows_key, columns_key) = node.elts[0], key.items
        plain = base.like(name="")
        taken = take(flow, plain, rows_key, rows_node)
        if columns_key is None or columns_key.kind == "slice":
            # iloc[:, :-1] leaves columns out, but it is not known which
            return taken if columns_key is None or _is_full(columns_key) else taken.like(columns=None)
        if columns_key.text is not None:
            return column(flow, taken, columns_key.text)
        names = columns_key.texts()
        if names:
            return columns(flow, taken, names)
        if columns_key.number is not None:
            return Thing("column", rows=taken.rows, learned=taken.all_learned, base=taken)
        return taken.like(columns=None, learned=taken.learned | _selected(columns_key))
    if key.text is not None:
        if base.kind == "table" and base.name == "columns":
            return key
        return column(flow, base, key.text)
    names = key.texts()
    chosen = _selected(key)
    if base.name == "columns" and chosen:
        return Thing("unknown", name="column name", learned=chosen)
    if chosen and key.kind != "mask" and not (names and isinstance(node, ast.Constant | ast.List)):
        return base.like(columns=None, name="", learned=base.learned | chosen)
    if names and key.kind == "list":
        return columns(flow, base, names)
    if isinstance(node, ast.Tuple) and key.items:
        return _of_array(flow, base, key, node)  # the table's values: rows, columns
    if key.kind == "index" and key.base is not None and key.split < 0:
        return base.like(columns=None, name="")  # names that index a table of correlations or counts: columns of this
    if key.kind in ("mask", "slice", "index"):
        return take(flow, base, key, node)
    # Row numbers that were split stand in an array; a transformed table is an array, too, and is indexed by them.
    if key.kind == "column" or (key.kind == "array" and key.rows):
        return take(flow, base, key, node)
    if key.name == "column name":
        return Thing("column", rows=base.rows, learned=base.all_learned, base=base, through=base.through)
    if key.kind == "list" or key.name == "columns":
        return base.like(columns=None, name="")
    # A name that is not known: one column or several; as data it is the table's rows either way.
    return Thing(
        "column",
        rows=base.rows,
        learned=base.all_learned,
        base=base,
        through=base.through,
        predicted=False,
        new=base.new,
    )


def _selected(key: Thing) -> Carried:
    """What a choice of columns was learned from, where it was a selector's."""
    return frozenset(x for x in key.all_learned if x.what == "select")


def _of_array(flow: Expressions, base: Thing, key: Thing, node: ast.expr) -> Thing:
    if isinstance(node, ast.Tuple) and key.items:
        taken = take(flow, base, key.items[0], node.elts[0])
        return taken.like(value=NOT_CONSTANT, learned=taken.learned | _selected(key.items[-1]))
    if key.number is not None:
        return base.like(kind="scalar") if base.kind == "column" else base
    if key.text is not None:
        return base
    return take(flow, base, key, node)


def take(flow: Expressions, base: Thing, key: Thing, node: ast.expr) -> Thing:
    """Some rows of a table, column or array."""
    if key.name == "counter" and key.kind != "slice":
        return base.like(kind="scalar", name="") if base.kind == "column" else base  # one row after the other
    if key.kind == "slice":
        if _is_full(key) or key.name == "counter":
            return base  # a window that a loop moves over the rows: all of them in the end
        return _with_rows(base, flow.state.subset(base.rows, ast.unparse(node), "slice"))
    if key.kind == "index":
        if not key.rows:
            return base
        return _with_rows(base, key.rows)
    if key.kind in ("mask", "column") or (key.kind == "unknown" and key.rows):
        text = ast.unparse(node)
        origin = "notna" if key.missing == "no" else "sample" if key.name == "random" else "mask"
        kept = flow.state.subset(base.rows, text, origin)
        role = part_of(text) if isinstance(node, ast.Name | ast.UnaryOp) else ""
        if role == "train" and text.startswith("~"):
            role = "test"
        made = _with_rows(base, kept)
        flow.state.emit(DropRows(flow.state.place, "notna" if key.missing == "no" else "filter",
                                 tuple(sorted(key.sources)), base.rows, kept))  # fmt: skip
        if role and base.rows:
            flow.bound(node, role, made)
        return made
    if key.kind in ("list", "unknown", "array"):
        text = ast.unparse(node)
        kept = flow.state.subset(base.rows, text, "index")
        made = _with_rows(base, kept)
        role = part_of(text) if isinstance(node, ast.Name) else ""
        if role and base.rows:
            flow.bound(node, role, made)
        return made
    return base.like(kind="scalar") if key.kind == "constant" and base.kind != "table" else base


def _with_rows(base: Thing, rows: Rows) -> Thing:
    made = base.like(rows=rows, name="")
    for name, inner in made.entries.items():
        if inner.rows and inner.is_data:
            made.entries[name] = inner.like(rows=rows)
    return made


def with_rows(base: Thing, rows: Rows) -> Thing:
    """The same data for other rows."""
    return _with_rows(base, rows)


def _is_full(key: Thing) -> bool:
    node = key.node
    if not isinstance(node, ast.Slice):
        return False
    return node.lower is None and node.upper is None
