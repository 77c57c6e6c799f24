"""Functions of pandas, Spark, seaborn and Matplotlib that make, join, encode or look at data."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from nbalign.evidence.flow import joining, looks, tables
from nbalign.evidence.flow.data_events import Read
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import READERS
from nbalign.evidence.flow.things import UNKNOWN, Thing, sequence, union_rows

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_PLOTS = ("seaborn", "matplotlib", "plotly", "missingno", "altair", "bokeh", "scikitplot", "yellowbrick", "statsmodels")
_READER_PACKAGES = {"pandas", "sklearn", "seaborn", "numpy", "statsmodels", "vega_datasets", "polars", "spark", "dask",
                    "pyspark", "palmerpenguins", "keras", "tensorflow", "xgboost", "datasets", "modin"}  # fmt: skip
_DOWNLOADS = re.compile(r"^(?:pandas_datareader\b.*\.(?:DataReader|get_data_\w+)|yfinance\.download|quandl\.get|"
                        r"nsepy\.get_history)$")  # fmt: skip


def call(flow: Expressions, given: Given) -> Thing | None:
    """Library functions about tables."""
    last, top = given.last, given.top
    if (
        (READERS.match(last) and (top in _READER_PACKAGES or last == "read_csv"))
        or (top in ("vega_datasets", "palmerpenguins") or last == "load_pandas")
        or _DOWNLOADS.match(given.full)
    ):
        return read(flow, given)
    if top in _PLOTS and (last.islower() or "_" in last):
        return _plotted(flow, given)
    if top == "scipy" and last in ("hstack", "vstack"):
        return joining.concat(flow, given)  # sparse features beside each other: their rows can be parted afterwards
    if top not in ("pandas", "numpy", "pyspark", "polars", "dask", "modin", "databricks") and "." in given.full:
        return None
    if last in ("DataFrame", "Series", "createDataFrame", "from_dict", "from_records"):
        return _made(flow, given)
    if last in ("concat", "hstack", "vstack", "concatenate", "column_stack", "append"):
        return joining.concat(flow, given)
    if last in ("merge", "merge_asof") and len(given.args) > 1:
        return joining.join(flow, given.args[0], given.args[1])
    if last in ("get_dummies", "factorize"):
        return _dummies(flow, given)
    if last in ("cut", "qcut") and given.args:
        data = given.args[0]
        bins = given.get(1, "bins", "q")
        if last == "cut" and (bins is None or bins.number is None):
            return data.like(kind="column", learned=data.learned | (bins.learned if bins else frozenset()))
        learned = flow.state.learn("bin", last, data.rows, tuple(sorted(data.sources)))
        return data.like(kind="column", learned=data.learned | {learned})
    if last in ("isnull", "isna", "notnull", "notna", "isnan") and given.args:
        return tables.method(flow, given.args[0], Given("isna" if "is" in last else "notna", (), {}, given.node))
    if last in ("to_datetime", "to_numeric", "to_timedelta") and given.args:
        return given.args[0].like(name=last)
    if last in ("crosstab", "pivot_table") and given.args:
        looks.look(flow, last, given.args[0], tuple(s for a in given.args[1:] for s in sorted(a.sources)))
        return Thing("table", rows=given.args[0].rows)
    if last == "melt" and given.args:
        return given.args[0].like(columns=None)
    return None


def read(flow: Expressions, given: Given) -> Thing:
    """A table comes in, or one that was written before comes back."""
    state = flow.state
    name = next((t.text for t in given.args if t.text), "") or given.last
    if name in state.saved and state.saved[name].is_data:
        return state.saved[name]
    node = state.tree.add(None, "source", given.last, name, state.cell)
    rows = frozenset((node.id,))
    state.emit(Read(state.place, name, rows))
    if given.true("return_X_y"):
        return sequence([Thing("table", rows=rows), Thing("column", rows=rows)])
    if given.last.startswith("make_"):
        return sequence([Thing("array", rows=rows), Thing("array", rows=rows)])
    return Thing("table", rows=rows)


def _made(flow: Expressions, given: Given) -> Thing:
    """A table out of what it is given: rows written down in the notebook are new rows."""
    data = given.get(0, "data") or UNKNOWN
    listed = given.get(-1, "columns")
    names = listed.texts() if listed is not None else ()
    kind = "column" if given.last == "Series" else "table"
    if data.is_data:
        return data.like(kind=kind, columns=names or data.columns, name="")
    index = given.get(1, "index")
    if data is UNKNOWN and index is not None and index.rows and _is_index(given):
        return Thing(kind, rows=index.rows, columns=names or None)  # an empty table for the rows of another
    parts = _flat(data)
    with_rows = [p for p in parts if p.rows and p.kind != "scalar"]
    if with_rows:
        made = flow.combined(with_rows, kind)
        made.kind = kind
        if data.kind == "dict":
            made.entries = {k: v for k, v in data.entries.items() if isinstance(k, str) and v.is_data}
            made.columns = tuple(k for k in data.entries if isinstance(k, str)) or None
        made.measured = data.measured
        return made
    measured = data.measured or union_rows(p.measured for p in parts)
    is_new = bool(parts) and not measured and not any(p.predicted for p in parts)
    if not is_new:
        learned = frozenset(x for t in (data, *parts) for x in t.learned)
        return Thing(kind, measured=measured, learned=learned, predicted=any(p.predicted for p in parts),
                     made_by=next((p.made_by for p in parts if p.made_by), None))  # fmt: skip
    node = flow.state.tree.add(None, "new", given.last, "", flow.state.cell)
    keys = tuple(k for k in data.entries if isinstance(k, str))
    if data.items and data.items[0].kind == "dict":
        keys = tuple(k for k in data.items[0].entries if isinstance(k, str))
    return Thing(kind, rows=frozenset((node.id,)), new=True, columns=names or keys or None)


def _is_index(given: Given) -> bool:
    """Whether the index of another table is given as it is, and not one that was worked out from it."""
    found = next((k.value for k in given.node.keywords if k.arg == "index"), None)
    return isinstance(found, ast.Attribute) and found.attr == "index"


def _flat(thing: Thing) -> list[Thing]:
    """What is in it and, three levels down, in that; each once: a list of lists of one and the same list is endless."""
    found: dict[int, Thing] = {}
    level = [thing]
    for _ in range(4):
        inner = {id(t): t for part in level for t in (*(part.items or ()), *_values(part)) if id(t) not in found}
        level = list(inner.values())[:2000]
        found.update((id(t), t) for t in level)
    return list(found.values())


def _values(thing: Thing) -> list[Thing]:
    return list(thing.entries.values()) if thing.kind == "dict" else []


def _dummies(flow: Expressions, given: Given) -> Thing:
    data = given.get(0, "data") or UNKNOWN
    names = given.get(-1, "columns")
    learned = flow.state.learn("encode", given.last, data.rows, names.texts() if names is not None else
                               tuple(sorted(data.sources)))  # fmt: skip
    if given.last == "factorize":
        made = data.like(kind="column", learned=data.learned | {learned})
        return sequence([made, UNKNOWN])
    return data.like(kind="table", learned=data.learned | {learned}, columns=None)


def _plotted(flow: Expressions, given: Given) -> Thing:
    data = given.get(-1, "data")
    names = tuple(
        t for key in ("x", "y", "hue", "col", "vars") if key in given.kwargs for t in given.kwargs[key].texts()
    )
    names = tuple(n for n in names if data is not None or n)
    things = [t for t in given.all if t.is_data]
    if data is None and things:
        data = things[0]
    for thing in given.args:
        names = (*names, *sorted(thing.sources))
    if data is not None:
        looks.look(flow, given.last, data, tuple(dict.fromkeys(names)))
    flow.show([t for t in given.all if t.predicted])
    return Thing("method", name="axes")
