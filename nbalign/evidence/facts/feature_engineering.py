"""Facts about feature engineering: what was made, encoded, scaled, selected or left out, and on which rows."""

from __future__ import annotations

from nbalign.evidence.facts.features import feature_codes, feature_leaks, feature_makes
from nbalign.evidence.facts.features.feature_used import used_of
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "feature_engineering"

KINDS: tuple[Kind, ...] = (*feature_leaks.KINDS, *feature_codes.KINDS, *feature_makes.KINDS)


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    used = used_of(source)
    found = [*feature_leaks.facts(source, used), *feature_codes.facts(source, used)]
    return [*found, *feature_makes.facts(source, used, found)]
