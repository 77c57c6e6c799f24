"""Facts about model use."""

from __future__ import annotations

from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "model_use"
KINDS: tuple[Kind, ...] = ()


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    return []
