"""Values that notebooks turn into missing ones: placeholders, zeros, and what lies far from the rest."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nbalign.evidence.code import CodeCell
from nbalign.evidence.facts.reading.literals import calls_of, columns_in, constants, is_nan, text_of
from nbalign.evidence.source import Source
from nbalign.evidence.syntax import called_name

PLACEHOLDERS = (-1, -9, -99, -999, -9999, 99, 999, 9999, 99999, 999999)
_OUTLIERS = re.compile(r"(?i)quantile|percentile|\biqr\b|zscore|z_score|\.std\(|sigma|fence|outlier|\bq1\b")
_TEXT_CODES = frozenset({"?", "unknown", "n/a", "na", "none", "null", "-", "", " ", "missing", "nan", "not available"})


@dataclass(frozen=True, slots=True)
class Found:
    """Something in the code.

    Attributes:
        cell: Cell number.
        columns: Columns it is about, where they are named.
        values: Constants it is about.
    """

    cell: int
    columns: tuple[str, ...] = ()
    values: tuple[object, ...] = ()


def blanked(source: Source) -> list[Found]:
    """Places where values far from the others are turned into missing ones."""
    found = []
    for cell in source.code.cells:
        if not _OUTLIERS.search(cell.cell.source):
            continue
        for node in cell.nodes:
            if isinstance(node, ast.Assign) and is_nan(node.value) and isinstance(node.targets[0], ast.Subscript):
                target = node.targets[0]
                if isinstance(target.slice, ast.Tuple | ast.Compare | ast.BinOp):
                    found.append(Found(cell.number, columns_in(target)))
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "mask":
                if node.args and len(node.args) == 1 and _OUTLIERS.search(text_of(node) + _bound(cell, node.args[0])):
                    found.append(Found(cell.number, columns_in(node.func.value)))
            elif isinstance(node, ast.Call) and _where_nan(node) and _OUTLIERS.search(text_of(node)):
                found.append(Found(cell.number, columns_in(node)))
    return found


def zeros_to_nan(source: Source) -> list[Found]:
    """Places where zeros are declared missing, with the columns as far as they are named there."""
    found = []
    for cell in source.code.cells:
        for statement, node in calls_of(cell):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            if name == "replace" and len(node.args) >= 2 and is_nan(node.args[1]) and 0 in constants(node.args[0]):
                found.append(Found(cell.number, _columns_of(source, statement, node)))
            elif name == "replace" and node.args and isinstance(node.args[0], ast.Dict):
                for key, value in zip(node.args[0].keys, node.args[0].values, strict=True):
                    if is_nan(value) and constants(key) == (0,):
                        found.append(Found(cell.number, _columns_of(source, statement, node)))
    return found


def placeholders_seen(source: Source) -> list[Found]:
    """Placeholders that the notebook recognises: replaced by NaN, named when reading, or set apart by a comparison."""
    found = []
    for cell in source.code.cells:
        for statement, node in calls_of(cell):
            name = called_name(node)
            if name == "replace":
                old = _replaced(node)
                known = tuple(v for v in old if v in PLACEHOLDERS or (isinstance(v, str) and v.lower() in _TEXT_CODES))
                if known:
                    found.append(Found(cell.number, _columns_of(source, statement, node), known))
            for given in node.keywords:
                if given.arg in ("na_values", "missing_values") and (values := _all_constants(given.value)):
                    found.append(Found(cell.number, (), values))
        for inner in cell.nodes:
            if isinstance(inner, ast.Assign) and is_nan(inner.value) and isinstance(inner.targets[0], ast.Subscript):
                compared = _compared(inner.targets[0].slice)
                if compared:
                    found.append(Found(cell.number, columns_in(inner.targets[0]), compared))
            elif isinstance(inner, ast.Call) and _where_nan(inner) and (compared := _compared(inner.args[0])):
                condition = inner.args[0]
                found.append(Found(cell.number, columns_in(condition) or columns_in(inner)[:1], compared))
    return found


def _columns_of(source: Source, statement: ast.AST, node: ast.Call) -> tuple[str, ...]:
    """Columns of a call: named in brackets there, or in a list of names that was made before."""
    receiver = node.func.value if isinstance(node.func, ast.Attribute) else node
    named = columns_in(receiver) or columns_in(statement)
    if named:
        return named
    names = {i.slice.id for i in ast.walk(statement) if isinstance(i, ast.Subscript) and isinstance(i.slice, ast.Name)}
    found: list[str] = []
    for cell in source.code.cells:
        for made in cell.nodes:
            if isinstance(made, ast.Assign) and isinstance(made.targets[0], ast.Name) and made.targets[0].id in names:
                found += [v for v in constants(made.value) if isinstance(v, str)]
            elif isinstance(made, ast.For) and isinstance(made.target, ast.Name) and made.target.id in names:
                found += [v for v in constants(made.iter) if isinstance(v, str)]
    return tuple(dict.fromkeys(found))


def _replaced(node: ast.Call) -> tuple[object, ...]:
    """Constants that a `replace` turns into NaN."""
    if len(node.args) >= 2:
        return constants(node.args[0]) if is_nan(node.args[1]) else ()
    for given in node.keywords:
        if given.arg == "value" and is_nan(given.value):
            old = next((k.value for k in node.keywords if k.arg == "to_replace"), node.args[0] if node.args else None)
            return constants(old)
    if node.args and isinstance(node.args[0], ast.Dict):
        found: list[object] = []
        for key, value in zip(node.args[0].keys, node.args[0].values, strict=True):
            if is_nan(value):
                found += constants(key)
            elif isinstance(value, ast.Dict):
                found += [c for k, v in zip(value.keys, value.values, strict=True) if is_nan(v) for c in constants(k)]
        return tuple(found)
    return ()


def _compared(node: ast.AST) -> tuple[object, ...]:
    """Placeholders that values are compared with."""
    found: list[object] = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Compare):
            values = [v for side in [inner.left, *inner.comparators] for v in constants(side)]
            below_zero = values == [0] and isinstance(inner.ops[0], ast.Lt)
            found += [v for v in values if v in PLACEHOLDERS] or ([-1] if below_zero else [])
    return tuple(found)


def _where_nan(node: ast.Call) -> bool:
    """Whether a call chooses between a value and NaN, such as `np.where(x == 999, np.nan, x)` or `s.mask(s == 0)`."""
    name = called_name(node)
    if name == "where" and len(node.args) == 3:
        return is_nan(node.args[1]) or is_nan(node.args[2])
    return name in ("mask", "where") and 1 <= len(node.args) <= 2 and (len(node.args) == 1 or is_nan(node.args[1]))


def _all_constants(node: ast.expr) -> tuple[object, ...]:
    if isinstance(node, ast.Dict):
        return tuple(v for value in node.values for v in constants(value))
    return constants(node)


def _bound(cell: CodeCell, node: ast.expr) -> str:
    """The text of what the names in an expression were bound to in the same cell."""
    names = {i.id for i in ast.walk(node) if isinstance(i, ast.Name)}
    made = [a for a in cell.nodes if isinstance(a, ast.Assign) and isinstance(a.targets[0], ast.Name)]
    return " ".join(
        text_of(a.value) for a in made[:50] if isinstance(a.targets[0], ast.Name) and a.targets[0].id in names
    )
