"""Notebooks kept as Python scripts: `# %%` percent scripts, plain scripts, and the choice between the formats."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from nbalign.notebooks.databricks import FIRST_LINE, databricks_cells
from nbalign.notebooks.decoding import decode
from nbalign.notebooks.ipynb import bounded_source
from nbalign.notebooks.limits import DEFAULT_LIMITS, Limits
from nbalign.notebooks.model import Cell, CellKind, Notebook
from nbalign.notebooks.repairs import Repairs
from nbalign.notebooks.sanitise import clean_line, clean_source

# `# %%`, `#%%` and `# %%%` begin a cell when white space, `[` or nothing follows; `# %%time` is a magic in disguise.
_MARKER = re.compile(r"#[ \t]*%%+(?![^\s\[])[ \t]*(.*)")
_KIND = re.compile(r"\[(markdown|md|raw|code)\]", re.IGNORECASE)
# Options stand after the title: a JSON object, or `name=value` words where a value is what JSON would allow.
_VALUE = r"(?:\"[^\"]*\"|'[^']*'|\[[^\]]*\]|\{.*\}|true|false|True|False|-?\d[\d.]*)"
_OPTIONS = re.compile(rf"(?:^|\s+)(?:\{{.*\}}|[A-Za-z][\w.-]*={_VALUE}(?:\s+[A-Za-z][\w.-]*={_VALUE})*)\s*$")
_MAGIC = re.compile(r"# ?(%{1,2}[A-Za-z]\w+.*|![A-Za-z./~].*)")
_QUOTES = ('"""', "'''")
_KINDS: dict[str, CellKind] = {"markdown": "markdown", "md": "markdown", "raw": "raw", "code": "code"}


@dataclass(slots=True)
class _Open:
    kind: CellKind
    title: str
    lines: list[str]


def has_markers(text: str) -> bool:
    """Whether a script is kept as cells: a percent script or a Databricks source export."""
    lines = text.lstrip("\ufeff").lstrip().split("\n")
    return lines[0].rstrip() == FIRST_LINE or any(line.startswith("#") and _MARKER.match(line) for line in lines)


def read_script(raw: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Notebook:
    """Reads a Python script as a notebook without outputs.

    Args:
        raw: The file.
        name: Its name; sanitised here.
        limits: Bounds on what is kept.

    Returns:
        A notebook of format `py:percent`, `databricks` or, as one code cell, `py:plain`, without prompt.

    Raises:
        BadInput: If it is empty or binary.
    """
    name = clean_line(name)
    repairs = Repairs()
    decoded = decode(raw, name)
    if decoded.damaged:
        repairs.note("Some bytes are not valid text and were replaced by \ufffd")
    lines = clean_source(decoded.text).split("\n")
    first = next((line.rstrip() for line in lines if line.strip()), "")
    if first == FIRST_LINE:
        form, found = "databricks", databricks_cells(lines)
    elif any(line.startswith("#") and _MARKER.match(line) for line in lines):
        form, found = "py:percent", _percent_cells(lines, repairs)
    else:
        form, found = "py:plain", [("code", "\n".join(lines).strip("\n"))]
        repairs.note("The script has no cell markers and was read as one code cell")
    if len(found) > limits.cells:
        repairs.note(f"The script has {len(found):,} cells; those after cell {limits.cells:,} were left out")
    if not found:
        repairs.note("The notebook has no cells")
    cells = []
    for number, (kind, text) in enumerate(found[: limits.cells], 1):
        source, cut = bounded_source(text, number, limits, repairs)
        cells.append(Cell(number, kind, source, cut=cut))
    digest = hashlib.sha256(raw).hexdigest()
    return Notebook(digest, name, tuple(cells), "", "none", form, "python", repairs.sentences())


def _percent_cells(lines: list[str], repairs: Repairs) -> list[tuple[CellKind, str]]:
    cells = [_Open("code", "", [])]  # what stands before the first marker
    for line in lines[_header_end(lines) :]:
        marker = _MARKER.match(line) if line.startswith("#") else None
        if marker:
            kind = _KIND.search(marker[1])
            title = _OPTIONS.sub("", _KIND.sub("", marker[1], count=1)).strip()
            cells.append(_Open(_KINDS[kind[1].lower()] if kind else "code", title, []))
        else:
            cells[-1].lines.append(line)
    if not any(line.strip() for line in cells[0].lines):
        del cells[0]
    found: list[tuple[CellKind, str]] = []
    for number, cell in enumerate(cells, 1):
        if cell.kind == "code":
            body = [_restored(line) for line in cell.lines]
            # A title is text that its author wrote: it stays, as a comment.
            text = "\n".join([f"# {cell.title}", *body] if cell.title else body)
        else:
            text = _uncommented(cell.lines, number, repairs)
        found.append((cell.kind, text.strip("\n")))
    return found


def _header_end(lines: list[str]) -> int:
    """Index of the first line after the YAML header that jupytext writes; 0 without one."""
    start = next((i for i, line in enumerate(lines) if line.strip() and not line.startswith("#!")), 0)
    if lines[start].rstrip() != "# ---":
        return 0
    for i, line in enumerate(lines[start + 1 :], start + 1):
        if line.rstrip() == "# ---":
            return i + 1
        if not line.startswith("#"):
            break
    return 0


def _restored(line: str) -> str:
    """A magic or shell line that was commented out to keep the script valid Python."""
    magic = _MAGIC.fullmatch(line) if line.startswith("#") else None
    return magic[1] if magic else line


def _uncommented(lines: list[str], number: int, repairs: Repairs) -> str:
    """Markdown without its comment marks, or out of its triple quotes."""
    text = "\n".join(lines).strip()
    for quotes in _QUOTES:
        body = text[1:] if text[:1] in ("r", "R") else text
        if body.startswith(quotes) and body.endswith(quotes) and len(body) >= 6 and quotes not in body[3:-3]:
            return body[3:-3]
    if any(line.strip() and not line.startswith("#") for line in lines):
        repairs.note("Text cells of the script hold lines that are not comments", number)
    return "\n".join(line[2:] if line.startswith("# ") else line.removeprefix("#") for line in lines)
