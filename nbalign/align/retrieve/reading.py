"""A notebook read once for all dimensions: the words of every cell, and what makes two notebooks the same."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nbalign.align.retrieve.words import words
from nbalign.notebooks.model import Cell, Notebook

_CELLS = 2_000
_SOURCE = 20_000  # characters of a cell
_OUTPUTS = 2_000  # characters of all outputs of a cell: they may be long tables, and say less than the source
_WHOLE = 1_000_000  # characters of a notebook; the cells beyond hold no words


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of a notebook.

    Attributes:
        notebook: Content hash of its bytes.
        content: Hash of its cells' kinds and sources: equal for copies under another name or with other metadata.
        cells: Word -> how often, one a cell in order; empty beyond a generous bound.
    """

    notebook: str
    content: str
    cells: tuple[Mapping[str, int], ...]

    def of(self, numbers: Iterable[int]) -> Counter[str]:
        """Words of these cells together, numbers from 1; those that are not there count for nothing."""
        total: Counter[str] = Counter()
        for number in sorted(set(numbers)):
            if 1 <= number <= len(self.cells):
                total.update(self.cells[number - 1])
        return total

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of all cells with words."""
        return tuple(number for number, cell in enumerate(self.cells, start=1) if cell)


def read(notebook: Notebook) -> Reading:
    """Reads a notebook; cells, outputs and the whole are bounded, so that no notebook takes long."""
    identity = hashlib.sha256()
    cells: list[Mapping[str, int]] = []
    left = _WHOLE
    for cell in notebook.cells:
        # White space at the ends and empty cells come and go when a notebook is saved again.
        source = cell.source.strip()
        if source:
            identity.update(f"{cell.kind} {len(source)}\n{source}\n".encode("utf-8", "replace"))
        if len(cells) < _CELLS and left > 0:
            counted, used = _count(cell)
            cells.append(counted)
            left -= used
    return Reading(notebook.sha256, identity.hexdigest(), tuple(cells))


def _count(cell: Cell) -> tuple[Mapping[str, int], int]:
    source = cell.source[:_SOURCE]
    counted = Counter(words(source))
    left = _OUTPUTS
    for output in cell.outputs:
        text = output.text[-left:] if output.kind == "error" else output.text[:left]
        counted.update(words(text))
        left -= len(text)
        if left <= 0:
            break
    return counted, len(source) + _OUTPUTS - left
