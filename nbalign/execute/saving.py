"""Notebook files in and out: read within the bound, written whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from nbalign.errors import BadInput, NotFound, StoreError
from nbalign.notebooks.limits import DEFAULT_LIMITS


def load(path: Path) -> bytes:
    """The bytes of a notebook file, one more than the bound at the most.

    Raises:
        NotFound: If there is no such file.
        BadInput: If it cannot be read.
    """
    try:
        if not path.is_file():
            raise NotFound(f"there is no notebook {path}")
        with path.open("rb") as file:
            return file.read(DEFAULT_LIMITS.file + 1)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror or error}") from error


def prepare(folder: Path) -> None:
    """Makes a folder that files are going to be written to, before hours of work go into them.

    Raises:
        StoreError: If that is not possible.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StoreError(f"cannot write to {folder}: {error.strerror or error}") from error


def save(raw: bytes, target: Path, *, before: bytes | None = None) -> None:
    """Writes a notebook, and replaces what is there in one step.

    Args:
        raw: Its bytes.
        target: Where to.
        before: What has to stand there for it to be replaced; None replaces anything.

    Raises:
        StoreError: If it cannot be written, or what stands there is not `before`.
    """
    if before is not None and load(target) != before:
        raise StoreError(
            f"{target} was changed while it ran; it is left as it is", "Run it again, or write elsewhere with --out."
        )
    try:
        descriptor, name = tempfile.mkstemp(prefix=".nbalign-", dir=target.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                shutil.copymode(target, name)
            else:
                umask = os.umask(0)
                os.umask(umask)
                Path(name).chmod(0o666 & ~umask)
            Path(name).replace(target)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise StoreError(f"cannot write {target}: {error.strerror or error}") from error
