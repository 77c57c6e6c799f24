"""Facts about values that were there and are declared missing."""

from __future__ import annotations

from collections.abc import Iterator

from nbalign.evidence.facts.gaps.gap_story import Story
from nbalign.evidence.facts.reading.naming import never_zero, quoted
from nbalign.evidence.facts.reading.tables import described, lines_of
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
        lowest = _lowest(story)
        doubtful = [c for c in zero.columns if not never_zero(c) and lowest.get(c, 0.0) <= 0]
        if doubtful and (story.complete or not story.gaps):
            yield ZEROS.fact(f"zeros in {quoted(doubtful)} are declared missing, though no cell was empty", [zero.cell])
            return


def _lowest(story: Story) -> dict[str, float]:
    """Column -> its lowest value as a `describe()` of all rows shows it."""
    found: dict[str, float] = {}
    for cell in story.source.code.cells:
        if "describe" not in cell.cell.source or "groupby" in cell.cell.source:
            continue
        for output in cell.cell.outputs:
            for column, stats in described(lines_of(output.text)).items():
                if "min" in stats:
                    found[column] = min(stats["min"], found.get(column, stats["min"]))
    return found
