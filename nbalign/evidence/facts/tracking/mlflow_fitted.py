"""Whether a logged score was measured on the very rows that every model of the notebook was fitted on."""

from __future__ import annotations

import ast

from nbalign.evidence.code import Code
from nbalign.evidence.facts.tracking.mlflow_names import TEST_NAME
from nbalign.evidence.syntax import called_name

_PREDICTS = ("predict", "predict_proba", "decision_function")


def fitted_rows(code: Code, value: ast.expr) -> str:
    """The name of the rows that a score was measured on and all models were fitted on; empty when there is any doubt.

    Args:
        code: The notebook's code.
        value: What the logged value comes down to: `model.score(X, y)` or `metric(y, model.predict(X))`.
    """
    if not isinstance(value, ast.Call) or len(value.args) < 2:
        return ""
    if called_name(value) == "score" and isinstance(value.func, ast.Attribute):
        rows, truth = value.args[0], value.args[1]
    elif isinstance(value.args[1], ast.Call) and called_name(value.args[1]) in _PREDICTS and value.args[1].args:
        rows, truth = value.args[1].args[0], value.args[0]
    else:
        return ""
    if not isinstance(rows, ast.Name) or not isinstance(truth, ast.Name) or TEST_NAME.search(rows.id):
        return ""
    names = (rows.id, truth.id)
    fits = [
        tuple(a.id if isinstance(a, ast.Name) else "" for a in node.args[:2])
        for cell in code.cells
        for node in cell.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "fit" in node.func.attr
    ]
    if not fits or any(fit != names for fit in fits):
        return ""
    return rows.id if all(_bound_once(code, name) for name in names) else ""


def _bound_once(code: Code, name: str) -> bool:
    """Whether a name is bound by a single statement at the top of a cell, and is no parameter, anywhere."""
    bound = 0
    for cell in code.cells:
        for node in cell.nodes:
            bound += isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
            if isinstance(node, ast.arg) and node.arg == name:
                return False
    assigned = [node for cell in code.cells for node in cell.tree.body if isinstance(node, ast.Assign)]
    top = [n for statement in assigned for n in _stored(statement)]
    return bound == 1 and name in top


def _stored(statement: ast.Assign) -> list[str]:
    return [n.id for target in statement.targets for n in ast.walk(target) if isinstance(n, ast.Name)]
