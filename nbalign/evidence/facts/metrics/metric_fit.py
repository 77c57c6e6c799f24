"""Whether metrics fit the task and the balance of the classes, and whether they are computed the right way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from nbalign.evidence.facts.metrics import metrics_kinds as k
from nbalign.evidence.facts.metrics.class_balance import Balance
from nbalign.evidence.facts.metrics.measured import Results
from nbalign.evidence.facts.metrics.metric_names import title
from nbalign.evidence.facts.metrics.metric_slips import (
    MINDS_ORDER,
    hard_auc,
    one_against_rest,
    squared_as_root,
    swapped_order,
    thresholded,
)
from nbalign.evidence.model import Fact
from nbalign.evidence.source import Source

AMOUNTS = frozenset({"r2", "rmse", "mse", "mae", "mape", "median_error", "deviance", "max_error", "rmsle"})


def suited_facts(source: Source, results: Results, balance: Balance | None) -> Iterator[Fact]:
    """Whether the metrics fit the task and the balance of the classes."""
    names = results.names(results.measures) | {s.metric for s in results.shown if s.metric not in ("support", "error")}
    cut = thresholded(source)
    amounts = names & AMOUNTS
    shown_amounts = {s.metric for s in results.shown if s.rows != "cv"} & amounts
    if cut and not (shown_amounts if results.shown else amounts):
        aside = "cross-validation aside, " if results.cross_validated else ""
        aside += "as far as outputs show, " if results.names(results.logged) & AMOUNTS else ""
        text = f"{aside}a predicted amount is judged only by which side of a line it falls on; no error in its units"
        yield k.CUT.fact(text, {c.cell for c in cut})
    rest = one_against_rest(source)
    if rest and not names & {"report", "confusion", "f1", "balanced_accuracy"}:
        text = "accuracy is a mean of 'this class or not' answers, where the other classes are easy hits"
        yield k.REST.fact(text, {cell for cell, _ in rest})
    if balance and names == {"accuracy"} and not cut:
        cells = results.cells | ({balance.cell} - {0})
        if balance.largest is None:
            yield k.RARE.fact(
                f"accuracy is the only metric, though the task is about {balance.word}, which is rare", cells
            )
        elif balance.rare:
            text = (
                f"accuracy is the only metric, though always naming the largest class is right in {balance.largest:.1%}"
            )
            yield k.RARE.fact(text, cells)
        elif balance.unequal:
            yield k.UNEQUAL.fact(
                f"accuracy alone, while the largest class holds {balance.largest:.0%} of the rows", cells
            )
    if balance and balance.largest is not None and names - amounts - {"silhouette", "clusters"}:
        text = f"the largest class holds {balance.largest:.1%} of the rows, the smallest {balance.smallest or 0:.1%}"
        yield k.BALANCE.fact(text, {balance.cell} - {0})
    if results.classifier and amounts and names <= amounts:
        text = f"a classifier is judged by {metric_names(amounts)} only, metrics for amounts"
        yield k.OTHER_TASK.fact(text, results.cells)


def slip_facts(source: Source) -> Iterator[Fact]:
    """Facts about slips in how metrics are computed."""
    cells: dict[tuple[str, str], set[int]] = {}
    for call, name in swapped_order(source):
        cells.setdefault((name, call.last), set()).add(call.cell)
    for (name, function), where in cells.items():
        before = f"predictions are given before the truth in {function}"
        if name == "confusion":
            yield k.SWAPPED.fact(f"{before}, which turns the matrix over", where, -0.5)
        elif name in MINDS_ORDER:
            yield k.SWAPPED.fact(f"{before}, which changes its value", where)
        else:
            yield k.HARMLESS.fact(f"{before}; its value stays the same", where)
    if root := squared_as_root(source):
        yield k.SQUARED.fact("a mean squared error is called RMSE without taking the root", {cell for cell, _ in root})
    if hard := hard_auc(source):
        yield k.HARD_AUC.fact("ROC AUC is computed from predicted labels instead of scores", {c.cell for c in hard})


def metric_names(names: Iterable[str]) -> str:
    """Names of metrics as a sentence gives them, four at most."""
    order = [title(n) if n != "report" else "a classification report" for n in sorted(names)]
    order = [
        {"confusion": "confusion matrix", "score": "the model's own score", "own": "a home-made score"}.get(n, n)
        for n in order
    ]
    return ", ".join(order[:4]) + (f" and {len(order) - 4} more" if len(order) > 4 else "") if order else "metrics"
