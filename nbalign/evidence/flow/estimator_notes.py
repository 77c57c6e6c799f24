"""What is known of one estimator: its class, its parts, its settings, where it was made."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from nbalign.evidence.flow.event import NOWHERE, Place

Role = Literal["model", "transformer", "resampler", "selector", "search", "pipeline", "splitter", "other"]


@dataclass(eq=False, slots=True)
class EstimatorNote:
    """What is known of one estimator (or transformer, pipeline, search, splitter).

    Attributes:
        id: Unique in the notebook.
        name: Class name, such as `RandomForestClassifier`.
        full: Dotted name, such as `sklearn.ensemble.RandomForestClassifier`.
        role: What it is.
        steps: Parts of a pipeline or column transformer, or the estimator inside a search, in order.
        params: Keyword arguments that are constants or that were named: value, or None when it is not a constant.
        columns: For the parts of a column transformer: the columns each works on, where known.
        at: Where it was made.
        variable: Name it was first bound to; empty when none.
        loaded: Whether it was read from a file or registry.
    """

    id: int
    name: str
    full: str
    role: Role
    steps: tuple[EstimatorNote, ...] = ()
    params: dict[str, object] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    at: Place = NOWHERE
    variable: str = ""
    loaded: bool = False

    def parts(self) -> tuple[EstimatorNote, ...]:
        """Itself and everything inside it."""
        return (self, *(inner for step in self.steps for inner in step.parts()))

    @property
    def model(self) -> EstimatorNote | None:
        """The predicting part: itself, or the last model inside a pipeline or search."""
        return next((p for p in reversed(self.parts()) if p.role == "model"), None)
