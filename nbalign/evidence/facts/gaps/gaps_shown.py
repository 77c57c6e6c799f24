"""What saved outputs show of missing values: counts a column, tables that are complete, and rows lost."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.code import CodeCell
from nbalign.evidence.facts.reading.tables import column_of, described, infos, lines_of, series
from nbalign.evidence.source import Source

_HEADING = re.compile(
    r"(?i)(?:n_|num_|share_|pct_|%_?)?(?:missing|null|nulls|nan|nans|gaps|isna|isnull|empty|na)(?:_\w+|%)?"
)
_LABEL = re.compile(
    r"(?i)(?:^|[|,;(])[ \t]*(?:any |total |number of |remaining )?(?:missing|null|nan|empty|gaps)\b"
    r"[^\n:=|]{0,40}[:=]\s*(?:np\.int64\()?(\d{1,15}(?:\.\d{1,15})?)"
)
_LABEL_ROW = re.compile(r"(?i)^(?:n_)?(?:missing|null|nan|empty)\b[\w /-]{0,30}\s{2,}(\d{1,15}(?:\.\d{1,15})?)$")
_BARE = re.compile(r"^(?:np\.\w+\()?(\d{1,15}(?:\.\d{1,15})?|True|False)\)?$")
_ASKED = ("isna", "isnull")
_NOT_CELLS = re.compile(r"(?i)missing (?:years?|days?|dates?|hours?|weeks? (?:in the index|between))")


@dataclass(frozen=True, slots=True)
class Check:
    """One look at missing values with its outcome.

    Attributes:
        cell: Cell number.
        found: Column -> number (or share, below 1) of missing values, where columns are named; only those above 0.
        total: Number or share of missing values that was seen.
        whole: Whether it covers the whole table and not single columns.
    """

    cell: int
    found: dict[str, float]
    total: float
    whole: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A place in the code that asks for missing values, whether or not its answer was saved.

    Attributes:
        cell: Cell number.
        line: Line in the cell.
        totals: How often it was summed up: 1 a column, 2 the whole table.
        single: Whether it asks for one column.
    """

    cell: int
    line: int
    totals: int
    single: bool


def asked(source: Source) -> list[Asked]:
    """Every place that counts missing values: `isna().sum()`, `info()`, `missingno`, and the like."""
    found = []
    for cell in source.code.cells:
        for node in _outermost(cell):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                chain = _chain(node)
                if any(name in _ASKED for name in chain) and any(n in ("sum", "mean", "any") for n in chain):
                    totals = sum(name in ("sum", "mean", "any") for name in chain) + ("values" in chain)
                    found.append(Asked(cell.number, node.lineno, totals, _single(node)))
                elif chain[-1:] == ["info"] and len(chain) == 2 and not node.args:
                    found.append(Asked(cell.number, node.lineno, 1, False))
            elif isinstance(node, ast.Call) and _sums_gaps(node):
                found.append(Asked(cell.number, node.lineno, 2, False))
    for call in source.code.calls:
        if call.name.startswith("missingno."):
            found.append(Asked(call.cell, call.line, 1, False))
    return sorted(found, key=lambda a: (a.cell, a.line))


def _sums_gaps(node: ast.Call) -> bool:
    """Whether a call is `sum(df.isna()…)`, Python's own sum."""
    inner = (n.attr for n in ast.walk(node) if isinstance(n, ast.Attribute))
    return isinstance(node.func, ast.Name) and node.func.id == "sum" and any(name in _ASKED for name in inner)


def checks(source: Source) -> list[Check]:
    """Every look at missing values whose outcome stands in the outputs, in order."""
    found: list[Check] = []
    questions: dict[int, list[Asked]] = {}
    for question in asked(source):
        questions.setdefault(question.cell, []).append(question)
    for cell in source.code.cells:
        found += _checks_of(cell, questions.get(cell.number, []))
    return found


def _checks_of(cell: CodeCell, questions: list[Asked]) -> Iterator[Check]:
    text = cell.cell.source
    labelled = False
    for output in cell.cell.outputs:
        if output.kind == "error" or not output.text or "Warning" in output.text[:400]:
            continue
        lines = lines_of(output.text)
        for info in infos(lines):
            gaps = {c: float(info.rows - n) for c, n in info.filled.items() if n < info.rows}
            yield Check(cell.number, gaps, sum(gaps.values()), True)
        if "groupby" not in text:
            yield from _from_describe(cell.number, lines)
        if table := column_of(lines, _HEADING):
            gaps = {c: v for c, v in table.items() if v > 0}
            grouped = "groupby" in text  # the rows are groups then, not columns
            yield Check(cell.number, {} if grouped else gaps, sum(gaps.values()), len(table) > 2)
        for line in lines:
            if (label := _LABEL.search(line) or _LABEL_ROW.match(line)) and not _NOT_CELLS.search(line):
                total = float(label.group(1))
                labelled = True
                yield Check(cell.number, {}, total, not any(q.single for q in questions))
        if questions:
            yield from _answers(cell, lines, questions, labelled)


def _from_describe(number: int, lines: list[str]) -> Iterator[Check]:
    """`describe()` shows gaps by its counts; equal counts say less, as columns of text are left out."""
    stats = described(lines)
    if {"25%", "75%"} & set(stats):  # lying on its side: its columns are statistics
        return
    most = max((s["count"] for s in stats.values()), default=0.0)
    gaps = {c: most - s["count"] for c, s in stats.items() if s["count"] < most}
    if len(stats) > 1:
        yield Check(number, gaps, sum(gaps.values()), False)


def _answers(cell: CodeCell, lines: list[str], questions: list[Asked], labelled: bool) -> Iterator[Check]:
    """Series and bare numbers mean something only next to the code that made them."""
    text = cell.cell.source
    unnamed = [s for s in series(lines) if not s.name]
    a_column = [q for q in questions if q.totals == 1 and not q.single]
    if a_column and (len(unnamed) == 1 or not any(other in text for other in ("nunique", ".count()", ".skew()"))):
        for block in unnamed[:2]:
            if any(v < 0 for v in block.values.values()):
                continue
            gaps = {c: v for c, v in block.values.items() if v > 0}
            yield Check(cell.number, gaps, sum(gaps.values()), True)
    if not labelled and any(q.totals >= 2 or q.single for q in questions):
        numbers = [m.group(1) for line in lines if (m := _BARE.match(line.strip()))]
        if len(numbers) == 1:
            total = {"True": 1.0, "False": 0.0}.get(numbers[0])
            value = float(numbers[0]) if total is None else total
            yield Check(cell.number, {}, value, any(q.totals >= 2 for q in questions))


def _outermost(cell: CodeCell) -> Iterator[ast.AST]:
    """Calls that are not themselves a part of a longer chain of calls."""
    inner: set[int] = set()
    for node in cell.nodes:
        if not isinstance(node, ast.Call):
            continue
        if id(node) not in inner:
            yield node
        at: ast.AST = node.func
        while isinstance(at, ast.Attribute | ast.Call | ast.Subscript):
            inner.add(id(at))
            at = at.func if isinstance(at, ast.Call) else at.value


def _chain(node: ast.expr) -> list[str]:
    """The names of a chain, first to last: `df.isna().sum()` is `['df', 'isna', 'sum']`."""
    names: list[str] = []
    at: ast.expr = node
    while True:
        if isinstance(at, ast.Call):
            at = at.func
        elif isinstance(at, ast.Attribute):
            names.append(at.attr)
            at = at.value
        elif isinstance(at, ast.Subscript):
            at = at.value
        else:
            names.append(at.id if isinstance(at, ast.Name) else "")
            return names[::-1]


def _single(node: ast.expr) -> bool:
    """Whether a chain starts at one column: `df["x"]`, or `df.x` (an attribute that is not called)."""
    at: ast.expr = node
    while True:
        if isinstance(at, ast.Call):
            at = at.func
            if isinstance(at, ast.Attribute):
                at = at.value
        elif isinstance(at, ast.Subscript):
            if isinstance(at.slice, ast.Constant) and isinstance(at.slice.value, str):
                return True
            at = at.value
        elif isinstance(at, ast.Attribute):
            return at.attr not in ("values", "T", "loc", "iloc")
        else:
            return False
