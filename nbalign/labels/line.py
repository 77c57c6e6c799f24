"""One line of a label file, whatever the format: the fields it may have and of what kind they must be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.labels.model import Label

# In the order in which they are exported.
EXPORTED = ("notebook", "sha256", "rubric", "dimension", "rater", "score", "justification", "cells", "role", "at")
_FIELDS = frozenset({*EXPORTED, "how", "reason"})
_TEXTS = ("notebook", "sha256", "rubric", "dimension", "rater", "justification", "role", "at", "how", "reason")


@dataclass(frozen=True, slots=True)
class Line:
    """The fields of a line; empty text stands for a field that is not there.

    Attributes:
        notebook: Name of the notebook.
        sha256: Its content hash in lower case.
        rubric: Rubric id.
        dimension: Dimension id.
        rater: Who; empty in a consensus line.
        score: The score.
        justification: Why.
        cells: Cited cells as they stand.
        role: `rater` or `decision`, unchecked.
        at: Time, unchecked.
        how: Only in a consensus line: `agreed` or `adjudicated`.
        reason: Only in a consensus line: why it was adjudicated so.
    """

    notebook: str
    sha256: str
    rubric: str
    dimension: str
    rater: str
    score: int
    justification: str
    cells: tuple[int, ...]
    role: str
    at: str
    how: str
    reason: str


def as_line(fields: Mapping[str, object]) -> Line:
    """A line from its fields.

    Args:
        fields: Field name -> value, as JSON gives them.

    Raises:
        ValueError: If a field is unknown, missing or of the wrong kind; the message says which, for people.
    """
    unknown = [name for name in fields if name not in _FIELDS]
    if unknown:
        raise ValueError(f"unknown field {unknown[0]!r:.60}")
    texts: dict[str, str] = {}
    for name in _TEXTS:
        value = fields.get(name)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} must be text, not {value!r:.60}")
        texts[name] = value or ""
    if not texts["notebook"] and not texts["sha256"]:
        raise ValueError("names no notebook")
    if not texts["dimension"]:
        raise ValueError("names no dimension")
    score = fields.get("score")
    if score is None:
        raise ValueError("has no score")
    if type(score) is not int:
        raise ValueError(f"score must be a whole number, not {score!r:.60}")
    cells = fields.get("cells")
    cells = [] if cells is None else cells
    if not isinstance(cells, list) or any(type(cell) is not int for cell in cells):
        raise ValueError(f"cells must be a list of cell numbers, not {cells!r:.60}")
    texts["sha256"] = texts["sha256"].strip().lower()
    return Line(score=score, cells=tuple(cells), **texts)


def as_fields(label: Label, name: str) -> dict[str, object]:
    """A label as the fields of an exported line, in the order of `EXPORTED`.

    Args:
        label: The label.
        name: Name of its notebook.
    """
    return {
        "notebook": name,
        "sha256": label.notebook,
        "rubric": label.rubric,
        "dimension": label.dimension,
        "rater": label.rater,
        "score": label.score,
        "justification": label.justification,
        "cells": list(label.cells),
        "role": label.role,
        "at": label.at,
    }
