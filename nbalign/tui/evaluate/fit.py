"""Text in columns of a fixed width, wide characters counted as the two columns that they take."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from nbalign.tui.plain import one_line


def fit(text: str, width: int, *, right: bool = False) -> str:
    """Clean text of exactly `width` columns, cut with `…` where it is longer.

    Args:
        text: Anything.
        width: Columns, 1 or more.
        right: Flush right.
    """
    line = one_line(text)
    size = cell_len(line)
    if size > width:
        return set_cell_size(f"{set_cell_size(line, width - 1)}…", width)
    return " " * (width - size) + line if right else line + " " * (width - size)


def width_of(text: str, most: int) -> int:
    """Columns that clean text takes, at most `most`."""
    return min(cell_len(one_line(text)), most)
