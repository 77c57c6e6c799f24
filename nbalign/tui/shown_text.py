"""The text of cells as the screen shows it, before it is coloured and folded: what a search goes through."""

from __future__ import annotations

from nbalign.notebooks.model import Cell, Output
from nbalign.tui.plain import clean
from nbalign.tui.strips import TAB


def source_text(cell: Cell) -> str:
    """The source of a cell, clean and without tabs."""
    return clean(cell.source).expandtabs(TAB)


def output_text(output: Output) -> str:
    """The text of an output, clean and without tabs and blank ends."""
    return clean(output.text).strip("\n").expandtabs(TAB)
