"""Printed pandas series, info() and classification reports, on one line or a few."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbalign.judge.digest import words
from nbalign.judge.digest.model import Level, Line
from nbalign.judge.digest.numbers import shorten_values

_FOOTER = re.compile(
    r"^(?:Name: (?P<name>.{0,100}?), )?(?:Length: (?P<length>\d{1,12}), )?dtype: (?P<dtype>[\w\[\], .]+)$"
)
_ROW = re.compile(r"^(.*?\S)(?:\s{2,}| (?=-?\d))(\S.*)$")
_DOTS = re.compile(r"\s*\.{2,}\s*")
_LABEL = re.compile(r"\w[\w. ]{0,60}")
_ENTRIES = 10
_METRIC_ENTRIES = 16
_FEW = 4  # so short a series is mostly the balance of the classes
_OUTPUT = "output lines"
_MISSING_SUM = re.compile(r"\b(?:isna|isnull)\(\)\.(?:sum|mean)\(\)")
_ZERO = re.compile(r"0(?:\.0*)?")
_OTHER_COUNT = re.compile(
    r"nunique\(|\.count\(\)|\.size\(\)|value_counts"
    r"|(?<!isna\(\))(?<!isnull\(\))(?<!duplicated\(\))(?<!sum\(\))\.sum\("
)
_INFO_ROW = re.compile(r"^\s*\d+\s+(.+?)\s+(\d+) non-null\s+(\S+)\s*$")


def find_series(lines: Sequence[str], *, source: str = "") -> dict[int, tuple[list[Line], int]]:
    """Finds the printed series of an output by the dtype that ends each.

    Args:
        lines: Lines of an output.
        source: Source of the cell that printed it: tells counts of missing values from other counts.

    Returns:
        First line of a series -> what it comes down to, and the line after it.
    """
    found: dict[int, tuple[list[Line], int]] = {}
    floor = 0
    for end, text in enumerate(lines):
        footer = _FOOTER.match(text.rstrip())
        if footer is None:
            continue
        width = len(lines[end - 1].rstrip()) if end else 0
        entries: list[tuple[str, str]] = []
        first = end
        while first > floor:
            row = lines[first - 1].rstrip()
            entry = _ROW.match(row) if len(row) == width else None
            if entry:
                entries.append((entry.group(1).strip(), entry.group(2).strip()))
            elif not _DOTS.fullmatch(row):
                break
            first -= 1
        label = ""
        if first > floor and entries and _LABEL.fullmatch(lines[first - 1].rstrip()):
            first -= 1
            label = lines[first].rstrip()
        if entries:
            name = label if footer["name"] in {None, "count", "proportion"} else footer["name"]
            reduced = _reduce(entries[::-1], name, footer["dtype"], int(footer["length"] or 0), source)
            found[first] = reduced, end + 1
        floor = end + 1
    return found


def _reduce(entries: list[tuple[str, str]], name: str, dtype: str, length: int, source: str) -> list[Line]:
    total = max(length, len(entries))
    if dtype == "object" and all(re.fullmatch(r"[a-z]+\d*(?:\[.*\])?", value) for _, value in entries):
        return [Line(_types(entries), Level.MID, _OUTPUT)]
    if not name and _is_missing(dtype, source):
        return [Line(_missing(entries, total), Level.KEY, _OUTPUT)]
    joined = f" {name} {' '.join(label for label, _ in entries[:20])} "
    metric = bool(words.STRICT_METRIC.search(joined)) or bool(re.search(r"_score\(|_error\(|cross_val", source))
    lead = f"{name}: " if name else ""
    if total == len(entries) > _FEW and all(_ZERO.fullmatch(value) for _, value in entries):
        return [Line(f"{lead}0 in all {total}", Level.FIRM, _OUTPUT)]
    most = _METRIC_ENTRIES if metric else _ENTRIES
    shown = ", ".join(f"{label} {value}" for label, value in entries[:most])
    if total > most:
        shown += f", … {total - most} more"
    level = Level.KEY if metric else Level.FIRM if total <= _FEW else Level.MID
    return [Line(shorten_values(lead + shown), level, _OUTPUT)]


def _is_missing(dtype: str, source: str) -> bool:
    """Whether a series counts missing values; when other counts are printed beside it, nobody can say."""
    if not dtype.startswith(("int", "float")) or not _MISSING_SUM.search(source):
        return False
    return _OTHER_COUNT.search(source) is None


def _missing(entries: list[tuple[str, str]], total: int) -> str:
    some = [(label, value) for label, value in entries if not _ZERO.fullmatch(value)]
    if not some:
        return f"missing: none in {total} columns" if total > 1 else f"missing: {entries[0][0]} 0"
    shown = ", ".join(f"{label} {value}" for label, value in some[:_METRIC_ENTRIES])
    rest = total - len(some)
    more = f", … {len(some) - _METRIC_ENTRIES} more" if len(some) > _METRIC_ENTRIES else ""
    return shorten_values(f"missing: {shown}{more}" + (f"; 0 in {rest} others" if rest else ""))


def _types(entries: list[tuple[str, str]]) -> str:
    groups: dict[str, list[str]] = {}
    for label, value in entries:
        groups.setdefault(value, []).append(label)
    return "dtypes: " + "; ".join(f"{kind} {_names(names)}" for kind, names in groups.items())


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(names[:20])
    return f"{shown}, … {len(names) - 20} more" if len(names) > 20 else shown


def read_info(lines: Sequence[str], at: int) -> tuple[list[Line], int] | None:
    """Reads the table of `DataFrame.info()` that begins at a line.

    Returns:
        Rows, types and the columns with gaps, and the line after it; None when there is no such table.
    """
    if not re.match(r"^<class '(?:pandas|.*DataFrame)", lines[at]):
        return None
    rows = 0
    columns: list[tuple[str, int, str]] = []
    row = at + 1
    while row < len(lines):
        text = lines[row]
        if entries := re.match(r"^\w*Index: (\d+) entries", text):
            rows = int(entries.group(1))
        elif column := _INFO_ROW.match(text):
            columns.append((column.group(1), int(column.group(2)), column.group(3)))
        elif text.startswith("memory usage"):
            row += 1
            break
        elif not re.match(r"^(?:Data columns|\s*#\s|\s*-+|dtypes:|\w*Index:|\s*$)", text):
            break
        row += 1
    if not columns:
        return None
    rows = rows or max(filled for _, filled, _ in columns)
    gaps = ", ".join(f"{name} {filled}" for name, filled, _ in columns if filled != rows)
    text = f"info: {rows} rows, {len(columns)} columns; " + (f"non-null below {rows}: {gaps}" if gaps else "no nulls")
    types = _types([(name, kind) for name, _, kind in columns])
    return [Line(text, Level.KEY, _OUTPUT), Line(types, Level.MID, _OUTPUT)], row


def read_report(lines: Sequence[str], at: int) -> tuple[list[Line], int] | None:
    """Reads the classification report that begins at a line.

    Returns:
        Its rows without padding and the line after it; None when there is no such report.
    """
    if lines[at].split() != ["precision", "recall", "f1-score", "support"]:
        return None
    shown = [Line("precision recall f1 support", Level.KEY, _OUTPUT)]
    row = at + 1
    classes = 0
    while row < len(lines):
        parts = lines[row].split()
        if parts and not re.fullmatch(r"\d+(?:\.\d+)?", parts[-1]):
            break
        if parts:
            average = parts[0] in {"accuracy", "macro", "weighted", "micro", "samples"}
            classes += not average
            if average or classes <= 12:
                level = Level.LOW if parts[0] == "weighted" else Level.FIRM if not average else Level.KEY
                shown.append(Line(shorten_values(" ".join(parts)), level, _OUTPUT, row - at))
        row += 1
        if parts and parts[0] == "weighted":
            break
    if classes > 12:
        shown.append(Line(f"… {classes - 12} more classes", Level.FIRM, _OUTPUT, mark=True))
    return (shown, row) if len(shown) > 1 else None
