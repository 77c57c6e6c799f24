"""The styles of the moment, so that cells follow the theme."""

from __future__ import annotations

from dataclasses import dataclass

from rich.console import Console
from rich.style import Style
from textual.style import Style as VisualStyle
from textual.widget import Widget


@dataclass(frozen=True, slots=True)
class Paint:
    """Styles for the lines of cells.

    Attributes:
        base: Style of the view itself, background included.
        text: The same as a rich style.
        dim: For rules, counts and what was left out.
        error: For errors.
        console: For markdown.
    """

    base: VisualStyle
    text: Style
    dim: Style
    error: Style
    console: Console


def paint_for(widget: Widget) -> Paint:
    """The styles of a widget under the current theme."""
    base = widget.visual_style
    text = base.rich_style
    colour = widget.app.theme_variables.get("text-error", "")
    red = colour if colour.startswith("#") and len(colour) == 7 else "red"
    return Paint(base, text, text + Style(dim=True), text + Style(color=red, bold=True), widget.app.console)
