"""What names of metrics, rows and scores say: training or test, measured or typed in."""

from __future__ import annotations

import ast
import re

_TEST_KEY = re.compile(
    r"^(?:test|val|valid|validation|holdout|hold_out|oos)(?:[_ \-/.]|$)|[_ \-/.](?:test|holdout|val)$", re.I
)
_METRIC_KEY = re.compile(r"acc|f1|auc|rmse|mae|mse|mape|r2|precision|recall|score|loss|deviance|brier|error", re.I)
_TRAIN_SCORE = re.compile(
    r"^(?:train|training|tr|in_?sample)_(?:\w+_)?(?:acc\w*|f1|auc|rmse|mae|mse|mape|r2|precision|recall|scores?|loss|errors?|metrics)$"
    r"|^(?:acc\w*|f1|auc|rmse|mae|mse|mape|r2|precision|recall|scores?|loss|errors?|metrics)_(?:train|training|tr)$",
    re.I,
)
TRAIN_NAME = re.compile(r"(?:^|_)(?:train|training|trn|tr)(?:_|$)|^[xy](?:train|trn|tr)$|^train[xy]$|^in_?sample", re.I)
TEST_NAME = re.compile(
    r"(?:^|_)(?:test|tst|te|val|valid|validation|hold_?out|oos|unseen|cv|oof)(?:_|$)|^[xy](?:te|test|val)$", re.I
)


def is_test_name(key: str) -> bool:
    """Whether a metric's name says that it was measured on held-out rows."""
    return bool(_TEST_KEY.search(key))


def typed_number(key: str, value: ast.expr) -> float | None:
    """The number when a metric's value is typed in by hand; None otherwise."""
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        value = value.operand
    if isinstance(value, ast.Constant) and isinstance(value.value, int | float) and _METRIC_KEY.search(key):
        return float(value.value) if not isinstance(value.value, bool) and value.value not in (0, 1) else None
    return None


def training_score_name(node: ast.expr) -> str:
    """The name or key that calls a value a training score, such as `train_rmse` or `scores["train_r2"]`."""
    texts = []
    while isinstance(node, ast.Subscript):
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            texts.append(node.slice.value)
        node = node.value
    if isinstance(node, ast.Name):
        texts.append(node.id)
    elif isinstance(node, ast.Attribute):
        texts.append(node.attr)
    if any(TEST_NAME.search(text) for text in texts):
        return ""
    return next((text[:40] for text in texts if _TRAIN_SCORE.search(text)), "")


def base_name(node: ast.expr) -> str:
    """The name in `y`, `y.iloc[-52:]`, `y[mask]`, `y.loc[recent]`."""
    while isinstance(node, ast.Subscript) or (
        isinstance(node, ast.Attribute) and node.attr in ("iloc", "loc", "values")
    ):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def metric_name(key: ast.expr) -> str:
    """A metric's name; of an f-string or a sum its constant beginning."""
    if isinstance(key, ast.Constant):
        return str(key.value)[:80]
    if isinstance(key, ast.JoinedStr) and key.values and isinstance(key.values[0], ast.Constant):
        return str(key.values[0].value)[:80]
    if isinstance(key, ast.BinOp):
        return metric_name(key.left)
    return ""
