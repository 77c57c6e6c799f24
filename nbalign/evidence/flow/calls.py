"""Calls: the notebook's own functions and classes, library functions by name, methods by what they are called on."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow import (
    builtin_calls,
    deferred,
    estimators,
    fitting,
    metrics,
    numeric,
    pandas_calls,
    splits,
    tables,
)
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import role_of
from nbalign.evidence.flow.things import UNKNOWN, Thing, constant, library

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

BARE = builtin_calls.NAMES | {"display"}
_SPARK_READERS = {"csv", "parquet", "json", "load", "table", "sql", "orc", "text", "jdbc"}
_NEURAL = ("Module", "LightningModule")


def call(flow: Expressions, node: ast.Call) -> Thing:
    """The value of a call."""
    func = node.func
    if isinstance(func, ast.Attribute):
        if reads_spark(func):
            return pandas_calls.read(flow, Given(func.attr, *arguments(flow, node), node))
        base = flow.value(func.value)
        if base.kind == "library":
            return _library(flow, f"{base.name}.{func.attr}", node)
        args, kwargs = arguments(flow, node)
        return method(flow, base, Given(func.attr, args, kwargs, node))
    thing = flow.value(func)
    if thing.kind == "library":
        return _library(flow, thing.name, node)
    args, kwargs = arguments(flow, node)
    given = Given(thing.name, args, kwargs, node)
    if thing.kind == "function":
        return flow.call_function(thing, args, kwargs, None)
    if thing.kind == "class":
        return _instance(flow, thing, given)
    if thing.kind == "method" and thing.base is not None:
        return method(flow, thing.base, Given(thing.name, args, kwargs, node))
    if thing.kind in ("estimator", "object"):
        return method(flow, thing, Given("__call__", args, kwargs, node))
    return flow.combined([thing, *given.all])


def reads_spark(func: ast.Attribute) -> bool:
    """Whether a call is `spark.table(…)`, `spark.read.csv(…)`, `spark.read.format(…).load(…)`."""
    if func.attr not in _SPARK_READERS:
        return False
    at: ast.expr = func.value
    reads = func.attr in ("table", "sql")
    while isinstance(at, ast.Attribute | ast.Call):
        if isinstance(at, ast.Attribute):
            reads |= at.attr == "read"
            at = at.value
        else:
            at = at.func
    return reads and isinstance(at, ast.Name) and ("spark" in at.id.lower() or at.id == "sqlContext")


def arguments(flow: Expressions, node: ast.Call) -> tuple[tuple[Thing, ...], dict[str, Thing]]:
    """Positional and keyword arguments, starred ones opened where they are known."""
    args: list[Thing] = []
    for part in node.args:
        if isinstance(part, ast.Starred):
            inner = flow.value(part.value)
            args += inner.items if inner.items is not None else [inner]
        else:
            args.append(flow.value(part))
    kwargs: dict[str, Thing] = {}
    for keyword in node.keywords:
        found = flow.value(keyword.value)
        if keyword.arg is not None:
            kwargs[keyword.arg] = found
        else:
            kwargs.update({k: v for k, v in found.entries.items() if isinstance(k, str)})
    return tuple(args), kwargs


def _library(flow: Expressions, full: str, node: ast.Call) -> Thing:
    args, kwargs = arguments(flow, node)
    flow.state.line = node.lineno
    return _by_name(flow, Given(full, args, kwargs, node))


def by_value(flow: Expressions, function: Thing, args: tuple[Thing, ...], kwargs: dict[str, Thing]) -> Thing:
    """A library's function, or a bound method, that was handed over to be called."""
    name = function.name.rpartition(".")[2]
    given = Given(function.name, args, kwargs, ast.Call(ast.Name(name, ast.Load()), [], []))
    if function.kind == "library":
        return _by_name(flow, given)
    return method(flow, function.base, given) if function.base is not None else flow.combined(args)


def _by_name(flow: Expressions, given: Given) -> Thing:
    full = given.full
    role = role_of(full)
    if role is not None:
        return estimators.make(flow, given, role)
    for room in (
        splits_of,
        metrics.call,
        estimators.call,
        deferred.call,
        pandas_calls.call,
        numeric.call,
        builtin_calls.call,
    ):
        found = room(flow, given)
        if found is not None:
            return found
    if given.last[:1].isupper() and not any(t.is_data for t in given.all):
        return Thing("method", name=given.last, base=library(full))
    return flow.combined(given.all)


def splits_of(flow: Expressions, given: Given) -> Thing | None:
    """Functions that split rows."""
    if given.last == "train_test_split":
        return splits.train_test_split(flow, given)
    if given.last == "random_split" and given.args:
        return splits.random_parts(flow, given.args[0], given)
    return None


_ROOMS = (splits_of, metrics.call, estimators.call, deferred.call, pandas_calls.call, numeric.call, builtin_calls.call)


def method(flow: Expressions, base: Thing, given: Given) -> Thing:
    """A method of something."""
    flow.state.line = getattr(given.node, "lineno", flow.state.line)
    if base.kind == "object":
        return _object_method(flow, base, given)
    if base.kind in ("estimator", "builder"):
        return estimators.method(flow, base, given)
    if given.last == "split_frame" and base.rows:
        return splits.random_parts(flow, base, given)
    if base.is_data or base.kind == "index" or base.kind == "scalar":
        return tables.method(flow, base, given)
    if base.kind == "list" or base.kind == "dict":
        return builtin_calls.method(flow, base, given)
    if base.kind == "library":
        return flow.combined(given.all)
    if given.last == "backward":
        estimators.backward(flow, base)
    if base.kind == "method" and base.name in ("na", "plot", "io", "styles"):
        return tables.method(flow, base.base or base, given)
    if base.kind == "unknown" and given.last in ("fit", "transform", "predict", "fit_transform"):
        return estimators.unknown_method(flow, base, given)
    return flow.combined([base, *given.all])


def _instance(flow: Expressions, thing: Thing, given: Given) -> Thing:
    """An object of one of the notebook's classes."""
    made = Thing("object", name=thing.name, base=thing)
    names = {b.name.rpartition(".")[2] for b in thing.items or []}
    if names & set(_NEURAL):
        made.note = flow.state.note(thing.name, thing.name, "model")
    elif names & {"BaseEstimator", "TransformerMixin", "ClassifierMixin", "RegressorMixin"} or "fit" in thing.entries:
        role = "model" if "predict" in thing.entries else "transformer"
        made.note = flow.state.note(thing.name, thing.name, role)  # type: ignore[arg-type]
    start = method_of(made, "__init__")
    if start is not None:
        flow.call_function(start, given.args, given.kwargs, made)
    elif isinstance(thing.node, ast.ClassDef) and any("dataclass" in ast.unparse(d) for d in thing.node.decorator_list):
        names_in_order = [p.target.id for p in thing.node.body
                          if isinstance(p, ast.AnnAssign) and isinstance(p.target, ast.Name)]  # fmt: skip
        made.entries.update(dict(zip(names_in_order, given.args, strict=False)))
        made.entries.update(given.kwargs)
    return made


def method_of(thing: Thing, name: str) -> Thing | None:
    """A method of an object of the notebook's classes, inherited ones too."""
    seen: list[Thing] = []
    queue = [thing.base] if thing.base is not None else []
    while queue and len(seen) < 20:
        at = queue.pop(0)
        seen.append(at)
        if name in at.entries and at.entries[name].kind == "function":
            return at.entries[name]
        queue += [b for b in at.items or [] if b.kind == "class"]
    return None


def _object_method(flow: Expressions, base: Thing, given: Given) -> Thing:
    name = given.last
    found = method_of(base, name)
    if found is None and name == "__call__":
        found = method_of(base, "forward")
        if found is not None and base.note is not None:
            return estimators.forward(flow, base, given)
    if found is not None:
        is_static = isinstance(found.node, ast.FunctionDef) and any(
            isinstance(d, ast.Name) and d.id == "staticmethod" for d in found.node.decorator_list
        )
        result = flow.call_function(found, given.args, given.kwargs, None if is_static else base)
        if base.note is not None and name in ("fit", "fit_transform"):
            data = given.get(0, "X")
            if data is not None:
                flow.state.fitted[base.note.id] = data.rows
        return result
    if name in base.entries:
        inner = base.entries[name]
        if inner.kind == "function":
            return flow.call_function(inner, given.args, given.kwargs, None)
        return method(flow, inner, Given("__call__", given.args, given.kwargs, given.node))
    if name == "fit_transform":
        fit, transform = method_of(base, "fit"), method_of(base, "transform")
        if fit and transform:
            flow.call_function(fit, given.args, given.kwargs, base)
            return flow.call_function(transform, given.args[:1], {}, base)
    if base.note is not None and base.note.role == "model" and name in ("eval", "train", "to", "cuda", "double"):
        return base
    if name in ("parameters", "state_dict"):
        return constant(None)
    return flow.combined([*given.all]) if given.all else UNKNOWN


def part_of_estimator(flow: Expressions, base: Thing, name: str) -> Thing | None:
    """Attributes of a fitted estimator that are estimators, or data."""
    if name in ("best_estimator_", "named_steps", "steps", "bestModel", "model", "estimator_"):
        return base
    if name in ("fittedvalues", "resid"):
        rows = flow.state.fitted.get(base.note.id) if base.note else None
        return Thing("column", rows=rows or frozenset(), made_by=base.note, predicted=name == "fittedvalues")
    if name in ("mean_", "statistics_", "var_", "scale_", "categories_", "data_min_", "data_max_"):
        return Thing("scalar", learned=fitting.learned_by(flow, base.note) if base.note else frozenset())
    if name in ("feature_importances_", "coef_") and base.note is not None:
        model = (base.note.model or base.note).name
        chosen = flow.state.learn("select", model, flow.state.fitted.get(base.note.id, frozenset()), (), True)
        return Thing("scalar", name=name, learned=frozenset((chosen,)))
    if name in ("support_", "ranking_", "scores_", "pvalues_") and base.note is not None:
        return Thing("scalar", name=name, learned=fitting.learned_by(flow, base.note))
    if name.endswith("_") and not name.startswith("_"):
        return Thing("scalar", name=name)
    return None
