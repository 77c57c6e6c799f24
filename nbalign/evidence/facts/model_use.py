"""Facts about model use: which rows are predicted, by what, through what, and whether anybody gets to see it."""

from __future__ import annotations

import ast

from nbalign.evidence.facts.models.model_prompt import Asked, read_prompt
from nbalign.evidence.facts.models.model_use_faults import FAULT_KINDS, KNOWN_AS_NEW, OTHER_MODEL, REFITTED, faults
from nbalign.evidence.facts.models.model_use_hand import ByHand, by_hand
from nbalign.evidence.facts.models.model_use_shown import after_loading, shown_from
from nbalign.evidence.facts.models.models_rows import (
    done,
    farthest,
    from_elsewhere,
    has_new,
    in_sample,
    is_measured,
    out_of_fold,
    predictions,
    set_aside,
)
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.flow.data_events import DropRows
from nbalign.evidence.flow.model_events import CrossValidate, Load, Metric, Predict, Save, Show
from nbalign.evidence.flow.rows import TESTED
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "model_use"

NEW_ROWS = Kind("new_rows_predicted", DIMENSION, "good", 0.3, "Rows that are new, or a time ahead, are predicted.")
OUT_OF_FOLD = Kind(
    "scored_out_of_fold", DIMENSION, "good", 0.3, "Known rows are scored by models that did not learn from them."
)
SAME_PREPARATION = Kind(
    "same_preparation",
    DIMENSION,
    "good",
    0.2,
    "New rows go through the fitted pipeline, steps or function of training.",
)
LOADED = Kind("stored_and_loaded", DIMENSION, "good", 0.2, "The model is stored, read back and used.")
SHOWN = Kind(
    "predictions_shown", DIMENSION, "good", 0.1, "Predictions are printed, drawn, displayed or written to a file."
)
PROBABILITIES = Kind(
    "with_probabilities", DIMENSION, "good", 0.1, "Probabilities or intervals stand with the predictions."
)
ONLY_TEST = Kind(
    "only_test_rows", DIMENSION, "gap", -0.2, "Only rows of the test part, whose truth is known, are predicted."
)
BY_HAND = Kind(
    "prepared_by_hand", DIMENSION, "gap", -0.5, "Steps of the preparation are written again for the new rows."
)
NOT_SHOWN = Kind("predictions_not_shown", DIMENSION, "gap", -0.3, "Predictions are made and nobody gets to see any.")
KNOWN_TOO = Kind(
    "known_rows_scored", DIMENSION, "gap", -0.2, "Rows that the model learned from are scored too, next to new ones."
)
NONE_ASKED = Kind(
    "no_predictions_asked", DIMENSION, "n/a", 0.0, "The prompt stops at a model, its drivers or a look at data."
)

KINDS: tuple[Kind, ...] = (
    NEW_ROWS, OUT_OF_FOLD, SAME_PREPARATION, LOADED, SHOWN, PROBABILITIES, ONLY_TEST, BY_HAND, NOT_SHOWN, KNOWN_TOO,
    NONE_ASKED, *FAULT_KINDS,
)  # fmt: skip

_CHANCES = {"predict_proba", "predict_interval", "get_forecast", "get_prediction"}
_INTERVALS = {"conf_int", "get_prediction", "get_forecast", "prediction_interval", "fill_between", "predict_quantiles"}


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    models = Models(source)
    asked = read_prompt(source.notebook.prompt)
    if asked.predictions == "none":
        return [NONE_ASKED.fact("the prompt asks for no predictions beyond those that measure the model")]
    found = faults(models, asked)
    events = predictions(models)
    oof = out_of_fold(models, asked.predictions)
    if not events and not oof:
        measured = [m.at.cell for m in models.trace.of(Metric)]
        if asked.predictions != "unknown" and measured and not found and not models.code.unread:
            text = "the model is only measured; no prediction is made for anybody to see"
            found.append(NOT_SHOWN.fact(text, measured[-1:]))
        return found
    fresh = [e for e in events if _fresh(models, asked, e)]
    apart = [e for e in events if e not in fresh and set_aside(models, e)]
    found += _rows(models, asked, events, (fresh, apart), found)
    found += _preparation(models, fresh or apart, found) if fresh or apart else _inside_folds(oof)
    found += _storage(models, events)
    return found + _form(models, events, fresh or apart, oof, found)


def _fresh(models: Models, asked: Asked, event: Predict) -> bool:
    """Whether a prediction is for rows that are new."""
    if from_elsewhere(models, event):
        return True
    if models.role(event.rows) in TESTED and not has_new(models, event.rows):
        return False
    if event.new or has_new(models, event.rows):
        return True
    if event.estimator.loaded and not models.fits and not is_measured(models, event):
        return True  # nothing is fitted here: every row is new to a model that comes from elsewhere
    built = not event.rows
    fit = models.made_by.get(id(event))
    if event.rows and event.at.loop and fit is not None and not fit.at.loop and models.role(event.rows) == "all":
        # A row that a loop puts together from the end of the data is traced back to all of the data.
        built = models.trace.tree.includes(event.rows, fit.rows)
    return built and asked.predictions in ("future", "rows", "past")


def _rows(
    models: Models, asked: Asked, events: list[Predict], new: tuple[list[Predict], list[Predict]], found: list[Fact]
) -> list[Fact]:
    said = []
    fresh, apart = new
    oof = out_of_fold(models, asked.predictions)
    if fresh:
        what = "a time ahead is" if asked.predictions == "future" else "rows that are not in the training data are"
        cells = cells_of(*(e.at for e in farthest(models, asked.predictions == "future", fresh)))
        said.append(NEW_ROWS.fact(f"{what} predicted ({fresh[-1].method})", cells))
    elif apart:
        text = f"rows that were set aside and not learned from are predicted ({apart[-1].method})"
        said.append(NEW_ROWS.fact(text, cells_of(*(e.at for e in done(models, apart)))))
    if oof:
        text = "known rows are scored by models that did not learn from them (cross_val_predict)"
        said.append(OUT_OF_FOLD.fact(text, cells_of(*(c.at for c in oof))))
    if any(f.kind.polarity == "fault" for f in found):
        return said
    if not fresh and not apart and not oof and events:
        tested = [e for e in events if models.role(e.rows) in TESTED]
        sure = all(models.role(e.rows) in TESTED or is_measured(models, e) for e in events)
        if tested and sure and asked.predictions != "past":
            text = "only rows of the notebook's own data are predicted, none that are new"
            said.append(ONLY_TEST.fact(text, cells_of(tested[-1].at)))
    elif (fresh or apart) and asked.predictions in ("table", "some"):
        last = models.position[id((fresh or apart)[0])]
        known = [
            e for e in events if in_sample(models, e) and models.role(e.rows) == "all" and models.position[id(e)] > last
        ]
        if known and not any(is_measured(models, e) for e in known):
            before = models.position[id(known[-1])]
            cut = any(models.position[id(d)] < before for d in models.trace.of(DropRows))
            text = f"{'all remaining' if cut else 'all'} rows are scored too, most of which the model learned from"
            said.append(KNOWN_TOO.fact(text, cells_of(known[-1].at)))
    return said


def _inside_folds(oof: list[CrossValidate]) -> list[Fact]:
    """The preparation of rows that are scored out of fold: a part of the pipeline that every fold fits."""
    steps = [p.name for c in oof if c.estimator for p in c.estimator.parts() if p.role in ("transformer", "selector")]
    if not steps:
        return []
    text = f"every fold fits the pipeline with its preparation ({', '.join(dict.fromkeys(steps[:3]))})"
    return [SAME_PREPARATION.fact(text, cells_of(*(c.at for c in oof)))]


def _preparation(models: Models, fresh: list[Predict], found: list[Fact]) -> list[Fact]:
    if not fresh or any(f.kind is REFITTED for f in found):
        return []
    again = repeated(models, fresh)
    shared = _shared_functions(models, fresh[-1].at.cell)
    single = len(again.what) == 1 and again.columns
    if again.what and not (single and shared):  # one column set before the function of training is called is an input
        listed = ", ".join(repr(w) if " " not in w else w for w in again.what[:3])
        text = f"the preparation of new rows is written a second time: {listed}"
        return [BY_HAND.fact(text[:158], again.cells)]
    last = fresh[-1]
    steps = [p for p in last.estimator.parts() if p.role in ("transformer", "selector")]
    if steps:
        text = f"new rows go through the fitted pipeline ({', '.join(s.name for s in steps[:3])})"
        return [SAME_PREPARATION.fact(text, cells_of(last.at))]
    if last.through:
        names = ", ".join(t.name for t in last.through[:3])
        return [SAME_PREPARATION.fact(f"new rows go through the steps fitted in training ({names})", cells_of(last.at))]
    if shared:
        text = f"new rows go through the function of training: {shared[0][:40]}()"
        return [SAME_PREPARATION.fact(text, cells_of(last.at))]
    return []


def repeated(models: Models, fresh: list[Predict]) -> ByHand:
    """Preparation that is written again for new rows."""
    what: dict[str, None] = {}
    cells: set[int] = set()
    columns = True
    for event in fresh:
        fits = [f for f in models.real if models.position[id(f)] < models.position[id(event)]]
        first = next((f.at.cell for f in fits if f.at.cell < event.at.cell), 0)
        if not first:
            continue
        before = max(f.at.cell for f in fits if f.at.cell < event.at.cell)
        region = frozenset(n for n in range(before + 1, event.at.cell + 1))
        found = by_hand(models.code, region, first)
        what.update(dict.fromkeys(found.what))
        columns = columns and found.columns
        cells |= set(found.cells)
    return ByHand(tuple(what), tuple(sorted(cells)), columns)


def _shared_functions(models: Models, cell: int) -> list[str]:
    """The notebook's own functions that are called for training and again for the new rows."""
    own = {s.name for c in models.code.cells for s in c.tree.body if isinstance(s, ast.FunctionDef)}
    fitted = min((f.at.cell for f in models.real), default=0)
    after = max((f.at.cell for f in models.real if f.at.cell < cell), default=fitted)
    early = {c.name for c in models.code.calls if c.name in own and c.cell <= fitted}
    late = [c.name for c in models.code.calls if c.name in early and after < c.cell <= cell]
    return list(dict.fromkeys(reversed(late)))


def _storage(models: Models, events: list[Predict]) -> list[Fact]:
    loads = models.trace.of(Load)
    if not loads or not models.trace.of(Save):
        return []
    first = min(models.position[id(x)] for x in loads)
    after = [e for e in events if models.position[id(e)] > first]
    if not after:
        return []
    used = after_loading(models.code, frozenset(e.at.cell for e in after), frozenset(x.at.cell for x in loads))
    cells = {*cells_of(*(x.at for x in loads)), *(used or (after[-1].at.cell,))}
    return [LOADED.fact(f"the model is stored, read back ({loads[-1].how}) and used", cells)]


def _form(
    models: Models, events: list[Predict], fresh: list[Predict], oof: list[CrossValidate], found: list[Fact]
) -> list[Fact]:
    made = [e.at.cell for e in fresh or events] or [c.at.cell for c in oof]
    if not made:
        return []
    said = []
    shows = [s for s in models.trace.of(Show) if s.estimator is not None or s.rows or s.new]
    first = min(made)
    cells = {s.at.cell for s in shows if s.at.cell >= first} | shown_from(models.code, first)
    files = {s.at.cell for s in models.trace.of(Save) if s.how.startswith("to_") and s.at.cell >= first}
    if cells or files:
        text = "the predictions are shown" if cells else "the predictions are written to a file"
        said.append(SHOWN.fact(text, sorted(cells or files)[-2:]))
    elif models.trace.complete and not models.code.unread:
        said.append(NOT_SHOWN.fact("predictions are made, but none is shown", {made[-1]}))
    answers = fresh or [e for e in events if e.at.cell in cells]
    chances = [e for e in answers if e.method in _CHANCES]
    spans = [c.cell for c in models.code.calls if c.last in _INTERVALS and answers and c.cell >= answers[0].at.cell]
    if (chances or spans) and not any(f.kind in (KNOWN_AS_NEW, OTHER_MODEL) for f in found):
        what = "probabilities" if chances and chances[0].method == "predict_proba" else "intervals"
        said.append(
            PROBABILITIES.fact(f"{what} stand with the predictions", {e.at.cell for e in chances} or set(spans))
        )
    return said
