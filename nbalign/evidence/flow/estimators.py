"""Estimators: made, fitted, applied. Which rows each learned from, and what it is then applied to."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbalign.evidence.flow import fitting, keeping, preparing
from nbalign.evidence.flow.estimator_notes import EstimatorNote, Role
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import BUILDERS, RESAMPLERS, role_of
from nbalign.evidence.flow.model_events import CrossValidate, Load, Save
from nbalign.evidence.flow.rows import NO_ROWS
from nbalign.evidence.flow.things import NOT_CONSTANT, UNKNOWN, Thing, combine

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_CROSS = {"cross_val_score", "cross_validate", "cross_val_predict", "learning_curve", "validation_curve"}
_FITTED_ALONE = {"auto_arima"}


def make(flow: Expressions, given: Given, role: Role) -> Thing:
    """An estimator is made."""
    if role == "pipeline":
        steps, columns = _steps(flow, given)
        note = flow.state.note(given.last, given.full, role, steps=tuple(steps))
        for step, names in zip(steps, columns, strict=True):
            step.columns = step.columns or names
    elif role == "search":
        inner = given.get(0, "estimator")
        steps = [inner.note] if inner is not None and inner.note is not None else []
        note = flow.state.note(given.last, given.full, role, steps=tuple(steps))
    else:
        inside = [t.note for t in given.all if t.note is not None]
        for listed in (t.items for t in given.all if t.items):
            inside += [x.note for t in listed for x in (t, *(t.items or [])) if x.note is not None]
        note = flow.state.note(given.last, given.full, role, steps=tuple(inside))
    note.params.update({k: None if v.value is NOT_CONSTANT else v.value for k, v in given.kwargs.items()})
    made = Thing("estimator", note=note)
    for name in ("train_dataset", "data", "endog"):
        if name in given.kwargs and given.kwargs[name].is_data:
            made.base = given.kwargs[name]
    return made


def _steps(flow: Expressions, given: Given) -> tuple[list[EstimatorNote], list[tuple[str, ...]]]:
    """Estimators inside a pipeline or column transformer, and the columns of each."""
    notes: list[EstimatorNote] = []
    columns: list[tuple[str, ...]] = []

    def add(things: Sequence[Thing]) -> None:
        note = next((t.note for t in things if t.note is not None), None)
        if note is not None:
            notes.append(note)
            texts = [t.texts() for t in things if t.kind == "list"]
            columns.append(texts[-1] if texts else ())

    listed = given.get(0, "steps", "transformers", "stages", "transformer_list")
    if given.last.startswith("make_"):
        for arg in given.args:
            add(arg.items if arg.items is not None else [arg])
    elif listed is not None and listed.items is not None:
        for step in listed.items:
            add(step.items if step.items is not None else [step])
    remainder = given.get(-1, "remainder")
    if remainder is not None and remainder.note is not None:
        add([remainder])
    return notes, columns


def call(flow: Expressions, given: Given) -> Thing | None:
    """Library functions that make, fit, check, save or load estimators."""
    last, top = given.last, given.top
    if last in ("clone", "deepcopy") and given.args and given.args[0].note is not None:
        return _copy(flow, given.args[0])
    if last in _CROSS and top in ("sklearn", last):
        return _cross_validate(flow, given)
    if last in BUILDERS and (top in ("statsmodels", "linearmodels", "arch") or top == last):
        return _builder(flow, given)
    if last in _FITTED_ALONE:
        made = _builder(flow, given)
        fitting.fit(flow, made, Given("fit", (), {}, given.node))
        return made
    if top in ("xgboost", "lightgbm", "catboost"):
        if last in ("DMatrix", "QuantileDMatrix", "Dataset", "Pool"):
            return flow.combined(given.all, "array")
        if last in ("train", "cv"):
            return _train(flow, given)
    if top == "torch" and last == "Sequential":
        return make(flow, given, "model")
    if last in ("TensorDataset", "DataLoader", "from_tensor_slices"):
        made = flow.combined(given.all, "loader")
        made.kind = "loader"
        return made
    return preparing.call(flow, given) or keeping.call(flow, given)


def _copy(flow: Expressions, thing: Thing) -> Thing:
    note = thing.note
    assert note is not None
    made = flow.state.note(note.name, note.full, note.role, steps=note.steps, params=dict(note.params))
    made.columns = note.columns
    return Thing("estimator", note=made)


def _cross_validate(flow: Expressions, given: Given) -> Thing:
    estimator = given.get(0, "estimator")
    data = given.get(1, "X") or UNKNOWN
    target = given.get(2, "y")
    cv = given.get(-1, "cv")
    scoring = given.get(-1, "scoring")
    note = estimator.note if estimator is not None else None
    if target is not None:
        fitting.note_target(flow, target)
    splitter = cv.note.name if cv is not None and cv.note is not None else "k" if cv is not None and cv.number else ""
    names = scoring.texts() if scoring is not None else ()
    if scoring is not None and scoring.kind == "dict":
        names = tuple(k for k in scoring.entries if isinstance(k, str))
    flow.state.emit(
        CrossValidate(flow.state.place, given.last, note, data.rows, data.all_learned, splitter, names)
    )  # fmt: skip
    if given.last == "cross_val_predict":
        return Thing("column", rows=data.rows, made_by=note, predicted=True, through=data.through)
    return Thing("scalar", measured=data.rows, name=given.last)


def _builder(flow: Expressions, given: Given) -> Thing:
    """statsmodels: a model that holds its data; `endog` first, `exog` second, or a formula and `data`."""
    note = flow.state.note(given.last, given.full, "model")
    data = given.get(-1, "data")
    formula = given.text(0, "formula")
    if formula and "~" in formula:
        data = data or given.get(1)
        flow.state.targets.append(formula.split("~")[0].strip())
        held = data.like() if data is not None else UNKNOWN
    else:
        target, exog = given.get(0, "endog", "y"), given.get(1, "exog", "x")
        if target is not None and target.is_data:
            fitting.note_target(flow, target)
        parts = [t for t in (exog, target) if t is not None and t.is_data]
        held = parts[0].like(learned=combine(parts).learned) if parts else UNKNOWN
    return Thing("estimator", note=note, base=held, rows=held.rows, learned=held.all_learned)


def _train(flow: Expressions, given: Given) -> Thing:
    """xgboost.train and lightgbm.train."""
    data = given.get(1, "dtrain", "train_set") or next((t for t in given.args if t.rows), UNKNOWN)
    evals = given.get(-1, "evals", "valid_sets")
    note = flow.state.note(f"{given.top}.{given.last}", given.full, "model")
    if given.last == "cv":
        flow.state.emit(CrossValidate(flow.state.place, given.full, note, data.rows, data.all_learned, "k", ()))
        return Thing("scalar", measured=data.rows)
    made = Thing("estimator", note=note)
    kwargs = {"eval_set": evals} if evals is not None else {}
    fitting.fit(flow, made, Given("fit", (data, data), kwargs, given.node))
    return made


def method(flow: Expressions, base: Thing, given: Given) -> Thing:
    """A method of an estimator."""
    name = given.last
    note = base.note
    assert note is not None
    if note.role == "splitter":
        from nbalign.evidence.flow.splits import folds  # splits uses subscripts, which use calls

        return folds(flow, base, given) if name == "split" else UNKNOWN
    if name in ("fit", "partial_fit", "fit_resample", "fit_sample", "fit_generator"):
        if note.role == "resampler" or note.name in RESAMPLERS or name in ("fit_resample", "fit_sample"):
            return fitting.fit_resample(flow, base, given)
        return fitting.fit(flow, base, given)
    if name in ("fit_transform", "fit_predict"):
        fitting.fit(flow, base, given)
        data = given.get(0, "X") or UNKNOWN
        return fitting.transform(flow, base, data) if name == "fit_transform" else fitting.labelled(flow, base, data)
    if name in ("transform", "texts_to_sequences", "texts_to_matrix"):
        data = given.get(0, "X", "dataset") or UNKNOWN
        if note.model is not None and note.role in ("model", "pipeline", "search") and base.name == "spark":
            return fitting.predict(flow, base, given)
        return fitting.transform(flow, base, data)
    if name in ("fit_on_texts", "adapt"):
        return fitting.fit(flow, base, given)
    if name == "__call__" and note.role == "transformer":
        return fitting.transform(flow, base, given.get(0) or UNKNOWN)
    if name in ("predict", "predict_proba", "decision_function", "predict_log_proba", "forecast", "get_forecast",
                "get_prediction", "predict_classes", "staged_predict", "__call__", "predict_quantiles"):  # fmt: skip
        return fitting.predict(flow, base, given)
    if name in ("score", "evaluate"):
        return fitting.score(flow, base, given)
    if name in ("save", "save_model", "to_json", "write", "dump_model"):
        flow.state.emit(Save(flow.state.place, name, note))
        flow.state.saved[given.text(0) or name] = base
        return base
    if name in ("load_model", "load_weights"):
        flow.state.emit(Load(flow.state.place, name, note))
        return base
    if name == "get_support" or (name == "get_feature_names_out" and note.role == "selector"):
        return Thing("scalar", name=name, learned=fitting.learned_by(flow, note))
    if name in ("inverse_transform", "get_feature_names_out", "summary_frame"):
        return given.args[0] if given.args else base
    if name in ("add", "compile", "set_params", "set_output", "eval", "train", "to", "setParams", "append", "copy"):
        if name == "add" and given.args and note.name == "Sequential":
            return base
        return base
    if name in ("get_params", "summary", "summary2", "named_parameters", "parameters"):
        return Thing("scalar", name=name)
    if name == "make_future_dataframe":
        return Thing("table", new=True)
    if name in ("setInputCol", "setOutputCol", "setStages", "setLabelCol"):
        return base
    return Thing("scalar", name=name) if name.startswith(("get_", "plot_")) else base


def unknown_method(flow: Expressions, base: Thing, given: Given) -> Thing:
    """`fit` or `transform` of something that was not seen being made: nothing is claimed, data passes through."""
    data = given.get(0) or UNKNOWN
    if given.last in ("transform", "fit_transform"):
        return data.like(columns=None) if data.is_data else UNKNOWN
    if given.last == "predict":
        return Thing("column", rows=data.rows, learned=data.all_learned, predicted=True, made_by=base.made_by)
    return base


def forward(flow: Expressions, base: Thing, given: Given) -> Thing:
    """A PyTorch module is called on a batch."""
    data = given.get(0) or UNKNOWN
    return Thing(
        "array", rows=data.rows, learned=data.all_learned, made_by=base.note, predicted=True, through=data.through
    )


def backward(flow: Expressions, loss: Thing) -> None:
    """A loss is propagated back: the module behind it learns from its rows."""
    note = loss.made_by or loss.against
    if note is None or flow.state.fitted.get(note.id, NO_ROWS) == (loss.rows or loss.error):
        return
    data = Thing("array", rows=loss.rows or loss.error or NO_ROWS, learned=loss.learned)
    fitting.fit(flow, Thing("estimator", note=note), Given("fit", (data, data), {}, given_node()))


def given_node() -> ast.Call:
    """An empty call, for events that have none in the text."""
    return ast.Call(ast.Name("fit", ast.Load()), [], [])


__all__ = ["call", "make", "method", "role_of"]
