"""Notebooks out of snippets, for tests of evidence."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

from nbalign.evidence import Fact, read_evidence
from nbalign.notebooks.model import Cell, Notebook, Output


@dataclass(frozen=True)
class Piece:
    """A cell to be."""

    kind: str
    source: str
    outputs: tuple[Output, ...] = ()
    count: int | None = -1


Cells = tuple[str | Piece, ...]
Table = Mapping[str, tuple[Sequence[Cells], Sequence[Cells]]]  # kind -> notebooks that state it, and that do not


def md(text: str) -> Piece:
    """A markdown cell."""
    return Piece("markdown", dedent(text).strip())


def code(
    source: str, text: str = "", error: tuple[str, str] | None = None, result: str = "", count: int | None = -1
) -> Piece:
    """A code cell with what it printed, its last value, or how it failed; -1 counts on, None was not executed."""
    outputs = []
    if text:
        outputs.append(Output("stream", "stdout", text))
    if result:
        outputs.append(Output("result", "", result))
    if error:
        trace = f"Traceback (most recent call last):\n{error[0]}: {error[1]}"
        outputs.append(Output("error", error[0], trace))
    return Piece("code", dedent(source).strip(), tuple(outputs), count)


def notebook(*cells: str | Piece, prompt: str = "", name: str = "test.ipynb") -> Notebook:
    """A notebook; a str is a code cell without outputs."""
    pieces = [code(c) if isinstance(c, str) else c for c in cells]
    made = []
    executed = 0
    for number, piece in enumerate(pieces, 1):
        if piece.kind == "markdown":
            made.append(Cell(number, "markdown", piece.source))
            continue
        executed += 1
        count = executed if piece.count == -1 else piece.count
        made.append(Cell(number, "code", piece.source, count, piece.outputs))
    sha256 = hashlib.sha256("\0".join(p.source for p in pieces).encode()).hexdigest()
    return Notebook(sha256, name, tuple(made), prompt, "sidecar" if prompt else "none", "ipynb 4.5")


def facts_of(dimension: str, *cells: str | Piece, prompt: str = "") -> tuple[Fact, ...]:
    """The facts of one dimension."""
    return read_evidence(notebook(*cells, prompt=prompt), strict=True).of(dimension)


def kinds_of(dimension: str, *cells: str | Piece, prompt: str = "") -> set[str]:
    """The names of their kinds."""
    return {fact.kind.name for fact in facts_of(dimension, *cells, prompt=prompt)}


def cases(table: Table, *, hold: bool) -> list[tuple[str, Cells]]:
    """Every kind of a table with each notebook that must state it, or, where `hold` is False, that must not."""
    return [(kind, cells) for kind, both in table.items() for cells in both[0 if hold else 1]]
