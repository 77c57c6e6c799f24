"""The nine modules of facts, in the order of the packaged rubric."""

from __future__ import annotations

from typing import Protocol

from nbalign.evidence.facts import (
    cell_organization,
    data_exploration,
    data_imputation,
    feature_engineering,
    library_installation,
    metrics_evaluation,
    mlflow_logging,
    model_training,
    model_use,
)
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source


class FactModule(Protocol):
    """One dimension's module."""

    DIMENSION: str
    KINDS: tuple[Kind, ...]

    def facts(self, source: Source) -> list[Fact]:
        """The facts of this dimension, in any order."""


MODULES: tuple[FactModule, ...] = (
    library_installation,
    data_exploration,
    data_imputation,
    feature_engineering,
    model_training,
    model_use,
    metrics_evaluation,
    mlflow_logging,
    cell_organization,
)

KINDS: tuple[Kind, ...] = tuple(kind for module in MODULES for kind in module.KINDS)
