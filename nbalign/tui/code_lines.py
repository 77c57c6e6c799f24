"""Source code in colours, as lines."""

from __future__ import annotations

from textual.highlight import highlight
from textual.strip import Strip

from nbalign.tui.paint import Paint
from nbalign.tui.strips import TAB, fold_styled, fold_text

LIMIT = 20_000  # characters above which colours would cost more time than they are worth


def code_strips(source: str, width: int, paint: Paint, language: str) -> list[Strip]:
    """The lines of a source, those wider than the view folded.

    Args:
        source: Clean text without tabs.
        width: Cells a line may take.
        paint: Styles.
        language: Name of a language; an unknown one gives plain text.
    """
    if len(source) > LIMIT:
        return fold_text(source, width, paint.text)
    coloured = highlight(source, language=language or "text", tab_size=TAB)
    return fold_styled(((text, style.rich_style) for text, style in coloured.render(paint.base, end="")), width)
