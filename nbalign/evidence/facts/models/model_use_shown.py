"""Whether the value of a prediction ever reaches the reader's eye, by following names through the text of the code."""

from __future__ import annotations

import ast

from nbalign.evidence.code import Code
from nbalign.evidence.flow.known import ESTIMATOR_PLOTS, METRICS
from nbalign.evidence.syntax import called_name

_SILENT = {"append", "log_metric", "log_metrics", "log_param", "log_params", "log_model", "set_params", "dump", "fit",
           "update", "extend", "insert", "set_tag", "set_tags", "infer_signature"}  # fmt: skip
_PREDICTING = ("predict", "forecast", "get_prediction", "conf_int")


def shown_from(code: Code, cell: int) -> set[int]:
    """Cells that show something worked out from a prediction made in a cell or after it.

    A name is followed as long as it is bound to an expression that holds a followed name; metrics end the trail.

    Args:
        code: The code.
        cell: The cell of the prediction.
    """
    followed: set[str] = set()
    functions = _predicting_functions(code)
    found: set[int] = set()
    for code_cell in code.cells:
        if code_cell.number < cell:
            continue
        body = code_cell.tree.body
        for index, statement in enumerate(body):
            for step in _simple(statement):
                if not _holds(step, followed, functions):
                    continue
                if isinstance(step, ast.Expr):
                    last = step is statement and index == len(body) - 1
                    if last or not _silent(step.value):
                        found.add(code_cell.number)
                    followed |= _receivers(step)
                else:
                    followed |= _bound(step)
    return found


def after_loading(code: Code, predicting: frozenset[int], loading: frozenset[int]) -> set[int]:
    """The last cell that predicts and speaks of what was read back, by the names it was bound to; empty when none.

    Args:
        code: The code.
        predicting: Cells of predictions after the reading.
        loading: Cells that read a model back.
    """
    names: set[str] = set()
    found: set[int] = set()
    for code_cell in code.cells:
        steps = [s for s in code_cell.nodes if isinstance(s, ast.Assign)]
        if code_cell.number in loading:
            for step in steps:
                if any(isinstance(n, ast.Call) and called_name(n).startswith("load") for n in ast.walk(step.value)):
                    names |= _bound(step)
        used = any(isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and n.id in names for n in code_cell.nodes)
        if used and code_cell.number in predicting:
            found = {code_cell.number}
    return found


def _predicting_functions(code: Code) -> set[str]:
    """The notebook's own functions that predict in their body."""
    found = set()
    for cell in code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.FunctionDef) and any(_predicts(n) for n in ast.walk(node)):
                found.add(node.name)
    return found


def _predicts(node: ast.AST) -> bool:
    if isinstance(node, ast.Name):
        return node.id == "cross_val_predict"
    return isinstance(node, ast.Attribute) and node.attr.startswith((*_PREDICTING, "cross_val_predict"))


def _simple(statement: ast.stmt) -> list[ast.stmt]:
    """The simple statements inside; loops and branches are opened, their own bindings included as assignments."""
    if isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
        return []
    inner = [s for name in ("body", "orelse", "finalbody", "handlers") for s in getattr(statement, name, [])]
    if not inner:
        return [statement]
    found: list[ast.stmt] = []
    if isinstance(statement, ast.For):
        found.append(ast.Assign(targets=[statement.target], value=statement.iter))
    for step in inner:
        found += _simple(step) if isinstance(step, ast.stmt) else []
    return found


def _holds(step: ast.stmt, followed: set[str], functions: set[str]) -> bool:
    """Whether a followed name or a prediction stands in a statement outside a metric."""
    waiting: list[ast.AST] = [step]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Call) and called_name(node) in METRICS:
            continue
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in followed | functions:
            return True
        if _predicts(node):
            return True
        waiting.extend(ast.iter_child_nodes(node))
    return False


def _silent(value: ast.expr) -> bool:
    """Whether an expression that stands alone shows nothing."""
    if not isinstance(value, ast.Call):
        return True
    return called_name(value) in _SILENT or called_name(value) in {p.rpartition(".")[2] for p in ESTIMATOR_PLOTS}


def _receivers(step: ast.stmt) -> set[str]:
    """Lists and tables that a followed value is put into by a method."""
    if isinstance(step, ast.Expr) and isinstance(step.value, ast.Call) and isinstance(step.value.func, ast.Attribute):
        owner = step.value.func.value
        if isinstance(owner, ast.Name) and step.value.func.attr in ("append", "insert", "extend", "update"):
            return {owner.id}
    return set()


def _bound(step: ast.stmt) -> set[str]:
    """Names that a statement binds or writes into."""
    names = set()
    for node in ast.walk(step):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
            base: ast.expr = node
            while isinstance(base, ast.Subscript | ast.Attribute):
                base = base.value
            if isinstance(base, ast.Name):
                names.add(base.id)
    return names
