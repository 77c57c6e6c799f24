"""The cells of a place: where it runs, and where its text stands when that is in a function of another cell."""

from __future__ import annotations

from nbalign.evidence.flow.trace import Place


def cells_of(*places: Place) -> list[int]:
    """The numbers of the cells in which things run and in which their texts stand, ascending, each once."""
    return sorted({n for p in places for n in (p.cell, p.defined or p.cell) if n > 0})
