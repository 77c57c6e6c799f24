"""What happens when an estimator is fitted, transforms, predicts or is scored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow.data_events import Fill
from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import PROJECTORS, UNDERSAMPLERS, learns
from nbalign.evidence.flow.learned import Learned
from nbalign.evidence.flow.model_events import Fit, Metric, Predict, Resample, Transform
from nbalign.evidence.flow.rows import NO_ROWS, Rows
from nbalign.evidence.flow.things import UNKNOWN, Thing, constant, gathered, sequence, union_rows

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_FORECASTS = ("forecast", "get_forecast")


def note_target(flow: Expressions, thing: Thing) -> None:
    """Remembers the column that something is learned towards."""
    if len(thing.sources) == 1:
        flow.state.targets.append(next(iter(thing.sources)))


def fit(flow: Expressions, base: Thing, given: Given) -> Thing:
    """`estimator.fit(X, y)`."""
    state, note = flow.state, base.note
    assert note is not None
    data = gathered(given.get(0, "X", "x", "df", "y", "dataset") or base.base or UNKNOWN)
    target = given.get(1, "y")
    if base.base is not None and not (given.args and given.args[0].rows):
        data, target = base.base, base.base  # statsmodels: the data was given when the model was made
    elif target is not None:
        note_target(flow, target)
    rows = data.rows
    validation = _validation(given)
    carried = data.all_learned | (target.all_learned if target is not None else frozenset())
    again = note.id in state.fitted
    state.emit(
        Fit(
            state.place, note, rows, carried, data.columns or (), _target_name(flow, target), target is not None, again,
            validation, tuple(sorted(data.without)), tuple(sorted(k for k in data.entries if isinstance(k, str))),
        )
    )  # fmt: skip
    branches = _branches(note)
    for part in note.parts():
        state.fitted[part.id] = rows
        projects = part.name in PROJECTORS
        what = "decompose" if projects else learns(part.name, part.role, part.full)
        if what and (projects or part.role not in ("model", "search", "pipeline")):
            columns = part.columns or branches.get(part.id) or data.columns or tuple(sorted(data.sources))
            by_target = projects or part.role == "selector" or what == "target encode"
            state.knows[part.id] = state.learn(what, part.name, rows, columns, by_target)
    state.inputs[note.id] = data.through
    if note.full.startswith("pyspark"):
        return base.like(name="spark")
    return base


def _branches(note: EstimatorNote) -> dict[int, tuple[str, ...]]:
    """Id of a part -> columns of the branch of a column transformer that it lies in, where known."""
    found: dict[int, tuple[str, ...]] = {}
    for outer in note.parts():
        if outer.columns:
            found.update((inner.id, outer.columns) for inner in outer.parts())
    return found


def _target_name(flow: Expressions, target: Thing | None) -> str:
    if target is not None and len(target.sources) == 1:
        return next(iter(target.sources))
    return flow.state.targets[-1] if flow.state.targets else ""


def _validation(given: Given) -> Rows:
    found: list[Thing] = []
    for name in ("validation_data", "eval_set", "valid_sets", "evals", "X_val"):
        if name in given.kwargs:
            thing = given.kwargs[name]
            found += [thing, *(thing.items or ()), *(x for t in thing.items or () for x in t.items or ())]
    return union_rows(t.rows for t in found if t.is_data)


def learned_by(flow: Expressions, note: EstimatorNote) -> frozenset[Learned]:
    """What a transformer, or the transformers inside a composite, learned."""
    return frozenset(flow.state.knows[p.id] for p in note.parts() if p.id in flow.state.knows)


def transform(flow: Expressions, base: Thing, data: Thing) -> Thing:
    """`transformer.transform(X)`: what it learned is now in the data."""
    note = base.note
    assert note is not None
    data = gathered(data)
    state = flow.state
    fitted = state.fitted.get(note.id, NO_ROWS)
    state.emit(Transform(state.place, note, data.rows, fitted, data.all_learned))
    learned = learned_by(flow, note)
    for item in sorted(learned, key=lambda x: x.id):
        if item.what == "fill":
            columns = item.columns or data.columns or tuple(sorted(data.sources))
            state.emit(Fill(state.place, columns, item.how, item, data.rows))
    return data.like(
        kind="array" if data.kind in ("unknown", "list", "index") else data.kind,
        learned=data.all_learned | learned,
        through=(*data.through, note),
        new=data.new or _written(data),
        columns=data.columns if note.role == "transformer" and not _changes_columns(note) else None,
        items=None,
    )


def _written(data: Thing) -> bool:
    """Whether it is a list of texts or rows that stand in the notebook as constants."""
    if data.kind != "list" or not data.items or data.rows or data.measured:
        return False
    return all((t.kind == "constant" and t.value is not None) or _written(t) for t in data.items)


def _changes_columns(note: EstimatorNote) -> bool:
    return learns(note.name, note.role) not in ("scale", "fill")


def labelled(flow: Expressions, base: Thing, data: Thing) -> Thing:
    """`fit_predict`: labels of clusters, or outliers."""
    note = base.note
    assert note is not None
    learned = flow.state.learn("cluster", note.name, data.rows)
    return Thing("column", rows=data.rows, learned=data.all_learned | {learned}, sources=data.sources)


def fit_resample(flow: Expressions, base: Thing, given: Given) -> Thing:
    """`sampler.fit_resample(X, y)`."""
    note = base.note
    assert note is not None
    data, target = given.get(0, "X") or UNKNOWN, given.get(1, "y") or UNKNOWN
    note_target(flow, target)
    name = next((part.name for part in note.parts() if part.role == "resampler"), note.name)
    flow.state.emit(Resample(flow.state.place, name, data.rows))
    if name in UNDERSAMPLERS:  # rows are left out: nothing of one row gets into another
        return sequence([data.like(), target.like()])
    learned = frozenset((flow.state.learn("resample", name, data.rows, (), True),))
    return sequence([data.like(learned=data.learned | learned), target.like(learned=target.learned | learned)])


def predict(flow: Expressions, base: Thing, given: Given) -> Thing:
    """`model.predict(X)`, forecasts, and a called network."""
    note = base.note
    assert note is not None
    state = flow.state
    fitted = state.fitted.get(note.id, NO_ROWS)
    data = given.get(0, "X", "x", "exog", "df", "dataset", "data") or UNKNOWN
    forecast = given.last in _FORECASTS or not data.is_data
    has_start = "start" in given.kwargs or (bool(given.args) and not data.is_data)
    if forecast and given.last in ("predict", "get_prediction") and not has_start:
        rows = fitted  # statsmodels without arguments: the rows it was fitted on
    else:
        rows = NO_ROWS if forecast else data.rows
    new = data.new or (forecast and rows == NO_ROWS) or (bool(rows) and state.tree.role(rows) == "new")
    state.emit(Predict(state.place, note, given.last, rows, new, fitted, data.all_learned, data.through))
    return Thing(
        "table" if base.name == "spark" or note.name == "Prophet" else "column",
        rows=rows, learned=data.all_learned, made_by=note, predicted=True, through=data.through, new=new,
    )  # fmt: skip


def score(flow: Expressions, base: Thing, given: Given) -> Thing:
    """`model.score(X, y)`."""
    note = base.note
    assert note is not None
    data = given.get(0, "X", "x") or UNKNOWN
    if given.last == "evaluate" and (note.role == "other" or not data.rows):
        return Thing("scalar", measured=data.rows)
    if not data.is_data:
        return constant(None)
    flow.state.emit(
        Metric(flow.state.place, given.last, data.rows, note, False, data.all_learned,
               flow.is_baseline(Thing(made_by=note)))
    )  # fmt: skip
    return Thing("scalar", measured=data.rows, name=given.last)
