"""One SQLite file as a workspace's store: a connection per thread, durable writes, errors in plain words."""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

from nbalign.errors import StoreError
from nbalign.store.failures import refuse_unread_log, says_read_only, translated
from nbalign.store.lean import sqlite_utils
from nbalign.store.migrations import MIGRATIONS, check_owner, migrate
from nbalign.store.opened_file import OpenedFile

BUSY_SECONDS = 10.0


class Store:
    """A workspace database. Threads may share one; each gets its own connection.

    Use `Store.create` or `Store.open`, not the constructor. A store is a context manager that closes itself.

    Attributes:
        path: The database file.
        why_read_only: Why nothing can be written, one sentence; empty when writing is possible.
    """

    def __init__(self, path: Path, *, mode: str, why_read_only: str, busy_seconds: float) -> None:
        self.path = path
        self.why_read_only = why_read_only
        self._mode = mode
        self._busy_seconds = busy_seconds
        self._local = threading.local()
        self._connections: list[tuple[threading.Thread, sqlite_utils.Database]] = []
        self._lock = threading.Lock()
        self._closed = False
        self._opened: OpenedFile | None = None

    @classmethod
    def create(cls, path: Path, *, busy_seconds: float = BUSY_SECONDS) -> Store:
        """Makes a new database, and its folder where that is missing.

        Args:
            path: Where; nothing may lie there yet.
            busy_seconds: How long a write waits for another process.

        Raises:
            StoreError: If there is something at `path`, or the folder cannot be written.
        """
        path = Path(path)
        if path.exists():
            raise StoreError(f"there is already something at {path}", "Open it, or choose another folder.")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(exist_ok=False)
        except OSError as error:
            raise StoreError(
                f"cannot make {path}: {error.strerror or error}", "Choose a folder that you may write."
            ) from error
        return cls.open(path, busy_seconds=busy_seconds)

    @classmethod
    def open(cls, path: Path, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS) -> Store:
        """Opens a database and brings its schema up to date.

        Where the file or its folder cannot be written, it is opened for reading alone: `read_only` is then true,
        `why_read_only` says why, and `write()` raises.

        Args:
            path: The database file.
            read_only: Never write, not even a migration.
            busy_seconds: How long a write waits for another process.

        Raises:
            StoreError: If the file is missing, damaged, no nbalign database or from a newer nbalign.
        """
        path = Path(path)
        if not path.is_file():
            raise StoreError(f"there is no workspace database at {path}", "Make one with `nbalign init`.")
        why = "it was opened for reading alone" if read_only else ""
        if not why and not os.access(path, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            why = f"you may not write {path}"
        if not why:
            try:
                return cls._started(path, "mode=rw", "", busy_seconds)
            except StoreError as error:
                if not says_read_only(error):
                    raise
                why = f"you may not write the folder {path.parent}"
        return cls._open_read_only(path, why, busy_seconds)

    @classmethod
    def _open_read_only(cls, path: Path, why: str, busy_seconds: float) -> Store:
        try:
            return cls._started(path, "mode=ro", why, busy_seconds)
        except StoreError as error:
            if not says_read_only(error):
                raise
            refuse_unread_log(path, error)
        # A WAL database in a folder that cannot be written has nowhere to put its index. With no log beside it no
        # process has it open and everything is in the main file, so that file may be read as it stands.
        return cls._started(path, "mode=ro&immutable=1", why, busy_seconds)

    @classmethod
    def _started(cls, path: Path, mode: str, why_read_only: str, busy_seconds: float) -> Store:
        store = cls(path, mode=mode, why_read_only=why_read_only, busy_seconds=busy_seconds)
        try:
            store._start()
        except BaseException:
            store.close()
            raise
        return store

    @property
    def read_only(self) -> bool:
        """Whether `write()` is refused."""
        return bool(self.why_read_only)

    @property
    def db(self) -> sqlite_utils.Database:
        """This thread's database. Errors of SQLite are only translated inside `rows` and `write`.

        Raises:
            StoreError: If the store is closed or cannot be opened.
        """
        db: sqlite_utils.Database | None = getattr(self._local, "db", None)
        if db is None or self._closed:
            db = self._connect()
            self._local.db = db
        return db

    def rows(self, sql: str, parameters: Sequence[object] | Mapping[str, object] = ()) -> list[sqlite3.Row]:
        """All rows of a query, errors translated.

        Args:
            sql: A query.
            parameters: Values for its `?` or `:name` places.

        Raises:
            StoreError: If the database cannot be read.
        """
        with translated(self.path):
            cursor = self.db.conn.cursor()
            cursor.row_factory = sqlite3.Row
            return cursor.execute(sql, parameters).fetchall()

    @contextmanager
    def write(self) -> Iterator[sqlite_utils.Database]:
        """One durable transaction: all of the block or nothing.

        A block inside a block joins the outer transaction; when it fails, its own part alone is rolled back, and the
        rest too unless the error is caught on the way out.

        Yields:
            This thread's database.

        Raises:
            StoreError: If the store is read-only, locked for too long, full or damaged, or its file is gone.
        """
        if self.read_only:
            raise StoreError(
                f"the workspace is read-only: {self.why_read_only}",
                "Copy the workspace folder to a place that you may write, or ask for write access.",
            )
        with translated(self.path):
            db = self.db
            if db.conn.in_transaction:
                with db.atomic():
                    yield db
                return
            if self._opened is not None:
                self._opened.refuse_lost()
            # IMMEDIATE takes the write lock at once: a transaction that reads first and writes later can otherwise
            # fail for good when another process writes in between.
            db.conn.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.conn.execute("COMMIT")
            except BaseException:
                if db.conn.in_transaction:
                    db.conn.execute("ROLLBACK")
                raise

    def close(self) -> None:
        """Closes the connections of all threads. Closing twice is harmless."""
        with self._lock:
            self._closed = True
            for _, db in self._connections:
                db.conn.close()
            self._connections.clear()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        with translated(self.path):
            db = self.db
            self._opened = OpenedFile.at(self.path)
            version = check_owner(db, self.path)
            if self.read_only:
                if version < len(MIGRATIONS):
                    raise StoreError(
                        f"{self.path} must first be brought up to date, and {self.why_read_only}",
                        "Open it once where it can be written.",
                    )
                return
            if db.conn.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
                # Some network folders have no WAL; SQLite then stays with a rollback journal, slower but as durable.
                db.conn.execute("PRAGMA journal_mode=WAL")
            migrate(db, self.path)

    def _connect(self) -> sqlite_utils.Database:
        with self._lock:
            if self._closed:
                raise StoreError("the workspace is closed")
            self._drop_dead()
            with translated(self.path):
                connection = sqlite3.connect(
                    f"{self.path.resolve().as_uri()}?{self._mode}",
                    uri=True,
                    timeout=self._busy_seconds,
                    isolation_level=None,  # transactions are begun and ended by `write` alone
                    check_same_thread=False,  # so that `close` can close what other threads opened
                )
                try:
                    connection.execute("PRAGMA foreign_keys=ON")
                    connection.execute("PRAGMA synchronous=FULL")
                    db = sqlite_utils.Database(connection, execute_plugins=False)
                except BaseException:
                    connection.close()
                    raise
            self._connections.append((threading.current_thread(), db))
            return db

    def _drop_dead(self) -> None:
        """Closes connections whose threads have ended, so that short-lived workers do not pile up open files."""
        for thread, db in self._connections:
            if not thread.is_alive():
                db.conn.close()
        self._connections = [(thread, db) for thread, db in self._connections if thread.is_alive()]
