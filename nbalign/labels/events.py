"""Writing labels: each score, clearing and undo is one more event in one durable transaction."""

from __future__ import annotations

from collections.abc import Iterable

from nbalign.errors import NotFound
from nbalign.labels.append import append, key_of, one, put, standing, take_back
from nbalign.labels.checks import (
    NewLabel,
    check_dimension,
    check_label,
    check_rater,
    check_role,
    check_source,
    check_time,
    one_form,
)
from nbalign.labels.drafts import Drafts
from nbalign.labels.flags import Flags
from nbalign.labels.history import LabelHistory
from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.rubrics.model import Rubric
from nbalign.store.clock import now
from nbalign.store.rubrics import keep


class LabelStore(LabelHistory, Drafts, Flags):
    """The labels of a workspace: scores, undo and redo, history, flags and drafts.

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
        source: str = "api",
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
            return put(db, new)[0]

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
        kept: set[str] = set()
        with self._store.write() as db:
            for label in labels:
                if label.rubric.sha256 not in kept:
                    keep(db, label.rubric)
                    kept.add(label.rubric.sha256)
                if put(db, label)[1]:
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
        source: str = "api",
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
        label = key_of(notebook, rubric.id, dimension, check_rater(rater), check_role(role))
        with self._store.write() as db:
            if standing(db, label) is None:
                return None
            keep(db, rubric)
            event = {"action": "clear", "rubric_sha256": rubric.sha256, "source": check_source(source)}
            return append(db, {**label, **event, "at": now() if at is None else check_time(at)})

    def undo(
        self,
        rater: str,
        rubric_id: str | None = None,
        notebook: str | None = None,
        source: str = "api",
        role: Role | None = None,
    ) -> LabelEvent | None:
        """Takes back the latest score or clearing of a rater; again, the one before it, and so on.

        Args:
            rater: Whose.
            rubric_id: Only on this rubric.
            notebook: Only of this notebook, by its content hash.
            source: Where the wish comes from.
            role: Only scores, or only decisions.

        Returns:
            The `undo` event, whose label names what it is about and whose `undoes` names what it takes back; None
            when nothing is left to take back.

        Raises:
            StoreError: If it cannot be written.
        """
        scope, values = _scope(rater, rubric_id, notebook, role)
        with self._store.write() as db:
            row = one(
                db,
                f"SELECT * FROM label_history WHERE {scope} AND action <> 'undo' AND live ORDER BY id DESC LIMIT 1",
                values,
            )
            return None if row is None else take_back(db, row, source)

    def redo(
        self,
        rater: str,
        rubric_id: str | None = None,
        notebook: str | None = None,
        source: str = "api",
        role: Role | None = None,
    ) -> LabelEvent | None:
        """Takes back the latest undo of a rater, unless the rater has scored or cleared something since.

        Args:
            rater: Whose.
            rubric_id: Only on this rubric.
            notebook: Only of this notebook, by its content hash.
            source: Where the wish comes from.
            role: Only scores, or only decisions.

        Returns:
            The `undo` event that takes the other one back, or None when there is nothing to redo.

        Raises:
            StoreError: If it cannot be written.
        """
        scope, values = _scope(rater, rubric_id, notebook, role)
        with self._store.write() as db:
            row = one(
                db,
                f"SELECT * FROM label_history h WHERE {scope} AND action = 'undo' AND live"
                " AND EXISTS (SELECT 1 FROM label_events t WHERE t.id = h.undoes AND t.action <> 'undo')"
                f" AND id > (SELECT coalesce(max(id), 0) FROM label_events WHERE {scope} AND action <> 'undo')"
                " ORDER BY id DESC LIMIT 1",
                values,
            )
            return None if row is None else take_back(db, row, source)

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


def _scope(rater: str, rubric_id: str | None, notebook: str | None, role: Role | None) -> tuple[str, dict[str, object]]:
    given = {"rater": one_form(rater), "rubric": rubric_id, "notebook": notebook, "role": role}
    values: dict[str, object] = {name: value for name, value in given.items() if value is not None}
    return " AND ".join(f"{name} = :{name}" for name in values), values
