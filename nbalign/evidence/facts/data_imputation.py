"""Facts about data imputation."""

from __future__ import annotations

from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "data_imputation"
KINDS: tuple[Kind, ...] = ()


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    return []
