"""How tables of many columns are laid out on a terminal: under each other where they do not fit beside each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from io import StringIO

import click

from nbalign.cli.context import print_table

_WIDEST_TEXT = 100  # longer lines are hard to read, however wide the terminal


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        header: Its name.
        cells: Texts, as many as in every other column of the table.
    """

    header: str
    cells: list[str]

    @property
    def width(self) -> int:
        """Terminal columns, with the gap to the next one."""
        from rich.cells import cell_len

        return 2 + max(cell_len(text) for text in (self.header, *self.cells))


def blocks(columns: Sequence[Column], room: int) -> list[list[Column]]:
    """Columns in as few tables as the room allows, of about the same number of columns each; never an empty one."""

    def fits(block: Sequence[Column]) -> bool:
        return len(block) < 2 or sum(column.width for column in block) <= room

    greedy: list[list[Column]] = [[]]
    for column in columns:
        if not fits([*greedy[-1], column]):
            greedy.append([])
        greedy[-1].append(column)
    size = -(-len(columns) // len(greedy)) or 1
    even = [list(columns[start : start + size]) for start in range(0, len(columns), size)]
    return even if even and all(fits(block) for block in even) else greedy


def table(columns: Sequence[Column]) -> str:
    """A table as text: the first column flush left, all others flush right."""
    rows = list(zip(*(column.cells for column in columns), strict=True))
    return printed([column.header for column in columns], rows, range(1, len(columns)))


def printed(header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int]) -> str:
    """What `print_table` prints, as text: one way to lay out tables for all commands."""
    with redirect_stdout(StringIO()) as out:
        print_table(header, rows, right=right)
    return out.getvalue().rstrip("\n")


def letters(count: int) -> Iterator[str]:
    """A, B, …, Z, 27, 28, …: short names for columns."""
    return (chr(ord("A") + n) if n < 26 else str(n + 1) for n in range(count))


def wrapped(text: str, width: int, indent: str = "") -> str:
    """A sentence in lines of at most `width` and 100 columns; lines after the first are indented. Empty stays empty."""
    return click.wrap_text(text, min(_WIDEST_TEXT, width), subsequent_indent=indent) if text else ""
