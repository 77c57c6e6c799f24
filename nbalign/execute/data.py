"""Data files that a notebook is given: each a copy of its own, under a plain name."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from nbalign.errors import BadInput, NotFound
from nbalign.notebooks.sanitise import clean_line

_LONGEST_NAME = 255  # bytes; what Linux file systems take


class DataLike(Protocol):
    """A file under the name that the notebook knows it by, such as a suite's `DataFile`."""

    @property
    def name(self) -> str:
        """Plain file name."""
        ...

    @property
    def path(self) -> Path:
        """Where it lies."""
        ...


@dataclass(frozen=True, slots=True)
class Data:
    """A file for a notebook.

    Attributes:
        name: Plain file name, as the notebook sees it in its working folder.
        path: Where it lies.
    """

    name: str
    path: Path


def check(data: Sequence[DataLike]) -> int:
    """Looks whether the files can be given to a notebook.

    Returns:
        Their bytes in all.

    Raises:
        BadInput: If a name is no plain file name or stands twice.
        NotFound: If a path is no file.
    """
    size = 0
    names: set[str] = set()
    for file in data:
        shown = clean_line(file.name) or "(empty)"
        if not _is_plain(file.name):
            raise BadInput(f"a data file cannot be called {shown!r}", "Name it without folders: sales.csv.")
        if file.name in names:
            raise BadInput(f"two data files are called {shown!r}", "Give each a name of its own.")
        names.add(file.name)
        try:
            if not file.path.is_file():
                raise NotFound(f"there is no data file {clean_line(str(file.path))}")
            size += file.path.stat().st_size
        except OSError as error:
            raise NotFound(f"cannot read {clean_line(str(file.path))}: {error.strerror or error}") from error
    return size


def copy(data: Sequence[DataLike], folder: Path) -> None:
    """Copies the files into a folder, so that the notebook may change or delete its own.

    Raises:
        BadInput: If one cannot be read, or the disk is full.
    """
    for file in data:
        try:
            shutil.copyfile(file.path, folder / file.name)
        except OSError as error:
            raise BadInput(f"cannot copy {clean_line(str(file.path))}: {error.strerror or error}") from error


def _is_plain(name: str) -> bool:
    try:
        size = len(name.encode("utf-8"))
    except UnicodeEncodeError:
        return False
    return 0 < size <= _LONGEST_NAME and name not in (".", "..") and "/" not in name and name.isprintable()
