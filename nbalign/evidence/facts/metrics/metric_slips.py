"""Slips in how metrics are computed that can be seen in the code alone."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbalign.evidence.code import Call, CodeCell
from nbalign.evidence.facts.metrics.metric_calls import function_metric, looks_guessed, looks_true, truth_and_guess
from nbalign.evidence.source import Source

# Metrics whose value changes when truth and predictions change places.
MINDS_ORDER = frozenset({"report", "precision", "recall", "r2", "roc_auc", "pr_auc", "log_loss", "mape", "deviance"})
_CLASS_METRICS = frozenset(
    {"accuracy", "balanced_accuracy", "f1", "precision", "recall", "roc_auc", "report", "confusion"}
)
_DEEPEST = 6
_ORDERS = (ast.Gt, ast.GtE, ast.Lt, ast.LtE)
_ROOT = re.compile(r"sqrt|squared\s*=\s*False|\*\*\s*\(?\s*(?:0?\.5|1\s*/\s*2)|power\(|root_mean")


def thresholded(source: Source) -> list[Call]:
    """Metrics of classes whose truth is a number cut at a line, such as `accuracy_score(y > 150, p > 150)`."""
    calls = [call for call in source.code.calls if function_metric(call) in _CLASS_METRICS]
    bound: dict[str, list[ast.expr]] = {}
    for cell in source.code.cells if calls else ():
        for node in cell.nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        bound.setdefault(target.id, []).append(node.value)
    found = []
    for call in calls:
        truth, guess = truth_and_guess(call)
        if _cut(truth, bound, source) and _cut(guess, bound, source):
            found.append(call)
    return found


def one_against_rest(source: Source) -> list[tuple[int, int]]:
    """(cell, line) of accuracies of "is it this class or not" that are taken class by class in a loop."""
    found = []
    for cell in source.code.cells:
        for loop in cell.nodes:
            for name, body in _loops(loop):
                for node in ast.walk(body):
                    if _is_one_against_rest(node, name, source):
                        found.append((cell.number, node.lineno))  # type: ignore[attr-defined]
    return found


def swapped_order(source: Source) -> list[tuple[Call, str]]:
    """Calls with predictions first and truth second, by their names; (call, our name of the metric)."""
    found = []
    for call in source.code.calls:
        name = function_metric(call)
        if name and name != "score" and not any(k.arg in ("y_true", "y_pred", "y_score") for k in call.node.keywords):
            truth, guess = truth_and_guess(call)
            if looks_guessed(truth) and looks_true(guess) and not looks_true(truth):
                found.append((call, name))
    return found


def squared_as_root(source: Source) -> list[tuple[int, int]]:
    """(cell, line) where a mean squared error is called RMSE without a root."""
    found = []
    for cell in source.code.cells:
        squared = _squared_names(cell, source)
        for node in cell.nodes:
            value, said = _named_value(node)
            if value is not None and said and _is_squared(value, squared, source):
                found.append((cell.number, node.lineno))  # type: ignore[attr-defined]
    return found


def hard_auc(source: Source) -> list[Call]:
    """ROC AUC taken from predicted labels instead of scores."""
    hard: dict[str, bool] = {}
    for cell in source.code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                name = node.targets[0].id
                hard[name] = hard.get(name, True) and _predicts_labels(node.value)
    return [
        call
        for call in source.code.calls
        if function_metric(call) in ("roc_auc", "pr_auc")
        and (guess := truth_and_guess(call)[1]) is not None
        and (_predicts_labels(guess) or (isinstance(guess, ast.Name) and hard.get(guess.id, False)))
    ]


def _predicts_labels(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "predict"


def _cut(node: ast.expr | None, bound: dict[str, list[ast.expr]], source: Source, depth: int = 0) -> bool:
    """Whether an expression is a number compared with a line, directly or by a name bound before."""
    if depth > _DEEPEST:
        return False
    if isinstance(node, ast.Name):
        values = bound.get(node.id, [])
        return 0 < len(values) < 20 and all(_cut(value, bound, source, depth + 1) for value in values)
    if isinstance(node, ast.Call):
        name = source.code.dotted(node.func).rpartition(".")[2]
        if name in ("astype", "to_numpy") and isinstance(node.func, ast.Attribute):
            return _cut(node.func.value, bound, source, depth + 1)
        if name in ("array", "asarray", "int", "where", "Series") and node.args:
            return isinstance(node.args[0], ast.Compare) and _cut(node.args[0], bound, source, depth + 1)
        return False
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], _ORDERS):
        return False
    line = node.comparators[0]
    return not (isinstance(line, ast.Constant) and line.value in (0, 0.5)) and not _is_probability(node.left)


def _is_probability(node: ast.expr) -> bool:
    return any(
        (isinstance(n, ast.Attribute) and "proba" in n.attr) or (isinstance(n, ast.Name) and "prob" in n.id)
        for n in ast.walk(node)
    )


def _loops(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
        yield from ((node.target.id, part) for part in node.body)
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        body = node.value if isinstance(node, ast.DictComp) else node.elt
        yield from ((g.target.id, body) for g in node.generators if isinstance(g.target, ast.Name))


def _is_one_against_rest(node: ast.AST, name: str, source: Source) -> bool:
    if isinstance(node, ast.Call):
        called = source.code.dotted(node.func).rpartition(".")[2]
        if called == "accuracy_score" and len(node.args) >= 2:
            return all(_equals(arg, name) for arg in node.args[:2])
        if called == "mean":
            inner = node.args[0] if node.args else node.func.value if isinstance(node.func, ast.Attribute) else None
            if isinstance(inner, ast.Compare) and len(inner.comparators) == 1 and isinstance(inner.ops[0], ast.Eq):
                return _equals(inner.left, name) and _equals(inner.comparators[0], name)
    return False


def _equals(node: ast.expr, name: str) -> bool:
    """Whether an expression is `something == name`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "astype":
        node = node.func.value
    if not isinstance(node, ast.Compare) or len(node.ops) != 1 or not isinstance(node.ops[0], ast.Eq):
        return False
    return any(isinstance(side, ast.Name) and side.id == name for side in (node.left, node.comparators[0]))


def _squared_names(cell: CodeCell, source: Source) -> frozenset[str]:
    """Names that hold a mean squared error without a root in a cell, and nothing else."""
    kept: dict[str, bool] = {}
    for node in cell.nodes:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            kept[name] = kept.get(name, True) and _is_squared(node.value, frozenset(), source)
    return frozenset(name for name, squared in kept.items() if squared)


def _is_squared(node: ast.expr, names: frozenset[str], source: Source) -> bool:
    if isinstance(node, ast.Name):
        return node.id in names
    if isinstance(node, ast.Call):
        called = source.code.dotted(node.func).rpartition(".")[2]
        if called in ("round", "float", "abs") and node.args:
            return _is_squared(node.args[0], names, source)
        return called == "mean_squared_error" and not _ROOT.search(ast.unparse(node))
    return False


def _named_value(node: ast.AST) -> tuple[ast.expr | None, bool]:
    """(value, whether it is called RMSE) of an assignment, an entry of a dict, or a print."""
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        names = [n.id for n in ast.walk(node.targets[0]) if isinstance(n, ast.Name)]
        return node.value, len(names) == 1 and "rmse" in names[0].lower().split("_")
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "print"
        and len(node.args) > 1
    ):
        first = node.args[0]
        said = isinstance(first, ast.Constant) and isinstance(first.value, str) and bool(_RMSE.search(first.value))
        return node.args[1], said
    if isinstance(node, ast.JoinedStr):
        for text, value in zip(node.values, node.values[1:], strict=False):
            if isinstance(text, ast.Constant) and isinstance(value, ast.FormattedValue):
                return value.value, bool(_RMSE.search(str(text.value)))
    return None, False


_RMSE = re.compile(r"(?<![a-z])(?:rmse|root mean squared? error)[^a-z]{0,6}$", re.IGNORECASE)
