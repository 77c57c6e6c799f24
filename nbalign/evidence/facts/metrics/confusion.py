"""Confusion matrices that outputs show as arrays."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbalign.evidence.facts.metrics.shown_numbers import texts
from nbalign.notebooks.model import Notebook

_MATRIX = re.compile(r"\[\s*(\[[\d\s,.]{1,400}\](?:\s*,?\s*\[[\d\s,.]{1,400}\]){1,29})\s*\]")


@dataclass(frozen=True, slots=True)
class Matrix:
    """A confusion matrix.

    Attributes:
        counts: Rows are the true classes.
        cell: Cell number.
    """

    counts: tuple[tuple[int, ...], ...]
    cell: int

    @property
    def recall(self) -> float | None:
        """Recall of the second class of two; None for more classes, or when there are no such rows."""
        if len(self.counts) != 2 or not sum(self.counts[1]):
            return None
        return self.counts[1][1] / sum(self.counts[1])


def matrices(notebook: Notebook) -> tuple[Matrix, ...]:
    """Confusion matrices printed as arrays by cells that speak of one."""
    found = []
    for cell in notebook.cells:
        if "confusion" not in cell.source:
            continue
        for text in texts(cell):
            for match in _MATRIX.finditer(text):
                counts = tuple(
                    tuple(int(float(n)) for n in re.findall(r"\d+(?:\.\d*)?", row))
                    for row in re.findall(r"\[([^\[\]]*)\]", match[1])
                )
                if all(len(row) == len(counts) for row in counts):
                    found.append(Matrix(counts, cell.number))
    return tuple(found)
