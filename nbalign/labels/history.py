"""Reading labels: the current ones, and everything that ever happened to them."""

from __future__ import annotations

import json
import sqlite3
from functools import lru_cache

from nbalign.labels.checks import one_form
from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.store.database import Store

# The columns that `as_label` and `as_event` take, in their order.
LABEL = (
    "e.notebook, e.rubric, e.dimension, e.rater, coalesce(e.score, -1), e.justification, e.cells, e.role, e.id, e.at"
)
EVENT = f"{LABEL}, e.action, e.undoes, e.live, e.source"


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
        where, values = _filters("c", notebook, rubric, dimension, rater, role)
        rows = self._store.rows(
            f"SELECT {LABEL} FROM current_labels c JOIN label_events e ON e.id = c.event {where} ORDER BY e.id", values
        )
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
        where, values = _filters("e", notebook, rubric, dimension, rater, role)
        count = -1 if limit is None else max(0, limit)
        rows = self._store.rows(
            f"SELECT {EVENT} FROM label_history e {where} ORDER BY e.id DESC LIMIT :count", {**values, "count": count}
        )
        return [as_event(row) for row in reversed(rows)]

    def raters(self, role: Role | None = None) -> list[str]:
        """Everybody whose label stands, in one role or in either, in alphabetical order."""
        where = "" if role is None else "WHERE role = :role"
        rows = self._store.rows(f"SELECT DISTINCT rater FROM current_labels {where}", {"role": role})
        return sorted(str(row["rater"]) for row in rows)

    def counts(self, rater: str, rubric: str) -> dict[str, int]:
        """How many dimensions a rater has scored: content hash of the notebook -> count of 1 or more.

        Args:
            rater: Who.
            rubric: Rubric id.
        """
        rows = self._store.rows(
            "SELECT notebook, count(*) AS scored FROM current_labels"
            " WHERE rater = ? AND rubric = ? AND role = 'rater' GROUP BY notebook",
            (one_form(rater), rubric),
        )
        return {row["notebook"]: row["scored"] for row in rows}


def as_label(row: sqlite3.Row) -> Label:
    """A label from the columns of `LABEL`."""
    # By position: by name takes most of the time of a long list.
    notebook, rubric, dimension, rater, score, justification, cells, role, event, at = tuple(row)[:10]
    return Label(notebook, rubric, dimension, rater, score, justification, _cells(cells), role, event, at)


def as_event(row: sqlite3.Row) -> LabelEvent:
    """An event from the columns of `EVENT`."""
    action, undoes, live, source = tuple(row)[10:]
    return LabelEvent(id=row["id"], action=action, label=as_label(row), undoes=undoes, live=bool(live), source=source)


@lru_cache(maxsize=4096)
def _cells(text: str) -> tuple[int, ...]:
    return tuple(json.loads(text))


def _filters(
    table: str, notebook: str | None, rubric: str | None, dimension: str | None, rater: str | None, role: str | None
) -> tuple[str, dict[str, object]]:
    given = {"notebook": notebook, "rubric": rubric, "dimension": dimension, "rater": rater, "role": role}
    if rater is not None:
        given["rater"] = one_form(rater)
    values: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    where = " AND ".join(f"{table}.{name} = :{name}" for name in values)
    return (f"WHERE {where}" if where else ""), values
