"""Which line of a rendered cell shows a match."""

from __future__ import annotations

from nbalign.tui.cell_look import CellLine, CellLines
from nbalign.tui.needle import Needle
from nbalign.tui.search_text import Match, Place


def row_of(lines: CellLines, match: Match, place: Place, needle: Needle) -> int | None:
    """Index of the line in which a match begins; None when it is folded away.

    Args:
        lines: The lines of its cell.
        match: The match.
        place: Where it is in the text.
        needle: What is looked for.
    """
    own = [(row, line) for row, line in enumerate(lines.lines) if line.part == match.part and line.strip is not None]
    if own and own[0][1].line < 0:
        return _counted(own, match, needle)
    rows = [row for row, line in own if line.line == place.line and line.at <= place.start]
    return rows[-1] if rows else None


def _counted(own: list[tuple[int, CellLine]], match: Match, needle: Needle) -> int:
    """The line of the nth occurrence in text that was moved about: the same words, wrapped elsewhere."""
    joined, ends = "", []
    for _, line in own:
        joined += f"{line.strip.text.strip() if line.strip else ''} "
        ends.append(len(joined))
    places = list(needle.places(needle.heap(joined)))
    if not places:
        return own[0][0]
    at = places[min(match.nth, len(places) - 1)]
    return next(row for (row, _), end in zip(own, ends, strict=True) if at < end)
