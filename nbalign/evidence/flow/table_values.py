"""Methods that change the values of tables and columns: replacing, mapping, applying, renaming."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow import looks, summaries
from nbalign.evidence.flow.data_events import Replace
from nbalign.evidence.flow.filling import fill
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.in_place import in_place
from nbalign.evidence.flow.known import SCALING, STATISTICS
from nbalign.evidence.flow.model_events import Choice
from nbalign.evidence.flow.things import Thing

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions


def method(flow: Expressions, base: Thing, given: Given, name: str) -> Thing | None:
    """Methods that change values."""
    if name == "replace":
        _replaced(flow, base, given)
        made = base.like()
        old, new = given.get(0, "to_replace"), given.get(1, "value")
        if old is not None and new is not None and new.all_learned and _is_nan(old):
            made.learned |= fill(flow, base, tuple(sorted(base.sources)) or base.columns or (), new)
            return in_place(base, given, made)
        for arg in given.all:
            made.learned |= arg.learned
        return in_place(base, given, made)
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
        other, asked = given.get(1, "other"), given.args[0].missing
        if other is not None and asked == ("no" if name == "where" else "yes"):
            made.learned |= fill(flow, base, tuple(sorted(base.sources)) or base.columns or (), other)
        elif other is not None:
            made.learned |= other.learned
        return in_place(base, given, made)
    if name in ("rename", "set_index", "reset_index", "sort_values", "sort_index"):
        by = given.get(0, "by")
        if name == "sort_values" and base.measured:
            flow.state.emit(Choice(flow.state.place, "sort", base.measured))
        if by is not None and name == "sort_values":
            flow.state.use_column(*by.texts())
        made = base.like(columns=None) if name in ("rename", "set_index", "reset_index") else base.like()
        return in_place(base, given, made)
    if name in ("idxmax", "idxmin", "argmax", "argmin") and base.measured:
        flow.state.emit(Choice(flow.state.place, name, base.measured))
        return Thing("scalar")
    return None


def _applied(flow: Expressions, base: Thing, given: Given) -> Thing:
    function = given.get(0, "func", "arg")
    made = base.like()
    if function is None:
        return made
    if function.kind == "function" or _scales(function):
        more = {k: v for k, v in given.kwargs.items() if k not in ("func", "arg", "axis", "args", "result_type", "raw")}
        extra = [*given.args[1:], *(given.kwargs["args"].items or () if "args" in given.kwargs else ())]
        if given.last == "pipe":
            return flow.call_function(function, [base, *extra], more, None)
        axis = given.get(1, "axis")
        by_column = base.kind == "table" and given.last in ("apply", "transform", "progress_apply") and (
            axis is None or axis.value in (0, "index")
        )  # fmt: skip
        if by_column:
            extra = extra[1:] if len(given.args) > 1 else extra
        element = base.like(kind="column" if by_column else "scalar", name="", base=None)
        result = flow.call_function(function, [element, *extra], more, None)
        new = result.all_learned - base.all_learned
        if not by_column and new and _asks_for_gaps(function.node):
            new = fill(flow, base, tuple(sorted(base.sources)), Thing("scalar", learned=new))
        made.learned |= new
        made.sources |= result.sources
        return made
    if function.aggregate is not None:
        made.learned |= {function.aggregate}
    made.learned |= function.all_learned
    if function.text in STATISTICS and base.kind != "table":
        return summaries.method(flow, base, Given(function.text or "", (), {}, given.node), function.text or "") or made
    return made


def _scales(function: Thing) -> bool:
    """Whether a function that is handed over comes from a library and learns: `zscore`, `scaler.fit_transform`."""
    if function.kind == "library":
        return function.name.rpartition(".")[2] in SCALING
    owner = function.base.note if function.kind == "method" and function.base is not None else None
    return owner is not None and function.name in ("fit_transform", "transform")


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
    value: object = "nan" if _is_nan(new) else new.value if new.kind == "constant" else None
    flow.state.emit(Replace(flow.state.place, names, old, value, base.rows))


def _is_nan(thing: Thing) -> bool:
    named = thing.name.rpartition(".")[2] in ("nan", "NaN", "NA", "NaT", "NAN")
    return named or (thing.kind == "constant" and thing.value is None)


def _asks_for_gaps(node: ast.AST | None) -> bool:
    """Whether a function asks if its value is missing: what it then gives instead fills gaps."""
    if node is None:
        return False
    names = {n.attr if isinstance(n, ast.Attribute) else n.id
             for n in ast.walk(node) if isinstance(n, ast.Attribute | ast.Name)}  # fmt: skip
    return bool(names & {"isnull", "isna", "notnull", "notna", "isnan"})
