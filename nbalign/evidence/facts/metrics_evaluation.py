"""Facts about metrics evaluation."""

from __future__ import annotations

from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "metrics_evaluation"
KINDS: tuple[Kind, ...] = ()


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    return []
