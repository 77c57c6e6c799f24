"""Conditions whose outcome is known: `if scaler is None`, `if fit`, where what is asked for was given."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from nbalign.evidence.flow.things import Thing

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_NOT_KNOWN = ("unknown", "method")


def decided(flow: Expressions, test: ast.expr) -> bool | None:
    """Which way a condition goes; None when it is not known, or goes both ways in turn, as a loop may turn it."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = decided(flow, test.operand)
        return None if inner is None else not inner
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.Name):
        if _turns(flow, test.id):
            return None
        thing = flow.scope.get(test.id)
        if thing is not None and thing.kind == "constant" and (thing.value is None or isinstance(thing.value, bool)):
            return bool(thing.value)
        return None
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.left, ast.Name):
        other = test.comparators[0]
        asked = isinstance(other, ast.Constant) and other.value is None and isinstance(test.ops[0], ast.Is | ast.IsNot)
        if asked and not _turns(flow, test.left.id):
            empty = _is_none(flow.scope.get(test.left.id))
            return None if empty is None else empty == isinstance(test.ops[0], ast.Is)
    return None


def _is_none(thing: Thing | None) -> bool | None:
    if thing is None or thing.kind in _NOT_KNOWN:
        return None
    return thing.kind == "constant" and thing.value is None


def _turns(flow: Expressions, name: str) -> bool:
    """Whether a loop that is being followed binds a name: it may be another thing in the next round."""
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
        for loop in flow.loops
        for statement in loop
        for node in ast.walk(statement)
    )
