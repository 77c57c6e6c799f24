"""Where a cell stopped, as far as its saved outputs tell."""

from __future__ import annotations

import ast
import re

from nbalign.evidence.code import CodeCell

_ARROW = re.compile(r"^-+>\s*(\d+)\b", re.MULTILINE)
_LINE_OF_CELL = re.compile(r"(?:Cell In\s*\[?\d*\]?|<ipython-input-[^>]{1,60}>|ipykernel[^\n]{0,80}?),? line (\d+)")
_NAME = re.compile(r"name '([^']{1,60})' is not defined")
_ATTRIBUTE = re.compile(r"(?:has no attribute|cannot import name) '([^']{1,60})'")
_MODULE = re.compile(r"No module named '([^']{1,60})'")
_CALLED = re.compile(r"(?:^|[\s.])(\w+)\(\) (?:missing|got an unexpected|takes|got multiple)")


def failing_line(cell: CodeCell) -> int | None:
    """The line of a cell's own statement that raised the error in its outputs.

    Returns:
        The line, from 1; None when the cell did not fail. Where the outputs do not tell the line, it is that of the
        last statement if something was put out before, and of the first if nothing was.
    """
    errors = [output for output in cell.cell.outputs if output.kind == "error"]
    body = cell.tree.body
    if not errors or not body:
        return None
    text = errors[-1].text[-20_000:]
    for pattern in (_ARROW, _LINE_OF_CELL):
        if found := pattern.search(text):
            return _statement_line(cell, int(found.group(1)))
    if (guess := _by_name(cell, text)) is not None:
        return guess
    spoke = any(o.kind != "error" and (o.images or o.text.strip()) and o.name != "stderr" for o in cell.cell.outputs)
    return body[-1].lineno if spoke else body[0].lineno


def _statement_line(cell: CodeCell, line: int) -> int:
    """The first line of the top-level statement that a line belongs to."""
    within = [node.lineno for node in cell.tree.body if node.lineno <= line]
    return within[-1] if within else line


def _by_name(cell: CodeCell, text: str) -> int | None:
    """The first statement that uses the name which the message complains about."""
    message = text.rstrip().rsplit("\n", 1)[-1]
    found = next((m for p in (_NAME, _ATTRIBUTE, _MODULE, _CALLED) if (m := p.search(message))), None)
    if not found:
        return None
    wanted = found.group(1).rpartition(".")[2]
    for node in cell.tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        for inner in ast.walk(node):
            uses = (
                (isinstance(inner, ast.Name) and inner.id == wanted and isinstance(inner.ctx, ast.Load))
                or (isinstance(inner, ast.Attribute) and inner.attr == wanted)
                or (isinstance(inner, ast.alias) and wanted in inner.name.split("."))
                or (isinstance(inner, ast.ImportFrom) and wanted in (inner.module or "").split("."))
            )
            if uses:
                return node.lineno
    return None
