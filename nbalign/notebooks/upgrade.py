"""The nbformat library at work: v3 cells become v4 cells, and the schema says what a file gets wrong.

Both are given bounded copies and asked quietly: nothing here prints, logs, warns or raises.
"""

from __future__ import annotations

import json

from nbalign.notebooks.repairs import Repairs
from nbalign.notebooks.sanitise import clean_line
from nbalign.notebooks.values import text_of

_CELLS = 5_000  # items of a list that are shown to the schema; a list of cells is no longer than this
_LONGEST_STRING = 40


def upgraded_cells(document: dict[str, object], repairs: Repairs) -> list[object]:
    """The cells of an nbformat 3 document, all worksheets in a row, as nbformat 4 cells.

    Args:
        document: A JSON object with `worksheets`.
        repairs: Where damage is noted; a cell that cannot be upgraded is passed on as it is.
    """
    worksheets = document.get("worksheets")
    cells: list[object] = []
    for worksheet in worksheets if isinstance(worksheets, list) else []:
        inside = worksheet.get("cells") if isinstance(worksheet, dict) else None
        if isinstance(inside, list):
            cells.extend(inside)
        else:
            repairs.note("A worksheet without a list of cells was left out")
    return [_upgraded(cell, number, repairs) for number, cell in enumerate(cells, 1)]


def schema_fault(document: dict[str, object], major: int, minor: int, most: int) -> tuple[str, int | None]:
    """The first thing the nbformat schema finds wrong.

    Args:
        document: A notebook as its JSON has it, with a list of cells or worksheets.
        major: Version of the schema, 3 or 4.
        minor: Its minor version, 0 or more.
        most: Cells that are looked at.

    Returns:
        What is wrong in a few words, empty when the document is valid, and the number of the cell, None when it
        concerns the notebook.
    """
    from nbformat.validator import iter_validate

    # Cell by cell, because a fault in the last of thousands would be looked for slowly in the whole.
    if major == 4:
        rest, cells = {**document, "cells": []}, document["cells"]
    else:
        worksheets = document["worksheets"]
        rest = {**document, "worksheets": []}
        cells = [cell for sheet in worksheets for cell in sheet["cells"]] if isinstance(worksheets, list) else []
    outline = _outline(rest)
    assert isinstance(outline, dict) and isinstance(cells, list)
    for number, part in enumerate([None, *cells[:most]]):
        inside = [] if part is None else [_outline(part)]
        whole = outline | ({"cells": inside} if major == 4 else {"worksheets": [{"cells": inside, "metadata": {}}]})
        try:
            error = next(iter(iter_validate(whole, version=major, version_minor=minor, relax_add_props=True)), None)
            fault = "" if error is None else str(error.message)
        except Exception as trouble:  # a validator that breaks on strange data says that the data are strange
            fault = f"the schema check ended in {type(trouble).__name__}"
        if fault:
            return clean_line(fault, 160), number or None
    return "", None


def _upgraded(cell: object, number: int, repairs: Repairs) -> object:
    from nbformat import from_dict
    from nbformat.v4.convert import upgrade_cell

    if not isinstance(cell, dict):
        return cell
    try:
        upgraded: object = upgrade_cell(from_dict(_prepared(cell)))
    except Exception:  # whatever the converter trips over, the cell is still read leniently
        repairs.note("Cells of the old format could not be upgraded and were read as they are", number)
        return {"source": cell.get("input", cell.get("source", "")), **cell}
    return upgraded


def _prepared(cell: dict[str, object]) -> dict[str, object]:
    """A v3 cell with what the converter takes for granted."""
    cell = dict(cell)
    if cell.get("cell_type") == "heading":
        level = cell.get("level", 1)
        cell["level"] = level if level in (1, 2, 3, 4, 5, 6) else 1
        cell["source"] = text_of(cell.get("source"))[0]
    elif cell.get("cell_type") == "code":
        outputs = cell.get("outputs")
        cell["outputs"] = [_with_json_text(output) for output in outputs] if isinstance(outputs, list) else []
    return cell


def _with_json_text(output: object) -> object:
    """The converter parses the JSON of an output, which v3 keeps as text."""
    if not isinstance(output, dict) or "json" not in output:
        return output
    text = text_of(output["json"])[0]
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        text = json.dumps(text)
    return {**output, "json": text}


def _outline(value: object) -> object:
    """The document with its texts and lists cut short, so that a schema check and its messages stay small."""
    if isinstance(value, str):
        return value[:_LONGEST_STRING]
    if isinstance(value, dict):
        return {key[:_LONGEST_STRING]: _outline(item) for key, item in value.items()}
    if isinstance(value, list):
        if len(value) > 20 and all(isinstance(item, str) for item in value):
            return []
        return [_outline(item) for item in value[:_CELLS]]
    return value
