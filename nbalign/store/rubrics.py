"""Rubrics by the hash of their text. What the text means is the rubrics room's business."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.errors import NotFound, UsageError
from nbalign.rubrics.model import Rubric
from nbalign.store.clock import now
from nbalign.store.database import Store

if TYPE_CHECKING:
    import sqlite_utils

_COLUMNS = "id, version, title, sha256, text, added_at"
_MIN_PREFIX = 6


@dataclass(frozen=True, slots=True)
class RubricRow:
    """A stored rubric, its text unparsed.

    Attributes:
        id: Rubric id.
        version: The author's version.
        title: For people.
        sha256: Hash of the text.
        text: The YAML.
        added_at: UTC time, ISO 8601.
    """

    id: str
    version: int
    title: str
    sha256: str
    text: str
    added_at: str


class RubricStore:
    """The rubrics of a workspace; every text ever used stays.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, rubric: Rubric) -> bool:
        """Keeps a rubric and makes it the latest of its id.

        Returns:
            False when this very text is known already. Adding an earlier text again makes it the latest again.

        Raises:
            StoreError: If it cannot be written.
        """
        with self._store.write() as db:
            added = keep(db, rubric)
            if not added:
                db.conn.execute(
                    "UPDATE rubrics SET rowid = (SELECT max(rowid) + 1 FROM rubrics), added_at = ? WHERE sha256 = ?"
                    " AND rowid < (SELECT max(rowid) FROM rubrics WHERE id = ?)",
                    (now(), rubric.sha256, rubric.id),
                )
            return added

    def list(self) -> list[RubricRow]:
        """All rubrics in the order in which they were added.

        Raises:
            StoreError: If the database cannot be read.
        """
        return [_row(row) for row in self._store.rows(f"SELECT {_COLUMNS} FROM rubrics ORDER BY rowid")]

    def get(self, ref: str) -> RubricRow:
        """A rubric by its id (the latest added of that id) or by the first 6 or more digits of its hash.

        Args:
            ref: Id, hash or hash prefix.

        Raises:
            NotFound: If there is none.
            UsageError: If several hashes begin so.
        """
        rows = self._store.rows(f"SELECT {_COLUMNS} FROM rubrics WHERE id = ? ORDER BY rowid DESC LIMIT 1", (ref,))
        if not rows and len(ref) >= _MIN_PREFIX:
            rows = self._store.rows(
                f"SELECT {_COLUMNS} FROM rubrics WHERE substr(sha256, 1, ?) = ?", (len(ref), ref.lower())
            )
        if len(rows) > 1:
            raise UsageError(f"{len(rows)} rubrics have a hash that begins with {ref[:64]!r}", "Give more digits.")
        if not rows:
            raise NotFound(f"there is no rubric {ref[:80]!r} in this workspace", "`nbalign rubric list` lists them.")
        return _row(rows[0])


def keep(db: sqlite_utils.Database, rubric: Rubric) -> bool:
    """Keeps a rubric inside a transaction that is already open.

    Args:
        db: The database as `Store.write` yields it.
        rubric: The rubric.

    Returns:
        False when this very text is known already.
    """
    cursor = db.conn.execute(
        "INSERT INTO rubrics (sha256, id, version, title, text, added_at) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (sha256) DO NOTHING",
        (rubric.sha256, rubric.id, rubric.version, rubric.title, rubric.text, now()),
    )
    return cursor.rowcount == 1


def _row(row: sqlite3.Row) -> RubricRow:
    return RubricRow(*(row[name] for name in ("id", "version", "title", "sha256", "text", "added_at")))
