"""The schema as numbered steps: `PRAGMA user_version` says how many of them a file has been through."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from nbalign.errors import StoreError
from nbalign.store.schema import VERSION_1, VERSION_2, VERSION_3, VERSION_4

if TYPE_CHECKING:
    import sqlite_utils

APPLICATION_ID = 0x6E62616C  # "nbal": tells our files from other programs' SQLite files

Migration = Callable[["sqlite_utils.Database"], None]


def _first(db: sqlite_utils.Database) -> None:
    """Notebooks, rubrics, label events, flags, drafts, judgements, rationales, settings."""
    for statement in VERSION_1:
        db.conn.execute(statement)


def _second(db: sqlite_utils.Database) -> None:
    """Probes, distillations, guideline events, memories, experiments, audit picks."""
    for statement in VERSION_2:
        db.conn.execute(statement)


def _third(db: sqlite_utils.Database) -> None:
    """Time at work, notebooks as bags of stems."""
    for statement in VERSION_3:
        db.conn.execute(statement)


def _fourth(db: sqlite_utils.Database) -> None:
    """Runs, what they produced, variants tried, notebooks set aside."""
    for statement in VERSION_4:
        db.conn.execute(statement)


MIGRATIONS: tuple[Migration, ...] = (_first, _second, _third, _fourth)


def schema_version(db: sqlite_utils.Database) -> int:
    """How many migrations a database has been through; 0 for an empty file."""
    return int(db.conn.execute("PRAGMA user_version").fetchone()[0])


def check_owner(db: sqlite_utils.Database, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Refuses files that this nbalign cannot use.

    Args:
        db: The database.
        path: Its file, for messages.
        migrations: The migrations this nbalign knows.

    Returns:
        The file's schema version.

    Raises:
        StoreError: If another program made the file, or a newer nbalign did.
    """
    version = schema_version(db)
    owner = int(db.conn.execute("PRAGMA application_id").fetchone()[0])
    empty = version == 0 and owner == 0 and not db.conn.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    if owner != APPLICATION_ID and not empty:
        raise StoreError(f"{path} is a database of another program", "Check that this is the file you meant.")
    if version > len(migrations):
        raise StoreError(
            f"{path} was written by a newer nbalign (schema {version}; this one knows {len(migrations)})",
            "Upgrade nbalign, or use the copy that was kept beside it before the upgrade.",
        )
    return version


def migrate(db: sqlite_utils.Database, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Brings a database up to date, one transaction a step; a file in use is first copied to `NAME.before-vN`.

    Args:
        db: A writable database that `check_owner` has passed, with no transaction open.
        path: Its file.
        migrations: The steps; tests pass their own.

    Raises:
        StoreError: If the backup copy cannot be written.
        sqlite3.Error: If a step fails; the database is then as it was before that step.
    """
    target = len(migrations)
    is_new = schema_version(db) == 0  # there is nothing in it yet to be copied
    while (version := schema_version(db)) < target:
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            # Another process may have done this step while we waited for the lock.
            if schema_version(db) == version:
                if not is_new:
                    _back_up(path, target)
                migrations[version](db)
                db.conn.execute(f"PRAGMA application_id = {APPLICATION_ID}")
                db.conn.execute(f"PRAGMA user_version = {version + 1}")
            db.conn.execute("COMMIT")
        except BaseException:
            if db.conn.in_transaction:
                db.conn.execute("ROLLBACK")
            raise


def _back_up(path: Path, target: int) -> None:
    """Copies the committed state; a copy that is there already is older and stays."""
    final = path.with_name(f"{path.name}.before-v{target}")
    if final.exists():
        return
    draft = final.with_name(f"{final.name}.{os.getpid()}.tmp")
    # A second connection: SQLite refuses to copy through one that holds the write lock.
    source = sqlite3.connect(path)
    try:
        copy = sqlite3.connect(draft)
        try:
            source.backup(copy)
        finally:
            copy.close()
        draft.replace(final)
    except (sqlite3.Error, OSError) as error:
        with suppress(OSError):
            draft.unlink()
        raise StoreError(
            f"cannot keep a copy of {path} before upgrading it: {error}",
            "Make room for a second copy in its folder and open it again; nothing was changed.",
        ) from error
    finally:
        source.close()
