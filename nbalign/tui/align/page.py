"""Paragraphs on a page, some of them in rows that can be brought into focus and clicked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from nbalign.tui.page import Layout, Line, wrapped
from nbalign.tui.plain import content


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph.

    Attributes:
        text: What it says, without newlines.
        row: Which row it belongs to, from 0; -1 for none. Several blocks may be one row.
        indent: Cells to the left.
    """

    text: Content
    row: int = -1
    indent: int = 0


def block(*parts: str | tuple[str, str] | Content, row: int = -1, indent: int = 0) -> Block:
    """A block of plain strings, `(text, style)` pairs and other content; newlines become blanks."""
    flat = [
        part if isinstance(part, Content) else " ".join(part.splitlines()) if isinstance(part, str) else _flat(part)
        for part in parts
    ]
    return Block(content(*flat), row, indent)


def _flat(part: tuple[str, str]) -> tuple[str, str]:
    return " ".join(part[0].splitlines()), part[1]


def rows_of(blocks: Sequence[Block]) -> int:
    """How many rows can be in focus."""
    return max((each.row for each in blocks), default=-1) + 1


def layout_of(blocks: Sequence[Block]) -> Layout:
    """The blocks beneath each other, wrapped for a width."""

    def lay(width: int) -> list[Line]:
        return [
            Line(content(" " * each.indent, line), each.row)
            for each in blocks
            for line in wrapped(each.text, width - each.indent)
        ]

    return lay
