"""What SQLite's errors mean to a user, and what to do about each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbalign.errors import StoreError, UsageError

_READ_ONLY_CODES = frozenset({sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM})

# Primary result code of SQLite -> (what happened, what to do)
_WORDS: dict[int, tuple[str, str]] = {
    sqlite3.SQLITE_READONLY: (
        "the workspace {path} cannot be written",
        "Check the rights of the file and its folder, or copy the workspace folder to a place that you may write.",
    ),
    sqlite3.SQLITE_PERM: (
        "the system denies access to {path}",
        "Check the rights of the file and its folder.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "{path} or the files beside it cannot be opened",
        "Check the rights of the folder; it must hold the -wal and -shm files of the database too.",
    ),
    sqlite3.SQLITE_FULL: (
        "the disk is full: nothing of this step was written to {path}",
        "Free some space and do it again; what was saved before is safe.",
    ),
    sqlite3.SQLITE_BUSY: (
        "another process is writing to {path} and did not finish in time",
        "Wait for it (or end it) and do it again; nothing of this step was written.",
    ),
    sqlite3.SQLITE_LOCKED: (
        "{path} is locked by this process",
        "Do it again; nothing of this step was written.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "{path} is damaged",
        "Restore the workspace from a backup, or try `sqlite3 FILE .recover`; do not go on working in it.",
    ),
    sqlite3.SQLITE_NOTADB: (
        "{path} is not a SQLite database, or its beginning is damaged",
        "Check that this is the file you meant, or restore it from a backup.",
    ),
    sqlite3.SQLITE_IOERR: (
        "{path} cannot be read or written: the disk or the network folder fails",
        "Check the disk; what was saved before is safe if the disk is.",
    ),
}


def store_error(error: sqlite3.Error, path: Path) -> StoreError:
    """SQLite's error as one a user can act on.

    Args:
        error: What SQLite raised.
        path: The database file, for the message.
    """
    code = _primary_code(error)
    if code in _WORDS:
        message, hint = _WORDS[code]
        return StoreError(message.format(path=path), hint)
    if isinstance(error, sqlite3.ProgrammingError) and "closed" in str(error):
        return StoreError("the workspace is closed")
    return StoreError(f"SQLite refuses a step on {path}: {error}", "Please report this as a bug of nbalign.")


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turns SQLite's errors inside the block into `StoreError`.

    Args:
        path: The database file, for the messages.

    Raises:
        StoreError: For any `sqlite3.Error`.
        UsageError: For a value that SQLite cannot hold: half a character, a number beyond 64 bits.
    """
    try:
        yield
    except sqlite3.Error as error:
        raise store_error(error, path) from error
    except UnicodeEncodeError as error:
        raise UsageError(f"{error.object!r:.60} is not valid Unicode text") from error
    except OverflowError as error:
        raise UsageError("a number is too large") from error


def says_read_only(error: StoreError) -> bool:
    """Whether an error may only mean that the file or its folder cannot be written."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.Error) and _primary_code(cause) in _READ_ONLY_CODES


def refuse_unread_log(path: Path, cause: StoreError) -> None:
    """Refuses a database whose write-ahead log holds changes that cannot be read without writing.

    Args:
        path: The database file.
        cause: Why it could not be opened in the ordinary way.

    Raises:
        StoreError: If there is such a log.
    """
    log = path.with_name(path.name + "-wal")
    try:
        unread = log.exists() and (not log.is_file() or log.stat().st_size > 0)
    except OSError:
        unread = True
    if unread:
        raise StoreError(
            f"{path} has unsaved changes beside it in {log.name}, and its folder cannot be written",
            "Copy the whole workspace folder to a place that you may write and open it there.",
        ) from cause


def _primary_code(error: sqlite3.Error) -> int:
    # Extended codes carry the primary one in their low byte. Errors of the Python module itself have none.
    code = getattr(error, "sqlite_errorcode", None)
    return -1 if code is None else int(code) & 0xFF
