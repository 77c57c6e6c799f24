"""Validation by time that is written as a loop: a model fitted again on a growing or moving part, then asked ahead."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nbalign.evidence.code import Code
from nbalign.evidence.syntax import called_name, variables

_FITS = {"fit", "partial_fit", "fit_transform", "train"}
_ASKS = ("predict", "forecast", "get_forecast", "get_prediction")


def walks_forward(code: Code) -> bool:
    """Whether a loop fits a model on a part that moves with the loop, and predicts in the same round.

    The part is a slice or a comparison with what the loop goes through; a prediction with arguments of its own must
    move with the loop as well, so that a learning curve on one test part is not meant.
    """
    nodes = [n for cell in code.cells for n in cell.nodes]
    own = {n.name for n in nodes if isinstance(n, ast.FunctionDef) and _fits(n) and _asks(n)}
    return any(_walks(n, own) for n in nodes if isinstance(n, ast.For | ast.While))


def _walks(loop: ast.For | ast.While, own: set[str]) -> bool:
    steps = [n for statement in loop.body for n in ast.walk(statement)]
    moving = variables(loop.target) if isinstance(loop, ast.For) else set()
    moving |= {n for s in steps if isinstance(s, ast.AugAssign) for n in variables(s.target)}
    parts: set[str] = set()
    for step in steps:
        if isinstance(step, ast.Assign):
            bound = {n for target in step.targets for n in variables(target)}
            if _cut(step.value, moving) or variables(step.value) & parts:
                parts |= bound
            if variables(step.value) & moving:
                moving |= bound
    fitted = asked = False
    for step in steps:
        if not isinstance(step, ast.Call):
            continue
        given = [*step.args, *(k.value for k in step.keywords)]
        last = called_name(step)
        if last in own and _on_part(given, parts, moving):
            return True
        if last in _FITS:
            # Statsmodels are given their rows when they are made: OLS(y, X).fit().
            fitted = fitted or _on_part([step.func, *given], parts, moving)
        if last.startswith(_ASKS):
            named = {n for a in given for n in variables(a)}
            asked = asked or not named or bool(named & (moving | parts))
    return fitted and asked


def _on_part(given: Iterable[ast.expr], parts: set[str], moving: set[str]) -> bool:
    return any(variables(a) & parts or _cut(a, moving) for a in given)


def _cut(expression: ast.expr, moving: set[str]) -> bool:
    """Whether rows are cut out of something by a slice or a comparison with what moves."""
    for node in ast.walk(expression):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
            for inner in ast.walk(node.slice):
                ordered = isinstance(inner, ast.Compare) and any(
                    isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in inner.ops
                )
                if (ordered or isinstance(inner, ast.Slice)) and variables(inner) & moving:
                    return True
    return False


def _fits(function: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Call) and called_name(n) in _FITS for n in ast.walk(function))


def _asks(function: ast.FunctionDef) -> bool:
    return any(isinstance(n, ast.Call) and called_name(n).startswith(_ASKS) for n in ast.walk(function))
