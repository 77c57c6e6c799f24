"""The table of current labels: what the events say, kept beside them so that long lists are quick."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from nbalign.store.database import Store

if TYPE_CHECKING:
    import sqlite_utils

_COLUMNS = "rater, rubric, notebook, dimension, role"
_KEY = "rater = :rater AND rubric = :rubric AND notebook = :notebook AND dimension = :dimension AND role = :role"


def refresh(db: sqlite_utils.Database, key: Mapping[str, object]) -> None:
    """Brings the table up to date for one label, inside the transaction that wrote its event.

    Args:
        db: The database as `Store.write` yields it.
        key: `rater`, `rubric`, `notebook`, `dimension` and `role`; other names are ignored.
    """
    values = dict(key)
    db.conn.execute(f"DELETE FROM current_labels WHERE {_KEY}", values)
    db.conn.execute(
        f"INSERT INTO current_labels ({_COLUMNS}, event) SELECT {_COLUMNS}, id FROM live_labels WHERE {_KEY}", values
    )


def rebuild(store: Store) -> int:
    """Makes the table again from all events.

    Returns:
        How many labels stand.

    Raises:
        StoreError: If it cannot be written.
    """
    with store.write() as db:
        db.conn.execute("DELETE FROM current_labels")
        cursor = db.conn.execute(
            f"INSERT INTO current_labels ({_COLUMNS}, event) SELECT {_COLUMNS}, id FROM live_labels"
        )
        return int(cursor.rowcount)
