"""How cells look, for tests of their lines without a screen."""

from __future__ import annotations

from typing import Any

from rich.style import Style
from textual.style import Style as VisualStyle

from nbalign.tui.cell_look import CellLines, Look
from nbalign.tui.paint import Paint

PAINT = Paint(
    VisualStyle(),
    Style(),
    dim=Style(dim=True),
    error=Style(bold=True),
    heading=Style(bold=True),
    code=Style(italic=True),
    formula=Style(italic=True),
    ground=(10, 10, 10),
)


def look(width: int = 40, **more: Any) -> Look:
    return Look(width, PAINT, **more)


def texts(lines: CellLines) -> list[str]:
    return [line.strip.text.rstrip() if line.strip is not None else "(picture)" for line in lines.lines]
