"""Errors in the saved outputs, taken apart: what was not there, and where it was looked for."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from nbalign.notebooks.model import Notebook

_LAST = 2_000  # characters at the end of a traceback in which its message stands

FailureKind = Literal["name", "module", "import", "attribute", "object attribute", "argument", "other"]


@dataclass(frozen=True, slots=True)
class Failure:
    """One error in an output.

    Attributes:
        cell: Cell number.
        error: Class name of the error; `error` where the output does not say.
        kind: What was not there, where the message says so.
        subject: Name, module, attribute or argument that was not there; empty for `other`.
        owner: Module, class or function that does not have it; empty where there is none.
    """

    cell: int
    error: str
    kind: FailureKind
    subject: str = ""
    owner: str = ""


_PATTERNS: tuple[tuple[FailureKind, re.Pattern[str]], ...] = (
    (
        "import",
        re.compile(
            r"cannot import name '?(?P<subject>\w+)'?"
            r"(?: from (?:partially initialized module )?'(?P<owner>[\w.]+)')?"
        ),
    ),
    ("module", re.compile(r"No module named '?(?P<subject>[\w.]+)'?")),
    ("import", re.compile(r"`(?P<subject>\w+)` has been removed from scikit-learn")),
    ("name", re.compile(r"(?:global )?name '(?P<subject>\w+)' is not defined")),
    ("attribute", re.compile(r"module '(?P<owner>[\w.]+)' has no attribute '(?P<subject>\w+)'")),
    ("object attribute", re.compile(r"'(?P<owner>\w+)' object has no attribute '(?P<subject>\w+)'")),
    ("argument", re.compile(r"(?P<owner>[\w.]+)\(\) got an unexpected keyword argument '(?P<subject>\w+)'")),
)


def read_failures(notebook: Notebook) -> tuple[Failure, ...]:
    """Every cell's errors, in order."""
    found = []
    for cell in notebook.cells:
        for output in cell.outputs:
            if output.kind == "error":
                found.append(_read(cell.number, output.name, output.text[-_LAST:]))
    return tuple(found)


def _read(cell: int, name: str, text: str) -> Failure:
    error = name if re.fullmatch(r"[A-Za-z_][\w.]{0,60}", name) else "error"
    for kind, pattern in _PATTERNS:
        hits = list(pattern.finditer(text))
        if hits:
            parts = hits[-1].groupdict()
            return Failure(cell, error, kind, parts["subject"][:60], (parts.get("owner") or "")[:60])
    return Failure(cell, error, "other")
