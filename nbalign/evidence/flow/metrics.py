"""Metrics: truth against predictions, by function or by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import ESTIMATOR_PLOTS, METRIC_PLOTS, METRICS
from nbalign.evidence.flow.model_events import Metric
from nbalign.evidence.flow.rows import NO_ROWS
from nbalign.evidence.flow.things import UNKNOWN, Thing

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions


def call(flow: Expressions, given: Given) -> Thing | None:
    """Functions of metrics."""
    two = ".".join(given.full.split(".")[-2:])
    if given.last in METRICS or two in METRIC_PLOTS:
        return _measure(flow, given)
    if two in ESTIMATOR_PLOTS or given.last in ESTIMATOR_PLOTS:
        return _of_estimator(flow, given)
    if given.last.endswith("Evaluator") and given.top == "pyspark":
        name = given.kwargs.get("metricName")
        return Thing("evaluator", name=(name.text or "") if name is not None else given.last)
    return None


def _measure(flow: Expressions, given: Given) -> Thing:
    truth = given.get(0, "y_true", "targets") or UNKNOWN
    guess = given.get(1, "y_pred", "y_score", "y_prob", "y_proba", "preds", "probas_pred") or UNKNOWN
    swapped = truth.predicted and not guess.predicted and bool(guess.rows) and not flow.is_baseline(truth)
    if swapped:
        truth, guess = guess, truth
    note = guess.made_by
    known = bool(guess.rows or guess.predicted or guess.kind in ("array", "column"))
    rows = truth.rows or (guess.rows if guess.predicted else NO_ROWS)
    flow.state.emit(
        Metric(flow.state.place, given.last, rows, note, swapped, truth.all_learned | guess.all_learned,
               known and flow.is_baseline(guess))
    )  # fmt: skip
    return Thing("scalar", measured=rows, name=given.last, made_by=note)


def _of_estimator(flow: Expressions, given: Given) -> Thing:
    model, data = given.get(0, "estimator"), given.get(1, "X") or UNKNOWN
    note = model.note if model is not None else None
    flow.state.emit(Metric(flow.state.place, given.last, data.rows, note, False, data.all_learned))
    return Thing("scalar", measured=data.rows)


def by_hand(flow: Expressions, thing: Thing, how: str) -> Thing | None:
    """The mean (or sum, or median) of an error that the notebook computed itself."""
    if thing.error is None:
        return None
    note = thing.against
    flow.state.emit(
        Metric(flow.state.place, f"{how} of errors", thing.error, note, False, thing.learned,
               flow.is_baseline(Thing(made_by=note)))
    )  # fmt: skip
    return Thing("scalar", measured=thing.error, name=how, made_by=note)
