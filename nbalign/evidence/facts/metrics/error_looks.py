"""Looks at where a model errs: confusion matrices, residuals, errors by group, calibration, plots of predictions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nbalign.evidence.code import Call, CodeCell
from nbalign.evidence.facts.metrics.metric_calls import looks_guessed, looks_true, written_name
from nbalign.evidence.facts.metrics.metric_names import FUNCTIONS
from nbalign.evidence.facts.reading.failing import failing_line
from nbalign.evidence.source import Source

_BY_NAME = {
    "confusion_matrix": "a confusion matrix",
    "ConfusionMatrixDisplay": "a confusion matrix",
    "plot_confusion_matrix": "a confusion matrix",
    "multilabel_confusion_matrix": "a confusion matrix",
    "classification_report": "a report by class",
    "ClassificationReport": "a report by class",
    "calibration_curve": "a calibration table",
    "CalibrationDisplay": "a calibration plot",
    "residplot": "a residual plot",
    "ResidualsPlot": "a residual plot",
    "plot_residuals": "a residual plot",
    "plot_diagnostics": "residual diagnostics",
    "PredictionErrorDisplay": "a residual plot",
    "qqplot": "a residual plot",
    "probplot": "a residual plot",
    "acorr_ljungbox": "a test of residuals",
}
_OF_RESIDUALS = frozenset({"qqplot", "probplot", "acorr_ljungbox"})
_PLOTS = frozenset({"plot", "scatter", "scatterplot", "regplot", "lineplot", "fill_between", "line"})
_USES = frozenset(
    {"groupby", "hist", "histplot", "boxplot", "describe", "sort_values", "nlargest", "scatter", "quantile", "kdeplot"}
    | {"plot", "value_counts", "scatterplot", "axhline", "pivot_table", "abs", "head", "distplot", "agg", "idxmax"}
)
_ERROR = re.compile(
    r"(?<![a-z])(?:resid\w*|abs_?err\w*|errors?|err|wrong|misclass\w*|missed|mistakes?|bias|ape)(?![a-z])",
    re.IGNORECASE,
)


_GROUPS = frozenset({"groupby", "pivot_table"})
_GUESSED = re.compile(r"pred|(?<![a-z])(?:p|proba?|hat|forecast|fitted|guess|flag|flagged|hit)(?![a-z])", re.IGNORECASE)
_TRUE = re.compile(r"(?<![a-z])(?:actual|truth|observed|true|recall|precision)(?![a-z])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Look:
    """One look at errors.

    Attributes:
        what: What it is, such as `a confusion matrix`.
        cell: Cell number.
        plot: Whether it only plots predictions against the truth.
    """

    what: str
    cell: int
    plot: bool = False


def error_looks(source: Source) -> tuple[Look, ...]:
    """Every look at errors that ran, one of each sort a cell."""
    found: dict[Look, None] = {}
    stops = {cell.number: line for cell in source.code.cells if (line := failing_line(cell)) is not None}
    plotted = {c.cell for c in source.code.calls if c.last in _PLOTS and _plots_truth(c)}
    for call in source.code.calls:
        plots = call.cell in plotted and call.last in _PLOTS and any(looks_guessed(a) for a in call.node.args)
        if plots and not on_training(call) and call.line < stops.get(call.cell, 1 << 30):
            found[Look("a plot of predictions", call.cell, plot=True)] = None
        if call.line < stops.get(call.cell, 1 << 30) and (look := _called(call)):
            found[look] = None
    guesses = [call.cell for call in source.code.calls if call.last.startswith(("predict", "forecast", "get_forecast"))]
    for cell in source.code.cells if guesses else ():
        for line, look in _computed(cell) if cell.number >= min(guesses) else ():
            if line < stops.get(cell.number, 1 << 30):
                found[look] = None
    return tuple(found)


def _plots_truth(call: Call) -> bool:
    return any(looks_true(a) or re.search(r"test|actual|observed|valid", ast.unparse(a)) for a in call.node.args)


def on_training(call: Call) -> bool:
    """Whether the arguments of a call name training rows only."""
    words = " ".join(n.id for a in call.node.args for n in ast.walk(a) if isinstance(n, ast.Name)).lower()
    return bool(re.search(r"(?<![a-z])(?:train|tr)(?![a-z])", words)) and not re.search(
        r"test|(?<![a-z])te(?![a-z])", words
    )


def _called(call: Call) -> Look | None:
    name = next((part for part in reversed(written_name(call).split(".")) if part in _BY_NAME), "")
    if name in _OF_RESIDUALS and not _ERROR.search(" ".join(ast.unparse(a) for a in call.node.args)):
        return None
    if name and not on_training(call):
        return Look(_BY_NAME[name], call.cell)
    if call.last == "crosstab" and len(call.node.args) >= 2:
        first, second = call.node.args[:2]
        if (looks_true(first) and looks_guessed(second)) or (looks_guessed(first) and looks_true(second)):
            return Look("a confusion matrix", call.cell)
    if any(
        k.arg == "average" and isinstance(k.value, ast.Constant) and k.value.value is None for k in call.node.keywords
    ):
        return Look("a score by class", call.cell)
    return None


def _computed(cell: CodeCell) -> Iterator[tuple[int, Look]]:
    """Residuals, wrong cases and errors by group that are computed and then used in the same cell."""
    used = {n.func.attr for n in cell.nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)}
    used |= {n.func.id for n in cell.nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    if not used & _USES:
        return
    named = any(_ERROR.search(name) for name in _names(cell.nodes))
    for statement in _statements(cell.tree.body):
        grouped = any(_is_grouping(node) for node in ast.walk(statement))
        if grouped and _about_errors(statement):
            yield statement.lineno, Look("errors by group", cell.number)
        for node in ast.walk(statement):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and named and _pair(node.left, node.right):
                yield node.lineno, Look("errors by group" if grouped else "residuals", cell.number)
            elif (
                isinstance(node, ast.Compare)
                and isinstance(node.ops[0], ast.NotEq)
                and _pair(node.left, node.comparators[0])
            ):
                yield statement.lineno, Look("wrong cases", cell.number)


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements that belong together: loops whole, the bodies of functions, branches and blocks one by one."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.If | ast.With | ast.Try):
            yield from _statements([*statement.body, *getattr(statement, "orelse", [])])
        else:
            yield statement


def _is_grouping(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _GROUPS


def _is_wrong(node: ast.AST) -> bool:
    """Whether an expression picks the cases in which truth and prediction differ."""
    if not isinstance(node, ast.Compare) or not isinstance(node.ops[0], ast.NotEq):
        return False
    return _pair(node.left, node.comparators[0])


def _about_errors(statement: ast.stmt) -> bool:
    names = list(_names(ast.walk(statement)))
    if any(_ERROR.search(name) for name in names):
        return True
    return any(_GUESSED.search(name) for name in names) and any(_TRUE.search(name) for name in names)


def _pair(left: ast.expr, right: ast.expr) -> bool:
    return looks_guessed(left) != looks_guessed(right) and (
        looks_true(left) or looks_true(right) or _column(left, right)
    )


def _column(left: ast.expr, right: ast.expr) -> bool:
    return isinstance(left, ast.Subscript) or isinstance(right, ast.Subscript)


def _names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    """Names, keywords and short texts, those of metrics' functions left out."""
    for node in nodes:
        if isinstance(node, ast.Name) and node.id not in FUNCTIONS:
            yield node.id
        elif isinstance(node, ast.keyword) and node.arg and not _is_flag(node.value):
            yield node.arg
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) < 40:
            yield node.value


def _is_flag(node: ast.expr) -> bool:
    """Whether an argument is True, False or None, as in `groupby(…, observed=True)`."""
    return isinstance(node, ast.Constant) and (node.value is None or isinstance(node.value, bool))
