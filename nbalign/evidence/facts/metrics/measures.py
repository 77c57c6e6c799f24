"""What a notebook measures, and on which rows: from the data-flow reading, else from the names in the calls."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace

from nbalign.evidence.code import Call
from nbalign.evidence.facts.metrics.measured_rows import On, rows_of_metrics
from nbalign.evidence.facts.metrics.metric_calls import (
    function_metric,
    looks_guessed,
    looks_true,
    names_in,
    truth_and_guess,
)
from nbalign.evidence.facts.metrics.metric_names import FUNCTIONS, written_metric
from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.model_events import Metric
from nbalign.evidence.source import Source

_TRAIN = re.compile(r"(?<![a-z])(?:train|training|trn|tr|insample)(?![a-z])", re.IGNORECASE)
_TEST = re.compile(
    r"(?<![a-z])(?:test|te|tst|testing|val|valid|validation|hold|holdout|eval|dev|oos|oof|unseen|future|out)(?![a-z])",
    re.IGNORECASE,
)
_BASE = re.compile(
    r"(?<![a-z])(?:base|baseline|dummy|naive|persist\w*|const|constant|zero|zeros|majority|prior|last|seasonal|"
    r"snaive|mean|median|most_frequent|lag)(?![a-z])",
    re.IGNORECASE,
)
_CROSS = frozenset({"cross_val_score", "cross_validate", "cross_val_predict", "GridSearchCV", "RandomizedSearchCV"})
_CROSS_TOO = frozenset(
    {"HalvingGridSearchCV", "HalvingRandomSearchCV", "BayesSearchCV", "CrossValidator", "cross_validation", "RFECV"}
)
_OF_ALL = re.compile(r"leaderboard|compare_models|pull|performance_metrics|evaluate_model")


_ROOTED = re.compile(r"rmse|sqrt|\*\*\s*\(?\s*(?:0?\.5|1\s*/\s*2)|squared\s*=\s*False", re.IGNORECASE)
_CURVE = re.compile(r"curve|Display|Error$")


@dataclass(frozen=True, slots=True)
class Measure:
    """One computation of a metric.

    Attributes:
        name: Our name of the metric, `report`, `confusion` or `score` (a model's own).
        cell: Cell that runs it.
        on: `held out`; `train` for training rows; `fitted` for other rows the model was fitted on; `all` for all rows,
            of which the model was fitted on a part; `part` for some of all rows, seen or not; empty when it cannot be
            told.
        baseline: Whether a baseline is measured.
        model: What is measured; None when it is not known.
        swapped: Whether predictions stand where the truth should.
        call: The call, where it was found by its text.
        line: Its line in that cell; 0 when its text stands in another cell.
        defined: Cell in which its text stands.
        line_there: Its line in the cell in which its text stands; 0 when that is not known.
    """

    name: str
    cell: int
    on: On
    baseline: bool = False
    model: EstimatorNote | None = None
    swapped: bool = False
    call: Call | None = None
    line: int = 0
    defined: int = 0
    line_there: int = 0


def measures(source: Source) -> tuple[Measure, ...]:
    """Every metric that is computed, as the data flow tells; calls it did not reach are read by their names."""
    out_of_fold = _out_of_fold(source)
    found = [
        replace(m, on="") if m.on != "held out" and (m.defined, m.line_there) in out_of_fold else m
        for m in _followed(source)
    ]
    reached = {(m.at.defined or m.at.cell, m.at.line) for m in source.trace.of(Metric)}
    cells = {cell for cell, _ in reached}
    for call in source.code.calls:
        name = function_metric(call)
        if name and not any((call.cell, line) in reached for line in _lines(call.node)):
            found.append(_named(call, name, followed=call.cell in cells))
    rooted = {cell.number for cell in source.code.cells if _ROOTED.search(cell.cell.source)}
    return tuple(replace(m, name="rmse") if m.name == "mse" and m.defined in rooted else m for m in found)


def _out_of_fold(source: Source) -> frozenset[tuple[int, int]]:
    """(cell, line) of metrics of out-of-fold predictions, which are held out though the rows are training rows."""
    if not any(call.last == "cross_val_predict" for call in source.code.calls):
        return frozenset()
    names = {
        target.id
        for cell in source.code.cells
        for node in cell.nodes
        if isinstance(node, ast.Assign) and _mentions(node.value, "cross_val_predict")
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return frozenset(
        (call.cell, call.line)
        for call in source.code.calls
        if function_metric(call) and any(_mentions(a, "cross_val_predict", *names) for a in call.node.args)
    )


def _mentions(node: ast.expr, *names: str) -> bool:
    return any(
        (isinstance(n, ast.Name) and n.id in names) or (isinstance(n, ast.Attribute) and n.attr in names)
        for n in ast.walk(node)
    )


def has_cross_validation(source: Source) -> bool:
    """Whether anything is cross-validated, by any of the usual functions."""
    return any(call.last in _CROSS or call.last in _CROSS_TOO for call in source.code.calls)


def scorings(source: Source) -> frozenset[str]:
    """Our names of the metrics that `scoring=` names in cross-validation, where the code spells them out."""
    bound: dict[str, list[ast.expr]] = {}
    for cell in source.code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                bound.setdefault(node.targets[0].id, []).append(node.value)
    found = set()
    for call in source.code.calls:
        for key in call.node.keywords:
            if key.arg == "scoring":
                values = bound.get(key.value.id, []) if isinstance(key.value, ast.Name) else [key.value]
                found |= {m for v in values for m in _scorers(v)}
    return frozenset(found)


def _scorers(node: ast.expr) -> set[str]:
    texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    names = {written_metric(text.removeprefix("neg_").replace("_", " ")) for text in texts if len(text) < 60}
    return names - {""}


def has_other_scores(source: Source) -> bool:
    """Whether a library's own leaderboard or report stands for metrics."""
    return any(_OF_ALL.fullmatch(call.last) for call in source.code.calls)


def _followed(source: Source) -> list[Measure]:
    guessed = _predicted_names(source)
    found = []
    for event, on, fit in rows_of_metrics(source.trace):
        name = _metric_name(event.name)
        if not name or (name == "score" and fit is not None and not fit.has_target):
            continue  # a curve, or what a clustering calls its own objective
        there = event.at.defined or event.at.cell
        line = event.at.line if there == event.at.cell else 0
        modelless = event.baseline and event.model is None and not event.at.within
        baseline = _dummy(event.model) or (modelless and (there, event.at.line) not in guessed)
        found.append(
            Measure(name, event.at.cell, on, baseline, event.model, event.swapped, None, line, there, event.at.line)
        )
    return found


def _predicted_names(source: Source) -> frozenset[tuple[int, int]]:
    """(cell, line) of metrics of what some model predicted, known or not."""
    names = {
        inner.id
        for cell in source.code.cells
        for node in cell.nodes
        if isinstance(node, ast.Assign) and _predicts(node.value)
        for target in node.targets
        for inner in ast.walk(target)
        if isinstance(inner, ast.Name)
    }
    return frozenset(
        (call.cell, call.line)
        for call in source.code.calls
        if function_metric(call) and any(_mentions(a, *names) or _predicts(a) for a in call.node.args)
    )


def _predicts(node: ast.expr) -> bool:
    return any(isinstance(n, ast.Attribute) and n.attr.startswith(("predict", "forecast")) for n in ast.walk(node))


def _metric_name(name: str) -> str:
    """Our name of a metric that the data flow found; empty for curves, which are no numbers."""
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    if name in ("score", "evaluate"):
        return "score"
    if "onfusion" in name:
        return "confusion"
    if _CURVE.search(name):
        return ""
    return written_metric(name) or name


def _dummy(model: EstimatorNote | None) -> bool:
    return model is not None and any(part.name.startswith("Dummy") for part in model.parts())


def _named(call: Call, name: str, *, followed: bool) -> Measure:
    truth, guess = truth_and_guess(call)
    first, second = names_in(truth) if truth else "", names_in(guess) if guess else ""
    text = f"{first} {second}" if name != "score" else first
    on: On = ""
    if _TRAIN.search(text) and not _TEST.search(text):
        on = "" if followed else "train"
    elif _TEST.search(text) and not _TRAIN.search(text):
        on = "held out"
    owner = _owner(call) if name == "score" else second
    swapped = name not in ("score", "auc") and looks_guessed(truth) and looks_true(guess)
    return Measure(name, call.cell, on, bool(_BASE.search(owner)), None, swapped, call, call.line, call.cell, call.line)


def _owner(call: Call) -> str:
    return names_in(call.node.func.value) if isinstance(call.node.func, ast.Attribute) else ""


def _lines(node: ast.Call) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
