"""Metrics that are worked out by hand, and baselines whose number is only printed."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbalign.evidence.facts.metrics.metric_calls import names_in
from nbalign.evidence.facts.metrics.metric_names import FUNCTIONS, WRITTEN
from nbalign.evidence.facts.metrics.shown_numbers import texts
from nbalign.evidence.source import Source

_SUMMARY = re.compile(r"R-squ(?:ared)?\b|Log-Likelihood", re.IGNORECASE)
_SHAPES = frozenset({"abs", "absolute", "square", "sqrt", "sum", "median", "max"})
_NOT_OURS = re.compile(
    r"(?<![a-z])(?:cv|cross_\w+|folds?|scores?|neg_\w+|train\w*|best_score_)(?![a-z])", re.IGNORECASE
)
# Only names that stand for a baseline wherever they are printed with a number; a mean or a median may be anything.
_PRINTED = re.compile(
    r"(?<![a-z])(?P<name>majority(?: class)?|(?:naive|na[iï]ve)(?! ?bayes)(?: \w+)?|baseline(?: \w+)?|no[- ]skill|"
    r"always \w+|(?:by )?chance|persistence|base rate)[ \t]*(?:accuracy|mae|rmse|score)?[ \t]*[:=(][ \t(]*"
    r"(?P<number>\d+\.\d+|\d+ ?%)",
    re.IGNORECASE,
)


def hand_made(source: Source) -> dict[str, int]:
    """Our names of metrics that the code works out itself, under a name that says so, with the cell.

    A value counts when it is arithmetic over differences, shares or absolute values and calls no metric of a library.
    """
    found: dict[str, int] = {}
    for cell in source.code.cells:
        for node in cell.nodes:
            for name, value in _named_values(node):
                metric = _metric_of(name)
                if metric and metric not in found and _worked_out(value):
                    found[metric] = cell.number
    return found


def measured_otherwise(source: Source) -> bool:
    """Whether a number says how good a model is although no function of metrics is called.

    Either the code works it out itself, or an output shows it, as the printed summary of a statistical model does.
    """
    if hand_made(source):
        return True
    return any(WRITTEN.search(text) or _SUMMARY.search(text) for cell in source.notebook.cells for text in texts(cell))


def _named_values(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    if isinstance(node, ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Name):
                yield target.id, node.value
            elif isinstance(target, ast.Subscript) and isinstance(target.slice, ast.Constant):
                yield str(target.slice.value), node.value
    elif isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, value
    elif isinstance(node, ast.Call):
        yield from ((k.arg, k.value) for k in node.keywords if k.arg)
    elif isinstance(node, ast.FunctionDef):
        yield from ((node.name, inner.value) for inner in node.body if isinstance(inner, ast.Return) and inner.value)


def _metric_of(name: str) -> str:
    """Our name of the metric that a variable, key or function is called after; not of training or folds."""
    if len(name) > 40 or _NOT_OURS.search(name.replace("_", " ")):
        return ""
    found = WRITTEN.search(name.replace("_", " "))
    return found.lastgroup or "" if found and found.lastgroup != "error" else ""


def _worked_out(value: ast.expr) -> bool:
    if _NOT_OURS.search(names_in(value).replace("_", " ")):
        return False
    shaped = averaged = False
    for node in ast.walk(value):
        if isinstance(node, ast.Call):
            last = node.func.attr if isinstance(node.func, ast.Attribute) else names_in(node.func)
            if last in FUNCTIONS:
                return False
            shaped |= last in _SHAPES
            averaged |= last in ("mean", "nanmean", "average", "median", "sum", "max", "sqrt")
        elif isinstance(node, ast.Compare) or (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Pow)):
            shaped = True
    return shaped and averaged


def printed_baseline(source: Source, first: int) -> tuple[str, int] | None:
    """What an output from some cell on prints of a baseline, such as `majority: 0.51`, and its cell."""
    for cell in source.notebook.cells:
        if cell.number >= first:
            for text in texts(cell):
                for line in text.split("\n")[:200]:
                    if found := _PRINTED.search(line[:300]):
                        return f"{' '.join(found['name'].split())[:24]} {found['number']}", cell.number
    return None
