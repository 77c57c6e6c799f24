"""Care about missing values in code: what is rebuilt, flagged, or compared with the target."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nbalign.evidence.facts.gaps.gap_values import Found
from nbalign.evidence.facts.reading.literals import calls_of, columns_in, text_of
from nbalign.evidence.flow.data_events import Fill
from nbalign.evidence.source import Source
from nbalign.evidence.syntax import called_name

_CODES = re.compile(
    r"astype\(\s*(?:str|object|[\"'](?:str|object|category|string)[\"'])|LabelEncoder|label_encoder|OrdinalEncoder|"
    r"OneHotEncoder|get_dummies|factorize|\.cat\.codes|pd\.Categorical"
)
_TREATS = ("fillna", "dropna", "ffill", "bfill", "interpolate", "pad", "nan_to_num", "SimpleImputer", "KNNImputer",
           "IterativeImputer", "Imputer")  # fmt: skip


def coded_later(source: Source, fill: Fill, gaps: Iterable[str]) -> bool:
    """Whether all columns that a constant fills become text or categories later, so that it is one of those."""
    columns = fill.columns or tuple(gaps)
    later = [c.cell.source for c in source.code.cells if c.number >= fill.at.cell and _CODES.search(c.cell.source)]
    return bool(columns) and all(
        any(f"'{c}'" in text or f'"{c}"' in text or f".{c}." in text for text in later) for c in columns
    )


def treated_anywhere(source: Source) -> frozenset[str] | None:
    """Columns that calls fill or drop by, wherever they stand; None where a call does not name its columns."""
    found: set[str] = set()
    for cell in source.code.cells:
        for statement, node in calls_of(cell):
            name = called_name(node)
            if name in _TREATS:
                named = columns_in(statement)
                if not named:
                    return None
                found.update(named)
    return frozenset(found)


def rebuilt(source: Source) -> list[Found]:
    """Fills that compute the missing value from other columns of the same row."""
    found = []
    for cell in source.code.cells:
        for statement, node in calls_of(cell):
            if not (
                isinstance(node.func, ast.Attribute) and node.func.attr in ("fillna", "combine_first") and node.args
            ):
                continue
            value = node.args[0]
            plain = not any(isinstance(i, ast.Call | ast.Constant) and _aggregates(i) for i in ast.walk(value))
            if plain and isinstance(value, ast.BinOp) and _of_table(value):
                found.append(Found(cell.number, columns_in(statement)[:1]))
    return found


def flagged(source: Source) -> list[Found]:
    """Places where a column remembers that a value was missing."""
    found = []
    for call in source.code.calls:
        indicator = call.argument(-1, "add_indicator")
        if (isinstance(indicator, ast.Constant) and indicator.value is True) or call.last == "MissingIndicator":
            found.append(Found(call.cell))
        elif call.last == "astype" and isinstance(call.node.func, ast.Attribute):
            inner = call.node.func.value
            if (
                isinstance(inner, ast.Call)
                and isinstance(inner.func, ast.Attribute)
                and inner.func.attr in ("isna", "isnull")
            ):
                found.append(Found(call.cell, columns_in(inner)))
        elif (dummy := call.argument(-1, "dummy_na")) and isinstance(dummy, ast.Constant) and dummy.value is True:
            found.append(Found(call.cell))
    return found


def compared_with_target(source: Source) -> list[Found]:
    """Places where rows with and without a value are compared by the target."""
    target = source.trace.target
    found = []
    for cell in source.code.cells:
        if not any(word in cell.cell.source for word in ("isna", "isnull", "miss")):
            continue
        for _, node in calls_of(cell):
            text = text_of(node)
            if not ("isna" in text or "isnull" in text or "miss" in text):
                continue
            if not isinstance(node.func, ast.Attribute) or node.func.attr not in ("mean", "agg", "crosstab", "groupby"):
                continue
            by_gap = "groupby" in text or ".loc" in text or "crosstab" in text
            aims = (target in columns_in(node) if target else False) or "TARGET" in text
            if by_gap and aims and not (target and _asks_target(node, target)):
                found.append(Found(cell.number))
                break
    return found


def _asks_target(node: ast.AST, target: str) -> bool:
    """Whether it is the target's own gaps that are looked at."""
    return any(
        isinstance(i, ast.Attribute)
        and i.attr in ("isna", "isnull", "notna", "notnull")
        and (columns_in(i.value)[-1:] == (target,) or (isinstance(i.value, ast.Attribute) and i.value.attr == target))
        for i in ast.walk(node)
    )


def _aggregates(node: ast.AST) -> bool:
    """Whether a call sums up a column, so that its value comes from other rows."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in (
        "mean", "median", "mode", "min", "max", "quantile", "transform", "std", "sum", "shift", "ffill", "bfill",
    )  # fmt: skip


def _of_table(node: ast.AST) -> bool:
    return any(isinstance(i, ast.Subscript | ast.Attribute) for i in ast.walk(node))
