"""What every reading of syntax asks: which name is called, and which names stand in an expression."""

from __future__ import annotations

import ast


def called_name(call: ast.Call) -> str:
    """The last part of the name that is called; empty where what is called has no name."""
    func = call.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def variables(node: ast.AST) -> set[str]:
    """The plain names anywhere in a node; attributes are none."""
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
