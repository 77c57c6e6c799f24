"""scikit-learn's functions that prepare data without a transformer: scaling, scoring columns, shuffling, resampling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.known import SCALING
from nbalign.evidence.flow.model_events import Resample
from nbalign.evidence.flow.subscripts import with_rows
from nbalign.evidence.flow.things import UNKNOWN, Thing, sequence

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_IMPORTANCES = {"mutual_info_classif", "mutual_info_regression", "f_classif", "f_regression", "chi2"}


def call(flow: Expressions, given: Given) -> Thing | None:
    """Functions that learn from the rows they are given, or put them in another order."""
    last, top = given.last, given.top
    if last == "shuffle" and top == "sklearn" and given.args:
        mixed = [with_rows(t, flow.state.subset(t.rows, "all", "shuffle")) if t.is_data else t for t in given.args]
        return mixed[0] if len(mixed) == 1 else sequence(mixed)
    if last in _IMPORTANCES and top == "sklearn" and given.args:
        chosen = flow.state.learn("select", last, given.args[0].rows, given.args[0].columns or (), True)
        return Thing("scalar", name=last, learned=frozenset((chosen,)))
    if last in SCALING and top in ("sklearn", "scipy") and given.args:
        data = given.args[0]
        axis = given.get(1, "axis")
        if axis is not None and axis.value == 1 and last in ("scale", "maxabs_scale", "zscore"):
            return data.like()  # within each row: nothing is learned from others
        columns = data.columns or tuple(sorted(data.sources))
        return data.like(learned=data.all_learned | {flow.state.learn("scale", last, data.rows, columns)})
    if last == "resample" and top == "sklearn":
        return _resample(flow, given)
    return None


def _resample(flow: Expressions, given: Given) -> Thing:
    data = next((t for t in given.args if t.is_data), UNKNOWN)
    learned = flow.state.learn("resample", "resample", data.rows)
    flow.state.emit(Resample(flow.state.place, "resample", data.rows))
    made = [t.like(learned=t.learned | {learned}) for t in given.args if t.is_data]
    return made[0] if len(made) == 1 else sequence(made)
