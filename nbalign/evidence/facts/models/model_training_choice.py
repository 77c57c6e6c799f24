"""Choices that are made on the test rows: by code, by the words of the text, by early stopping."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.facts.models.model_use_choice import chosen_in_words, family
from nbalign.evidence.facts.models.models_named import is_search, predictor
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.flow.model_events import Choice, Fit, Metric
from nbalign.evidence.model import Fact, Kind

CHOSEN_ON_TEST = Kind(
    "chosen_on_test",
    "model_training",
    "fault",
    -1.2,
    "A model, setting or stopping point is chosen by what it reaches on the test rows.",
)


_CUT_OFF = -0.7  # milder than a model: one number is tuned
_VALIDATION = re.compile(r"(?:^|_|\b)(?:cv|val|valid|validation|fold|folds|oof|train|cross)(?:_|\b|$)|best_score", re.I)
_THRESHOLDS = re.compile(r"^thr(?:esh(?:old)?)?s?(?:_|$)|_thr(?:esh(?:old)?)?s?$", re.IGNORECASE)
_TEST = re.compile(r"test|hold_?out", re.IGNORECASE)


def chosen_on_test(models: Models) -> list[Fact]:
    """The fault that a model, a setting or a stopping point is chosen on the test rows."""
    found = [
        c
        for c in models.trace.of(Choice)
        if models.tested(c.rows)
        and _several(models, c)
        and (c.how != "sort" or _takes_first(models, c))
        and not _by_validation(models, c)
        and not _near_a_threshold(models, c)
    ]
    found.sort(key=lambda c: c.how == "sort")
    if found:
        ids = {m.model.id for m in models.measured if m.model is not None}
        loops = [f for f in models.real if f.at.loop]
        cells = cells_of(found[0].at, *(m.at for m in models.measured[:1]))
        if len(ids) < 2 and not loops:
            text = "a cut-off or the like is chosen by what it reaches on the test rows"
            return [CHOSEN_ON_TEST.fact(text, cells, _CUT_OFF)]
        count = f"{len(ids)} models or settings" if _counted(models, found[0], ids) else "several models or settings"
        text = f"{count} are compared on the test rows and the best is taken ({found[0].how})"
        return [CHOSEN_ON_TEST.fact(text, cells)]
    if in_words := _chosen_in_words(models):
        return in_words
    stops = bool({"EarlyStopping", "early_stopping"} & models.called)
    for fit in models.real:
        early = stops or any(k.startswith("early_stopping") for p in fit.estimator.parts() for k in p.params)
        by_keyword = _stops_by_keyword(models, fit)
        if (early or by_keyword) and fit.validation and models.tested(fit.validation):
            measured = any(models.trace.tree.overlap(m.rows, fit.validation) for m in models.measured)
            model = predictor(fit.estimator)
            name = model.name if model is not None else fit.estimator.name
            if measured:
                text = f"{name} stops early by its error on the test rows, which are measured afterwards"
                return [CHOSEN_ON_TEST.fact(text, cells_of(fit.at), None if early else _CUT_OFF)]
    return []


def _stops_by_keyword(models: Models, fit: Fit) -> bool:
    """Whether the call of a fit asks for early stopping."""
    lines = (fit.at.cell, fit.at.line)
    calls = (c.node for c in models.code.calls if c.last == "fit" and (c.cell, c.line) == lines)
    return any(
        k.arg == "early_stopping_rounds" and not (isinstance(k.value, ast.Constant) and not k.value.value)
        for node in calls
        for k in node.keywords
    )


def _counted(models: Models, choice: Choice, ids: set[int]) -> bool:
    """Whether the number of models is sure: no loop or function, which are not followed to the end, measures any."""
    at = models.position[id(choice)]
    compared = {m.model.id for m in models.measured if m.model is not None and models.position[id(m)] < at}
    plain = all(m.model is not None and not m.at.loop and not m.at.within for m in models.measured)
    return plain and compared == ids and not any(m.baseline for m in models.measured)


def _chosen_in_words(models: Models) -> list[Fact]:
    """A winner that the text takes from a comparison on the test rows, where nothing else was compared."""
    searched = any(is_search(f.estimator) for f in models.fits)
    valid = any(models.role(m.rows) in ("validation", "fold test") for m in models.trace.of(Metric))
    if models.crossed or models.folds or searched or valid:
        return []
    trained = {family(name) for name in models.names}
    for said in chosen_in_words(models.source.notebook):
        before = [m for m in models.measured if m.at.cell < said.cell and m.model is not None and not m.baseline]
        if said.family in trained and len({m.model.id for m in before if m.model}) > 1:
            text = f"the text takes {said.family} as the winner of a comparison on the test rows"
            return [CHOSEN_ON_TEST.fact(text, {said.cell, *cells_of(before[-1].at)})]
    return []


def _by_validation(models: Models, choice: Choice) -> bool:
    """Whether a table that holds test scores too is ordered by scores of validation, or may well be."""
    if choice.how in ("if", "max", "min", "argmax", "argmin"):
        return False
    validated = bool(models.crossed or models.folds) or any(is_search(f.estimator) for f in models.fits)
    named: set[str] = set()
    for cell in models.code.cells:
        if cell.number == choice.at.cell:
            inside = [n for n in cell.nodes if getattr(n, "lineno", 0) == choice.at.line]
            named |= {n.value for n in inside if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            named |= {n.attr for n in inside if isinstance(n, ast.Attribute)}
    if any(_VALIDATION.search(name) for name in named):
        return True
    return validated and not any(_TEST.search(name) for name in named)


def _near_a_threshold(models: Models, choice: Choice) -> bool:
    """Whether the place of a given threshold on a curve is looked up, as by `np.argmin(np.abs(thresholds - 0.5))`."""
    if choice.how not in ("argmin", "argmax"):
        return False
    called = [c for c in models.code.calls if (c.cell, c.line) == (choice.at.cell, choice.at.line)]
    chosen = [c.node for c in called if c.last == choice.how]
    looked_in = [n for node in chosen for part in node.args for n in ast.walk(part) if isinstance(n, ast.Name)]
    names = {n.id for n in looked_in} - {"np", "numpy", "abs"}
    return bool(names) and all(_THRESHOLDS.search(name) for name in names)


def _takes_first(models: Models, choice: Choice) -> bool:
    """Whether the first or last of something is taken after a sort; a table may be sorted only to be looked at."""
    for cell in models.code.cells:
        if cell.number < choice.at.cell:
            continue
        for node in cell.nodes:
            if not isinstance(node, ast.Subscript) or not isinstance(node.ctx, ast.Load):
                continue
            first = node.slice.elts[0] if isinstance(node.slice, ast.Tuple) and node.slice.elts else node.slice
            taken = isinstance(first, ast.Constant) and first.value == 0 and not isinstance(first.value, bool)
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else ""
            if taken and (owner in ("iloc", "loc", "index", "values") or isinstance(node.value, ast.Name | ast.Call)):
                return True
    return False


def _several(models: Models, choice: Choice) -> bool:
    """Whether more than one model, or one model in a loop, was measured on test rows before a choice."""
    at = models.position[id(choice)]
    before = [m for m in models.measured if models.position[id(m)] < at]
    ids = {m.model.id for m in before if m.model is not None and not m.baseline}
    return len(ids) > 1 or any(m.at.loop for m in before)
