"""What had to be repaired or cut while reading, one plain sentence a kind and not one a cell."""

from __future__ import annotations

_SHOWN = 8


class Repairs:
    """Collects notes while a notebook is read."""

    def __init__(self) -> None:
        self._cells: dict[str, list[int]] = {}

    def __bool__(self) -> bool:
        return bool(self._cells)

    def note(self, what: str, cell: int | None = None) -> None:
        """Remembers one repair.

        Args:
            what: A sentence without its full stop that holds for one cell and for many. Repairs with the same words
                are told together.
            cell: Number of the cell, from 1; None when it concerns the whole notebook.
        """
        cells = self._cells.setdefault(what, [])
        if cell is not None and (not cells or cells[-1] != cell):
            cells.append(cell)

    def sentences(self) -> tuple[str, ...]:
        """One sentence a kind, in the order in which the kinds were first met."""
        return tuple(f"{what}{_where(cells)}." for what, cells in self._cells.items())


def _where(cells: list[int]) -> str:
    numbers = sorted(set(cells))
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f" (cell {numbers[0]})"
    shown = ", ".join(map(str, numbers[:_SHOWN]))
    more = len(numbers) - _SHOWN
    return f" (cells {shown} and {more:,} more)" if more > 0 else f" (cells {shown})"
