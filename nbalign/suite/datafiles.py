"""The data files that a suite names: inside its folder, plain, of a bearable size, read once each."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from nbalign.rubrics.problems import shown
from nbalign.suite.model import DataFile, Size

MAX_FILE_BYTES = 200 << 20
MAX_FILES = 50  # a case's
_CHUNK = 1 << 20
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Looked:
    """A data file that can be used.

    Attributes:
        file: What the case gets.
        place: Path inside the suite's folder, with `/`.
        lines: Line breaks in it.
    """

    file: DataFile
    place: str
    lines: int


class Shelf:
    """The data files of one suite.

    Args:
        folder: The suite's folder; nothing outside it is read.
    """

    def __init__(self, folder: Path) -> None:
        self._root = folder.resolve()
        self._known: dict[str, Looked | str] = {}

    def look(self, name: str) -> Looked | str:
        """Looks at one file and hashes it; a second look at the same name costs nothing.

        Args:
            name: As the suite writes it: relative to its folder, with `/`.

        Returns:
            The file, or what is wrong with it, for people.
        """
        if name not in self._known:
            self._known[name] = self._look(name)
        return self._known[name]

    @property
    def files(self) -> list[Looked]:
        """All files that were looked at and can be used, by place."""
        return sorted((found for found in self._known.values() if isinstance(found, Looked)), key=lambda f: f.place)

    def _look(self, name: str) -> Looked | str:
        path = PurePosixPath(name)
        if path.is_absolute() or "\\" in name or (len(name) > 1 and name[1] == ":"):
            return f"{_named(name)} is not a path relative to the suite's folder, with '/' between its parts"
        if not path.name or ".." in path.parts:
            return f"{_named(name)} lies outside the suite's folder; copy it in"
        if len(path.name.encode("utf-8", "replace")) > _LONGEST_NAME or path.name.startswith((".", "-")):
            return f"{_named(name)} needs a name of at most {_LONGEST_NAME} bytes that begins with no dot or dash"
        place = self._root / path
        try:
            real = place.resolve(strict=True)
            if not real.is_relative_to(self._root):
                return f"{_named(name)} is a link that leads out of the suite's folder; copy the file in"
            found = real.stat()
            if not stat.S_ISREG(found.st_mode):
                return f"{_named(name)} is not a file"
            return self._read(path, real)
        except FileNotFoundError:
            return f"there is no file {_named(name)} in the suite's folder"
        except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a link that leads to itself
            reason = getattr(error, "strerror", None) or "not a possible path"
            return f"{_named(name)} cannot be read: {reason}"

    def _read(self, path: PurePosixPath, real: Path) -> Looked | str:
        digest = hashlib.sha256()
        size = lines = 0
        with real.open("rb") as file:
            while chunk := file.read(_CHUNK):
                size += len(chunk)
                if size > MAX_FILE_BYTES:
                    return f"{_named(str(path))} is larger than {MAX_FILE_BYTES >> 20} MB"
                digest.update(chunk)
                lines += chunk.count(b"\n")
        return Looked(DataFile(path.name, self._root / path, size, digest.hexdigest()), str(path), lines)


def size_of(files: list[Looked]) -> Size:
    """How much data that is, where a case does not say.

    Args:
        files: The case's files.

    Returns:
        `small` below 1,000 lines and 1 MB, all files together; `medium` below 100,000 lines and 20 MB; else `large`.
    """
    lines = sum(each.lines for each in files)
    size = sum(each.file.bytes for each in files)
    if lines < 1_000 and size < 1 << 20:
        return "small"
    return "medium" if lines < 100_000 and size < 20 << 20 else "large"


def _named(name: str) -> str:
    return repr(shown(name, 120))
