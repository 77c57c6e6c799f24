"""Ids that only number the rows, told from codes of things that come back in many rows."""

from __future__ import annotations

import ast

from nbalign.evidence.facts.reading.naming import is_identifier, parts
from nbalign.evidence.source import Source

_CODES = frozenset({
    "destination", "dest", "region", "type", "country", "market", "channel", "parent", "product", "store", "category",
    "hotel", "property", "site", "zone", "city", "state", "area", "device", "segment", "cluster", "group", "class",
    "brand",
})  # fmt: skip
_GROUPS = ("groupby", "value_counts", "countplot", "pivot_table", "crosstab")


def repeated(source: Source) -> frozenset[str]:
    """Columns that rows are grouped or counted by, so that their values come back."""
    return frozenset(
        node.value
        for call in source.code.calls
        if call.last in _GROUPS
        for node in ast.walk(call.node)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def numbers_rows(name: str, again: frozenset[str]) -> bool:
    """Whether a column only numbers or names the rows: no code of a kind of thing, and none of those that repeat."""
    return is_identifier(name) and name not in again and not _CODES.intersection(parts(name))
