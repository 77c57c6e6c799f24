"""Tables in saved outputs, as pandas prints them: `info()`, `describe()` and series of numbers, read back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_MOST_LINES = 600  # lines of one cell's output that are read
_LONGEST_LINE = 600  # characters of a line that are read
_INFO = re.compile(r"^\s*\d+\s+(\S.*?)\s+(\d{1,15}) non-null\s")
_OLD_INFO = re.compile(r"^(\S.*?)\s{2,}(\d{1,15}) non-null\s")
_ENTRIES = re.compile(r"(?:Index|Index):\s*(\d{1,15}) entries")
_VALUE = re.compile(r"-?\d{1,18}(?:\.\d{1,18})?(?:e[+-]?\d{1,3})?|True|False")
_SERIES_END = re.compile(r"^(?:Name: (?P<name>.*?), )?(?:Length: \d+, )?dtype: (?P<dtype>\w+)$")
_STATS = ("count", "mean", "std", "min", "max")


@dataclass(frozen=True, slots=True)
class Info:
    """What `DataFrame.info()` printed.

    Attributes:
        rows: Number of rows.
        filled: Column -> number of values that are there.
    """

    rows: int
    filled: dict[str, int]


@dataclass(frozen=True, slots=True)
class Series:
    """A series of numbers or booleans as it was printed.

    Attributes:
        name: Its name; empty when it has none.
        values: Label -> value; empty for an empty series.
    """

    name: str
    values: dict[str, float]


def lines_of(text: str) -> list[str]:
    """The lines of an output, as many as are read."""
    return [line[:_LONGEST_LINE].rstrip() for line in text.split("\n", _MOST_LINES)[:_MOST_LINES]]


def infos(lines: list[str]) -> Iterator[Info]:
    """Every `info()` in an output."""
    rows = 0
    filled: dict[str, int] = {}
    for line in lines:
        if found := _ENTRIES.search(line):
            if rows and filled:
                yield Info(rows, filled)
            rows, filled = int(found.group(1)), {}
        elif rows and (found := _INFO.match(line) or _OLD_INFO.match(line)):
            filled[found.group(1)] = int(found.group(2))
    if rows and filled:
        yield Info(rows, filled)


def series(lines: list[str]) -> Iterator[Series]:
    """Every series of numbers in an output."""
    values: dict[str, float] = {}
    for line in lines:
        if line.startswith("Series([]"):
            yield Series("", {})
        elif end := _SERIES_END.match(line):
            if values:
                yield Series(end.group("name") or "", values)
            values = {}
        elif row := _row(line):
            values[row[0]] = row[1]
        elif values and line.strip():
            values = {}


def _row(line: str) -> tuple[str, float] | None:
    """Label and value of a line that is a label, two spaces or more, and a number or truth value."""
    label, gap, value = line.rpartition("  ")
    value = value.strip()
    if not gap or not label or label[0].isspace() or not _VALUE.fullmatch(value):
        return None
    return label.rstrip(), {"True": 1.0, "False": 0.0}.get(value, _number(value) or 0.0)


def described(lines: list[str]) -> dict[str, dict[str, float]]:
    """Column -> statistic -> value for every `describe()` in an output, lying or standing."""
    found: dict[str, dict[str, float]] = {}
    header: list[str] = []
    standing = False
    for line in lines:
        words = line.rstrip("\\ ").split()
        if not words:
            header = []
        elif words[0] == "count" and len(words) >= 2 and _number(words[1]) is None:
            header, standing = words, True
        elif standing and header and (values := _tail(words, len(header))) is not None:
            column = " ".join(words[: len(words) - len(header)])
            if column:
                found.setdefault(column, {}).update(dict(zip(header, values, strict=True)))
        elif not standing and header and words[0] in (*_STATS, "25%", "50%", "75%"):
            if (values := _tail(words, len(header))) is not None and len(words) == len(header) + 1:
                for column, value in zip(header, values, strict=True):
                    found.setdefault(column, {}).setdefault(words[0], value)
        elif _number(words[-1]) is None or len(words) == 1:
            header, standing = words, False
    return {column: stats for column, stats in found.items() if "count" in stats}


def column_of(lines: list[str], name: re.Pattern[str]) -> dict[str, float]:
    """Row label -> value of the first column whose heading matches, of the first table that has one."""
    found: dict[str, float] = {}
    at = 0
    width = 0
    for line in lines:
        words = line.rstrip("\\ ").split()
        if not at:
            heading = next((i for i, word in enumerate(words) if len(words) >= 2 and name.fullmatch(word)), None)
            # A heading has no numbers; a row of numbers that happens to hold the word is none.
            if heading is not None and all(word.endswith("%") or _number(word) is None for word in words):
                at, width = len(words) - heading, len(words)
            continue
        if len(words) <= at or len(words) < min(width, 2):
            if found:
                break
            continue
        value = _number(words[-at])
        if value is None:
            if found:
                break
            continue
        label = " ".join(words[: max(len(words) - width, 1)])
        found[label] = value
    return found


def _tail(words: list[str], width: int) -> list[float] | None:
    """The last so many words as numbers; None when one is none."""
    if len(words) < width + 1:
        return None
    values = [_number(word) for word in words[-width:]]
    return None if any(v is None for v in values) else [v for v in values if v is not None]


def _number(word: str) -> float | None:
    try:
        return float(word.rstrip("%").replace(",", ""))
    except ValueError:
        return None
