"""Faults of model use: each is stated only where the reading is sure of it."""

from __future__ import annotations

import ast

from nbalign.evidence.facts.models.model_prompt import Asked
from nbalign.evidence.facts.models.model_use_choice import FAMILIES, chosen_in_words, family, leftovers
from nbalign.evidence.facts.models.model_use_missing import NOT_WHAT_WAS_ASKED, NOTHING_PREDICTED, missing
from nbalign.evidence.facts.models.models_named import predictor
from nbalign.evidence.facts.models.models_rows import (
    called_new,
    from_elsewhere,
    has_new,
    in_sample,
    is_measured,
    predictions,
    set_aside,
)
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.flow.learned import Learned, in_order
from nbalign.evidence.flow.model_events import Predict, Show
from nbalign.evidence.model import Fact, Kind

_D = "model_use"

REFITTED = Kind(
    "preparation_refitted",
    _D,
    "fault",
    -1.2,
    "A scaler, encoder or the like learns anew from the rows that are predicted.",
)
LEFT_OUT = Kind(
    "preparation_left_out",
    _D,
    "fault",
    -1.2,
    "The model learned from scaled rows and predicts rows that were not scaled.",
)
KNOWN_AS_NEW = Kind(
    "known_rows_as_new", _D, "fault", -1.2, "Predictions for rows that the model learned from are given as the answer."
)
OTHER_MODEL = Kind(
    "other_model", _D, "fault", -1.2, "Predictions come from another model than the one that was chosen."
)
FAULT_KINDS = (REFITTED, LEFT_OUT, KNOWN_AS_NEW, OTHER_MODEL, NOTHING_PREDICTED, NOT_WHAT_WAS_ASKED)

_FRESH = {"new", "test", "validation"}
_LEARNING = {"scale", "encode", "target encode", "decompose", "vectorize", "select", "bin", "transform"}
_DIRECT = {"predict", "predict_proba", "decision_function"}


def faults(models: Models, asked: Asked) -> list[Fact]:
    """All faults of model use.

    Args:
        models: What the notebook does with models.
        asked: What the prompt asks for.
    """
    return [*_refitted(models), *_left_out(models), *_other(models), *_known(models, asked), *missing(models, asked)]


def _refitted(models: Models) -> list[Fact]:
    for event in predictions(models):
        fit = models.made_by.get(id(event))
        if fit is None:
            continue
        for learned in in_order(event.carried - fit.carried):
            if learned.uses_target or not learned.rows or not _learns(learned):
                continue
            if models.role(learned.rows) not in _FRESH and learned.rows != event.rows:
                continue
            if event.rows and not models.trace.tree.overlap(learned.rows, event.rows):
                continue
            if models.trace.tree.overlap(learned.rows, fit.rows) and learned.rows != event.rows:
                continue
            which = "the new rows" if event.new else "the rows to predict"
            if not any(_learns(other) and other.how == learned.how for other in fit.carried):
                if learned.what != "scale" or models.role(learned.rows) != "new" or not fit.rows:
                    continue
                text = f"{learned.how} is fitted on the new rows themselves, not on the rows the model learned from"
                return [REFITTED.fact(text, {learned.at.cell, event.at.cell})]
            text = f"{learned.how} is fitted again on {which} instead of being taken from training"
            return [REFITTED.fact(text, {learned.at.cell, event.at.cell})]
    return []


def _learns(learned: Learned) -> bool:
    return learned.what in _LEARNING and learned.how[:1].isupper()


def _left_out(models: Models) -> list[Fact]:
    if any(isinstance(n, ast.Attribute) and n.attr in ("mean_", "scale_") for c in models.code.cells for n in c.nodes):
        return []
    for event in predictions(models):
        fit = models.made_by.get(id(event))
        if fit is None or event.through or not (event.rows or event.new) or event.at.within:
            continue
        scaled = [x for x in in_order(fit.carried) if x.what == "scale" and x.how[:1].isupper() and not x.uses_target]
        if not scaled or any(x.what in ("scale", "transform") for x in event.carried):
            continue
        if len({f.carried for f in models.fits if f.estimator.id == fit.estimator.id}) != 1:
            continue
        text = f"the model learned from rows scaled by {scaled[0].how}, but predicts rows that are not scaled"
        return [LEFT_OUT.fact(text, {event.at.cell, fit.at.cell})]
    return []


def _other(models: Models) -> list[Fact]:
    """Another model than the chosen one: what a loop left behind, or what the words rejected."""
    said = chosen_in_words(models.source.notebook)
    for left in leftovers(models.code):
        between = [s for s in said if left.loop <= s.cell <= left.used]
        if left.how != "predict" or not left.last:
            continue
        chosen = between[-1].family if between else ""
        if chosen and _names(left.last, chosen):
            continue
        text = f"{left.name!r} is what the loop left behind ({left.last[:40]!r}), not a model that was chosen"
        if chosen and any(_names(o, chosen) for o in left.others):
            text = f"{left.name!r} still holds the loop's last model ({left.last[:40]!r}), but {chosen} was chosen"
        elif between:
            continue
        return [OTHER_MODEL.fact(text, {left.loop, left.used})]
    trained = {family(name) for name in models.names}
    for last in said[-1:]:
        answers = [e for e in predictions(models) if e.at.cell > last.cell and (e.new or _shown(models, e))]
        if not answers or not all(_surely(models, e) for e in answers):
            continue
        used = {family(m.name) for e in answers if (m := predictor(e.estimator)) is not None}
        if last.family in trained and len(used) == 1 and last.family not in used and "" not in used:
            name = used.pop()
            text = f"the text settles on {last.family}, but the predictions come from {name}"
            return [OTHER_MODEL.fact(text, {last.cell, answers[-1].at.cell})]
    return []


def _surely(models: Models, event: Predict) -> bool:
    """Whether the model that predicts stands there by the name it was made under, so that no lookup was guessed."""
    for call in models.code.calls:
        func = call.node.func
        if call.cell == event.at.cell and call.last in _DIRECT and isinstance(func, ast.Attribute):
            owner = func.value
            if isinstance(owner, ast.Name) and owner.id == event.estimator.variable:
                return True
    return False


def _names(key: str, chosen: str) -> bool:
    return bool(FAMILIES[chosen].search(key.replace("_", " ")))


def _shown(models: Models, event: Predict) -> bool:
    tree = models.trace.tree
    shows = models.trace.of(Show)
    return any(s.at.cell >= event.at.cell and s.rows and tree.includes(event.rows, s.rows) for s in shows)


def _known(models: Models, asked: Asked) -> list[Fact]:
    events = predictions(models)
    crossed = any(c.how == "cross_val_predict" and models.role(c.rows) == "all" for c in models.crossed)
    if any(has_new(models, e.rows) or e.new or set_aside(models, e) or from_elsewhere(models, e) for e in events):
        return []
    for event in reversed(events):
        if not in_sample(models, event) or not _shown(models, event):
            continue
        called = called_new(models, event)
        if called and models.role(event.rows) in ("train", "fold train"):
            text = f"{called[:40]!r} is drawn from the training rows, so its predictions say nothing of new rows"
            return [KNOWN_AS_NEW.fact(text, (event.at.cell,))]
        if called and models.trace.tree.includes(models.made_by[id(event)].rows, event.rows):
            text = f"{called[:40]!r} holds rows that the model learned from, offered as new ones"
            return [KNOWN_AS_NEW.fact(text, (event.at.cell,))]
        whole = models.role(event.rows) == "all" and asked.predictions in ("table", "some")
        answers = asked.predictions == "table" or (event is events[-1] and _kept(models, event))
        if whole and answers and not crossed and not is_measured(models, event):
            text = "the answer is given for rows of the file, and the model learned from most of them"
            return [KNOWN_AS_NEW.fact(text, (event.at.cell,))]
    return []


def _kept(models: Models, event: Predict) -> bool:
    """Whether predictions are bound to a name or column, and not only drawn or printed."""
    for cell in models.code.cells:
        if cell.number == event.at.cell:
            inside = (n for n in cell.nodes if isinstance(n, ast.Assign) and n.lineno == event.at.line)
            return any(True for _ in inside)
    return False
