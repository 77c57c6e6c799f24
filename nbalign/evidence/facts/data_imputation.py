"""Facts about data imputation: what is missing, what is filled or dropped, and what the filling was learned from."""

from __future__ import annotations

from nbalign.evidence.facts.gaps import gap_blanks, gap_drops, gap_fills, gap_looks
from nbalign.evidence.facts.gaps.gap_story import story_of
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

DIMENSION = "data_imputation"

KINDS: tuple[Kind, ...] = (*gap_looks.KINDS, *gap_fills.KINDS, *gap_blanks.KINDS, *gap_drops.KINDS)


def facts(source: Source) -> list[Fact]:
    """The facts of this dimension."""
    story = story_of(source)
    found = [*gap_fills.facts(story), *gap_blanks.facts(story), *gap_drops.facts(story)]
    return [*gap_looks.facts(story, found), *found]
