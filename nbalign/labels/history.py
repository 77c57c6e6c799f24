"""Reading labels: the current ones, and everything that ever happened to them."""

from __future__ import annotations

import json
import sqlite3

from nbalign.labels.checks import one_form
from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.store.database import Store

_NO_SCORE = -1


class LabelHistory:
    """The reading half of the labels.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(
        self,
        notebook: str | None = None,
        rubric: str | None = None,
        dimension: str | None = None,
        rater: str | None = None,
        role: Role | None = None,
    ) -> list[Label]:
        """The labels that stand now, in the order in which they were given.

        Args:
            notebook: Only of this notebook, by its content hash.
            rubric: Only on this rubric, by its id.
            dimension: Only of this dimension.
            rater: Only by this rater.
            role: Only raters' scores, or only decisions.

        Raises:
            StoreError: If the database cannot be read.
        """
        where, values = _filters(notebook, rubric, dimension, rater, role)
        rows = self._store.rows(f"SELECT * FROM live_labels e {where} ORDER BY e.id", values)
        return [as_label(row) for row in rows]

    def history(
        self,
        notebook: str | None = None,
        rubric: str | None = None,
        dimension: str | None = None,
        rater: str | None = None,
        role: Role | None = None,
        limit: int | None = None,
    ) -> list[LabelEvent]:
        """What happened to labels, newest last; the filters are those of `current`.

        Args:
            notebook: Content hash.
            rubric: Rubric id.
            dimension: Dimension id.
            rater: Who.
            role: Which role.
            limit: Only so many of the newest events.

        Raises:
            StoreError: If the database cannot be read.
        """
        where, values = _filters(notebook, rubric, dimension, rater, role)
        count = -1 if limit is None else max(0, limit)
        rows = self._store.rows(
            f"SELECT * FROM label_history e {where} ORDER BY e.id DESC LIMIT :count", {**values, "count": count}
        )
        return [as_event(row) for row in reversed(rows)]

    def raters(self) -> list[str]:
        """Everybody whose label stands, in either role, in alphabetical order."""
        rows = self._store.rows("SELECT DISTINCT rater FROM live_labels")
        return sorted(str(row["rater"]) for row in rows)

    def counts(self, rater: str, rubric: str) -> dict[str, int]:
        """How many dimensions a rater has scored: content hash of the notebook -> count of 1 or more.

        Args:
            rater: Who.
            rubric: Rubric id.
        """
        rows = self._store.rows(
            "SELECT notebook, count(*) AS scored FROM live_labels"
            " WHERE rater = ? AND rubric = ? AND role = 'rater' GROUP BY notebook",
            (one_form(rater), rubric),
        )
        return {row["notebook"]: row["scored"] for row in rows}


def as_label(row: sqlite3.Row) -> Label:
    """A label from a row of `label_events` or a view of it."""
    return Label(
        notebook=row["notebook"],
        rubric=row["rubric"],
        dimension=row["dimension"],
        rater=row["rater"],
        score=_NO_SCORE if row["score"] is None else row["score"],
        justification=row["justification"],
        cells=tuple(json.loads(row["cells"])),
        role=row["role"],
        event=row["id"],
        at=row["at"],
    )


def as_event(row: sqlite3.Row) -> LabelEvent:
    """An event from a row of `label_history`."""
    return LabelEvent(
        id=row["id"],
        action=row["action"],
        label=as_label(row),
        undoes=row["undoes"],
        live=bool(row["live"]),
        source=row["source"],
    )


def _filters(
    notebook: str | None, rubric: str | None, dimension: str | None, rater: str | None, role: str | None
) -> tuple[str, dict[str, object]]:
    given = {"notebook": notebook, "rubric": rubric, "dimension": dimension, "rater": rater, "role": role}
    if rater is not None:
        given["rater"] = one_form(rater)
    values: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(f"e.{name} = :{name}" for name in values)
    return (f"WHERE {where}" if where else ""), values
