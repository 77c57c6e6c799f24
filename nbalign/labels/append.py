"""One more event in the log of labels, inside a transaction that is already open."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING

from nbalign.labels.checks import NewLabel, check_source
from nbalign.labels.current import refresh
from nbalign.labels.drafts import draft_name, drop
from nbalign.labels.history import EVENT, LABEL, as_event, as_label
from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.store.clock import now

if TYPE_CHECKING:
    import sqlite_utils

_KEY = "notebook = :notebook AND rubric = :rubric AND dimension = :dimension AND rater = :rater AND role = :role"


def put(db: sqlite_utils.Database, new: NewLabel) -> tuple[Label, bool]:
    """Gives a score, unless just this score stands already.

    Args:
        db: The database as `Store.write` yields it.
        new: The checked label; its rubric is in the workspace.

    Returns:
        The label that stands now, and whether it is a new event.
    """
    key = key_of(new.notebook, new.rubric.id, new.dimension, new.rater, new.role)
    drop(db, new.notebook, new.rubric.id, draft_name(new.dimension, new.role), new.rater)
    old = standing(db, key)
    if old and (old.score, old.justification, old.cells) == (new.score, new.justification, new.cells):
        return old, False
    given = {"action": "set", "rubric_sha256": new.rubric.sha256, "source": new.source, "at": new.at}
    words = {"score": new.score, "justification": new.justification, "cells": json.dumps(new.cells)}
    return append(db, {**key, **given, **words}).label, True


def take_back(db: sqlite_utils.Database, row: sqlite3.Row, source: str) -> LabelEvent:
    """Takes back an event.

    Args:
        db: The database as `Store.write` yields it.
        row: The event, a row of `label_history`.
        source: Where the wish comes from.
    """
    names = ("notebook", "rubric", "rubric_sha256", "dimension", "rater", "role")
    event = {"action": "undo", "undoes": row["id"], "source": check_source(source), "at": now()}
    return append(db, {**{name: row[name] for name in names}, **event})


def append(db: sqlite_utils.Database, values: dict[str, object]) -> LabelEvent:
    """Writes one event and brings the current labels up to date.

    Args:
        db: The database as `Store.write` yields it.
        values: Columns of `label_events` -> values.
    """
    places = ", ".join(f":{name}" for name in values)
    cursor = db.conn.execute(f"INSERT INTO label_events ({', '.join(values)}) VALUES ({places})", values)
    refresh(db, values)
    row = one(db, f"SELECT {EVENT} FROM label_history e WHERE e.id = :id", {"id": cursor.lastrowid})
    assert row is not None
    return as_event(row)


def standing(db: sqlite_utils.Database, key: dict[str, object]) -> Label | None:
    """The label that stands for a key of `key_of`, or None."""
    row = one(db, f"SELECT {LABEL} FROM live_labels e WHERE {_KEY}", key)
    return None if row is None else as_label(row)


def one(db: sqlite_utils.Database, sql: str, values: dict[str, object]) -> sqlite3.Row | None:
    """The first row of a query, or None."""
    cursor = db.conn.cursor()
    cursor.row_factory = sqlite3.Row
    row: sqlite3.Row | None = cursor.execute(sql, values).fetchone()
    return row


def key_of(notebook: str, rubric: str, dimension: str, rater: str, role: Role) -> dict[str, object]:
    """What tells one label from another, as columns of `label_events`."""
    return {"notebook": notebook, "rubric": rubric, "dimension": dimension, "rater": rater, "role": role}
