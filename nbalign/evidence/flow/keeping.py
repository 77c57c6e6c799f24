"""Estimators that are written to files and read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.evidence.flow.given import Given
from nbalign.evidence.flow.model_events import Load, Save
from nbalign.evidence.flow.things import Thing, constant

if TYPE_CHECKING:
    from nbalign.evidence.flow.expressions import Expressions

_LOADERS = {"load_model", "load", "load_state_dict", "from_pretrained", "read_pickle"}
_SAVERS = {"dump", "log_model", "save_model", "save"}


def call(flow: Expressions, given: Given) -> Thing | None:
    """Functions that save or load."""
    last, top = given.last, given.top
    if last in _SAVERS and (top in ("joblib", "pickle", "dill", "cloudpickle", "mlflow", "sklearn", "torch", "keras")):
        note = next((t.note for t in given.all if t.note is not None), None)
        flow.state.emit(Save(flow.state.place, given.full, note))
        name = next((t.text for t in given.all if t.text is not None), "")
        thing = next((t for t in given.all if t.note is not None), None)
        if thing is not None:
            flow.state.saved[name or last] = thing
        return Thing(name="saved")
    if last in _LOADERS and top in ("joblib", "pickle", "dill", "cloudpickle", "mlflow", "sklearn", "torch", "keras",
                                    "tensorflow"):  # fmt: skip
        return _load(flow, given)
    return None


def _load(flow: Expressions, given: Given) -> Thing:
    name = given.text(0, "filename", "model_uri")
    before = flow.state.saved.get(name) or next(reversed(flow.state.saved.values()), None)
    if given.top in ("joblib", "pickle", "dill", "cloudpickle") or "model" in given.full:
        note = before.note if before is not None else None
        flow.state.emit(Load(flow.state.place, given.full, note))
        if before is not None:
            return before
        loaded = flow.state.note("loaded model", given.full, "model", loaded=True)
        return Thing("estimator", note=loaded)
    return constant(None)
