"""Small notebooks and a small tokenizer for the tests of the digest."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nbalign.notebooks import Cell, Image, Notebook, Output

TOKEN = re.compile(r"\d|[^\W\d]{1,6}|[^\w\s]|\n")


def count(texts: Sequence[str]) -> list[int]:
    """One token a digit, a sign, a line end and six letters: close to what real tokenizers do."""
    return [len(TOKEN.findall(text)) for text in texts]


def code(source: str, *outputs: Output, ran: int | None = None) -> Cell:
    return Cell(0, "code", source, ran, outputs)


def markdown(source: str) -> Cell:
    return Cell(0, "markdown", source)


def stdout(text: str) -> Output:
    return Output("stream", "stdout", text)


def stderr(text: str) -> Output:
    return Output("stream", "stderr", text)


def result(text: str, figures: int = 0) -> Output:
    return Output("result", "", text, tuple(Image("image/png", b"png", 3) for _ in range(figures)))


def error(name: str, text: str) -> Output:
    return Output("error", name, text)


def notebook(*cells: Cell, prompt: str = "") -> Notebook:
    numbered = tuple(
        Cell(at, cell.kind, cell.source, cell.execution_count, cell.outputs, cell.cut)
        for at, cell in enumerate(cells, start=1)
    )
    return Notebook("0" * 64, "made.ipynb", numbered, prompt, "first cell" if prompt else "none", "ipynb 4.5")
