"""Features that hold the target: computed from it, or known only with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from nbalign.evidence.facts.features.feature_used import Used
from nbalign.evidence.facts.reading.naming import parts
from nbalign.evidence.facts.reading.tables import column_of, lines_of, series
from nbalign.evidence.flow.data_events import Window
from nbalign.evidence.flow.model_events import Metric
from nbalign.evidence.source import Source
from nbalign.evidence.syntax import called_name

_PAST = {"shift", "lag", "isna", "isnull", "notna", "notnull"}
_AGGREGATES = {
    "groupby", "map", "merge", "mean", "sum", "median", "rolling", "expanding", "ewm", "cumsum", "diff", "pct_change",
    "count", "std", "min", "max", "quantile", "cumcount", "nunique", "predict", "fit_transform", "resample", "fillna",
    "ffill", "where", "interpolate",
}  # fmt: skip
_OLD = re.compile(
    r"lag|roll|prev|last|past|mean|avg|average|hist|ma_?\d|shift|diff|forecast|expected|normal|baseline", re.I
)
_LATE = re.compile(
    r"^(?:cancel\w*|refund\w*|chargeback\w*|collect\w*|recover\w*|settle\w*|payoff|resol\w*|outcome\w*|discharge\w*|"
    r"terminat\w*|penalty|writeoff|default|churn|final|actual|arrival|delayed|death|died|survived|closed|exit\w*)$"
)
_SCORE = re.compile(r"(?<![\d.])(?:0\.9[789]\d*|1\.0+)(?![\d])")
_WEIGHT = re.compile(r"(?i)\w*(?:coef|importance|weight|gain)\w*")
_SCORED = {"accuracy_score", "f1_score", "roc_auc_score", "r2_score", "score", "average_precision_score",
           "balanced_accuracy_score", "classification_report"}  # fmt: skip
# What tells of one class or one threshold: it may be close to 1 however poor the model is.
_ONE_CLASS = re.compile(r"(?i)recall|precision|specificity|sensitivity|threshold|p-?value|(?:\s+\d?\.\d+){3}\s+\d+\s*$")
# Words that speak of the same end, so that a column of one is known only with a target of another.
_ENDS = tuple(re.compile(text) for text in (
    r"cancel|churn|terminat|exit|closed|left|leav|attrit|retain|refund",
    r"default|chargeback|collect|recover|settle|payoff|writeoff|penalty|fraud|loan|paid|repa[iy]",
    r"death|died|surviv|discharge|outcome|mortal|readmi|diagnos|stay|disease",
    r"arriv|delay|actual|late|duration|ontime",
    r"resol|closed|outcome|escalat|satisf|refund|return",
))  # fmt: skip


def made_of_target(source: Source, used: Used) -> list[tuple[str, int]]:
    """Columns of a model that are computed from the target of the same row: (name, cell)."""
    # Where y lies in the future of a column, that column's own value of today is known when predicting.
    ahead = any(w.how in ("shift", "lead") and (w.amount or 0) < 0 for w in source.trace.of(Window))
    start = {used.label} if ahead else {used.label, used.target}
    start.discard("")
    tainted: dict[str, int] = {}
    for cell in source.code.cells if start else ():
        for node in cell.nodes:
            for name, value in _assigned(node):
                if name not in start and name not in tainted and _mentions(value, {*start, *tainted}):
                    tainted[name] = cell.number
    return [(n, c) for n, c in tainted.items() if n in used.names and n not in used.without]


def given_away(source: Source, used: Used) -> Iterator[tuple[str, int, str]]:
    """Columns that stay features though they hold the target: (name, cell, how it shows)."""
    kept = {n for n in used.names if n not in used.excluded}
    if used.open:
        kept |= {n for n in used.shown if n not in used.without and n not in used.excluded}
    made = _target_sources(source, used)
    if made and made[0] <= kept:
        yield sorted(made[0])[0], made[1], "target"
    kept -= {used.target, used.label}
    aim = used.label or used.target
    late = [
        n for n in sorted(kept) if is_late(n, used.target) and _related(n, aim, used.target) and not _dummy(source, n)
    ]
    if not late:
        return
    if perfect := _near_perfect(source):
        yield late[0], perfect, "scores come close to 1"
        return
    for name in late:
        if cell := _dominates(source, name):
            yield name, cell, "it outweighs all others"
            return


def _assigned(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Columns that a statement makes, with their expressions."""
    if isinstance(node, ast.Assign):
        for target in node.targets:
            key = target.slice if isinstance(target, ast.Subscript) else None
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, node.value
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "assign":
        for given in node.keywords:
            if given.arg:
                yield given.arg, given.value


def _mentions(value: ast.expr, names: set[str]) -> bool:
    """Whether an expression uses a column of its own row, not shifted, averaged, or asked whether it is there."""
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = called_name(node)
            if name in _PAST or name in _AGGREGATES:
                return False
    return any(
        (isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Constant) and n.slice.value in names)
        or (isinstance(n, ast.Attribute) and n.attr in names and isinstance(n.value, ast.Name))
        for n in ast.walk(value)
    )


def _target_sources(source: Source, used: Used) -> tuple[set[str], int] | None:
    """The columns that the target was computed from, where it was computed from others alone."""
    for cell in source.code.cells:
        if cell.number > used.first:
            break
        for node in cell.nodes:
            for name, value in _assigned(node):
                if not name or name != used.label or not isinstance(value, ast.Compare | ast.BinOp | ast.Call):
                    continue
                calls = {
                    n.func.attr
                    for n in ast.walk(value)
                    if isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute)
                }
                if calls - {"astype", "cut", "qcut", "where", "select", "between"}:
                    continue
                named = {n.slice.value for n in ast.walk(value)
                         if isinstance(n, ast.Subscript) and isinstance(n.slice, ast.Constant)
                         and isinstance(n.slice.value, str)}  # fmt: skip
                if named and used.label not in named:
                    return named, cell.number
    return None


def is_late(name: str, target: str) -> bool:
    """Whether a name says that its column is known only with the target, or is the target in another unit."""
    words, aims = parts(name), set(parts(target))
    if _OLD.search(name):
        return False
    if any(_LATE.match(w) for w in words):
        return True
    shared = [w for w in words if len(w) >= 4 and w in aims]
    return bool(shared) and "per" in words


def _related(name: str, *targets: str) -> bool:
    """Whether a name speaks of what a target's name speaks of."""
    for target in targets:
        if {w[:5] for w in parts(name) if len(w) >= 4} & {w[:5] for w in parts(target) if len(w) >= 4}:
            return True
        if any(end.search(name.lower()) and end.search(target.lower()) for end in _ENDS):
            return True
    return False


def _dummy(source: Source, name: str) -> bool:
    """Whether a name is that of a column that was encoded, with one of its values behind it."""
    if "_" not in name or not any(c.last in ("get_dummies", "OneHotEncoder") for c in source.code.calls):
        return False
    words = name.split("_")
    stems = {"_".join(words[:i]) for i in range(1, len(words))}
    return any(
        isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.strip("_") in stems
        for cell in source.code.cells
        for n in cell.nodes
    )


def _near_perfect(source: Source) -> int:
    """The cell that measures and whose output shows a score of 0.97 or more; 0 if none does.

    Which model and which metric it belongs to is not known: the number itself must not be told.
    """
    cells = {m.at.cell for m in source.trace.of(Metric) if m.name in _SCORED}
    for number in sorted(cells):
        for output in source.notebook.cell(number).outputs:
            lines = output.text[:6000].split("\n") if output.kind != "error" else []
            if any(_SCORE.search(line) and not _ONE_CLASS.search(line[:300]) for line in lines):
                return number
    return 0


def _dominates(source: Source, name: str) -> int:
    """The cell in which a table of weights or importances puts one column far above all others; 0 if none does."""
    for cell in source.code.cells:
        if not re.search(r"coef|importance|weight|odds", cell.cell.source, re.IGNORECASE):
            continue
        for output in cell.cell.outputs:
            lines = lines_of(output.text)
            for values in [*(s.values for s in series(lines)), column_of(lines, _WEIGHT)]:
                others = [abs(v) for k, v in values.items() if k != name]
                if name in values and others and abs(values[name]) >= 2.5 * max(others):
                    return cell.number
    return 0
