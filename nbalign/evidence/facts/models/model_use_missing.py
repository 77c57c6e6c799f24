"""Predictions that the prompt asks for and nobody makes: none at all, or only of rows that were not meant."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.code import Call
from nbalign.evidence.facts.models.model_prompt import Asked
from nbalign.evidence.facts.models.models_rows import called_new, has_new, in_sample, is_measured, learned_from
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.flow.data_events import Window
from nbalign.evidence.flow.model_events import Fit, Predict
from nbalign.evidence.flow.rows import TESTED
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.syntax import called_name

_D = "model_use"

NOTHING_PREDICTED = Kind(
    "nothing_predicted", _D, "fault", -1.2, "The prompt asks for predictions and no code makes any."
)
NOT_WHAT_WAS_ASKED = Kind(
    "asked_rows_not_predicted",
    _D,
    "fault",
    -1.2,
    "The rows or the time ahead that the prompt names are never predicted.",
)

_PREDICTS = re.compile(
    r"predict|forecast|score_samples|infer|decision_function|transform$|^apply$|simulate|^argmax$|^sigmoid$|^softmax$|"
    r"make_future|generate|evaluate$|score$|estimate",
    re.IGNORECASE,
)
_FUTURE_CALLS = {
    "date_range", "bdate_range", "period_range", "Timedelta", "timedelta", "DateOffset", "relativedelta", "concat",
    "make_future_dataframe", "forecast", "get_forecast", "append", "arange", "merge", "DataFrame",
}  # fmt: skip
_NEW_TIMES = {
    "date_range", "bdate_range", "period_range", "make_future_dataframe", "Timedelta", "timedelta", "DateOffset",
    "relativedelta",
}  # fmt: skip
_AHEAD = re.compile(r"next|ahead|within|future|upcoming|tomorrow|\d+_?(?:d|h|w|m|days?|weeks?|months?|hours?)$", re.I)


def missing(models: Models, asked: Asked) -> list[Fact]:
    """The fault that what the prompt asks for is not predicted.

    Args:
        models: What the notebook does with models.
        asked: What the prompt asks for.
    """
    if asked.predictions in ("none", "unknown") or not models.trace.complete or models.code.unread:
        return []
    events = models.trace.of(Predict)
    fitted = bool(models.fits or models.trace.of(Fit) or models.crossed)
    if not events:
        if fitted and not any(_PREDICTS.search(name) for name in models.called):
            return [NOTHING_PREDICTED.fact("the prompt asks for predictions, but the model is never applied")]
        return []
    if asked.predictions not in ("rows", "future") or any(e.new or not e.rows for e in events):
        return []
    if not all(_of_the_data(models, e) for e in events):
        return []
    if _rows_to_come(models) or (asked.predictions == "future" and not _time_ahead(models)):
        return []
    what = "what the prompt names is" if asked.predictions == "rows" else "the time ahead that the prompt asks for is"
    return [NOT_WHAT_WAS_ASKED.fact(f"{what} never predicted: only rows of the data are", cells_of(events[-1].at))]


def _time_ahead(models: Models) -> bool:
    """Whether a time ahead must be rows to come: not where the target itself says what happens after a row."""
    if _AHEAD.search(models.trace.target) or any(_AHEAD.search(f.target) for f in models.real):
        return False
    return models.series(True) and not any(
        w.how == "shift" and w.amount is not None and w.amount < 0 for w in models.trace.of(Window)
    )


def _of_the_data(models: Models, event: Predict) -> bool:
    """Whether a prediction is surely for rows of the data, and not for rows that are built from them."""
    if models.role(event.rows) in (*TESTED, "train", "fold train"):
        return not has_new(models, event.rows)
    if has_new(models, event.rows):
        return False
    if event.at.loop:
        return _picked_in_loop(models, event) and not any(c.last in _FUTURE_CALLS for c in _after_fit(models))
    if is_measured(models, event) or called_new(models, event):
        return True
    return in_sample(models, event) and not any(c.last in _FUTURE_CALLS for c in _after_fit(models))


def _rows_to_come(models: Models) -> bool:
    """Whether rows for times to come may be built and predicted: dates made, or a table filled by a loop."""
    fitted = min((f.at.cell for f in models.real), default=0)
    for cell in models.code.cells:
        for node in cell.tree.body:
            own = isinstance(node, ast.FunctionDef)
            if cell.number < fitted and not own:
                continue
            inside = list(ast.walk(node))
            called = {called_name(n) for n in inside if isinstance(n, ast.Call)}
            if called & _NEW_TIMES and (not own or any(_PREDICTS.search(name) for name in called)):
                return True
            loops = isinstance(node, ast.For | ast.While) or own
            if loops and any(name.startswith("predict") for name in called) and _grows(inside, called):
                return True
    return False


def _grows(inside: list[ast.AST], called: set[str]) -> bool:
    """Whether a loop puts rows into a table: `t.loc[k, …] = …`, `concat` or a table made of an index."""
    for node in inside:
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Attribute) and node.value.attr in ("loc", "iloc", "at", "iat"):
                return True
        elif isinstance(node, ast.Call) and called_name(node) == "DataFrame":
            return True
    return bool(called & {"concat", "make_future_dataframe"})


def _after_fit(models: Models) -> list[Call]:
    fitted = min((f.at.cell for f in models.real), default=0)
    return [c for c in models.code.calls if c.cell > fitted]


def _picked_in_loop(models: Models, event: Predict) -> bool:
    """Whether a loop predicts rows picked out of the table that was learned from, a table it never changes."""
    fit = models.made_by.get(id(event))
    if event.at.within or fit is None or fit.at.loop or models.role(event.rows) != "all":
        return False
    if not learned_from(models, event):
        return False
    picked = False
    for call in models.code.calls:
        there = call.cell == event.at.cell and call.node.lineno == event.at.line
        if not there or call.last != event.method or not call.node.args:
            continue
        at = call.node.args[0]
        if not isinstance(at, ast.Subscript):
            return False
        while isinstance(at, ast.Subscript | ast.Attribute):
            at = at.value
        if not isinstance(at, ast.Name) or _changed(models, event.at.cell, at.id):
            return False
        picked = True
    return picked


def _changed(models: Models, number: int, name: str) -> bool:
    """Whether a cell binds a name or writes into what it stands for."""
    for cell in models.code.cells:
        for node in cell.nodes if cell.number == number else ():
            if isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and isinstance(node.ctx, ast.Store):
                base: ast.expr = node
                while isinstance(base, ast.Subscript | ast.Attribute):
                    base = base.value
                if isinstance(base, ast.Name) and base.id == name:
                    return True
    return False
