"""Expressions that are one column, seen through what leaves a column the same."""

from __future__ import annotations

import ast

from nbalign.evidence.facts.reading.strings import Strings, column_of
from nbalign.evidence.facts.reading.words import words

_THROUGH = frozenset(  # methods and functions through which a column is still the same column
    [
        "values",
        "to_numpy",
        "astype",
        "map",
        "replace",
        "reshape",
        "ravel",
        "flatten",
        "copy",
        "cat",
        "codes",
        "squeeze",
        "to_frame",
        "fillna",
        "apply",
        "str",
        "strip",
        "fit_transform",
        "log",
        "log1p",
        "sqrt",
        "to_numeric",
        "array",
        "asarray",
        "Series",
        "where",
        "rename",
        "loc",
        "iloc",
        "eq",
        "gt",
        "ge",
        "clip",
        "transform",
        "dropna",
        "reset_index",
        "isin",
        "int",
        "float",
        "lower",
    ]
)


def is_series_read(value: ast.expr) -> bool:
    """Whether an expression is one column of a table that is read in it."""
    if not isinstance(value, ast.Subscript):
        return False
    names = (
        n.attr if isinstance(n, ast.Attribute) else n.id
        for n in ast.walk(value)
        if isinstance(n, ast.Attribute | ast.Name)
    )
    return any(name.startswith("read_") for name in names)


def one_name(value: ast.expr) -> str:
    """The name in `y.values`, `np.log(y)`, `y[mask]`; empty when it is anything else."""
    for _ in range(6):
        if isinstance(value, ast.Name):
            return value.id
        if isinstance(value, ast.Call):
            if isinstance(value.func, ast.Attribute) and value.func.attr in _THROUGH and not value.args:
                value = value.func.value
            elif value.args and isinstance(value.func, ast.Attribute) and value.func.attr in _THROUGH:
                value = value.args[0]
            else:
                return ""
        elif isinstance(value, ast.Attribute) and value.attr in _THROUGH:
            value = value.value
        else:
            return ""
    return ""


def one_column(value: ast.expr, strings: Strings, depth: int = 0) -> frozenset[str]:
    """The one column that an expression is, seen through what leaves it the same; empty when it is not that simple."""
    if depth > 8:
        return frozenset()
    if isinstance(value, ast.Subscript):
        if isinstance(value.slice, ast.Constant) and not isinstance(value.slice.value, str):
            return frozenset()
        found = column_of(value, strings)
        if found:
            return found if len(found) == 1 else frozenset()
        inside = value.value
        if isinstance(inside, ast.Attribute) and inside.attr == "iloc" and isinstance(value.slice, ast.Tuple):
            return frozenset()
        return one_column(inside, strings, depth + 1)
    if isinstance(value, ast.Call):
        func = value.func
        if isinstance(func, ast.Attribute) and func.attr == "pop" and value.args:
            return strings.of(value.args[0])
        if isinstance(func, ast.Attribute) and func.attr in _THROUGH:
            if found := one_column(func.value, strings, depth + 1):
                return found
            return one_column(value.args[0], strings, depth + 1) if value.args else frozenset()
        if (isinstance(func, ast.Attribute) and func.attr == "where") or (isinstance(func, ast.Name) and value.args):
            return one_column(value.args[0], strings, depth + 1) if value.args else frozenset()
        return frozenset()
    if isinstance(value, ast.Compare):
        return one_column(value.left, strings, depth + 1)
    if isinstance(value, ast.Attribute):
        if value.attr in _THROUGH:
            return one_column(value.value, strings, depth + 1)
        if isinstance(value.value, ast.Name) and not value.attr.endswith("_") and value.value.id not in _MODULES:
            return frozenset({value.attr}) if value.attr not in _NO_COLUMN else frozenset()
        return frozenset()
    if isinstance(value, ast.BinOp) and isinstance(value.right, ast.Constant):
        return one_column(value.left, strings, depth + 1)
    return frozenset()


_MODULES = words("np pd plt sns self cfg config tf torch args")
_NO_COLUMN = words("shape T index columns size ndim dtypes dtype feature_names data")


def keeps_meaning(value: ast.expr) -> bool:
    """Whether a column made of the target is the target in another form: logged, mapped, cut; not lagged."""
    changed = {
        "shift",
        "rolling",
        "diff",
        "cumsum",
        "transform",
        "groupby",
        "pct_change",
        "expanding",
        "isna",
        "isnull",
    }
    return not any(isinstance(n, ast.Attribute) and n.attr in changed for n in ast.walk(value))
