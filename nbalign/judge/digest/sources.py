"""Code, reduced: what decides stays longest, what decorates goes first."""

from __future__ import annotations

import re
from dataclasses import replace

from nbalign.judge.digest import python, words
from nbalign.judge.digest.model import Level, Line, Reduced, Removed

_LINE_CHARS = 300
_MOST_LINES = 500  # of one cell; a longer one keeps its most telling lines
_COMMENTED_LINES = 3  # commented-out code up to here is kept as it is
_IMPORTS_DEPTH = 3
_CODE = "code lines"
_ENDS = "ends of long code lines"


def reduce_code(source: str, *, full_imports: bool = False) -> Reduced:
    """Reduces the source of a code cell.

    Args:
        source: The source; any text.
        full_imports: Whether imports keep their full form because one of them failed.

    Returns:
        Its lines, each with a level; blank lines, banners and the middle of long literals are gone,
        and the ends of lines without end.
    """
    text = python.shorten_literals("\n".join(line.rstrip() for line in source.expandtabs(4).splitlines()))
    whole = text.split("\n")
    rows = [_clip(line) for line in whole]
    ends = "\n".join(line[_LINE_CHARS - 1 :] for line in whole if len(line) > _LINE_CHARS)
    tree = python.parse("\n".join(rows))
    docs = python.docstring_lines(tree) if tree else frozenset()
    runs = {run.first: run for run in python.imports(tree)} if tree else {}
    lines: list[Line] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        if at in runs:
            run = runs[at]
            block = "\n".join(line for line in rows[at : run.last + 1] if line.strip())
            lines.append(Line(block, Level.KEY, "imports", short="" if full_imports else run.short))
            at = run.last + 1
        elif row.lstrip().startswith("#") and at not in docs:
            end = at
            while end < len(rows) and rows[end].lstrip().startswith("#"):
                end += 1
            lines += _comments(rows[at:end])
            at = end
        else:
            if row.strip():
                lines.append(_prose(row) if at in docs else _code(row))
            at += 1
    made = _bounded(_with_depth(lines), source)
    return replace(made, removed=(*made.removed, Removed(_ENDS, ends))) if ends else made


def _clip(line: str) -> str:
    return line if len(line) <= _LINE_CHARS else line[: _LINE_CHARS - 1].rstrip() + "…"


def _prose(row: str) -> Line:
    return Line(row, Level.PROSE, "comments and docstrings")


def _code(row: str) -> Line:
    if words.PLOT_TRIM.search(row):
        return Line(row, Level.PLOT, "plotting calls")
    if words.DECISIVE.search(row):
        return Line(row, Level.KEY, _CODE)
    if words.BUILDING.search(row) or re.match(r"\s*(?:import|from)\s", row):
        return Line(row, Level.FIRM, _CODE)
    return Line(row, Level.CODE, _CODE)


def _comments(rows: list[str]) -> list[Line]:
    """Comments that follow each other: banners go, long commented-out code becomes a mark."""
    lines: list[Line] = []
    code: list[str] = []
    for row in [*rows, ""]:
        if row and words.COMMENTED_CODE.match(row):
            code.append(row)
            continue
        if code:
            lines += _commented_code(code)
            code = []
        if row and not words.BANNER.match(row):
            lines.append(_prose(row))
    return lines


def _commented_code(rows: list[str]) -> list[Line]:
    if len(rows) <= _COMMENTED_LINES:
        return [Line(row, Level.TELLING, "commented-out code") for row in rows]
    indent = rows[0][: len(rows[0]) - len(rows[0].lstrip())]
    mark = f"{indent}# … {len(rows) - 1} more commented-out lines"
    return [Line(rows[0], Level.TELLING, "commented-out code"), Line(mark, Level.TELLING, "commented-out code")]


def _with_depth(lines: list[Line]) -> list[Line]:
    """The middle of a long cell goes before its head and its tail."""
    last = len(lines) - 1
    return [
        replace(line, depth=_IMPORTS_DEPTH if line.what == "imports" else min(at, last - at))
        for at, line in enumerate(lines)
    ]


def _bounded(lines: list[Line], source: str) -> Reduced:
    if not lines:
        return Reduced((Line("(empty)", Level.LOW, "empty cells"),) if not source.strip() else ())
    if len(lines) <= _MOST_LINES:
        return Reduced(tuple(lines))
    order = sorted(range(len(lines)), key=lambda at: (-lines[at].level, lines[at].depth, at))
    kept = set(order[:_MOST_LINES])
    gone = "\n".join(line.text for at, line in enumerate(lines) if at not in kept)
    shown: list[Line] = []
    for at, line in enumerate(lines):
        if at in kept:
            shown.append(line)
        elif at == 0 or at - 1 in kept:
            shown.append(Line("…", Level.CODE, _CODE, mark=True))
    return Reduced(tuple(shown), (Removed(_CODE, gone),))
