"""Binding: names, tuples, attributes, columns; and the arguments of the notebook's own functions."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import Assign, DropColumns, Fill
from nbalign.evidence.flow.learned import Carried
from nbalign.evidence.flow.rows import NO_ROWS
from nbalign.evidence.flow.scope import Scope
from nbalign.evidence.flow.things import NOT_CONSTANT, UNKNOWN, Thing, sequence
from nbalign.evidence.syntax import called_name

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_CENTRES = ("mean", "median", "mode")  # where a fill is drawn around one of these, it is by these


def bind(flow: Expressions, target: ast.expr, thing: Thing, source: ast.expr | None = None) -> None:
    """Binds a target of an assignment, a loop or a with."""
    if isinstance(target, ast.Name):
        if thing.kind in ("table", "column", "array") and isinstance(source, ast.Name | ast.Attribute):
            pass  # an alias: both names mean the same table, and a change through one is seen through the other
        flow.scope.set(target.id, thing)
        flow.bound(target, target.id, thing)
    elif isinstance(target, ast.Tuple | ast.List):
        _unpack(flow, target.elts, thing)
    elif isinstance(target, ast.Starred):
        bind(flow, target.value, thing, source)
    elif isinstance(target, ast.Attribute):
        base = flow.value(target.value)
        if base.kind == "table":
            set_columns(flow, base, (target.attr,), thing, source)
        elif base is not UNKNOWN:
            base.entries[target.attr] = thing
            if thing.is_data:
                flow.bound(target, target.attr, thing)
    elif isinstance(target, ast.Subscript):
        _bind_subscript(flow, target, thing, source)


def _unpack(flow: Expressions, targets: Sequence[ast.expr], thing: Thing) -> None:
    items = thing.items
    star = next((i for i, t in enumerate(targets) if isinstance(t, ast.Starred)), None)
    if items is not None and star is not None:
        after = len(targets) - star - 1
        items = [*items[:star], sequence(items[star : len(items) - after]), *items[len(items) - after :]]
    for index, target in enumerate(targets):
        if items is not None and index < len(items):
            bind(flow, target, items[index])
        else:
            bind(flow, target, thing.like(items=None, kind="unknown") if thing.items is None else UNKNOWN)


def _bind_subscript(flow: Expressions, target: ast.Subscript, thing: Thing, source: ast.expr | None) -> None:
    base = flow.value(target.value)
    key = flow.value(target.slice)
    if base.kind == "dict" or (base.kind == "object" and key.text is not None):
        base.entries[key.value if isinstance(key.value, str | int | float) else object()] = thing
        base.measured |= thing.measured
        base.learned |= thing.learned if base.kind == "dict" else frozenset()
        return
    if base.kind == "list":
        if base.items is not None:
            base.items.append(thing)
        base.measured |= thing.measured
        return
    if base.kind == "table":
        names = _column_names(base, key)
        if _fills(flow, base, key, names, thing):
            return
        set_columns(flow, base, names, thing, source)
    elif base.kind in ("column", "array"):
        found = _fill(flow, base, tuple(sorted(base.sources)), thing) if key.missing == "yes" else thing.learned
        base.learned |= found
        if base.kind == "column" and base.base is not None and base.base.kind == "table" and len(base.sources) == 1:
            base.base.entries[next(iter(base.sources))] = base  # df["x"][mask] = value
        base.predicted |= thing.predicted
        base.made_by = base.made_by or thing.made_by


def _column_names(base: Thing, key: Thing) -> tuple[str, ...]:
    """The columns that `df[…] =` or `df.loc[…, …] =` writes to; empty when they are not known."""
    if base.name in ("loc", "iloc", "at", "iat", "ix"):
        return key.items[1].texts() if key.items is not None and len(key.items) == 2 else ()
    return key.texts()


def _fills(flow: Expressions, base: Thing, key: Thing, names: tuple[str, ...], thing: Thing) -> bool:
    """Whether `df.loc[df.x.isnull(), "x"] = value` fills missing values."""
    mask = key.items[0] if key.items else key
    if mask.missing != "yes":
        return False
    names = names or tuple(sorted(mask.sources))
    found = _fill(flow, base, names, thing)
    filled = thing.like(sources=thing.sources | frozenset(names), learned=found, rows=base.rows, predicted=False)
    set_columns(flow, base, names, filled, None, quiet=True)
    return True


def _fill(flow: Expressions, base: Thing, names: tuple[str, ...], thing: Thing) -> Carried:
    """A fill through a mask of gaps: by a constant, a statistic or what a model predicts."""
    state = flow.state
    learned = next(iter(sorted(thing.learned, key=lambda x: (x.how not in _CENTRES, -x.id))), None)
    note = thing.made_by if thing.predicted else None
    if note is not None:
        made = state.learn("fill", (note.model or note).name, state.fitted.get(note.id, NO_ROWS), names)
    elif learned is not None:
        made = state.learn("fill", learned.how, learned.rows, names)
    else:
        if thing.kind == "constant":
            state.emit(Fill(state.place, names, "constant", None, base.rows, thing.value))
        return thing.learned
    state.emit(Fill(state.place, names, made.how, made, base.rows))
    return frozenset((made,))


def set_columns(
    flow: Expressions,
    table: Thing,
    names: tuple[str, ...],
    thing: Thing,
    source: ast.expr | None,
    quiet: bool = False,
) -> None:
    """Writes columns of a table; with no known names something in it changed."""
    original = table.base if table.name in ("loc", "iloc", "at", "iat", "ix") and table.base else table
    if not quiet:
        how = _how(source) or thing.name
        for name in names or ("",):
            new = name not in original.entries and name not in flow.state.columns
            learned = thing.all_learned
            sources = tuple(sorted(thing.sources))
            flow.state.emit(Assign(flow.state.place, name, sources, how, original.rows, new, learned))
    flow.state.use_column(*names)
    for index, name in enumerate(names):
        part = thing.items[index] if thing.items is not None and index < len(thing.items) == len(names) else thing
        column = part if part.kind == "column" and part.rows == original.rows else part.like(kind="column")
        column = column.like(value=NOT_CONSTANT, rows=original.rows or part.rows)
        before = original.entries.get(name)
        if table is not original and before is not None:  # only some rows of it were written
            column.learned |= before.learned
        original.entries[name] = column
        if original.columns is not None and name not in original.columns:
            original.columns = (*original.columns, name)
        original.without -= {name}
    if not names:
        original.learned |= thing.all_learned
    if thing.predicted:
        original.predicted = True
        original.made_by = original.made_by or thing.made_by


def _how(source: ast.expr | None) -> str:
    """The last method or function of an expression."""
    if isinstance(source, ast.Call):
        return called_name(source)
    if isinstance(source, ast.BinOp | ast.UnaryOp):
        return "arithmetic"
    if isinstance(source, ast.Compare):
        return "compare"
    return ""


def drop_columns(flow: Expressions, table: Thing, names: tuple[str, ...]) -> None:
    """Leaves columns out of a table, in place."""
    flow.state.emit(DropColumns(flow.state.place, names, table.rows))
    flow.state.use_column(*names)
    for name in names:
        table.entries.pop(name, None)
    table.without |= frozenset(names)
    if table.columns is not None:
        table.columns = tuple(c for c in table.columns if c not in names)


def bind_arguments(
    flow: Expressions, wanted: ast.arguments, scope: Scope, args: Sequence[Thing], kwargs: dict[str, Thing]
) -> None:
    """Binds the parameters of a function."""
    names = [a.arg for a in (*wanted.posonlyargs, *wanted.args)]
    defaults = dict(zip(reversed(names), reversed(wanted.defaults), strict=False))
    for index, name in enumerate(names):
        if index < len(args):
            scope.set(name, args[index])
        elif name in kwargs:
            scope.set(name, kwargs[name])
        else:
            scope.set(name, flow.value(defaults[name]) if name in defaults else UNKNOWN)
    if wanted.vararg:
        scope.set(wanted.vararg.arg, sequence(args[len(names) :]))
    for name_node, default in zip(wanted.kwonlyargs, wanted.kw_defaults, strict=True):
        given = kwargs.get(name_node.arg)
        scope.set(name_node.arg, given or (flow.value(default) if default is not None else UNKNOWN))
    if wanted.kwarg:
        rest = {k: v for k, v in kwargs.items() if k not in names}
        scope.set(wanted.kwarg.arg, Thing("dict", entries=dict(rest.items())))
