"""Notebooks in folders: which files are worth reading."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from nbalign.errors import BadInput
from nbalign.notebooks.sanitise import clean_line
from nbalign.notebooks.scripts import has_markers

_MARKER_BYTES = 1_000_000  # of a script, searched for cell markers
_SKIPPED = frozenset({".ipynb_checkpoints", "__pycache__", "node_modules", "site-packages"})


def find_notebooks(paths: Sequence[Path]) -> list[Path]:
    """The notebook files that paths stand for.

    Args:
        paths: Files, which are taken as they are, and folders, which are searched through all levels for `.ipynb`
            files and for `.py` files with percent or Databricks markers.

    Returns:
        Files in the order of `paths`, those of one folder sorted by path, none twice; empty when nothing was found.
        Checkpoints, hidden files and folders, caches, virtual environments and symbolic links inside a folder are
        passed over, and so are subfolders that may not be read.

    Raises:
        BadInput: If a given folder may not be read.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_in_folder(path) if _is_folder(path) else [path]))
    return list(found)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it as a file is going to say why
        return False


def _in_folder(root: Path) -> list[Path]:
    try:
        os.scandir(root).close()
    except OSError as error:
        shown = clean_line(str(root), 300)
        raise BadInput(f"The folder {shown} cannot be read: {error.strerror}.", "Check its permissions.") from None
    return sorted(_walk(root))


def _walk(root: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(root):  # does not follow links
        here = Path(folder)
        below[:] = [name for name in below if _worth_entering(here / name)]
        for name in files:
            path = here / name
            suffix = path.suffix.lower()
            if name.startswith(".") or suffix not in (".ipynb", ".py") or not _is_plain_file(path):
                continue
            if suffix == ".ipynb" or _is_notebook_script(path):
                yield path


def _worth_entering(folder: Path) -> bool:
    if folder.name.startswith(".") or folder.name in _SKIPPED:
        return False
    try:
        return not (folder / "pyvenv.cfg").exists()
    except OSError:
        return False


def _is_plain_file(path: Path) -> bool:
    try:
        return path.is_file() and not path.is_symlink()
    except OSError:
        return False


def _is_notebook_script(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            text = file.read(_MARKER_BYTES).decode("utf-8", "replace")
    except OSError:
        return False
    return has_markers(text.replace("\r\n", "\n"))
