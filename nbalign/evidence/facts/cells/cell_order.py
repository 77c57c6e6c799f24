"""The order of a notebook: execution counts, cells never run, and names used before or without their making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nbalign.evidence.code import Code
from nbalign.evidence.facts.libraries.library_known import library_of, provided
from nbalign.evidence.facts.reading.failures import Failure
from nbalign.evidence.facts.reading.name_scopes import Making, Use
from nbalign.evidence.facts.reading.name_uses import Names


@dataclass(frozen=True, slots=True)
class Astray:
    """A name of the notebook's own that is not there when it is used.

    Attributes:
        name: The name.
        cell: The cell that uses it.
        made: The cell that makes it later; 0 when none does.
        failed: Whether the cell's saved output says so.
    """

    name: str
    cell: int
    made: int
    failed: bool


def read_astray(code: Code, names: Names, failures: Sequence[Failure]) -> list[Astray]:
    """Names used before the cell that makes them, or made nowhere; each (name, cell) once, libraries left out."""
    found: dict[tuple[str, int], Astray] = {}
    ran = _ran(code, {f.cell for f in failures})
    in_vain = {(f.cell, f.subject) for f in failures if f.kind == "name"}
    for cell, name in sorted(in_vain):
        made = names.made.get(name, [])
        if (not made and library_of(name)) or (made and made[0].how == "import"):
            continue
        # Made before, in a cell that failed: the fault is that cell's.
        if any(m.cell < cell for m in made) or provided(name):
            continue
        later = next((m.cell for m in made if m.cell > cell), 0)
        if not any(m.cell == cell for m in made) or later:
            found[name, cell] = Astray(name, cell, later, True)
    if not names.open:
        for use in names.uses:
            if not use.deferred and not use.guarded and (use.name, use.cell) not in found:
                one = _early(use, names.made.get(use.name, []), names)
                if one is not None and use.cell not in ran:
                    found[use.name, use.cell] = one
    return sorted(found.values(), key=lambda a: (not a.failed, a.cell, a.name))


def _early(use: Use, made: Sequence[Making], names: Names) -> Astray | None:
    """A use in a cell before the first making; where that is nowhere, nothing is said unless an output says it."""
    if not made or use.name in names.mentioned or made[0].how == "import" or provided(use.name):
        return None
    first = made[0]
    if first.order > use.order and first.cell > use.cell:
        return Astray(use.name, use.cell, first.cell, False)
    return None


def _ran(code: Code, broken: set[int]) -> set[int]:
    """Cells that came to their end while the cells stood in order, so that their names were there after all.

    With counts that do not ascend, a cell that ran well says nothing: it may have run after the cells below it. A cell
    that failed on something else counts as run: its message would have told.
    """
    if descents(code):
        return broken
    return broken | {c.number for c in code.cells if c.cell.execution_count is not None}


def descents(code: Code) -> list[tuple[int, int]]:
    """Neighbouring executed cells whose counts do not ascend: (cell before, cell after)."""
    run = [(c.number, c.cell.execution_count) for c in code.cells if c.cell.execution_count is not None]
    return [(a, b) for (a, i), (b, j) in pairwise(run) if i is not None and j is not None and j <= i]


def never_run(code: Code) -> list[int]:
    """Code cells without a count while most others have one."""
    full = [c for c in code.cells if c.cell.source.strip() and c.tree.body]
    without = [c.number for c in full if c.cell.execution_count is None and not c.cell.outputs]
    return without if len(without) * 2 < len(full) else []
