"""Attributes: of modules, of the notebook's own objects, of estimators and of data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow import calls, looks, subscripts
from nbalign.evidence.flow.known import NOT_COLUMNS
from nbalign.evidence.flow.things import Thing, constant, library, sequence

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_SAME = {"values", "T", "array", "str", "dt", "cat", "loc", "iloc", "at", "iat", "ix", "sparse", "na", "write", "rdd"}
# Methods and attributes of groups; any other name is a column.
_OF_GROUPS = NOT_COLUMNS | {
    "agg", "aggregate", "apply", "transform", "filter", "size", "count", "first", "last", "nth", "cumcount",
    "ngroup", "groups", "indices", "get_group", "rank", "shift", "diff", "pct_change", "rolling", "expanding",
    "ewm", "resample", "cumsum", "cummax", "cummin", "cumprod", "ffill", "bfill", "fillna", "quantile", "var",
    "std", "sem", "idxmax", "idxmin", "any", "all", "pipe", "sum", "mean", "median", "min", "max", "prod",
    "ohlc", "nlargest", "nsmallest", "pad", "backfill", "interpolate", "asfreq", "alias", "pivot",
}  # fmt: skip


def attribute(flow: Expressions, base: Thing, name: str) -> Thing:
    """The value of `base.name`."""
    if base.kind == "library":
        return library(f"{base.name}.{name}")
    if base.kind == "object":
        return _of_object(flow, base, name)
    if base.kind == "estimator":
        inner = calls.part_of_estimator(flow, base, name)
        if inner is not None:
            return inner
    if base.kind == "table" or base.is_data:
        return _of_data(flow, base, name)
    if base.kind == "index" and name in _SAME:
        return base
    return Thing("method", name=name, base=base, measured=base.measured, rows=base.rows, learned=base.learned)


def _of_object(flow: Expressions, base: Thing, name: str) -> Thing:
    if name in base.entries:
        return base.entries[name]
    if base.base is not None and name in base.base.entries and base.base.entries[name].kind != "function":
        return base.base.entries[name]
    method = calls.method_of(base, name)
    if method is not None:
        return Thing("method", name=name, base=base, node=method.node, scope=method.scope, defined=method.defined)
    if base.note is not None:
        inner = calls.part_of_estimator(flow, base, name)
        if inner is not None:
            return inner
    return Thing("method", name=name, base=base)


def _of_data(flow: Expressions, base: Thing, name: str) -> Thing:
    if name in _SAME:
        if name in ("loc", "iloc", "ix", "at", "iat"):
            return base.like(name=name, base=base)
        return base.like(name=name) if name in ("str", "dt") else base.like()
    if name in ("shape", "dtypes", "size", "ndim", "empty"):
        looks.look(flow, name, base)
        return Thing("scalar", name=name)
    if name == "columns":
        if base.columns is not None:
            made = sequence([constant(c) for c in base.columns])
            made.base = base
            return made
        return Thing("table", rows=base.rows, name="columns", base=base)
    if name == "index":
        return Thing("index", rows=base.rows, base=base, learned=base.learned)
    if base.kind == "table" and (name in base.entries or name in flow.state.columns):
        return subscripts.column(flow, base, name)
    if base.kind == "table" and base.rows and name not in NOT_COLUMNS and not name.startswith("_"):
        return subscripts.attribute(flow, base, name)
    if base.kind == "group" and not base.sources and name not in _OF_GROUPS and name[:1] != "_":
        return base.like(sources=frozenset((name,)))
    return Thing("method", name=name, base=base)
