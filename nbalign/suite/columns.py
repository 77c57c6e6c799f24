"""What a column of a CSV file holds, told from its text alone, without pandas."""

from __future__ import annotations

import re
from typing import Literal

ColumnKind = Literal["int", "float", "date", "text", "empty"]

# What pandas reads as missing by default: a generator's notebook will see it so.
_MISSING = frozenset(
    (
        *("", "#N/A", "#N/A N/A", "#NA", "<NA>", "N/A", "NA", "NULL", "NaN", "None", "n/a", "nan", "null"),
        *("-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN"),
    )
)
_LONGEST = 64  # characters of a number or date; a longer cell is text, and no pattern is tried on it
_INT = re.compile(r"[+-]?[0-9]{1,30}")
_FLOAT = re.compile(r"[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,4})?|[+-]?inf", re.IGNORECASE)
_DATE = re.compile(
    r"([0-9]{4}([-/.])[0-9]{1,2}\2[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\3[0-9]{4})"
    r"([ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?\s?(Z|[+-][0-9]{2}:?[0-9]{2}|[AaPp][Mm])?)?"
)
_MOST_VALUES = 6


class Column:
    """What was seen of one column so far.

    Args:
        name: As the header has it.

    Attributes:
        name: The same.
        missing: Cells that are empty or that pandas reads as missing.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.missing = 0
        self._kinds: set[ColumnKind] = set()
        self._values: dict[str, None] = {}

    def add(self, cell: str) -> None:
        """Takes in one cell."""
        if cell in _MISSING:
            self.missing += 1
            return
        if "text" not in self._kinds:  # nothing makes a column with a word in it anything else
            self._kinds.add(_kind(cell))
        if len(self._values) <= _MOST_VALUES:
            self._values[cell[:100]] = None

    @property
    def kind(self) -> ColumnKind:
        """`int`, `float` or `date` where every cell that is there is one (an int is a float, too), else `text`."""
        if not self._kinds:
            return "empty"
        if self._kinds == {"int", "float"}:
            return "float"
        return next(iter(self._kinds)) if len(self._kinds) == 1 else "text"

    @property
    def values(self) -> list[str]:
        """All its different values, sorted (whole numbers by size), where they are few; else nothing."""
        if len(self._values) > _MOST_VALUES:
            return []
        return sorted(self._values, key=lambda v: (int(v), v)) if self.kind == "int" else sorted(self._values)


def _kind(cell: str) -> ColumnKind:
    if len(cell) > _LONGEST:
        return "text"
    cell = cell.strip()  # readers of CSV take numbers with spaces around them
    if _INT.fullmatch(cell):
        return "int"
    if _FLOAT.fullmatch(cell):
        return "float"
    return "date" if _DATE.fullmatch(cell) else "text"
