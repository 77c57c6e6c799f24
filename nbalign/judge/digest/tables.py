"""Printed pandas tables: found, put together again where pandas wrapped them, and cut to what informs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nbalign.judge.digest import words
from nbalign.judge.digest.model import Level, Line
from nbalign.judge.digest.numbers import shorten_values

_WIDE = 12  # columns whose values are shown
_NAMES = 40  # columns whose names are shown
_ROWS = 5
_METRIC_ROWS = 14
_FIRST_ROWS = 5  # of a table of metrics; these stay as long as printed metrics do
_OUTPUT = "output lines"
_GAP = re.compile(r"\s{2,}")
_DECIMAL = re.compile(r"-?\d+\.\d+")
_STATS = ("count", "unique", "mean", "min", "max")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of text.

    Attributes:
        corner: Name of the index; empty for none.
        names: Column names.
        index: Row labels, empty texts where the table has none.
        rows: Values, one sequence a row.
    """

    corner: str
    names: tuple[str, ...]
    index: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def read_table(lines: Sequence[str], at: int) -> tuple[Table, int] | None:
    """Reads the table that begins at a line.

    Args:
        lines: Lines of an output.
        at: Where to look, from 0.

    Returns:
        The table and the line after it; None when there is no table.
    """
    found = _chunk(lines, at)
    if found is None:
        return None
    table, end, wrapped = found
    while wrapped and end < len(lines):
        following = _chunk(lines, end + 1) if not lines[end].strip() else None
        if following is None or following[0].index != table.index:
            break
        more, end, wrapped = following
        rows = tuple(left + right for left, right in zip(table.rows, more.rows, strict=True))
        table = Table(table.corner or more.corner, table.names + more.names, table.index, rows)
    return table, end


def _chunk(lines: Sequence[str], at: int) -> tuple[Table, int, bool] | None:
    """One block of a table: a header and rows that end where it ends."""
    wrapped = lines[at].rstrip().endswith("\\")
    header = lines[at].rstrip().removesuffix("\\").rstrip()
    if not header.strip() or header.endswith((":", ",")) or re.search(r"[:=]\s", header):
        return None
    first = lines[at + 1].rstrip() if at + 1 < len(lines) else ""
    narrow = len(first) < len(header) and not first.startswith(" ") and _GAP.search(first) is None
    corner = first if narrow else ""
    start = at + 2 if corner else at + 1
    spans = [match.span() for match in re.finditer(r"\S+", header)]
    at_margin = not header.startswith(" ")
    if not corner and any(_DECIMAL.fullmatch(header[left:right]) for left, right in spans):
        return None
    for named in (spans, spans[1:]) if at_margin else (spans,):
        rows = _rows(lines, start, header, named)
        if not rows or (at_margin and len(named) < 2):
            continue
        ends = [end for _, end in named if all(_ends_at(row, end) for row in rows)]
        names = [header[left:right].strip() for left, right in pairwise([named[0][0], *ends])]
        read = [_values(row, ends, labelled=not at_margin) for row in rows]
        index, values = zip(*read, strict=True)
        return Table(corner, tuple(names), index, values), start + len(rows), wrapped
    return None


def _rows(lines: Sequence[str], at: int, header: str, spans: Sequence[tuple[int, int]]) -> list[str]:
    """The lines that have something where every name ends that stands apart from the next."""
    apart = [end for _, end in spans if header[end : end + 2] in {"", "  "}]
    rows: list[str] = []
    while spans and at < len(lines):
        row = lines[at].rstrip()
        if len(row) != len(header) or not all(_ends_at(row, end) for end in apart):
            break
        rows.append(row)
        at += 1
    return rows


def _ends_at(row: str, end: int) -> bool:
    return not row[end - 1].isspace() and row[end : end + 1] in {"", " "}


def _values(row: str, ends: Sequence[int], *, labelled: bool) -> tuple[str, tuple[str, ...]]:
    """The label of a row and its values, cut where the columns end."""
    text = row[: ends[0]].strip()
    parts = _GAP.split(text)
    if len(parts) == 1 and labelled and " " in text:
        parts = text.rsplit(" ", 1)
    return " ".join(parts[:-1]), (parts[-1], *(row[left:right].strip() for left, right in pairwise(ends)))


def reduce_table(table: Table, *, source: str = "") -> list[Line]:
    """The lines that a table comes down to.

    Args:
        table: The table.
        source: Source of the cell that printed it.

    Returns:
        Header and rows; describe() becomes a few figures a column, long tables end with a mark.
    """
    described = _describe(table)
    if described is not None:
        return described
    names = " ".join(table.names)
    labels = " ".join(table.index)
    scores = words.STRICT_METRIC.search(f" {names} ") or words.STRICT_METRIC.search(f" {labels} ")
    matrix = not scores and "confusion" in source and len(table.rows) == len(table.names) <= 12
    metric = bool(scores) or matrix
    most = _METRIC_ROWS if metric else _ROWS
    head = [table.corner, *table.names[:_NAMES]] if table.corner else list(table.names[:_NAMES])
    if len(table.names) > _NAMES:
        head.append(f"… {len(table.names) - _NAMES} more columns")
    counters = all(label == str(at) for at, label in enumerate(table.index))
    shown = [
        [*([] if counters else [label]), *row[:_WIDE], *(["…"] if len(row) > _WIDE else [])]
        for label, row in zip(table.index[:most], table.rows[:most], strict=True)
    ]
    glue = " | " if any(" " in cell for row in (head, *shown) for cell in row) else " "
    lines = [Line(_join(head, glue), Level.KEY if metric else Level.TELLING if counters else Level.MID, _OUTPUT)]
    for at, row in enumerate(shown):
        level = (
            (Level.KEY if at < _FIRST_ROWS and not matrix else Level.FIRM)
            if metric
            else Level.MID
            if at == 0
            else Level.LOW
        )
        lines.append(Line(_join(row, glue), level, _OUTPUT, at))
    if len(table.rows) > most:
        lines.append(Line(f"… {len(table.rows) - most} more rows", lines[1].level, _OUTPUT, mark=True))
    return lines


def _join(cells: Sequence[str], glue: str) -> str:
    return shorten_values(glue.join(cell for cell in cells if cell))


def _describe(table: Table) -> list[Line] | None:
    """Reduces describe(), either way round, to the statistics that show gaps, placeholders and scale."""
    if {"mean", "min", "max"} <= set(table.index) and "count" in table.index:
        columns: tuple[str, ...] = table.names
        stats = dict(zip(table.index, table.rows, strict=True))
    elif {"mean", "min", "max"} <= set(table.names) and ({"count", "std", "50%"} & set(table.names)):
        columns = table.index
        stats = dict(zip(table.names, zip(*table.rows, strict=True), strict=True))
    else:
        return None
    shown = [name for name in _STATS if name in stats]
    lead = ""
    counts = {shorten_values(value) for value in stats.get("count", ())}
    if len(counts) == 1:
        shown.remove("count")
        lead = f" (count {counts.pop()} each)"
    lines = [Line(f"describe{lead}: {' '.join(shown)}", Level.MID, _OUTPUT)]
    for at, column in enumerate(columns[:_NAMES]):
        values = ["-" if stats[name][at] == "NaN" else stats[name][at] for name in shown]
        level = Level.MID if at < 8 else Level.LOW
        lines.append(Line(_join([column, *values], " "), level, _OUTPUT, at + 1))
    if len(columns) > _NAMES:
        lines.append(Line(f"… {len(columns) - _NAMES} more columns", Level.LOW, _OUTPUT, mark=True))
    return lines
