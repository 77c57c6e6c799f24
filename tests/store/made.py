"""Small notebooks and rubrics for tests of the store and the labels."""

from __future__ import annotations

import hashlib
from pathlib import Path

from nbalign.notebooks.model import Cell, Notebook
from nbalign.rubrics.model import Dimension, Rubric, Scale
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore

SCALE = Scale({0: "Not applicable", 1: "Bad.", 2: "Average.", 3: "Good."}, 0)


def rubric(identifier: str = "ml", text: str = "text", version: int = 1) -> Rubric:
    dimensions = tuple(Dimension(name, name.title(), "?", {}) for name in ("alpha", "beta", "gamma"))
    sha256 = hashlib.sha256(f"{identifier}{text}".encode()).hexdigest()
    return Rubric(identifier, version, identifier.upper(), SCALE, dimensions, sha256, text)


def notebook(name: str, raw: bytes, cells: int = 5) -> Notebook:
    sha256 = hashlib.sha256(raw).hexdigest()
    numbered = tuple(Cell(number, "code", "x = 1") for number in range(1, cells + 1))
    return Notebook(sha256, name, numbered, "a task", "sidecar", "ipynb 4.5", warnings=("one cell was cut",))


def filled(path: Path, names: tuple[str, ...] = ("a.ipynb", "b.ipynb")) -> tuple[Store, list[str]]:
    """A store with notebooks of five cells, and their hashes."""
    store = Store.create(path)
    notebooks = NotebookStore(store)
    hashes = []
    for name in names:
        made = notebook(name, name.encode())
        notebooks.add(name.encode(), made, None)
        hashes.append(made.sha256)
    return store, hashes
