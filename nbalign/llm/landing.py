"""How a model's bytes land in the library: locked, with room on the disk, checked, and only then under their name."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import BinaryIO

from nbalign.errors import ModelError, NbalignError
from nbalign.llm.hashes import CHUNK, stop_if
from nbalign.llm.manifest import ModelCard
from nbalign.llm.plain import one_line
from nbalign.progress import OnProgress, Progress

_SPARE = 50_000_000  # bytes left free beyond what is needed: a disk filled to the last byte stops other work


class SourceUnavailable(ModelError):
    """One source of a model cannot be reached or does not have it; another one may."""


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """Turns the operating system's refusals to write in `folder` into a ModelError."""
    try:
        yield
    except NbalignError:  # some are OSErrors too, and have said what they mean
        raise
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise ModelError(
                f"the disk is full or the quota used up: {folder}",
                "Free some space, or point NBALIGN_MODELS at a folder on another disk, and run the same command again.",
            ) from error
        raise ModelError(
            f"cannot write in the model folder {folder}: {one_line(error.strerror or str(error))}",
            "Check the folder and its permissions, or point NBALIGN_MODELS at one of your own.",
        ) from error


@contextmanager
def locked(folder: Path, file: str) -> Iterator[None]:
    """Holds the right to write one file of the library; the folder is made where it is missing.

    The lock ends with the process that holds it, however that ends.

    Raises:
        ModelError: If another process holds it, or the folder cannot be written.
    """
    path = folder / f"{file}.lock"
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        handle = _lock(path)
    try:
        yield
    finally:
        # Removed while still held: whoever opened it meanwhile finds in _lock that it is no longer this file.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(handle)


def _lock(path: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with contextlib.suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), path.stat()):
                    return handle
        except BlockingIOError:
            os.close(handle)
            raise ModelError(
                f"another nbalign is writing {path.name.removesuffix('.lock').lstrip('.')} in {path.parent} right now",
                "Wait for it to end, then run this command again.",
            ) from None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # the one who held it before removed this file: lock the new one


def check_space(folder: Path, needed: int) -> None:
    """Makes sure that `needed` more bytes fit into `folder`.

    Raises:
        ModelError: If they do not.
    """
    free = shutil.disk_usage(folder).free
    if free < needed + _SPARE:
        raise ModelError(
            f"not enough space in {folder}: it takes {(needed + _SPARE) / 1e6:,.0f} MB, {free / 1e6:,.0f} MB are free",
            "Free some space, or point NBALIGN_MODELS at a folder on another disk.",
        )


def partial_of(folder: Path, card: ModelCard) -> Path:
    """Where a model grows before it gets its name."""
    return folder / f"{card.file}.partial"


def copy_hashing(
    sources: Iterable[Path], target: BinaryIO, *, stage: str, total: int, progress: OnProgress, cancel: Event | None
) -> str:
    """Writes files one after the other into `target`, safe on the disk, and returns the SHA-256 of the whole.

    Args:
        sources: Files in order.
        target: Open for writing; stays open.
        stage: What people read while it runs.
        total: Bytes to come.
        progress: Told the bytes done.
        cancel: Set it to stop.

    Raises:
        Cancelled: If `cancel` was set.
        OSError: If a file cannot be read or the target not written.
    """
    digest = hashlib.sha256()
    done = 0
    for source in sources:
        with source.open("rb") as file:
            while chunk := file.read(CHUNK):
                stop_if(cancel)
                target.write(chunk)
                digest.update(chunk)
                done += len(chunk)
                progress(Progress(stage, done, total, "bytes"))
    target.flush()
    os.fsync(target.fileno())
    return digest.hexdigest()


def land(partial: Path, sha256: str, card: ModelCard, origin: str) -> Path:
    """Gives a complete, synced file its name, if it is what the manifest says; deletes it otherwise.

    Args:
        partial: The file, in the library folder.
        sha256: What it hashed to.
        card: What it must be.
        origin: Where it came from, for the message.

    Returns:
        The model's path.

    Raises:
        ModelError: If size or hash differ.
        OSError: If it cannot be renamed.
    """
    size = partial.stat().st_size
    if size != card.bytes or sha256 != card.sha256:
        partial.unlink()
        raise ModelError(
            f"what {origin} holds is not {card.name}: expected {card.bytes:,} bytes with sha256 {card.sha256}, "
            f"got {size:,} bytes with {sha256}; it was deleted",
            "Run the command again; if it happens again, the source is wrong: take another one (--source parts, "
            "--source url, --url URL, or nbalign models add FILE).",
        )
    final = partial.with_name(card.file)
    partial.replace(final)
    sync_folder(final.parent)
    return final


def sync_folder(folder: Path) -> None:
    """Makes renames in a folder survive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Makes what was written to a file survive a loss of power."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
