"""Hashes of model files, remembered so that a start need not read a gigabyte again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import threading
from pathlib import Path
from threading import Event
from typing import Any

from nbalign.errors import Cancelled, ModelError
from nbalign.llm.plain import one_line
from nbalign.progress import OnProgress, Progress, silent

CHUNK = 4 << 20  # bytes read at once
INDEX_NAME = "index.json"
_MAX_INDEX_BYTES = 4 << 20


def hash_file(path: Path, *, stage: str, progress: OnProgress = silent, cancel: Event | None = None) -> str:
    """SHA-256 of a file, lower-case hex.

    Args:
        path: The file.
        stage: What people read while it runs.
        progress: Told the bytes done.
        cancel: Set it to stop.

    Raises:
        ModelError: If the file cannot be read.
        Cancelled: If `cancel` was set.
    """
    digest = hashlib.sha256()
    done = 0
    try:
        with path.open("rb") as file:
            total = os.fstat(file.fileno()).st_size
            while chunk := file.read(CHUNK):
                stop_if(cancel)
                digest.update(chunk)
                done += len(chunk)
                progress(Progress(stage, done, total, "bytes"))
    except OSError as error:
        raise ModelError(
            f"{one_line(str(path))} cannot be read: {one_line(str(error))}", "Check the path and its permissions."
        ) from error
    return digest.hexdigest()


def stop_if(cancel: Event | None) -> None:
    """Raises Cancelled once `cancel` is set."""
    if cancel is not None and cancel.is_set():
        raise Cancelled("stopped", "Everything finished until then is kept; the same command goes on from there.")


class HashIndex:
    """What files hashed to, kept in `index.json` of one folder, valid while size, mtime and inode stay the same.

    An index that cannot be read counts as empty, one that cannot be written is kept in memory alone.
    """

    def __init__(self, folder: Path) -> None:
        self._path = folder / INDEX_NAME
        self._fresh: dict[str, dict[str, Any]] = {}

    def get(self, path: Path) -> str | None:
        """The remembered hash of a file as it is now, or None."""
        try:
            stamp = stamp_of(path)
        except OSError:
            return None
        key = str(path.resolve())
        entry = self._fresh.get(key) or self._read().get(key)
        if not isinstance(entry, dict) or any(entry.get(field) != value for field, value in stamp.items()):
            return None
        sha256 = entry.get("sha256")
        return sha256 if isinstance(sha256, str) else None

    def put(self, path: Path, sha256: str, stamp: dict[str, int]) -> None:
        """Remembers the hash of a file.

        Args:
            path: The file.
            sha256: Its hash, lower-case hex.
            stamp: `stamp_of` the file from before it was read, so that a change meanwhile is not taken as hashed.
        """
        self._fresh[str(path.resolve())] = {**stamp, "sha256": sha256}
        temporary = self._path.with_name(f".{INDEX_NAME}-{os.getpid()}-{threading.get_ident()}")
        try:
            # Entries of files that are gone would pile up for ever.
            files = {name: entry for name, entry in self._read().items() if Path(name).exists()} | self._fresh
            temporary.write_text(json.dumps({"version": 1, "files": files}, indent=1), encoding="utf-8")
            temporary.replace(self._path)
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                temporary.unlink()

    def _read(self) -> dict[str, Any]:
        try:
            if self._path.stat().st_size > _MAX_INDEX_BYTES:
                return {}
            value = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        files = value.get("files") if isinstance(value, dict) and value.get("version") == 1 else None
        return files if isinstance(files, dict) else {}


def stamp_of(path: Path) -> dict[str, int]:
    """What changes when a file changes: size in bytes, mtime in nanoseconds and inode.

    Raises:
        OSError: If the file is not there.
    """
    status = path.stat()
    return {"size": status.st_size, "mtime_ns": status.st_mtime_ns, "inode": status.st_ino}
