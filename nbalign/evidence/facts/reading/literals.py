"""Literals in syntax trees: constants, NaN, names of columns, calls with their statements."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbalign.evidence.code import CodeCell

_MOST_TEXT = 20_000


def is_nan(node: ast.expr | None) -> bool:
    """Whether an expression is NaN, None or pd.NA."""
    if isinstance(node, ast.Attribute):
        return node.attr in ("nan", "NaN", "NAN", "NA", "NaT")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "float" and node.args:
        return isinstance(node.args[0], ast.Constant) and str(node.args[0].value).lower() == "nan"
    return isinstance(node, ast.Constant) and node.value is None


def constants(node: ast.expr | None) -> tuple[object, ...]:
    """The constants in a constant, a list of them, or the keys of a dict; negative numbers too."""
    if isinstance(node, ast.Constant):
        return (node.value,)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        value = node.operand.value
        return (-value,) if isinstance(value, int | float) else ()
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return tuple(value for item in node.elts for value in constants(item))
    return ()


def columns_in(node: ast.AST) -> tuple[str, ...]:
    """Constants that stand in square brackets anywhere in an expression: the columns it names."""
    found: list[str] = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Subscript):
            for part in [inner.slice, *(inner.slice.elts if isinstance(inner.slice, ast.Tuple) else ())]:
                found += [v for v in constants(part) if isinstance(v, str)]
    return tuple(dict.fromkeys(found))


def calls_of(cell: CodeCell) -> Iterator[tuple[ast.AST, ast.Call]]:
    """Every call with the statement it stands in."""
    for statement in cell.nodes:
        if isinstance(statement, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Return):
            for node in ast.walk(statement):
                if isinstance(node, ast.Call):
                    yield statement, node


def text_of(node: ast.AST) -> str:
    """The text of a node, cut when it is very long; empty when it is nested too deeply."""
    try:
        return ast.unparse(node)[:_MOST_TEXT]
    except (ValueError, RecursionError):
        return ""
