"""Writing labels: each score, clearing and undo is one more event in one durable transaction."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

import sqlite_utils

from nbalign.errors import NotFound
from nbalign.labels.checks import (
    NewLabel,
    Source,
    check_dimension,
    check_label,
    check_rater,
    check_role,
    check_time,
    one_form,
)
from nbalign.labels.drafts import Drafts, drop
from nbalign.labels.flags import Flags
from nbalign.labels.history import LabelHistory, as_event, as_label
from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.rubrics.model import Rubric
from nbalign.store.clock import now
from nbalign.store.rubrics import keep

_KEY = "notebook = :notebook AND rubric = :rubric AND dimension = :dimension AND rater = :rater AND role = :role"


class LabelStore(LabelHistory, Drafts, Flags):
    """The labels of a workspace: scores, undo and redo, flags and drafts.

    Args:
        store: The open store.
    """

    def set(
        self,
        notebook: str,
        rubric: Rubric,
        dimension: str,
        rater: str,
        score: int,
        justification: str = "",
        cells: Iterable[int] = (),
        role: Role = "rater",
        source: Source = "api",
        at: str | None = None,
    ) -> Label:
        """Gives a score. When this returns, the label is on the disk and the draft for it is gone.

        Args:
            notebook: Content hash.
            rubric: The rubric; it is kept in the workspace if it is new.
            dimension: Dimension id.
            rater: Who scores, or for a decision who adjudicates.
            score: A digit of the rubric's scale.
            justification: Why, at most 10,000 characters.
            cells: Cited cell numbers in any order.
            role: `rater`, or `decision` for an adjudicated score.
            source: Where it comes from.
            at: ISO 8601 time of the scoring; None for now.

        Returns:
            The label that stands now; the earlier one when nothing differs, and then no event is added.

        Raises:
            NotFound: If there is no such notebook or dimension.
            UsageError: If the score, a cell, the rater's name or the justification is impossible.
            StoreError: If it cannot be written.
        """
        new = check_label(
            notebook,
            self.cell_count(notebook),
            rubric,
            dimension,
            rater,
            score,
            justification=justification,
            cells=cells,
            role=role,
            source=source,
            at=at,
        )
        with self._store.write() as db:
            keep(db, rubric)
            return _put(db, new)[0]

    def set_all(self, labels: Iterable[NewLabel]) -> tuple[int, int]:
        """Gives many scores in one transaction: all of them or none.

        Args:
            labels: Checked labels.

        Returns:
            How many were new or changed, and how many stood already.

        Raises:
            StoreError: If they cannot be written.
        """
        added = unchanged = 0
        kept: set[str] = set()  # type: ignore[valid-type]
        with self._store.write() as db:
            for label in labels:
                if label.rubric.sha256 not in kept:
                    keep(db, label.rubric)
                    kept.add(label.rubric.sha256)
                if _put(db, label)[1]:
                    added += 1
                else:
                    unchanged += 1
        return added, unchanged

    def clear(
        self,
        notebook: str,
        rubric: Rubric,
        dimension: str,
        rater: str,
        role: Role = "rater",
        source: Source = "api",
        at: str | None = None,
    ) -> LabelEvent | None:
        """Takes a score away; the arguments are those of `set`.

        Returns:
            The event, or None when there was no score.

        Raises:
            NotFound: If there is no such notebook or dimension.
            UsageError: If the rater's name or the role is impossible.
            StoreError: If it cannot be written.
        """
        self.cell_count(notebook)
        check_dimension(rubric, dimension)
        key = _key(notebook, rubric.id, dimension, check_rater(rater), check_role(role))
        with self._store.write() as db:
            if _standing(db, key) is None:
                return None
            keep(db, rubric)
            event = {"action": "clear", "rubric_sha256": rubric.sha256, "source": source}
            return _append(db, {**key, **event, "at": now() if at is None else check_time(at)})

    def undo(
        self, rater: str, rubric_id: str | None = None, notebook: str | None = None, source: Source = "api"
    ) -> LabelEvent | None:
        """Takes back the latest score or clearing of a rater; again, the one before it, and so on.

        Args:
            rater: Whose.
            rubric_id: Only on this rubric.
            notebook: Only of this notebook, by its content hash.
            source: Where the wish comes from.

        Returns:
            The `undo` event, whose label names what it is about and whose `undoes` names what it takes back; None
            when nothing is left to take back.

        Raises:
            StoreError: If it cannot be written.
        """
        scope, values = _scope(rater, rubric_id, notebook)
        with self._store.write() as db:
            row = _one(
                db,
                f"SELECT * FROM label_history WHERE {scope} AND action <> 'undo' AND live ORDER BY id DESC LIMIT 1",
                values,
            )
            return None if row is None else _take_back(db, row, source)

    def redo(
        self, rater: str, rubric_id: str | None = None, notebook: str | None = None, source: Source = "api"
    ) -> LabelEvent | None:
        """Takes back the latest undo of a rater, unless the rater has scored or cleared something since.

        Args:
            rater: Whose.
            rubric_id: Only on this rubric.
            notebook: Only of this notebook, by its content hash.
            source: Where the wish comes from.

        Returns:
            The `undo` event that takes the other one back, or None when there is nothing to redo.

        Raises:
            StoreError: If it cannot be written.
        """
        scope, values = _scope(rater, rubric_id, notebook)
        with self._store.write() as db:
            row = _one(
                db,
                f"SELECT * FROM label_history h WHERE {scope} AND action = 'undo' AND live"
                " AND EXISTS (SELECT 1 FROM label_events t WHERE t.id = h.undoes AND t.action <> 'undo')"
                f" AND id > (SELECT coalesce(max(id), 0) FROM label_events WHERE {scope} AND action <> 'undo')"
                " ORDER BY id DESC LIMIT 1",
                values,
            )
            return None if row is None else _take_back(db, row, source)

    def cell_count(self, notebook: str) -> int:
        """How many cells a notebook has.

        Args:
            notebook: Content hash.

        Raises:
            NotFound: If there is no such notebook.
        """
        rows = self._store.rows("SELECT cells FROM notebooks WHERE sha256 = ?", (notebook,))
        if not rows:
            raise NotFound(f"there is no notebook {notebook[:12]!r} in this workspace")
        return int(rows[0]["cells"])


def _put(db: sqlite_utils.Database, new: NewLabel) -> tuple[Label, bool]:
    key = _key(new.notebook, new.rubric.id, new.dimension, new.rater, new.role)
    if new.role == "rater":
        drop(db, new.notebook, new.rubric.id, new.dimension, new.rater)
    standing = _standing(db, key)
    if standing and (standing.score, standing.justification, standing.cells) == (
        new.score,
        new.justification,
        new.cells,
    ):
        return standing, False
    given = {"action": "set", "rubric_sha256": new.rubric.sha256, "source": new.source, "at": new.at}
    words = {"score": new.score, "justification": new.justification, "cells": json.dumps(new.cells)}
    return _append(db, {**key, **given, **words}).label, True


def _take_back(db: sqlite_utils.Database, row: sqlite3.Row, source: Source) -> LabelEvent:
    names = ("notebook", "rubric", "rubric_sha256", "dimension", "rater", "role")
    event = {"action": "undo", "undoes": row["id"], "source": source, "at": now()}
    return _append(db, {**{name: row[name] for name in names}, **event})


def _append(db: sqlite_utils.Database, values: dict[str, object]) -> LabelEvent:
    places = ", ".join(f":{name}" for name in values)
    cursor = db.conn.execute(f"INSERT INTO label_events ({', '.join(values)}) VALUES ({places})", values)
    row = _one(db, "SELECT * FROM label_history WHERE id = :id", {"id": cursor.lastrowid})
    assert row is not None
    return as_event(row)


def _standing(db: sqlite_utils.Database, key: dict[str, object]) -> Label | None:
    row = _one(db, f"SELECT * FROM live_labels WHERE {_KEY}", key)
    return None if row is None else as_label(row)


def _one(db: sqlite_utils.Database, sql: str, values: dict[str, object]) -> sqlite3.Row | None:
    cursor = db.conn.cursor()
    cursor.row_factory = sqlite3.Row
    row: sqlite3.Row | None = cursor.execute(sql, values).fetchone()
    return row


def _key(notebook: str, rubric: str, dimension: str, rater: str, role: Role) -> dict[str, object]:
    return {"notebook": notebook, "rubric": rubric, "dimension": dimension, "rater": rater, "role": role}


def _scope(rater: str, rubric_id: str | None, notebook: str | None) -> tuple[str, dict[str, object]]:
    given = {"rater": one_form(rater), "rubric": rubric_id, "notebook": notebook}
    values: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    return " AND ".join(f"{name} = :{name}" for name in values), values
