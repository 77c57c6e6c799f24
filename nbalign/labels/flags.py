"""Flags of a rater on a notebook: `flagged` to come back to, `skipped` for now. They are events like labels."""

from __future__ import annotations

from typing import Literal, get_args

from nbalign.errors import UsageError
from nbalign.labels.checks import check_rater, one_form
from nbalign.store.clock import now
from nbalign.store.database import Store

Flag = Literal["flagged", "skipped"]


class Flags:
    """The flags of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def set_flag(self, notebook: str, rater: str, flag: str, on: bool) -> None:
        """Raises or lowers a flag; a flag that is so already adds no event.

        Args:
            notebook: Content hash.
            rater: Whose flag.
            flag: `flagged` or `skipped`.
            on: Up or down.

        Raises:
            UsageError: If there is no such flag.
            StoreError: If it cannot be written.
        """
        if flag not in get_args(Flag):
            raise UsageError(f"{flag!r:.40} is no flag", "Flags are flagged and skipped.")
        rater = check_rater(rater)
        with self._store.write() as db:
            row = db.conn.execute(
                "SELECT is_on FROM flags WHERE rater = ? AND notebook = ? AND flag = ? ORDER BY id DESC LIMIT 1",
                (rater, notebook, flag),
            ).fetchone()
            if bool(row and row[0]) != on:
                db.conn.execute(
                    "INSERT INTO flags (at, notebook, rater, flag, is_on) VALUES (?, ?, ?, ?, ?)",
                    (now(), notebook, rater, flag, int(on)),
                )

    def flags(self, rater: str) -> dict[str, set[str]]:
        """The flags that are up: content hash of the notebook -> flags; notebooks without flags are left out."""
        found: dict[str, set[str]] = {}
        for row in self._store.rows("SELECT notebook, flag FROM current_flags WHERE rater = ?", (one_form(rater),)):
            found.setdefault(row["notebook"], set()).add(row["flag"])
        return found
