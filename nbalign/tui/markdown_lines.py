"""Rendered markdown as lines: headings, lists, quotes, code, tables and formulas, in time bounded by its length."""

from __future__ import annotations

from collections.abc import Sequence

from markdown_it.token import Token
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from nbalign.notebooks.html_text import html_text
from nbalign.tui.cell_look import Look
from nbalign.tui.code_lines import code_strips
from nbalign.tui.markdown_inline import inline_runs
from nbalign.tui.markdown_source import LIMIT, parsed
from nbalign.tui.markdown_table import table_strips
from nbalign.tui.plain import clean
from nbalign.tui.sideways import Window
from nbalign.tui.strips import fold_text
from nbalign.tui.wrapping import wrap_styled

_LEAST = 8  # cells that are left for words, however deep a list is
_BULLETS = ("• ", "◦ ", "▪ ")


def markdown_strips(source: str, look: Look) -> tuple[list[Strip], list[Window]]:
    """The lines of a markdown cell, and the windows on its wide tables; too long a text is shown as it is written."""
    drawing = _Drawing(look)
    try:
        tokens = parsed(source) if len(source) <= LIMIT else None
        strips = drawing.blocks(tokens, look.width) if tokens is not None else None
    except Exception:  # a parser that stumbles over hostile text must not take the screen along; the text is there
        strips = None
    if strips is None:
        return fold_text(source, look.width, look.paint.text), []
    return strips or [Strip([])], drawing.windows


class _Drawing:
    """Draws one text."""

    def __init__(self, look: Look) -> None:
        self._look, self._paint = look, look.paint
        self.windows: list[Window] = []

    def blocks(self, tokens: Sequence[Token], width: int, *, tight: bool = False, depth: int = 0) -> list[Strip]:
        """The lines of blocks that follow each other, a blank line between them unless they are tight."""
        lines: list[Strip] = []
        at = 0
        while at < len(tokens):
            end = _end(tokens, at)
            block = self._block(tokens, at, end, max(width, _LEAST), depth)
            if block and lines and not tight:
                lines.append(Strip([]))
            lines += block
            at = end + 1
        return lines

    def _block(self, tokens: Sequence[Token], at: int, end: int, width: int, depth: int) -> list[Strip]:
        token, paint = tokens[at], self._paint
        inside = tokens[at + 1 : end]
        match token.type:
            case "paragraph_open":
                return wrap_styled(inline_runs(inside[0].children or [], paint.text, paint), width)
            case "heading_open":
                mark = (f"{token.markup if token.markup.startswith('#') else '#'} ", paint.heading)
                return wrap_styled([mark, *inline_runs(inside[0].children or [], paint.heading, paint)], width)
            case "fence" | "code_block":
                code = code_strips(token.content.rstrip("\n"), width - 2, paint, token.info.partition(" ")[0] or "text")
                return _behind("  ", "  ", paint.text, code)
            case "math_block":
                return fold_text(token.content, width, paint.text + paint.formula)
            case "hr":
                return [Strip([Segment("─" * width, paint.dim)])]
            case "html_block":
                text = clean(html_text(token.content)).strip()
                return wrap_styled([(text, paint.text)], width) if text else []
            case "blockquote_open":
                return _behind("▌ ", "▌ ", paint.dim, self.blocks(inside, width - 2, depth=depth))
            case "bullet_list_open" | "ordered_list_open":
                return self._list(token, inside, width, depth)
            case "table_open":
                strips, window = table_strips(inside, width, self._look)
                self.windows += [window] if window is not None else []
                return strips
        return wrap_styled([(token.content, paint.text)], width) if token.content else []

    def _list(self, opening: Token, inside: Sequence[Token], width: int, depth: int) -> list[Strip]:
        ordered = opening.type == "ordered_list_open"
        number = int(opening.attrs.get("start", 1)) if ordered else 0
        lines: list[Strip] = []
        at = 0
        while at < len(inside):
            end = _end(inside, at)
            mark = f"{number}. " if ordered else _BULLETS[depth % len(_BULLETS)]
            number += 1
            item = inside[at + 1 : end]
            tight = all(
                token.hidden for token in item if token.type == "paragraph_open" and token.level == item[0].level
            )
            body = self.blocks(item, width - len(mark), tight=tight, depth=depth + 1) or [Strip([])]
            lines += _behind(mark, " " * len(mark), self._paint.text, body)
            at = end + 1
            if not tight and at < len(inside):
                lines.append(Strip([]))
        return lines


def _behind(first: str, others: str, style: Style, strips: Sequence[Strip]) -> list[Strip]:
    """The lines with something before each."""
    return [Strip([Segment(others if n else first, style), *strip]) for n, strip in enumerate(strips)]


def _end(tokens: Sequence[Token], at: int) -> int:
    """Where the block that begins at a token ends."""
    depth = 0
    for index in range(at, len(tokens)):
        depth += tokens[index].nesting
        if depth <= 0:
            return index
    return len(tokens) - 1
