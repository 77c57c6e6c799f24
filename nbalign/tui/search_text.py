"""All matches of a search in a notebook, each with where the screen shows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.notebooks.model import Notebook
from nbalign.tui.needle import Needle
from nbalign.tui.shown_text import output_text, source_text
from nbalign.tui.text_tables import width_of

MOST = 10_000  # matches that are listed; looking for one letter in a long notebook must not fill the memory


@dataclass(frozen=True, slots=True)
class Match:
    """One occurrence.

    Attributes:
        cell: Number of the cell.
        part: 0 in its source, 1 and more in its outputs in order.
        at: Place in the text of that part.
        nth: Its count among the occurrences in that part, from 0.
    """

    cell: int
    part: int
    at: int
    nth: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a match is to be seen.

    Attributes:
        line: Number of its line in the text of its part, from 0.
        start: The cell of that line with which it begins.
        end: The cell behind it.
    """

    line: int
    start: int
    end: int


class Haystack:
    """The texts of a notebook, made ready once for many searches.

    Args:
        notebook: The notebook.
    """

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self._texts = list(_texts(notebook))
        self._heaps: dict[bool, list[str]] = {}

    def find(self, needle: Needle) -> list[Match]:
        """All occurrences in order, `MOST` and one more at most."""
        found: list[Match] = []
        if not needle.text:
            return found
        heaps = self._heaps.get(needle.exact)
        if heaps is None:
            heaps = self._heaps[needle.exact] = [needle.heap(text) for _, _, text in self._texts]
        for (cell, part, _), heap in zip(self._texts, heaps, strict=True):
            for nth, at in enumerate(needle.places(heap)):
                found.append(Match(cell, part, at, nth))
                if len(found) > MOST:
                    return found
        return found

    def place(self, match: Match, needle: Needle) -> Place:
        """Where a match is to be seen."""
        text = next(text for cell, part, text in self._texts if (cell, part) == (match.cell, match.part))
        begin = text.rfind("\n", 0, match.at) + 1
        end = match.at + len(needle.text)
        return Place(text.count("\n", 0, match.at), width_of(text[begin : match.at]), width_of(text[begin:end]))


def find_all(notebook: Notebook, text: str) -> list[Match]:
    """All occurrences of a text in sources and outputs, in order."""
    return Haystack(notebook).find(Needle(text))


def _texts(notebook: Notebook) -> Iterator[tuple[int, int, str]]:
    for cell in notebook.cells:
        yield cell.number, 0, source_text(cell)
        for part, output in enumerate(cell.outputs, 1):
            yield cell.number, part, output_text(output)
