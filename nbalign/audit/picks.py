"""Picks in the store: rows are only added, what waits follows from them and the labels."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from nbalign.audit.model import Pick, Why
from nbalign.store.clock import now
from nbalign.store.database import Store


class PickStore:
    """The picks of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self, rubric: str) -> list[Pick]:
        """Every pick made under a rubric, oldest first.

        Args:
            rubric: Rubric id.

        Raises:
            StoreError: If the database cannot be read.
        """
        rows = self._store.rows(
            "SELECT id, at, rubric, notebook, judge, memory, why, weight FROM audit_picks WHERE rubric = ? ORDER BY id",
            (rubric,),
        )
        return [Pick(*tuple(row)) for row in rows]

    def add(self, rubric: str, judge: str, memory: str, chosen: Sequence[tuple[str, Why, float]]) -> list[Pick]:
        """Keeps the picks of one call in one transaction.

        Args:
            rubric: Rubric id.
            judge: The judge whose judgements were picked from.
            memory: Its memory version; may be empty.
            chosen: (notebook, why, weight) in pick order.

        Raises:
            StoreError: If they cannot be written; none is kept then.
        """
        if not chosen:
            return []
        at = now()
        picks = []
        with self._store.write() as db:
            for notebook, why, weight in chosen:
                cursor = db.conn.execute(
                    "INSERT INTO audit_picks (at, rubric, notebook, judge, memory, why, weight)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (at, rubric, notebook, judge, memory, why, weight),
                )
                picks.append(Pick(int(cursor.lastrowid or 0), at, rubric, notebook, judge, memory, why, weight))
        return picks


def waiting(picks: Iterable[Pick], labelled: Collection[str]) -> list[Pick]:
    """What still waits for review, in the order to label it in.

    A notebook that was picked as uncertain and then drawn at random stands where it was drawn: random picks must be
    labelled in the order in which they were drawn, so that those labelled so far are a random sample, too.

    Args:
        picks: All picks of a rubric, oldest first.
        labelled: Content hashes of notebooks that have labels.
    """
    last = {pick.notebook: pick for pick in picks}
    return sorted((p for p in last.values() if p.notebook not in labelled), key=lambda p: p.id)
