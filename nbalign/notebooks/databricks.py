"""Databricks source exports: Python files whose cells and magics are written as comments."""

from __future__ import annotations

import re

from nbalign.notebooks.model import CellKind

FIRST_LINE = "# Databricks notebook source"
"""What such a file begins with."""

_SEPARATOR = re.compile(r"# COMMAND -{5,}\s*")
_TITLE = re.compile(r"# DBTITLE \d+,(.*)")
_MARKDOWN = re.compile(r"%md(?:-sandbox)?(?![\w-])[ \t]*")


def databricks_cells(lines: list[str]) -> list[tuple[CellKind, str]]:
    """Splits a source export into cells.

    Args:
        lines: Sanitised lines of the file, the first line of the format among them.

    Returns:
        Kind and source of each cell. `%md` cells are markdown without the magic; the other magics (`%sql`, `%pip`,
        `%sh`) keep theirs; a title is a heading line, `# TITLE`, which is a comment in code.
    """
    start = next((i for i, line in enumerate(lines) if line.rstrip() == FIRST_LINE), -1) + 1
    blocks: list[list[str]] = [[]]
    for line in lines[start:]:
        if _SEPARATOR.fullmatch(line):
            blocks.append([])
        else:
            blocks[-1].append(line)
    # A file that ends in a separator, or has nothing before the first one, has no cell there.
    kept = [block for i, block in enumerate(blocks) if 0 < i < len(blocks) - 1 or any(line.strip() for line in block)]
    return [_cell(block) for block in kept]


def _cell(block: list[str]) -> tuple[CellKind, str]:
    title = ""
    body: list[str] = []
    for line in block:
        found = _TITLE.match(line) if not title and not any(map(str.strip, body)) else None
        if found:
            title = found[1].strip()
        else:
            body.append(_unmagic(line))
    text = "\n".join(body).strip("\n")
    kind: CellKind = "code"
    if magic := _MARKDOWN.match(text):
        kind, text = "markdown", text[magic.end() :].strip("\n")
    return kind, f"# {title}\n{text}".rstrip("\n") if title else text


def _unmagic(line: str) -> str:
    if line.startswith("# MAGIC ") or line.rstrip() == "# MAGIC":
        return line[8:]
    return line
