"""Lists of cited cells as people write them: `3,5-7`."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nbalign.errors import UsageError

MAX_CELL = 100_000  # far above any notebook; keeps `1-999999999` from filling the memory
_PART = re.compile(r"(\d{1,9})(?:\s*-\s*(\d{1,9}))?\Z", re.ASCII)


def parse_cells(text: str) -> tuple[int, ...]:
    """Cell numbers from text.

    Args:
        text: Numbers and ranges between commas, semicolons or spaces; empty for none.

    Returns:
        Ascending numbers without repeats, each 1..`MAX_CELL`.

    Raises:
        UsageError: If it is not such a list.
    """
    found: set[int] = set()
    for part in re.split(r"[,;\s]+", re.sub(r"\s*-\s*", "-", text.strip())):
        if not part:
            continue
        match = _PART.match(part)
        first = int(match[1]) if match else 0
        last = int(match[2] or match[1]) if match else 0
        if not 1 <= first <= last <= MAX_CELL:
            raise UsageError(f"{text[:60]!r} is no list of cells", "Write cell numbers such as 3,5-7.")
        found.update(range(first, last + 1))
    return tuple(sorted(found))


def format_cells(cells: Iterable[int]) -> str:
    """Cell numbers for people, neighbours joined: `3,5-7`.

    Args:
        cells: Ascending numbers without repeats.
    """
    spans: list[list[int]] = []
    for cell in cells:
        if spans and spans[-1][1] == cell - 1:
            spans[-1][1] = cell
        else:
            spans.append([cell, cell])
    return ",".join(str(a) if a == b else f"{a}-{b}" for a, b in spans)
