"""What a notebook measures, and on which rows: from the data-flow reading, else from the names in the calls."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from nbalign.evidence.code import Call
from nbalign.evidence.facts.metric_calls import function_metric, looks_guessed, looks_true, names_in, truth_and_guess
from nbalign.evidence.facts.metric_names import FUNCTIONS, written_metric
from nbalign.evidence.flow.rows import TESTED, TRAINED, Rows
from nbalign.evidence.flow.trace import EstimatorNote, Fit, Metric, Trace
from nbalign.evidence.source import Source

On = Literal["held out", "train", "all", "fitted", "part", ""]

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
        for m in _followed(source.trace)
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
        for node in ast.walk(cell.tree)
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


def has_other_scores(source: Source) -> bool:
    """Whether a library's own leaderboard or report stands for metrics."""
    return any(_OF_ALL.fullmatch(call.last) for call in source.code.calls)


def _followed(trace: Trace) -> list[Measure]:
    found = []
    fits: list[Fit] = []
    for event in trace.events:
        if isinstance(event, Fit):
            fits.append(event)
        elif isinstance(event, Metric):
            name = _metric_name(event.name)
            if not name:
                continue
            fit = _last_fit(event.model, fits)
            if name == "score" and fit is not None and not fit.has_target:
                continue  # how a clustering calls its own objective
            on = _rows(trace, event, fits)
            there = event.at.defined or event.at.cell
            line = event.at.line if there == event.at.cell else 0
            found.append(
                Measure(
                    name,
                    event.at.cell,
                    on,
                    event.baseline or _dummy(event.model),
                    event.model,
                    event.swapped,
                    None,
                    line,
                    there,
                    event.at.line,
                )
            )
    return found


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


def _rows(trace: Trace, event: Metric, fits: Iterable[Fit]) -> On:
    """On which rows a metric stands; nothing is said when it is not certain."""
    tree = trace.tree
    role = tree.role(event.rows)
    fit = _last_fit(event.model, fits)
    if role in TESTED or role in ("new", "rest"):
        return "fitted" if fit and _within(trace, fit.rows, event.rows) else "held out"
    if role in TRAINED:
        if event.model is None:
            # A name alone may deceive (a file of train tickets): there must be a test part that it stands against.
            return "train" if any(node.role in TESTED for node in tree.nodes) else ""
        return "train" if fit is None or tree.overlap(fit.rows, event.rows) or _same_part(trace, fit, event) else ""
    if role in ("all", "mixed") and fit and fit.rows:
        if _within(trace, fit.rows, event.rows):
            return "fitted"
        if tree.role(fit.rows) in TRAINED and tree.includes(event.rows, fit.rows):
            return "all"
        if _kin(trace, fit, event):
            return "part"
    return ""


def _kin(trace: Trace, fit: Fit, event: Metric) -> bool:
    """Whether both are taken from the same table, the measured rows by no split: training rows may be among them."""
    sources = [{trace.tree.path(r)[-1].id for r in rows} for rows in (fit.rows, event.rows)]
    return bool(sources[0] & sources[1]) and all(trace.tree.nodes[r].role == "subset" for r in event.rows)


def _same_part(trace: Trace, fit: Fit, event: Metric) -> bool:
    """Whether both are the same part of the same split, though of tables with different columns."""
    parts = [
        {(n.split, n.role) for r in rows for n in trace.tree.path(r) if n.split >= 0} for rows in (fit.rows, event.rows)
    ]
    return bool(parts[0] & parts[1])


def _within(trace: Trace, whole: Rows, part: Rows) -> bool:
    """Whether every set of a part lies within some rows."""
    return bool(part) and all(trace.tree.includes(whole, frozenset({node})) for node in part)


def _last_fit(model: EstimatorNote | None, fits: Iterable[Fit]) -> Fit | None:
    if model is None:
        return None
    ids = {part.id for part in model.parts()}
    return next((f for f in reversed(list(fits)) if ids & {part.id for part in f.estimator.parts()}), None)


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
