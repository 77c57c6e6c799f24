"""Calls of metrics as they stand in the text: which metric, and which argument is the truth."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.code import Call
from nbalign.evidence.facts.metrics.metric_names import FUNCTIONS

_GUESS = re.compile(
    r"pred|hat(?![a-z])|guess|forecast|fitted|proba?s?(?![a-z])|estimate|yhat|_p(?![a-z])", re.IGNORECASE
)
_TRUTH = re.compile(
    r"^y(?![a-z])|y_?true|y_?test|y_?val|truth|actual|observed|target|label|(?<![a-z])true", re.IGNORECASE
)


def function_metric(call: Call) -> str:
    """Our name of the metric that a call computes; empty when it computes none."""
    if call.last in FUNCTIONS:
        name = FUNCTIONS[call.last]
        if call.name.startswith(".") or call.last == "auc":
            return "" if call.last in ("auc", "AUC") or len(call.node.args) < 2 else name
        return name if call.node.args or call.node.keywords else ""
    if call.name == ".score" and len(call.node.args) == 2:
        return "score"
    if call.name == ".evaluate" and len(call.node.args) >= 2:
        return "score"
    return ""


def written_name(call: Call) -> str:
    """The dotted name as it is written, for classes that came with a star import."""
    parts: list[str] = []
    node: ast.expr = call.node.func
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join(reversed([*parts, node.id])) if isinstance(node, ast.Name) else call.name


def truth_and_guess(call: Call) -> tuple[ast.expr | None, ast.expr | None]:
    """The arguments of a metric: truth and predictions, as the order of scikit-learn has them."""
    return call.argument(0, "y_true"), call.argument(
        1, next((k.arg for k in call.node.keywords if k.arg in ("y_pred", "y_score", "y_prob", "y_proba")), "y_pred")
    )


def looks_guessed(node: ast.expr | None) -> bool:
    """Whether an expression is plainly a prediction: a call of predict, or a name such as `y_pred`."""
    if node is None:
        return False
    if any(isinstance(n, ast.Attribute) and n.attr.startswith(("predict", "forecast")) for n in ast.walk(node)):
        return True
    name = names_in(node)
    return bool(_GUESS.search(name)) and not _TRUTH.search(name.replace("y_pred", "").replace("y_hat", ""))


def looks_true(node: ast.expr | None) -> bool:
    """Whether an expression is plainly the truth, such as `y_test`."""
    if node is None:
        return False
    name = names_in(node)
    return (
        bool(_TRUTH.search(name))
        and not _GUESS.search(name)
        and not any(isinstance(n, ast.Attribute) and n.attr.startswith("predict") for n in ast.walk(node))
    )


def names_in(node: ast.expr) -> str:
    """Every name and attribute in an expression, with blanks between."""
    words = []
    for inner in ast.walk(node):
        if isinstance(inner, ast.Name):
            words.append(inner.id)
        elif isinstance(inner, ast.Attribute):
            words.append(inner.attr)
        elif isinstance(inner, ast.Constant) and isinstance(inner.value, str):
            words.append(inner.value[:40])
    return " ".join(words)
