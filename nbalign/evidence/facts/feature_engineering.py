"""Facts about feature engineering."""

from __future__ import annotations

from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "feature_engineering"
KINDS: tuple[Kind, ...] = ()


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    return []
