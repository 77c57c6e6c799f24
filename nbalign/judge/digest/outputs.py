"""Outputs, reduced to what informs a judge: shapes, counts, metrics, tables in short, failures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nbalign.judge.digest import words
from nbalign.judge.digest.logs import sift
from nbalign.judge.digest.model import Level, Line, Reduced, Removed
from nbalign.judge.digest.numbers import shorten_values
from nbalign.judge.digest.series import find_series, read_info, read_report
from nbalign.judge.digest.tables import read_table, reduce_table
from nbalign.notebooks.model import Cell, Output

_OUTPUT = "output lines"
_REPRS = "representations of objects"
_LINE_CHARS = 240
_SHORT_CHARS = 80
_BRACKET_CHARS = 120  # of a list or mapping of numbers
_MOST_LINES = 4_000  # of one output; what lies between its head and its tail is not looked at
_MOST_PLAIN = 24  # lines of one output that are no tables
_ALIKE = 8  # lines that differ in numbers only: a longer run keeps its first and last
_NOISE = re.compile(
    r"^\s*(?:<(?:Axes|AxesSubplot|Figure|matplotlib|seaborn|mpl_toolkits|pandas\.plotting|IPython)[^>]{0,300}>,?"
    r"|\[?<matplotlib[^>]{0,200}>\]?,?|Text\(.*\)|\(?array\(\[+<Axes.*|<[\w.]+ at 0x[0-9a-f]+>|None)\s*$"
)
_REPR = re.compile(r"^[A-Z]\w{2,60}\(")
_EPOCH = re.compile(r"\b(?:epoch|iter(?:ation)?|step|round|trial|batch)\b|^\[\d+\]", re.IGNORECASE)
_BRACKETED = re.compile(r"(?:array\(|[\[({])")
_NUMBER = re.compile(r"\d")
_MASK = re.compile(r"[\d.,+\-e%:]+|\s+")
_PATH = re.compile(r" \((?:/|[A-Z]:\\)[^)]{0,300}\)")
_FRAME = re.compile(r"^(?:Cell In|Input In|<ipython-input|File |\S*ipykernel)")
_ARROW = re.compile(r"^-+> *\d+ +(.*)$")
_ERROR_CHARS = 240


def reduce_outputs(cell: Cell) -> Reduced:
    """Reduces the outputs of a code cell.

    Args:
        cell: The cell; its source helps to tell what the outputs are.

    Returns:
        Lines in order, errors last, and what is gone for good.
    """
    lines: list[Line] = []
    errors: list[Line] = []
    removed: list[Removed] = []
    figures = 0
    for output in _joined(cell.outputs):
        figures += len(output.images)
        if output.kind == "error":
            errors.append(_error(output))
            continue
        reduced = _reduce(output, cell.source)
        lines += reduced.lines
        removed += reduced.removed
    if figures:
        lines.append(Line("[figure]" if figures == 1 else f"[{figures} figures]", Level.CODE, "figures", mark=True))
    if lines and lines[0].level in {Level.MID, Level.TELLING} and len(lines[0].text) <= _SHORT_CHARS:
        lines[0] = replace(lines[0], level=Level.CODE)  # it says what the output is, for little
    return Reduced((*lines, *errors), tuple(removed))


def _joined(outputs: Sequence[Output]) -> list[Output]:
    """Streams that were only cut by time become one again."""
    joined: list[Output] = []
    for output in outputs:
        last = joined[-1] if joined else None
        if last and output.kind == last.kind == "stream" and output.name == last.name:
            glue = "" if last.text.endswith("\n") or not last.text else "\n"
            text = f"{last.text}{glue}{output.text}"
            joined[-1] = Output("stream", last.name, text, last.images + output.images, last.cut + output.cut)
        else:
            joined.append(output)
    return joined


def _error(output: Output) -> Line:
    """Type, message and, where the traceback shows it, the line of the notebook that failed."""
    rows = [row.rstrip() for row in output.text.splitlines() if row.strip()]
    start = next((at for at in range(len(rows) - 1, -1, -1) if rows[at].startswith(f"{output.name}:")), len(rows) - 1)
    message = " ".join(row.strip() for row in rows[max(0, start) :]) or output.name or "failed"
    message = _cut(_PATH.sub("", message[: 4 * _ERROR_CHARS]), _ERROR_CHARS)
    where = ""
    in_notebook = False
    for row in rows:
        if _FRAME.match(row):
            in_notebook = "site-packages" not in row and not re.match(r"^File (?!<|.*ipykernel)", row)
        elif in_notebook and (arrow := _ARROW.match(row)):
            where = arrow.group(1).strip()
    return Line(f"error: {message}" + (f" (at: {_cut(where, 120)})" if where else ""), Level.ERROR, "errors", mark=True)


def _reduce(output: Output, source: str) -> Reduced:
    rows = [row.rstrip()[:2_000] for row in output.text.expandtabs(4).splitlines()]
    half = _MOST_LINES // 2
    between = rows[half:-half] if len(rows) > _MOST_LINES else []
    removed = [Removed(_OUTPUT, "\n".join(between), of_output=True)] if between else []
    lines: list[Line] = []
    for part in (rows[:half], rows[-half:]) if between else (rows,):
        reduced = _part(part, output, source)
        lines += [Line(f"… {len(between)} more lines", Level.MID, _OUTPUT, mark=True)] if lines else []
        lines += reduced.lines
        removed += reduced.removed
    if output.cut:
        lines.append(Line(f"… {output.cut} more characters", Level.LOW, _OUTPUT, mark=True))
    return Reduced(tuple(lines), tuple(removed))


def _part(rows: list[str], output: Output, source: str) -> Reduced:
    rows, logs = sift(rows, stderr=output.name == "stderr") if output.kind == "stream" else (rows, Reduced(()))
    removed = list(logs.removed)
    noise = [row for row in rows if _NOISE.match(row)]
    if noise:
        removed.append(Removed(_REPRS, "\n".join(noise), of_output=True))
        rows = [row for row in rows if not _NOISE.match(row)]
    whole = "\n".join(rows).strip()
    if output.kind == "result" and _REPR.match(whole) and whole.endswith(")") and "best" not in source:
        removed.append(Removed(_REPRS, whole, of_output=True))
        rows = []
    return Reduced((*_lines(rows, source), *logs.lines), tuple(removed))


def _lines(rows: list[str], source: str) -> list[Line]:
    """Reads blocks where there are some, plain lines between them."""
    lines: list[Line] = []
    plain: list[str] = []
    series = find_series(rows, source=source)
    at = 0
    while at < len(rows):
        if not rows[at].strip():
            at += 1
            continue
        block = series.get(at) or read_info(rows, at) or read_report(rows, at)
        if block is None and (table := read_table(rows, at)) is not None:
            block = reduce_table(table[0], source=source), table[1]
        if block is None:
            plain.append(rows[at])
            at += 1
            continue
        lines += [*_plain(plain), *block[0]]
        plain = []
        at = block[1]
    return lines + _plain(plain)


def _plain(rows: Sequence[str]) -> list[Line]:
    """Lines that are no table: arrays joined, runs of lines alike cut, the longest texts clipped."""
    lines: list[Line] = []
    shown = _without_runs(_arrays(rows))
    metrics = sum(_is_metric(row) for row, _ in shown)
    spare = max(0, _MOST_PLAIN - metrics)
    left_out = 0
    for row, skipped in shown:
        text = re.sub(r" {2,}", " ", shorten_values(row.strip()))
        bare = _BRACKETED.match(text) is not None and len(text) > _BRACKET_CHARS
        text = _cut(text, _BRACKET_CHARS if bare and not re.match(r"[\[(]+'", text) else _LINE_CHARS)
        if _is_metric(row):
            level = Level.KEY if metrics <= _MOST_PLAIN else Level.FIRM
        elif spare:
            level = Level.FIRM if not bare and _NUMBER.search(row) and re.search(r"[:=(]", row) else Level.MID
            spare -= 1
        else:
            left_out += 1 + skipped
            continue
        lines.append(Line(text, level, _OUTPUT, len(lines)))
        if skipped:
            lines.append(Line(f"… {skipped} more lines", level, _OUTPUT, len(lines), mark=True))
    if left_out:
        lines.append(Line(f"… {left_out} more lines", Level.MID, _OUTPUT, mark=True))
    return lines


def _is_metric(row: str) -> bool:
    return bool(words.METRIC.search(row) and _NUMBER.search(row))


def _arrays(rows: Sequence[str]) -> list[str]:
    """Joins the rows of a printed array or other bracketed value into one line."""
    joined: list[str] = []
    depth = 0
    for row in rows:
        if depth > 0 and len(joined[-1]) < 4 * _LINE_CHARS:
            joined[-1] += " " + row.strip()
        else:
            joined.append(row)
            depth = 0
        if depth > 0 or re.match(r"^\s*(?:array\(|[\[({])", row):
            depth += sum(row.count(mark) for mark in "[({") - sum(row.count(mark) for mark in "])}")
    return joined


def _without_runs(rows: Sequence[str]) -> list[tuple[str, int]]:
    """Cuts runs of lines that differ in their numbers only, such as epochs and ranked lists.

    Returns:
        Lines, each with the number of lines that were cut behind it.
    """
    shown: list[tuple[str, int]] = []
    at = 0
    while at < len(rows):
        shape = _MASK.sub("#", rows[at])
        end = at
        while end < len(rows) and _MASK.sub("#", rows[end]) == shape:
            end += 1
        head, most = (1, 3) if _EPOCH.search(rows[at]) else (3, _ALIKE)
        run = [(row, 0) for row in rows[at:end]]
        if len(run) > most:
            run = [*run[: head - 1], (run[head - 1][0], len(run) - head - 1), run[-1]]
        shown += run
        at = end
    return shown


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
