"""Evaluated prefixes parked on disk, so that judging a notebook again starts where the last run stopped reading.

A parked prefix of the 1.5B model takes 28,672 bytes a token: 2,000 tokens are 57 MB, and load in the time of a file
copy instead of about 50 s of evaluation on two cores. The folder is bounded; the longest unused goes first.

llama.cpp aborts the process when it meets a file that is cut short, and reads changed bytes as if they were right. So
every file ends in a checksum, and one that does not fit it never reaches llama.cpp.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import time
from collections.abc import Callable, Sequence
from pathlib import Path

WORTH_PARKING = 256  # tokens: below this, evaluating again costs less than the file
DEFAULT_BOUND = 4 << 30  # bytes
_STALE = 3600.0  # seconds after which a half-written file has no writer any more
_SHARE_OF_FREE = 0.2  # never take more than this share of the free disk
_SEAL = 16  # bytes of the checksum at the end of a file
_CHUNK = 1 << 20


class Parking:
    """A bounded folder of parked prefixes.

    Args:
        folder: Where they lie; made when first needed. Safe to delete at any time.
        identity: What must be the same for a prefix to be of use: model, build, settings.
        bound: Most bytes the folder may hold; 0 parks nothing.
    """

    def __init__(self, folder: Path, identity: str, bound: int) -> None:
        self._folder = folder
        self._identity = identity
        self._bound = bound

    def path(self, tokens: Sequence[int]) -> Path:
        """Where the prefix of exactly these tokens lies, or would lie."""
        digest = hashlib.sha256(self._identity.encode() + b"\0")
        digest.update(",".join(map(str, tokens)).encode())
        return self._folder / f"{digest.hexdigest()[:40]}.kv"

    def find(self, tokens: Sequence[int]) -> Path | None:
        """The parked file for these tokens, marked as used now; None where there is none, or only a damaged one."""
        path = self.path(tokens)
        try:
            whole = _is_sealed(path)
        except OSError:
            return None
        if not whole:
            self.drop(path)
            return None
        with contextlib.suppress(OSError):  # a folder that cannot be written can still be read
            os.utime(path)
        return path

    def drop(self, path: Path) -> None:
        """Removes a parked file that turned out to be of no use."""
        with contextlib.suppress(OSError):
            path.unlink()

    def park(self, tokens: Sequence[int], size: int, write: Callable[[Path], bool]) -> bool:
        """Parks a prefix if it is worth it and fits the bound. Never raises for a full or read-only disk.

        Args:
            tokens: The prefix.
            size: About how many bytes it takes.
            write: Writes the state to a path and says whether it could.

        Returns:
            Whether it lies there now.
        """
        if len(tokens) < WORTH_PARKING or size > self._bound:
            return False
        path = self.path(tokens)
        temporary = path.with_suffix(f".{os.getpid()}.partial")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if not self._make_room(size):
                return False
            if not write(temporary):
                return False
            _seal(temporary)
            temporary.replace(path)
        except OSError:
            return False
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()
        return True

    def _make_room(self, size: int) -> bool:
        """Deletes the longest unused files until `size` more bytes fit; False where they never can."""
        files = []
        for path in self._folder.glob("*.partial"):  # left by a run that was killed while it parked
            with contextlib.suppress(OSError):
                if time.time() - path.stat().st_mtime > _STALE:
                    path.unlink()
        for path in self._folder.glob("*.kv"):
            with contextlib.suppress(OSError):
                stat = path.stat()
                files.append((stat.st_mtime_ns, stat.st_size, path))
        held = sum(bytes_ for _, bytes_, _ in files)
        free = shutil.disk_usage(self._folder).free
        bound = min(self._bound, int((free + held) * _SHARE_OF_FREE))
        if size > bound:
            return False
        for _, bytes_, path in sorted(files):
            if held + size <= bound:
                break
            self.drop(path)
            held -= bytes_
        return True


def _checksum(path: Path, size: int) -> bytes:
    """Of the first `size` bytes of a file."""
    checksum = hashlib.blake2b(digest_size=_SEAL)
    with path.open("rb") as file:
        while size > 0 and (chunk := file.read(min(_CHUNK, size))):
            checksum.update(chunk)
            size -= len(chunk)
    return checksum.digest()


def _seal(path: Path) -> None:
    """Ends a file in its checksum; llama.cpp does not look beyond what it wrote itself."""
    checksum = _checksum(path, path.stat().st_size)
    with path.open("ab") as file:
        file.write(checksum)


def _is_sealed(path: Path) -> bool:
    size = path.stat().st_size - _SEAL
    if size < 0:
        return False
    with path.open("rb") as file:
        file.seek(size)
        seal = file.read()
    return seal == _checksum(path, size)
