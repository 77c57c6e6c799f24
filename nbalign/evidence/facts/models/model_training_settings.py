"""Settings that loops vary by hand, and naive forecasts in words: where they stand, their absence is not claimed."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.syntax import called_name, variables

_NO_SETTING = {"random_state", "seed", "n_jobs", "verbose", "data", "endog", "exog", "estimator", "base_estimator"}
_HOLDS_DATA = {"OLS", "ols", "ARIMA", "SARIMAX", "AutoReg", "ExponentialSmoothing", "Logit", "logit", "GLM", "glm"}
_NAIVE = re.compile(
    r"\b(?:baselines?|na[iï]ve(?! bayes)|benchmark|persistence|climatolog\w+|no[ _-]change|same change|"
    r"(?:same|last)[ _-](?:hour|day|week|month|quarter|year|value)|references?)\b",
    re.IGNORECASE,
)


def varied(models: Models) -> bool:
    """Whether a loop or comprehension makes models with settings taken from what it goes through.

    The settings may go through the notebook's own functions on their way to the model.
    """
    notes = [f.estimator for f in models.fits] + [c.estimator for c in models.crossed if c.estimator is not None]
    parts = [p for note in notes for p in note.parts()]
    makers = {p.name for p in parts if p.role == "model" and p.name != "TransformedTargetRegressor"}
    nodes = [n for cell in models.code.cells for n in cell.nodes]
    functions = {n.name: n for n in nodes if isinstance(n, ast.FunctionDef)}
    passes: dict[str, set[str]] = {}
    for _ in range(4):  # functions that hand a setting on to functions
        for name, function in functions.items():
            wanted = {a.arg for a in (*function.args.args, *function.args.kwonlyargs)}
            passes[name] = _set(function, wanted, makers, functions, passes)
    for node in nodes:
        names: set[str] = set()
        if isinstance(node, ast.For):
            names = variables(node.target)
        elif isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            names = {n for part in node.generators for n in variables(part.target)}
        if names and _set(node, names, makers, functions, passes):
            return True
    return False


def _set(
    where: ast.AST,
    names: set[str],
    makers: set[str],
    functions: dict[str, ast.FunctionDef],
    passes: dict[str, set[str]],
) -> set[str]:
    """Which of some names become settings of a model in a piece of code."""
    found: set[str] = set()
    for node in ast.walk(where):
        if not isinstance(node, ast.Call):
            continue
        last = called_name(node)
        given: list[ast.expr] = []
        if last in makers or last == "set_params":
            given = [k.value for k in node.keywords if k.arg not in _NO_SETTING]
            given += node.args if last not in _HOLDS_DATA else []
        elif last in functions:
            order = [a.arg for a in functions[last].args.args]
            inside = passes.get(last, set())
            given = [a for a, name in zip(node.args, order, strict=False) if name in inside]
            given += [k.value for k in node.keywords if k.arg in inside]
        for expression in given:
            found |= names & variables(expression)
    return found


def naive_named(models: Models) -> bool:
    """Whether words or strings of the notebook name a naive forecast or a baseline."""
    if any(_NAIVE.search(c.source[:8000]) for c in models.source.notebook.cells[1:] if c.kind == "markdown"):
        return True
    return any(
        isinstance(n, ast.Constant) and isinstance(n.value, str) and len(n.value) < 60 and _NAIVE.search(n.value)
        for cell in models.code.cells
        for n in cell.nodes
    )
