"""Numbers with their names, read out of outputs: lines, tables, series and confusion matrices."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.facts.metrics.metric_names import BY_NAME, SHARES, WRITTEN, names_baseline, written_metric
from nbalign.notebooks.model import Cell, Notebook

_MOST_TEXT = 12_000  # characters of one output that are read
_MOST_LINE = 300
_MOST_ROWS = 60
_WRAPPED = re.compile(r"\b(?:np\.)?(?:float(?:16|32|64)|int(?:32|64))\(([^()]{1,40})\)")
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?\.?\d+(?:[eE][-+]?\d+)?"
_VALUE = re.compile(rf"(?P<number>{_NUMBER})(?P<percent>\s?%)?(?![\w.])")
_GAP = re.compile(r"[^\d\n]{0,28}?(?=[-+]?\.?\d)")
_TOKEN = re.compile(r"\S+(?: \S+)*")
_WORD = re.compile(r"\S+")
_SERIES_END = re.compile(r"^Name: (.{1,60}?), (?:Length: \d+, )?dtype:")
_PART = re.compile(
    r"(?:on )?(?:the )?(?:train(?:ing)?|test(?:ing)?|valid(?:ation)?|hold\W?out|cv)"
    r"(?: (?:set|part|data|rows))?"
)
_AVERAGES = frozenset({"macro avg", "weighted avg", "micro avg", "samples avg", "accuracy", "avg / total"})


@dataclass(frozen=True, slots=True)
class Shown:
    """One number that an output shows under the name of a metric.

    Attributes:
        metric: Our name of the metric; `support` for the last column of a classification report.
        value: The number; shares that were written in per cent are between 0 and 1.
        owner: What it belongs to: a model, a class, a group; empty when the output does not say.
        label: The words around it, in lower case, such as `cv_auc` or `test accuracy`.
        cell: Cell number.
        table: Shared by the numbers of one table in an output; -1 outside of tables.
    """

    metric: str
    value: float
    owner: str
    label: str
    cell: int
    table: int = -1

    @property
    def rows(self) -> str:
        """`train`, `cv` or `test` where its words say on which rows it was measured; else empty."""
        whole = self.owner.lower() if _PART.fullmatch(self.owner.lower()) else ""
        text = f"{whole} {self.label}".replace("mean_test_score", "cv score")
        if re.search(r"(?<![a-z])(?:test|hold\W?out|unseen|oos)(?![a-z])", text):
            return "test"
        if re.search(r"(?<![a-z])(?:cv|cross|folds?|oof|val(?:id\w*)?)(?![a-z])", text):
            return "cv"
        return "train" if re.search(r"(?<![a-z])(?:train(?:ing)?|in\W?sample)(?![a-z])", text) else ""

    @property
    def baseline(self) -> bool:
        """Whether it is the number of a baseline."""
        return names_baseline(self.owner, self.label)

    @property
    def averaged(self) -> bool:
        """Whether it is a mean over classes in a classification report."""
        return self.owner in _AVERAGES


def texts(cell: Cell) -> Iterator[str]:
    """The outputs of a cell as text, errors and warnings left out, no longer than we read."""
    for output in cell.outputs:
        if output.kind != "error" and output.name != "stderr":
            yield _WRAPPED.sub(r"\1", output.text[:_MOST_TEXT])


def number(text: str) -> float | None:
    """A number out of a table's cell; None for anything else, NaN included."""
    found = _VALUE.fullmatch(text.strip("[](){},;|"))
    if not found:
        return None
    try:
        value = float(found["number"].replace(",", ""))
    except ValueError:
        return None
    value = value / 100 if found["percent"] else value
    return value if math.isfinite(value) else None


def shown_numbers(notebook: Notebook) -> tuple[Shown, ...]:
    """Every number that stands under or beside the name of a metric, in order."""
    found: dict[Shown, None] = {}
    for cell in notebook.cells:
        for text in texts(cell):
            found.update(dict.fromkeys(_read(text, cell.number)))
    return tuple(found)


def all_numbers(notebook: Notebook) -> frozenset[float]:
    """Every number in every output; those in per cent also as a share."""
    found: set[float] = set()
    for cell in notebook.cells:
        for text in texts(cell):
            for match in _VALUE.finditer(text):
                value = float(match["number"].replace(",", ""))
                found |= {value, value / 100} if match["percent"] else {value}
    return frozenset(found)


def _read(text: str, cell: int) -> Iterator[Shown]:
    lines = [line[:_MOST_LINE] for line in text.split("\n")]
    taken: set[int] = set()
    for at, line in enumerate(lines):
        if not WRITTEN.search(line):
            continue
        if end := _SERIES_END.match(line):
            yield from _series(lines, at, end[1], cell)
        elif at not in taken:
            rows = list(_table(lines, at, cell))
            if rows:
                taken |= {row for row, _ in rows}
                yield from (shown for _, shown in rows)
            else:
                yield from _inline(lines, at, cell)


def _series(lines: list[str], at: int, name: str, cell: int) -> Iterator[Shown]:
    metric = written_metric(name)
    for line in reversed(lines[max(0, at - _MOST_ROWS) : at]):
        label, _, last = line.rstrip().rpartition(" ")
        value = number(last)
        if value is None or not label.strip():
            return
        if metric:
            yield Shown(metric, value, label.strip(), name.lower(), cell, at)


def _columns(line: str) -> list[tuple[str, str, int, int]]:
    """(metric, header, start, end) of the columns of a header that are named after metrics."""
    if "|" in line or "│" in line:
        return []
    found = []
    for token in _TOKEN.finditer(line):
        name = token[0].strip()
        metric = "support" if name == "support" else written_metric(name)
        if metric:
            found.append((metric, name, token.start(), token.end()))
    return found


def _table(lines: list[str], at: int, cell: int) -> Iterator[tuple[int, Shown]]:
    """Rows under a header that names metrics, read by where its columns end."""
    if "|" in lines[at] or "│" in lines[at]:
        yield from _piped(lines, at, cell)
        return
    columns = _columns(lines[at])
    if any(number(word[0]) is not None for word in _WORD.finditer(lines[at])):
        return
    misses = 0
    for row in range(at + 1, min(len(lines), at + _MOST_ROWS)):
        words = list(_WORD.finditer(lines[row]))
        values = {word.end(): value for word in words if (value := number(word[0])) is not None}
        if not values:
            misses += bool(words)
            if misses > 1 or _SERIES_END.match(lines[row]):
                return
            continue
        matched = [
            (metric, name, value)
            for metric, name, _, end in columns
            for value in (values.get(end, values.get(end + 1, values.get(end - 1))),)
            if value is not None
        ]
        if not matched:
            return
        before = lines[row][: next((w.start() for w in words[1:] if number(w[0]) is not None), None)]
        owner = re.sub(r"^\d+\s{2,}", "", before.strip()).strip()
        whole = written_metric(owner) if owner.lower() == "accuracy" else ""
        for metric, name, value in matched:
            yield row, Shown(whole if whole and metric != "support" else metric, value, owner, name.lower(), cell, at)


def _piped(lines: list[str], at: int, cell: int) -> Iterator[tuple[int, Shown]]:
    """Rows of a table drawn with bars."""
    heads = [part.strip() for part in re.split(r"[|│]", lines[at])]
    for row in range(at + 1, min(len(lines), at + _MOST_ROWS)):
        parts = [part.strip() for part in re.split(r"[|│]", lines[row])]
        if len(parts) != len(heads):
            if re.search(r"[-─═+]{3}", lines[row]):
                continue
            return
        owner = next((part for part in parts if part and number(part) is None and set(part) - set("-: ─")), "")
        for head, part in zip(heads, parts, strict=True):
            value = number(part)
            if (metric := written_metric(head)) and value is not None:
                yield row, Shown(metric, value, owner, head.lower(), cell, at)


def _inline(lines: list[str], at: int, cell: int) -> Iterator[Shown]:
    """Names with a number after them on the same line; a row of a table whose rows are metrics."""
    line = lines[at]
    names = list(WRITTEN.finditer(line))
    for which, name in enumerate(names):
        if line[: name.start()].lower().endswith(("pseudo ", "pseudo-")):
            continue
        gap = _GAP.match(line, name.end())
        value = _VALUE.match(line, gap.end()) if gap else None
        if value is None or (which + 1 < len(names) and value.start() > names[which + 1].start()):
            continue
        read = number(value[0])
        if read is not None and abs(read) > 1 and BY_NAME[name.lastgroup or "r2"].name in SHARES:
            again = re.compile(r"[^\d\n]{0,28}[:=]\s*").match(line, value.end())
            value = _VALUE.match(line, again.end()) if again else None
            read = number(value[0]) if value else None
        if value is None or read is None:
            continue
        owner = re.sub(r"[\s:=,|({\[>'\"-]+$", "", line[: name.start()] if which == 0 else "").strip()[-48:]
        first = names[0].start() if which else 0
        owner = owner or re.sub(r"[\s:=,|({\[>'\"-]+$", "", line[:first]).strip()[-48:]
        label = line[max(0, name.start() - 16) : value.start()].lower().strip()
        heads = _heads(lines, at) if not line[: name.start()].strip() else []
        ends = {word.end(): cell_value for word in _WORD.finditer(line) if (cell_value := number(word[0])) is not None}
        across = [(head, ends[end]) for head, end in heads if end in ends]
        if len(across) > 1:
            yield from (Shown(name.lastgroup or "", v, head, label, cell, at) for head, v in across)
            return
        yield Shown(name.lastgroup or "", read, owner, label, cell)


def _heads(lines: list[str], at: int) -> list[tuple[str, int]]:
    """The header over a table whose rows are metrics: (name, where it ends)."""
    for line in reversed(lines[max(0, at - 12) : at]):
        if line.startswith(" ") and line.strip() and not any(number(w[0]) is not None for w in _WORD.finditer(line)):
            return [(token[0].strip(), token.end()) for token in _TOKEN.finditer(line)]
    return []
