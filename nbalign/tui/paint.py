"""The styles of the moment, so that cells follow the theme."""

from __future__ import annotations

from dataclasses import dataclass

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
        heading: For headings in markdown.
        code: Added to code amid words.
        formula: Added to formulas.
        ground: Colour of the background.
    """

    base: VisualStyle
    text: Style
    dim: Style
    error: Style
    heading: Style
    code: Style
    formula: Style
    ground: tuple[int, int, int]


def paint_for(widget: Widget) -> Paint:
    """The styles of a widget under the current theme."""
    base = widget.visual_style
    text = base.rich_style
    variables = widget.app.theme_variables

    def colour(name: str, other: str) -> str:
        found = variables.get(name, "")
        return found if found.startswith("#") and len(found) == 7 else other

    muted = colour("text-muted", "")  # a theme says which colour is still legible; dimming alone may go too far
    return Paint(
        base,
        text,
        dim=text + (Style(color=muted) if muted else Style(dim=True)),
        error=text + Style(color=colour("text-error", "red"), bold=True),
        heading=text + Style(color=colour("text-primary", "blue"), bold=True),
        code=Style(color=colour("text-accent", "cyan")),
        formula=Style(color=colour("text-secondary", "cyan"), italic=True),
        ground=base.background.rgb if base.background is not None else (0, 0, 0),
    )
