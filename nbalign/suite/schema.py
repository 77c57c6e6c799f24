"""A data file in a few lines: its columns, what is missing, its first rows. For people and for generators."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field

from nbalign.notebooks.sanitise import clean_line
from nbalign.suite.columns import Column
from nbalign.suite.model import DataFile

_TABLES = (".csv", ".tsv", ".txt")
_DELIMITERS = ",;\t|"
_MOST_BYTES = 32 << 20
_MOST_CELLS = 1_000_000
_MOST_COLUMNS = 2_000
_NAME = 40
_CELL = 40
_ROW = 400
_FEW = 16  # columns that are listed one by one whatever they hold
_RUN = 4  # so many like columns beside each other are told in one line


@dataclass(slots=True)
class _Table:
    """What was read of a CSV file, and what is to be said of its reading."""

    columns: list[Column]
    head: list[list[str]]
    rows: int = 0
    notes: list[str] = field(default_factory=list)


def describe(data_file: DataFile, rows: int = 5, limit: int = 4_000) -> str:
    """Describes a data file.

    Args:
        data_file: The file. One that is gone or broken is described as that.
        rows: Most rows of the head, 0 and up.
        limit: Most characters, 200 and up.

    Returns:
        Lines of plain text without a newline at the end: name, rows and columns; a line for each column (or for a run
        of like ones) with its kind, its missing values and, where they are few, its values; the first rows. It is safe
        on a terminal, but its words are those of the file: hostile, like everything from outside. The same file gives
        the same text.
    """
    name = clean_line(data_file.name, 120)
    try:
        with data_file.path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        return f"{name}: cannot be read: {error.strerror or 'unknown reason'}"
    if not data:
        return f"{name}: empty"
    if b"\0" in data[:4096]:
        return f"{name}: {data_file.bytes:,} bytes, not text"
    text = data[:_MOST_BYTES].decode("utf-8-sig", "replace")
    if not data_file.name.lower().endswith(_TABLES):
        lines = [f"{name}: {data_file.bytes:,} bytes of text", *_first_lines(text, rows)]
        return _bounded(lines, [], limit)
    table = _read(text, rows, whole=len(data) <= _MOST_BYTES)
    more = "" if not table.notes else f" ({'; '.join(table.notes)})"
    counted = f"{_count(table.rows, 'row')}, {_count(len(table.columns), 'column')}{more}"
    head = _head(table) if table.head else []
    return _bounded([f"{name}: {counted}", *_lines(table)], head, limit)


def _read(text: str, rows: int, *, whole: bool) -> _Table:
    first = text[: text.find("\n") + 1 or None][:10_000]
    delimiter = max(_DELIMITERS, key=first.count)
    table = _Table([], [])
    if "\ufffd" in text:
        table.notes.append("not all of it is UTF-8")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    ragged = cells = 0
    try:
        header = next(reader, [])
        if len(header) > _MOST_COLUMNS:
            table.notes.append(f"the first {_MOST_COLUMNS:,} of {len(header):,}")
        table.columns = [Column(name) for name in header[:_MOST_COLUMNS]]
        for row in reader:
            if not row:
                continue  # an empty line, which pandas skips, too
            if cells >= _MOST_CELLS:
                whole = False
                break
            cells += max(1, len(table.columns))
            ragged += len(row) != len(header)
            table.rows += 1
            for at, column in enumerate(table.columns):
                column.add(row[at] if at < len(row) else "")
            if len(table.head) < rows:
                table.head.append(row[:_MOST_COLUMNS])
    except csv.Error as error:
        table.notes.append(f"broken after line {reader.line_num}: {clean_line(str(error), 80)}")
    if not whole:
        table.notes.append("only its beginning was counted")
    if ragged:
        table.notes.append(f"{_count(ragged, 'row')} with more or fewer cells than the header")
    return table


def _lines(table: _Table) -> Iterator[str]:
    """A line for each column; of a wide table, one for each run of like columns.

    The last column stays by itself: it often is what is to be predicted.
    """
    at = 0
    while at < len(table.columns):
        column = table.columns[at]
        end = at + 1
        while end < len(table.columns) - 1 and _like(column, table.columns[end]):
            end += 1
        if len(table.columns) <= _FEW or end - at < _RUN:
            end = at + 1
            yield f"- {_name(column)}: {_facts(column)}"
        else:
            last = table.columns[end - 1]
            yield f"- {_name(column)} to {_name(last)} ({end - at} columns): {_kind(column)}"
        at = end


def _like(one: Column, other: Column) -> bool:
    return one.kind == other.kind and one.missing == other.missing


def _kind(column: Column) -> str:
    return f"{column.kind}, {column.missing:,} missing" if column.missing and column.kind != "empty" else column.kind


def _facts(column: Column) -> str:
    values = column.values if column.kind in ("text", "int") else []
    return f"{_kind(column)} ({', '.join(clean_line(v, _CELL) for v in values)})" if values else _kind(column)


def _name(column: Column) -> str:
    return clean_line(column.name, _NAME) or "(no name)"


def _head(table: _Table) -> list[str]:
    rows = [[column.name for column in table.columns], *table.head]
    title = "first row:" if len(table.head) == 1 else f"first {len(table.head)} rows:"
    return [title, *(_row(row) for row in rows)]


def _row(row: list[str]) -> str:
    """A row as CSV again, each cell on one line and bounded, and so the row."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow([clean_line(cell, _CELL) for cell in row[:_ROW]])
    line = text.getvalue()
    return line if len(line) <= _ROW else line[: _ROW - 1] + "…"


def _first_lines(text: str, rows: int) -> list[str]:
    return [clean_line(line, _ROW) for line in text[: _ROW * 100].split("\n")[:rows]]


def _bounded(lines: list[str], head: list[str], limit: int) -> str:
    """The lines within the limit: the head may have half of it, the others the rest; what is left out is counted."""
    kept_head = _fit(head, limit // 2, "more rows")
    kept = _fit(lines, limit - sum(len(line) + 1 for line in kept_head), "more lines")
    return "\n".join([*kept, *kept_head])


def _fit(lines: list[str], limit: int, what: str) -> list[str]:
    if sum(len(line) + 1 for line in lines) <= limit:
        return lines
    kept: list[str] = []
    left = limit - 40  # room for the line that says what is left out
    for line in lines:
        left -= len(line) + 1
        if left < 0:
            break
        kept.append(line)
    return [*kept, f"… and {len(lines) - len(kept):,} {what}"]


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
