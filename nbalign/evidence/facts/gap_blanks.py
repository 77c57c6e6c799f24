"""Facts about values that were there and are declared missing."""

from __future__ import annotations

from collections.abc import Iterator

from nbalign.evidence.facts.gap_story import Story
from nbalign.evidence.facts.naming import never_zero, quoted
from nbalign.evidence.model import Fact, Kind

_D = "data_imputation"
BLANKED = Kind(
    "valid_values_blanked", _D, "fault", -1.4, "Values that were there are declared missing for being extreme."
)
ZEROS = Kind("zeros_declared_missing", _D, "fault", -1.4, "Zeros that are likely true values are declared missing.")
KINDS = (BLANKED, ZEROS)


def facts(story: Story) -> Iterator[Fact]:
    """Facts about values that are blanked."""
    for found in story.blanked[:1]:
        where = f" in {quoted(found.columns, 2)}" if found.columns else ""
        yield BLANKED.fact(f"values far from the others{where} are declared missing", [found.cell])
    for zero in story.zeros:
        doubtful = [c for c in zero.columns if not never_zero(c)]
        if doubtful and (story.complete or not story.gaps):
            yield ZEROS.fact(f"zeros in {quoted(doubtful)} are declared missing, though no cell was empty", [zero.cell])
            return
