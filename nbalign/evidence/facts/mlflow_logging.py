"""Facts about mlflow logging."""

from __future__ import annotations

from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "mlflow_logging"
KINDS: tuple[Kind, ...] = ()


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    return []
