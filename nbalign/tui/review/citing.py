"""Cells that raters and judges cite, with the first lines of each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from textual.content import Content

from nbalign.notebooks.model import Notebook
from nbalign.tui.page import TAB, Line, lines_of
from nbalign.tui.plain import clean, content, one_line

FIRST = 6  # lines of a cell shown
_LONGEST = 400  # characters of a line looked at; what is wider than the page is cut


@dataclass(frozen=True, slots=True)
class Cite:
    """A cell that somebody cites.

    Attributes:
        cell: Its number.
        by: Who cites it, for people.
    """

    cell: int
    by: tuple[str, ...]


def cites(said: Iterable[tuple[str, Sequence[int]]]) -> tuple[Cite, ...]:
    """The cells cited, ascending.

    Args:
        said: Who cites which cells; the order of names is kept.
    """
    found: dict[int, list[str]] = {}
    for who, cells in said:
        for cell in dict.fromkeys(cells):
            found.setdefault(cell, []).append(who)
    return tuple(Cite(cell, tuple(found[cell])) for cell in sorted(found))


def cells_lines(
    cited: Sequence[Cite], notebook: Notebook | None, at: int, width: int, nobody: str = "nobody cites a cell"
) -> list[Line]:
    """The cited cells beneath each other.

    Args:
        cited: The cells.
        notebook: Their notebook; None while it is being read.
        at: The one in focus; -1 for none.
        width: Columns.
        nobody: What is said where there are none.
    """
    if not cited:
        return lines_of(content((nobody, "$text-muted")), width)
    found: list[Line] = []
    for item, each in enumerate(cited):
        cell = notebook.cells[each.cell - 1] if notebook is not None and each.cell <= len(notebook.cells) else None
        kind = cell.kind if cell is not None else "…" if notebook is None else "no such cell"
        head = (f"{'▶' if item == at else '┌'}─[{each.cell}] {kind}", "bold $text-accent")
        who = one_line(" · ".join(each.by), 120)
        found.append(Line(content(head, (f" · cited by {who}", "$text-muted")), item))
        found += [Line(line, item) for line in _first_lines(cell.source)] if cell is not None else []
    return found


def _first_lines(source: str) -> list[Content]:
    lines = source.strip("\n").split("\n")
    shown = [content(f"  {clean(line[:_LONGEST]).expandtabs(len(TAB))}") for line in lines[:FIRST]]
    more = len(lines) - FIRST
    return shown + ([content((f"  … {more:,} more line{'' if more == 1 else 's'}", "$text-muted"))] if more > 0 else [])
