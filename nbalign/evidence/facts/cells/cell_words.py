"""The words of a notebook: headings, prose between the code, and what each part of the code is headed by."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbalign.notebooks.model import Cell, Notebook

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]*(?P<text>[^\s#].*?)#*\s*$")
_TAGGED = re.compile(r"<h[1-6][^>]{0,200}>", re.IGNORECASE)
# A title in bold: short and without a full stop, which makes it the first word of what follows.
_BOLD_LINE = re.compile(r"^\s*(?:\*\*|__)[^*_]{2,60}(?<![.!?,;])(?:\*\*|__):?\s*$")
_UNDERLINE = re.compile(r"^ {0,3}(?:=|-){3,}\s*$")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_MARKUP = re.compile(r"<[^>]{0,500}>|!\[[^\]]{0,200}\]\([^)]{0,500}\)|\]\([^)]{0,500}\)|https?://\S+")


@dataclass(frozen=True, slots=True)
class Outline:
    """What the markdown of a notebook says about its parts.

    Attributes:
        headings: Cell of each heading, in order; titles in bold that stand alone count.
        bold: How many of them are titles in bold.
        words: Cell number -> words of prose in it, headings, code and quotes of the prompt left out.
        headed: Numbers of code cells that come after the first heading.
        unheaded: Numbers of code cells before it.
        longest: Numbers of the code cells of the longest stretch without a heading, after the first one.
        told: Numbers of code cells with prose right before or after them.
    """

    headings: tuple[int, ...]
    bold: int
    words: dict[int, int]
    headed: tuple[int, ...]
    unheaded: tuple[int, ...]
    longest: tuple[int, ...]
    told: tuple[int, ...]

    @property
    def prose(self) -> int:
        """All words of prose."""
        return sum(self.words.values())


def read_outline(notebook: Notebook) -> Outline:
    """Reads the markdown of a notebook; the cell that quotes the prompt is left out."""
    headings: list[int] = []
    bold = 0
    words: dict[int, int] = {}
    headed: list[int] = []
    unheaded: list[int] = []
    stretch: list[int] = []
    longest: list[int] = []
    for cell in notebook.cells:
        if cell.kind == "markdown":
            found = [] if _quotes_prompt(notebook, cell) else _headings(cell.source)
            words[cell.number] = 0 if _quotes_prompt(notebook, cell) else _prose(cell.source)
            if found:
                headings += [cell.number] * len(found)
                bold += sum(found)
                stretch = []
        elif cell.kind == "code" and cell.source.strip():
            (headed if headings else unheaded).append(cell.number)
            if headings:
                stretch.append(cell.number)
                longest = max(longest, list(stretch), key=len)
    told = _told(notebook, words)
    return Outline(tuple(headings), bold, words, tuple(headed), tuple(unheaded), tuple(longest), told)


def _told(notebook: Notebook, words: dict[int, int]) -> tuple[int, ...]:
    found = []
    for cell in notebook.cells:
        near = words.get(cell.number - 1, 0) + words.get(cell.number + 1, 0)
        if cell.kind == "code" and near >= 5:
            found.append(cell.number)
    return tuple(found)


def _quotes_prompt(notebook: Notebook, cell: Cell) -> bool:
    return notebook.prompt_source == "first cell" and cell.number == 1


def _headings(source: str) -> list[bool]:
    """The headings of a text in order: whether each is only a title in bold."""
    found = []
    fenced = False
    before = ""
    lines = source.split("\n")[:2_000]
    for line, after in zip(lines, [*lines[1:], ""], strict=True):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            hit = _HEADING.match(line[:500])
            if (hit and _WORD.search(hit.group("text"))) or _TAGGED.search(line[:1_000]):
                found.append(False)
            elif _BOLD_LINE.match(line[:200]) and not before.strip() and not after.strip():
                found.append(True)
            elif _UNDERLINE.match(line[:200]) and _WORD.search(before) and "|" not in before:
                found.append(False)
        before = line if not fenced else ""
    return found


def _prose(source: str) -> int:
    count = 0
    fenced = False
    for line in source.split("\n")[:2_000]:
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced and not _HEADING.match(line[:500]):
            count += len(_WORD.findall(_MARKUP.sub(" ", line[:2_000])))
    return count
