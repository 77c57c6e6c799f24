"""What Python's own grammar tells about a cell: where long literals, docstrings and imports lie."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

_MAGIC = re.compile(r"^(\s*)(?:[%!?]|\w+\?+\s*$).*$")
_STRING_BYTES = 160  # a string literal longer than this is cut
_STRING_KEEP = 70
_ITEMS = 12  # a list of plain values longer than this is cut
_ITEMS_KEEP = 5
_NAMES = 30  # column names say more than numbers
_PARSE_CHARS = 60_000


@dataclass(frozen=True, slots=True)
class Imports:
    """Import statements that follow each other.

    Attributes:
        first: First line, from 0.
        last: Last line, inclusive.
        short: All of them in one short line.
    """

    first: int
    last: int
    short: str


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a cell, its magics taken for `pass`; None when it is not Python.

    Lines keep their numbers, so positions in the tree are positions in `source`.
    """
    if len(source) > _PARSE_CHARS or source.lstrip().startswith("%%"):
        return None
    plain = "\n".join(_MAGIC.sub(r"\1pass", line) for line in source.split("\n"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes in somebody's strings are no news of ours
            return ast.parse(plain)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def shorten_literals(source: str) -> str:
    """Cuts long strings and long lists of plain values, with `…` where something went.

    Text that does not parse as Python comes back unchanged.
    """
    tree = parse(source)
    if tree is None:
        return source
    raw = source.encode("utf-8", "surrogatepass")
    starts = [0]
    for line in raw.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    inside_f = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
    edits = []
    for node in ast.walk(tree):
        if id(node) not in inside_f and (edit := _edit(node, starts, raw)) is not None:
            edits.append(edit)
    done = -1
    pieces: list[bytes] = []
    for first, last, text in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if first < max(done, 0):
            continue
        pieces += [raw[max(done, 0) : first], text.encode()]
        done = last
    return (b"".join(pieces) + raw[max(done, 0) :]).decode("utf-8", "replace") if pieces else source


def _edit(node: ast.AST, starts: list[int], raw: bytes) -> tuple[int, int, str] | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str | bytes):
        first, last = _span(node, starts)
        if last - first <= _STRING_BYTES:
            return None
        text = raw[first:last].decode("utf-8", "replace")
        quote = text[-3:] if text.endswith(('"""', "'''")) else text[-1:]
        return first, last, text.split("\n")[0][:_STRING_KEEP].rstrip("\\") + "…" + quote
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return _cut_items(node.elts, starts)
    if isinstance(node, ast.Dict) and all(key is not None for key in node.keys):
        return _cut_items(node.values, starts)
    return None


def _cut_items(items: list[ast.expr], starts: list[int]) -> tuple[int, int, str] | None:
    names = all(isinstance(item, ast.Constant) and isinstance(item.value, str) for item in items)
    if len(items) <= (_NAMES if names else _ITEMS) or not all(_plain(item) for item in items):
        return None
    return _span(items[_ITEMS_KEEP - 1], starts)[1], _span(items[-1], starts)[1], f", … {len(items) - _ITEMS_KEEP} more"


def _plain(node: ast.expr) -> bool:
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.operand, ast.Constant)
    if isinstance(node, ast.List | ast.Tuple):
        return all(isinstance(item, ast.Constant | ast.UnaryOp) for item in node.elts)
    return isinstance(node, ast.Constant)


def _span(node: ast.expr, starts: list[int]) -> tuple[int, int]:
    assert node.end_lineno is not None and node.end_col_offset is not None
    return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset


def imports(tree: ast.Module) -> tuple[Imports, ...]:
    """Runs of two or more import statements at the top level, each with a short form."""
    runs: list[list[ast.Import | ast.ImportFrom]] = []
    before: ast.stmt | None = None
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            if isinstance(before, ast.Import | ast.ImportFrom) and before.end_lineno == node.lineno - 1:
                runs[-1].append(node)
            else:
                runs.append([node])
        before = node
    return tuple(Imports(run[0].lineno - 1, (run[-1].end_lineno or 1) - 1, _short(run)) for run in runs if len(run) > 1)


def _short(run: list[ast.Import | ast.ImportFrom]) -> str:
    modules: list[str] = []
    members: dict[str, list[str]] = {}
    for node in run:
        names = [alias.name + (f" as {alias.asname}" if alias.asname else "") for alias in node.names]
        if isinstance(node, ast.Import):
            modules += names
        else:
            package = "." * node.level + (node.module or "").split(".")[0]
            members.setdefault(package, []).extend(names)
    parts = ["import " + ", ".join(modules)] if modules else []
    parts += [f"from {package}… import {', '.join(names)}" for package, names in members.items()]
    return "\n".join(parts)


def docstring_lines(tree: ast.Module) -> frozenset[int]:
    """Lines, from 0, that belong to strings which stand as statements."""
    found: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            found.update(range(node.lineno - 1, node.end_lineno or node.lineno))
    return frozenset(found)
