"""Raters' time at work in the store: one row a visit, written anew while the visit lasts."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.labels.attention import Visit
from nbalign.labels.checks import check_rater, one_form
from nbalign.store.database import Store


@dataclass(frozen=True, slots=True)
class Spent:
    """A visit and whose it was.

    Attributes:
        rater: Who.
        rubric: Rubric id.
        visit: The visit.
    """

    rater: str
    rubric: str
    visit: Visit


class ActivityStore:
    """The time at work of a workspace's raters.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, rater: str, rubric: str, visit: Visit) -> None:
        """Keeps a visit; a later state of the same one takes its place.

        Args:
            rater: Who.
            rubric: Rubric id.
            visit: The visit.

        Raises:
            UsageError: If the rater's name is impossible.
            StoreError: If it cannot be written, or there is no such notebook.
        """
        values = (visit.notebook, visit.began_at, visit.until_at, visit.seconds)
        with self._store.write() as db:
            db.conn.execute(
                "INSERT OR REPLACE INTO activity (session, visit, rater, rubric, notebook, began_at, until_at, seconds)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (visit.session, visit.number, check_rater(rater), rubric, *values),
            )

    def seconds(self, rater: str, rubric: str) -> dict[str, float]:
        """Content hash -> seconds that a rater worked on it; notebooks without any are left out."""
        rows = self._store.rows(
            "SELECT notebook, sum(seconds) AS seconds FROM activity WHERE rater = ? AND rubric = ? GROUP BY notebook",
            (one_form(rater), rubric),
        )
        return {row["notebook"]: float(row["seconds"]) for row in rows}

    def visits(self, rubric: str, rater: str | None = None) -> list[Spent]:
        """All visits, oldest first.

        Args:
            rubric: Rubric id.
            rater: Only of this rater.
        """
        where, values = ("", ()) if rater is None else (" AND rater = ?", (one_form(rater),))
        rows = self._store.rows(
            "SELECT rater, rubric, session, visit, notebook, began_at, until_at, seconds FROM activity"
            f" WHERE rubric = ?{where} ORDER BY began_at, session, visit",
            (rubric, *values),
        )
        return [Spent(row["rater"], row["rubric"], Visit(*tuple(row)[2:])) for row in rows]
