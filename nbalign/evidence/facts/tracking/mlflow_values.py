"""Where a logged metric's value comes from, as far as the text says it beyond doubt."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbalign.evidence.code import Code
from nbalign.evidence.facts.reading.steps import Frame, Step, steps_of
from nbalign.evidence.facts.tracking.mlflow_calls import MlflowCall
from nbalign.evidence.facts.tracking.mlflow_fitted import fitted_rows
from nbalign.evidence.facts.tracking.mlflow_names import (
    TEST_NAME,
    TRAIN_NAME,
    base_name,
    metric_name,
    training_score_name,
)
from nbalign.evidence.syntax import called_name

_METRIC_CALL = re.compile(r"(?:_score|_error|_loss|_deviance|_coef)$|^(?:rmse|mae|mse|r2|mape|accuracy|auc|f1)$", re.I)

Scope = tuple[ast.expr, Frame | None]


class Values:
    """Finds what a name was bound to before a step."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self.steps = steps_of(code)
        self.made: dict[str, list[tuple[int, ast.expr, Frame | None, tuple[str, ...]]]] = {}
        self.split: set[str] = set()
        for step in self.steps:
            node = step.node
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    if isinstance(target, ast.Name):
                        self.made.setdefault(target.id, []).append((step.order, node.value, step.frame, step.within))
                    else:
                        for inner in ast.walk(target):
                            if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Store):
                                self.split.add(inner.id)

    def pairs(self, call: MlflowCall) -> Iterator[tuple[str, ast.expr]]:
        """Name and value of every metric that a call logs, where the name can be read; `test_` from `f"test_{k}"`."""
        node = call.node
        if call.name == "log_metric":
            at = 1 if call.full.startswith("mlflow.client.") else 0
            key = node.args[at] if len(node.args) > at else call.keyword("key")
            value = node.args[at + 1] if len(node.args) > at + 1 else call.keyword("value")
            if key is not None and value is not None:
                yield metric_name(key), value
            return
        given = node.args[0] if node.args else call.keyword("metrics")
        if isinstance(given, ast.Name):
            given = self.value(given.id, call.step) or given
        if isinstance(given, ast.Dict):
            for name, value in zip(given.keys, given.values, strict=True):
                if isinstance(name, ast.expr):
                    yield metric_name(name), value
                elif isinstance(value, ast.DictComp):
                    yield metric_name(value.key), value
        elif isinstance(given, ast.DictComp):
            yield metric_name(given.key), given

    def value(self, name: str, step: Step) -> ast.expr | None:
        """The expression that a name was last bound to before a step, in the same function or at the top."""
        for order, value, _frame, within in reversed(self.made.get(name, [])):
            if order < step.order and (within == step.within or not within):
                return value
        return None

    def is_training(self, value: ast.expr, step: Step) -> str:
        """The training rows that a metric's value was measured on.

        Returns:
            The name that says so; empty unless truth and predictions are both named as training data, or the value
            itself is named a training score, or the model was fitted on all the rows of which a part is measured.
        """
        found, frame = self.resolved(value, step, step.frame)
        if isinstance(found, ast.DictComp):
            source = found.generators[0].iter
            source = (
                source.func.value if isinstance(source, ast.Call) and isinstance(source.func, ast.Attribute) else source
            )
            return training_score_name(source)
        if named := training_score_name(found):
            return named
        if not isinstance(found, ast.Call) or not found.args:
            return ""
        name = self.code.dotted(found.func).rpartition(".")[2]
        if name == "score" and isinstance(found.func, ast.Attribute):
            return self._training_rows(found.args[0], step, frame)
        if len(found.args) > 1 and _METRIC_CALL.search(name) and not name.startswith("cross_val"):
            truth = self._training_rows(found.args[0], step, frame)
            return truth if truth and self._predicted_for_training(found.args[1], step, frame) else ""
        return ""

    def all_rows(self, value: ast.expr, step: Step) -> str:
        """The rows that a model was fitted on and then measured on; empty unless the text leaves no doubt."""
        found, frame = self.resolved(value, step, step.frame)
        return self._fitted_on(value, step) or (fitted_rows(self.code, found) if frame is None else "")

    def resolved(self, value: ast.expr, step: Step, frame: Frame | None) -> Scope:
        """What an expression comes down to: names followed to what they were bound to, rounding and roots left out."""
        for _ in range(8):
            if isinstance(value, ast.Name):
                if frame is not None and value.id in frame.given:
                    value, frame = frame.given[value.id], frame.caller
                    continue
                if training_score_name(value) or TRAIN_NAME.search(value.id) or TEST_NAME.search(value.id):
                    break
                bound = self.value(value.id, step)
                if bound is None or isinstance(bound, ast.Dict | ast.List | ast.Constant):
                    break
                value = bound
            elif isinstance(value, ast.BinOp) and isinstance(value.right, ast.Constant):
                value = value.left
            elif isinstance(value, ast.UnaryOp):
                value = value.operand
            elif isinstance(value, ast.Call) and value.args and called_name(value) in ("float", "round", "sqrt", "abs"):
                value = value.args[0]
            else:
                break
        return value, frame

    def _training_rows(self, node: ast.expr, step: Step, frame: Frame | None) -> str:
        """The name of training data that an expression is, or is a column or part of; empty when it is another."""
        for _ in range(4):
            base = base_name(node)
            if not base:
                return ""
            if frame is not None and base in frame.given:
                node, frame = frame.given[base], frame.caller
                continue
            if TEST_NAME.search(base):
                return ""
            if TRAIN_NAME.search(base):
                return base
            bound = self.value(base, step)
            if bound is None or base in self.split or not isinstance(bound, ast.Name):
                return ""
            node = bound
        return ""

    def _predicted_for_training(self, node: ast.expr, step: Step, frame: Frame | None) -> bool:
        """Whether predictions are plainly those of a fitted model for training rows (not out-of-fold ones)."""
        while isinstance(node, ast.Subscript):
            node = node.value
        bound = None
        if isinstance(node, ast.Name):
            bound, frame = self.resolved(ast.Name(node.id, ast.Load()), step, frame)
            if isinstance(bound, ast.Name):  # its own name says what it is
                made = self.value(bound.id, step)
                node = made if made is not None else bound
            else:
                node = bound
        while isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Compare):
            node = node.left
        predicts = isinstance(node, ast.Call) and called_name(node) in ("predict", "predict_proba", "decision_function")
        if not predicts or not isinstance(node, ast.Call) or not node.args:
            return False
        return bool(self._training_rows(node.args[0], step, frame))

    def _fitted_on(self, value: ast.expr, step: Step) -> str:
        """`model.fit(X, y)` and then a metric of `y` or a slice of it, in a notebook without any other fit or split."""
        for _ in range(3):
            if isinstance(value, ast.Name):
                bound = self.value(value.id, step)
                if bound is None:
                    return ""
                value = bound
            elif isinstance(value, ast.BinOp):
                value = value.left
            else:
                break
        if not isinstance(value, ast.Call) or len(value.args) < 2 or not _METRIC_CALL.search(called_name(value)):
            return ""
        truth, predicted = value.args[0], value.args[1]
        if isinstance(predicted, ast.Name):
            predicted = self.value(predicted.id, step) or predicted
        method = (
            predicted.func.attr if isinstance(predicted, ast.Call) and isinstance(predicted.func, ast.Attribute) else ""
        )
        base = base_name(truth)
        if not base or method not in ("predict", "predict_proba") or base in self.split or TEST_NAME.search(base):
            return ""
        fits = [
            c
            for s in self.steps
            for c in s.calls()
            if isinstance(c.func, ast.Attribute) and c.func.attr == "fit" and len(c.args) > 1
        ]
        others = any(
            c.last.endswith(("split", "Split", "Fold")) or c.last.startswith("cross_val") for c in self.code.calls
        )
        if not fits or others or len(self.made.get(base, [])) != 1:
            return ""
        same = all(isinstance(c.args[1], ast.Name) and c.args[1].id == base for c in fits)
        return f"{base}, on all of which the model is fitted" if same else ""
