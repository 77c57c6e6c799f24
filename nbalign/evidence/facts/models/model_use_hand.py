"""Preparation that is written a second time for new rows, read off the text of the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.code import Code
from nbalign.evidence.syntax import called_name

_STEPS = {"get_dummies"}
_BUILDERS = {"DataFrame", "Series", "array", "asarray", "dict", "from_dict", "from_records"}


@dataclass(frozen=True, slots=True)
class ByHand:
    """Preparation that is written down a second time.

    Attributes:
        what: Columns or steps, for people.
        cells: Where.
        columns: Whether all of it is columns, and none a step such as `get_dummies`.
    """

    what: tuple[str, ...]
    cells: tuple[int, ...]
    columns: bool = True


def by_hand(code: Code, region: frozenset[int], before: int) -> ByHand:
    """Steps of the preparation that stand again, as text, where new rows are made.

    Args:
        code: The code.
        region: Cells in which new rows are made and predicted.
        before: Cell of the fit that the model comes from: what was derived up to there is the preparation.
    """
    derived, functions = _derived(code, region, before)
    steps = {c.last for c in code.calls if c.cell <= before and c.cell not in region and c.last == "get_dummies"}
    what: dict[str, None] = {}
    cells = set()
    for cell in code.cells:
        if cell.number not in region:
            continue
        for statement in cell.tree.body:
            if isinstance(statement, ast.FunctionDef) and statement.name in functions:
                continue
            answer = any(isinstance(n, ast.Attribute) and n.attr.startswith("predict") for n in ast.walk(statement))
            simple = isinstance(statement, ast.Assign) and not isinstance(statement.value, ast.Dict)
            for name in _again(statement, frozenset() if answer and simple else derived, bool(steps)):
                what[name] = None
                cells.add(cell.number)
    return ByHand(tuple(what), tuple(sorted(cells)), not any(name in _STEPS or " " in name for name in what))


def _again(statement: ast.stmt, derived: frozenset[str], dummies: bool) -> Iterator[str]:
    inside = any(isinstance(n, ast.For | ast.While) for n in ast.walk(statement))
    lists = _computed_lists(statement) if inside else frozenset()
    for node in ast.walk(statement):
        for name in _made(node):
            if name in derived or any(d.endswith("*") and name.startswith(d[:-1]) for d in derived):
                yield name.rstrip("*")
        if isinstance(node, ast.Call):
            last = called_name(node)
            if last == "get_dummies" and dummies:
                yield "get_dummies"
            rows = node.args[0] if node.args else None
            if (
                inside
                and last in (*_BUILDERS, "predict")
                and isinstance(rows, ast.List)
                and _computed_rows(rows, lists)
            ):
                yield "rows put together by position"
        elif isinstance(node, ast.Attribute) and node.attr in ("mean_", "scale_", "data_min_", "data_range_"):
            yield f"scaling with {node.attr}"


def _computed_rows(rows: ast.List, lists: frozenset[str]) -> bool:
    """Whether a list of rows holds values that are worked out one by one, itself or by the name of such a list."""
    if any(isinstance(e, ast.Name) and e.id in lists for e in rows.elts):
        return True
    return any(_computed(e) for e in rows.elts)


def _computed_lists(statement: ast.stmt) -> frozenset[str]:
    found = set()
    for node in ast.walk(statement):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and _computed(node.value):
            found.add(node.targets[0].id)
    return frozenset(found)


def _computed(row: ast.expr) -> bool:
    values = row.elts if isinstance(row, ast.List | ast.Tuple) else []
    return sum(not isinstance(v, ast.Constant) for v in values) > 1


def _derived(code: Code, region: frozenset[int], before: int) -> tuple[frozenset[str], frozenset[str]]:
    """Columns that the preparation makes (`*` stands for the end of an f-string), and the functions that make them."""
    first: dict[str, bool] = {}  # column -> whether it was made before it was read: a raw column is read first
    functions: set[str] = set()
    for cell in code.cells:
        if cell.number > before or cell.number in region:
            continue
        for statement in cell.tree.body:
            own = set()
            for step in _steps(statement):
                made = {n for node in ast.walk(step) for n in _made(node) if not isinstance(node, ast.Dict)}
                own |= made
                if isinstance(step, ast.Assign):
                    read = {} if isinstance(step.value, ast.List | ast.Tuple) else _strings(step.value)
                else:
                    read = _strings(step)
                if any(isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr == "assign"
                       for n in ast.walk(step)):  # fmt: skip
                    read = {n: None for n in read if n not in made}
                for name in read:
                    first.setdefault(name, False)
                for name in made:
                    first.setdefault(name, True)
            if isinstance(statement, ast.FunctionDef) and own:
                functions.add(statement.name)
    return frozenset(n for n, made in first.items() if made), frozenset(functions)


def _steps(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The simple statements inside a statement, in order."""
    inner = [s for name in ("body", "orelse", "finalbody") for s in getattr(statement, name, [])]
    if not inner:
        yield statement
    for step in inner:
        if isinstance(step, ast.stmt):
            yield from _steps(step)


def _strings(node: ast.AST) -> dict[str, None]:
    return {n.value: None for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)}


def _made(node: ast.AST) -> Iterator[str]:
    """Columns that one node makes."""
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
        if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
            yield node.slice.value
        elif isinstance(node.slice, ast.JoinedStr) and node.slice.values:
            first = node.slice.values[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, str) and len(first.value) > 1:
                yield first.value + "*"
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "assign":
        yield from (k.arg for k in node.keywords if k.arg)
    elif isinstance(node, ast.Dict):
        yield from (k.value for k in node.keys if isinstance(k, ast.Constant) and isinstance(k.value, str))
