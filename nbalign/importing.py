"""Notebook files into the store, one transaction each; a bad file is reported and the others still come in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from nbalign.errors import NbalignError, NotFound, StoreError
from nbalign.notebooks import find_notebooks, read_file
from nbalign.notebooks.prompts import read_sidecar
from nbalign.notebooks.sanitise import clean_line
from nbalign.progress import OnProgress, Progress, silent
from nbalign.store.notebooks import NotebookStore


@dataclass(frozen=True, slots=True)
class Imported:
    """One notebook that is in the workspace now.

    Attributes:
        name: Its file name.
        sha256: Its content hash.
        cells: Number of cells.
        new: False when this content was there already.
        warnings: What was repaired or cut.
    """

    name: str
    sha256: str
    cells: int
    new: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did.

    Attributes:
        imported: Notebooks that are in the workspace now, new and known, in the order of the files.
        failed: (file, what is wrong and what to do) of files that were not taken.
    """

    imported: tuple[Imported, ...]
    failed: tuple[tuple[str, str], ...]


def import_notebooks(store: NotebookStore, paths: Sequence[Path], progress: OnProgress = silent) -> ImportReport:
    """Brings files and folders of notebooks into the store.

    Args:
        store: Where they go.
        paths: Files, and folders that are searched for notebooks.
        progress: Told how many files are done.

    Raises:
        NotFound: If the folders hold no notebook at all.
        StoreError: If the store cannot be written; what came before is kept.
    """
    files = find_notebooks(paths)
    if not files:
        raise NotFound(
            "no notebooks there: looked for .ipynb files, percent scripts and Databricks exports",
            "Name the files or their folder: nbalign import FOLDER",
        )
    imported: list[Imported] = []
    failed: list[tuple[str, str]] = []
    for n, path in enumerate(files):
        progress(Progress(f"importing {clean_line(path.name)}", n, len(files), "notebooks"))
        try:
            raw, notebook = read_file(path)
            new = store.add(raw, notebook, read_sidecar(path))
        except StoreError:
            raise
        except NbalignError as error:
            failed.append((clean_line(str(path), 300), str(error)))
            continue
        imported.append(Imported(notebook.name, notebook.sha256, len(notebook.cells), new, notebook.warnings))
    progress(Progress("imported", len(files), len(files), "notebooks"))
    return ImportReport(tuple(imported), tuple(failed))
