"""Jupyter's own format, 3 to 4.5: whatever a file lacks or gets wrong is repaired and told, not refused."""

from __future__ import annotations

import hashlib

from nbalign.errors import BadInput
from nbalign.notebooks.jsontext import load_json
from nbalign.notebooks.limits import DEFAULT_LIMITS, Bounded, Limits, fair_share
from nbalign.notebooks.model import Cell, CellKind, Notebook
from nbalign.notebooks.outputs import Draft, OutputReader
from nbalign.notebooks.repairs import Repairs
from nbalign.notebooks.sanitise import clean_line, clean_source
from nbalign.notebooks.upgrade import schema_fault, upgraded_cells
from nbalign.notebooks.values import text_of

_KINDS: dict[object, CellKind] = {"code": "code", "markdown": "markdown", "raw": "raw", "heading": "markdown"}
_NEWEST_MINOR = 5
_HIGHEST_COUNT = 10**9
_NOT_A_NOTEBOOK = "Name a file saved by Jupyter, VS Code or Databricks: it has a list `cells` and a number `nbformat`."


def read_ipynb(raw: bytes, name: str, limits: Limits = DEFAULT_LIMITS) -> Notebook:
    """Reads an `.ipynb` file.

    Args:
        raw: The file.
        name: Its name; sanitised here.
        limits: Bounds on what is kept.

    Returns:
        A notebook without prompt; its warnings say what was repaired or cut.

    Raises:
        BadInput: If it is empty, binary, truncated, no JSON, no notebook, or of nbformat 1 or 2.
    """
    name = clean_line(name)
    repairs = Repairs()
    document = load_json(raw, name, repairs)
    if not isinstance(document, dict):
        raise BadInput(f"{name} is JSON but no notebook: it is not an object.", _NOT_A_NOTEBOOK)
    major, minor = _version(document, name, repairs)
    found = document.get("cells") if major >= 4 else upgraded_cells(document, repairs)
    if not isinstance(found, list):
        raise BadInput(f"{name} is JSON but no notebook: it has no list of cells.", _NOT_A_NOTEBOOK)
    if len(found) > limits.cells:
        repairs.note(f"The notebook has {len(found):,} cells; those after cell {limits.cells:,} were left out")
        found = found[: limits.cells]
    if not found:
        repairs.note("The notebook has no cells")
    language = _language(document, repairs)
    if major == 4 and minor >= 5:
        _check_ids(found, repairs)
    cells = _cells(found, limits, repairs)
    # Damage that is told already needs no second word from the schema.
    if not repairs:
        fault, where = schema_fault(document, min(major, 4), minor, limits.cells)
        if fault:
            repairs.note(f"The file does not quite follow the schema of its format: {fault}", where)
    version = f"{major}.{minor}" if major >= 4 else str(major)
    digest = hashlib.sha256(raw).hexdigest()
    return Notebook(digest, name, cells, "", "none", f"ipynb {version}", language, repairs.sentences())


def _version(document: dict[str, object], name: str, repairs: Repairs) -> tuple[int, int]:
    """The format's two numbers, guessed where they are missing or make no sense."""
    if "cells" not in document and "worksheets" not in document:
        raise BadInput(f"{name} is JSON but no notebook: it has no list of cells.", _NOT_A_NOTEBOOK)
    old = "cells" not in document
    major = _number(document.get("nbformat"))
    if old and major in (1, 2):
        raise BadInput(
            f"{name} is of nbformat {major}, from before 2013, which is not read.",
            "Open it in Jupyter and save it again, or run `jupyter nbconvert --to notebook`.",
        )
    if major is None or (major != 3 if old else major < 4):
        repairs.note("The format number is missing or wrong; the file was read by its layout")
        major = 3 if old else 4
    elif not isinstance(document["nbformat"], int):
        repairs.note("The format number is not a whole number in the JSON")
    minor = _number(document.get("nbformat_minor"))
    if major < 4:
        return major, minor or 0
    if minor is None:
        repairs.note("The minor format number is missing or wrong")
        cells = document.get("cells")
        has_ids = isinstance(cells, list) and any(isinstance(cell, dict) and "id" in cell for cell in cells)
        minor = _NEWEST_MINOR if has_ids else 4
    elif not isinstance(document["nbformat_minor"], int):
        repairs.note("The format number is not a whole number in the JSON")
    if (major, minor) > (4, _NEWEST_MINOR):
        repairs.note(f"The file is of nbformat {major}.{minor}, newer than 4.{_NEWEST_MINOR}, and was read as that")
    return major, minor


def _number(value: object) -> int | None:
    """A format number from 0 to 99, also from a string or a float; None for everything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 9:
        value = int(value)
    if isinstance(value, (int, float)) and 0 <= value < 100 and value == int(value):
        return int(value)
    return None


def _language(document: dict[str, object], repairs: Repairs) -> str:
    """The kernel's language in lower case."""
    metadata = document.get("metadata")
    if not isinstance(metadata, dict):
        repairs.note("The notebook has no metadata; its language was taken to be Python")
        return "python"
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        inside = metadata.get(section)
        word = inside.get(key) if isinstance(inside, dict) else None
        if isinstance(word, str) and (language := clean_line(word, 40).lower()):
            return "python" if language == "ipython" else language
    return "python"


def _check_ids(cells: list[object], repairs: Repairs) -> None:
    seen: set[str] = set()
    for number, cell in enumerate(cells, 1):
        if not isinstance(cell, dict):
            continue
        identity = cell.get("id")
        if not isinstance(identity, str):
            repairs.note("Cells without an id, which nbformat 4.5 asks for, are known by their number", number)
        elif identity in seen:
            repairs.note("Cells with the id of an earlier cell are known by their number", number)
        else:
            seen.add(identity)


def _cells(found: list[object], limits: Limits, repairs: Repairs) -> tuple[Cell, ...]:
    reader = OutputReader(limits, repairs)
    heads: list[Cell] = []
    drafts: list[list[Draft]] = []
    for number, raw in enumerate(found, 1):
        cell = _without_outputs(raw, number, limits, repairs)
        heads.append(cell)
        outputs: list[Draft] = []
        if cell.kind == "code" and isinstance(raw, dict):
            if "outputs" in raw:
                outputs = reader.read(raw["outputs"], number)
            else:
                repairs.note("Code cells without a list of outputs were read as not run", number)
        drafts.append(outputs)
    share = fair_share((len(draft.kept) for outputs in drafts for draft in outputs), limits.outputs)
    if share is not None:
        repairs.note(f"All outputs together are over {limits.outputs:,} characters; the longest were cut")
    return tuple(
        Cell(
            cell.number,
            cell.kind,
            cell.source,
            cell.execution_count,
            tuple(draft.output(share) for draft in outputs),
            cell.cut,
        )
        for cell, outputs in zip(heads, drafts, strict=True)
    )


def _without_outputs(raw: object, number: int, limits: Limits, repairs: Repairs) -> Cell:
    if not isinstance(raw, dict):
        repairs.note("Cells that are not JSON objects were read as raw text", number)
        source, cut = bounded_source(text_of(raw)[0], number, limits, repairs)
        return Cell(number, "raw", source, cut=cut)
    if not isinstance(raw.get("metadata"), dict):
        repairs.note("Cells without metadata were read without them", number)
    given = raw.get("cell_type")
    kind = _KINDS.get(given if isinstance(given, str) else None)
    if kind is None:
        kind = "code" if "outputs" in raw or "execution_count" in raw else "raw"
        repairs.note("Cells of an unknown type were read as code if they have outputs, else as raw text", number)
    text, as_asked = text_of(raw.get("source"))
    if not as_asked:
        repairs.note("Source that is neither a string nor a list of strings was turned into text", number)
    source, cut = bounded_source(text, number, limits, repairs)
    count = raw.get("execution_count") if kind == "code" else None
    if not (count is None or (type(count) is int and 0 <= count <= _HIGHEST_COUNT)):
        repairs.note("Execution counts that are not whole numbers were left out", number)
        count = None
    return Cell(number, kind, source, count, cut=cut)


def bounded_source(text: str, number: int, limits: Limits, repairs: Repairs) -> tuple[str, int]:
    """Sanitised source within its bound.

    Args:
        text: Raw source.
        number: Number of the cell, for notes.
        limits: The bounds.
        repairs: Where a cut is noted.

    Returns:
        The source, ending in a mark when it was cut, and how many characters were left out.
    """
    kept = Bounded(clean_source(text)).within(limits.source, keep_tail=False)
    if kept.cut:
        repairs.note(f"Source over {limits.source:,} characters was cut", number)
    return kept.text, kept.cut
