"""Cells, reduced: a head that counts as people count, lines with levels, nothing that can fake a head."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from nbalign.judge.digest.markdown import reduce_markdown
from nbalign.judge.digest.model import CellDigest, Level, Line, Reduced, Removed
from nbalign.judge.digest.outputs import reduce_outputs
from nbalign.judge.digest.render import neutral
from nbalign.judge.digest.sources import reduce_code
from nbalign.notebooks.model import Cell, Notebook

_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError"}
_MESSAGE_CHARS = 400
# A text of many cells is bounded more tightly: fitting takes time for each sentence, and no budget holds them all.
_SENTENCES = (150, 1_000)  # the least and the most of one cell that are looked at
_ALL_SENTENCES = 30_000
_QUOTE = re.compile(r"^\s*(?:>\s?)+")


def reduce_cells(notebook: Notebook) -> list[CellDigest]:
    """All cells of a notebook, reduced but not fitted to any budget."""
    ran = any(cell.execution_count is not None for cell in notebook.cells)
    latest = 0
    cells = []
    texts = sum(cell.kind != "code" for cell in notebook.cells)
    sentences = max(_SENTENCES[0], min(_SENTENCES[1], _ALL_SENTENCES // max(1, texts)))
    for cell in notebook.cells:
        remark = ""
        if cell.kind == "code" and ran:
            if cell.execution_count is None:
                remark = " (not run)" if cell.source.strip() and not cell.outputs else ""
            elif cell.execution_count < latest:
                remark = f" (run out of order, as {cell.execution_count})"
            latest = max(latest, cell.execution_count or 0)
        cells.append(_reduce(cell, notebook, remark, sentences))
    return cells


def _reduce(cell: Cell, notebook: Notebook, remark: str, sentences: int) -> CellDigest:
    head = f"[{cell.number}] {cell.kind}{remark}"
    if cell.number == 1 and notebook.prompt_source == "first cell":
        rest = _without_prompt(cell.source, notebook.prompt)
        if rest is not None:
            said = reduce_markdown(rest, sentences) if rest else Reduced(())
            removed = (Removed("the prompt, given with the task", notebook.prompt), *said.removed)
            return CellDigest(1, f"{head}: the prompt", _neutral(said.lines), (), removed, pinned=True)
    if cell.kind != "code":
        text = reduce_markdown(cell.source, sentences)
        return CellDigest(cell.number, head, _neutral(text.lines), (), text.removed)
    failed = any(output.kind == "error" and output.name in _IMPORT_ERRORS for output in cell.outputs)
    code = reduce_code(cell.source, full_imports=failed)
    lines = code.lines
    if cell.cut:
        lines = (*lines, Line(f"… {cell.cut} more characters", Level.CODE, "code lines", mark=True))
    lines = _with_culprits(lines, cell)
    outputs = reduce_outputs(cell)
    return CellDigest(cell.number, head, _neutral(lines), _neutral(outputs.lines), (*code.removed, *outputs.removed))


def _without_prompt(source: str, prompt: str) -> str | None:
    """What the first cell says besides the prompt; None when it does not quote the prompt."""
    said, asked = _words(source), _words(prompt)
    if not asked.strip():
        return None
    at = said.find(asked)
    if at < 0:
        return None
    rest = said[:at] + " " + said[at + len(asked) :]
    return " ".join(rest.split()) if re.search(r"\w", rest) else ""


def _words(text: str) -> str:
    """The words of a text without quote marks, a space before and after each."""
    return f" {' '.join(' '.join(_QUOTE.sub('', line) for line in text.splitlines()).split())} "


def _with_culprits(lines: tuple[Line, ...], cell: Cell) -> tuple[Line, ...]:
    """Raises the lines that a failure names, so that it stays clear what failed."""
    raised = list(lines)
    for output in cell.outputs:
        message = output.text.rstrip().rsplit("\n", 1)[-1][:_MESSAGE_CHARS] if output.kind == "error" else ""
        name = re.search(r"name '(\w{1,80})'|\b(\w{1,80})\(\) (?:missing|got|takes)", message)
        if name is None:
            continue
        word = re.compile(rf"\b{re.escape(name.group(1) or name.group(2))}\b")
        found = next((at for at, line in enumerate(raised) if word.search(line.text)), None)
        if found is not None:
            raised[found] = replace(raised[found], level=Level.ERROR, short="")
    return tuple(raised)


def _neutral(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines whose text, unless it is our own mark, cannot be taken for a head or an output."""
    return tuple(
        line if line.mark else replace(line, text=neutral(line.text), short=neutral(line.short)) for line in lines
    )
