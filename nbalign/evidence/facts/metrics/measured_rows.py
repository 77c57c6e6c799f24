"""On which rows a metric stands, as the data flow tells."""

from __future__ import annotations

from typing import Literal

from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.model_events import Fit, Metric, Predict
from nbalign.evidence.flow.rows import TESTED, TRAINED, Rows
from nbalign.evidence.flow.trace import Trace

On = Literal["held out", "train", "all", "fitted", "part", ""]


def rows_of_metrics(trace: Trace) -> list[tuple[Metric, On, Fit | None]]:
    """(metric, on which rows it stands, the fit it measures) for every metric, in order.

    A metric of predictions measures the model as it was when it predicted, whatever is fitted again in between.
    """
    found: list[tuple[Metric, On, Fit | None]] = []
    fits: dict[int, Fit] = {}
    behind: dict[tuple[int, Rows], list[tuple[int, Fit]]] = {}
    for event in trace.events:
        if isinstance(event, Fit):
            fits |= dict.fromkeys((part.id for part in event.estimator.parts()), event)
        elif isinstance(event, Predict):
            fit = _fit(event.estimator, fits)
            if fit is not None:
                for part in event.estimator.parts():
                    behind.setdefault((part.id, event.rows), []).append((event.at.cell, fit))
        elif isinstance(event, Metric):
            last = _fit(event.model, fits)
            parts = event.model.parts() if event.model and event.name != "score" else ()
            ones = [one for part in parts for one in behind.get((part.id, event.rows), ())]
            here = [one for one in ones if one[0] == event.at.cell]
            measured: list[Fit | None] = [fit for _, fit in here[-1:] or ones]
            answers = {_rows(trace, event, fit) for fit in measured or [last]}
            found.append((event, answers.pop() if len(answers) == 1 else "", last))
    return found


def _fit(estimator: EstimatorNote | None, fits: dict[int, Fit]) -> Fit | None:
    """The last fit of an estimator or of a part of it."""
    known = [fits[part.id] for part in estimator.parts() if part.id in fits] if estimator else []
    return known[0] if known else None


def _rows(trace: Trace, event: Metric, fit: Fit | None) -> On:
    """On which rows a metric stands; nothing is said when it is not certain."""
    tree = trace.tree
    role = tree.role(event.rows)
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
