"""Words typed before there is a score: kept until the score comes, so that no keystroke is lost."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nbalign.labels.checks import check_rater, check_text, one_form
from nbalign.labels.model import Role
from nbalign.store.clock import now
from nbalign.store.database import Store

if TYPE_CHECKING:
    import sqlite_utils


@dataclass(frozen=True, slots=True)
class Draft:
    """A justification without a score.

    Attributes:
        text: What was typed.
        cells: Cells cited so far, ascending.
        at: UTC time of the last keystroke kept, ISO 8601.
    """

    text: str
    cells: tuple[int, ...]
    at: str


def draft_name(dimension: str, role: Role) -> str:
    """Under which dimension a draft is kept.

    The reason of a decision has a name of its own, which no rubric can give to a dimension: one who rates and decides
    must not find it among the words of a score.
    """
    return dimension if role == "rater" else f"{role}:{dimension}"


class Drafts:
    """The drafts of a workspace, one for each notebook, rubric, dimension, rater and role.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def save_draft(
        self,
        notebook: str,
        rubric: str,
        dimension: str,
        rater: str,
        text: str,
        cells: Iterable[int] = (),
        role: Role = "rater",
    ) -> None:
        """Keeps a draft in place of the one before it; an empty one is dropped.

        Args:
            notebook: Content hash.
            rubric: Rubric id.
            dimension: Dimension id.
            rater: Who types.
            text: What was typed.
            cells: Cited cells.
            role: Words of a score, or of a decision.

        Raises:
            UsageError: If the text is too long or the rater's name impossible.
            StoreError: If it cannot be written.
        """
        text, cited, rater = check_text(text), sorted(set(cells)), check_rater(rater)
        dimension = draft_name(dimension, role)
        with self._store.write() as db:
            if not text and not cited:
                drop(db, notebook, rubric, dimension, rater)
                return
            db.conn.execute(
                "INSERT OR REPLACE INTO drafts (notebook, rubric, dimension, rater, text, cells, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (notebook, rubric, dimension, rater, text, json.dumps(cited), now()),
            )

    def draft(self, notebook: str, rubric: str, dimension: str, rater: str) -> Draft | None:
        """The draft for these keys (those of `save_draft`), or None."""
        rows = self._store.rows(
            "SELECT text, cells, at FROM drafts WHERE notebook = ? AND rubric = ? AND dimension = ? AND rater = ?",
            (notebook, rubric, dimension, one_form(rater)),
        )
        return Draft(rows[0]["text"], tuple(json.loads(rows[0]["cells"])), rows[0]["at"]) if rows else None

    def drafts(self, rubric: str, rater: str, role: Role = "rater") -> dict[tuple[str, str], Draft]:
        """All drafts of a rater: (notebook, dimension) -> draft."""
        rows = self._store.rows(
            "SELECT notebook, dimension, text, cells, at FROM drafts WHERE rubric = ? AND rater = ?",
            (rubric, one_form(rater)),
        )
        found = {}
        for row in rows:
            dimension = str(row["dimension"]).rpartition(":")[2]
            if draft_name(dimension, role) == row["dimension"]:
                draft = Draft(row["text"], tuple(json.loads(row["cells"])), row["at"])
                found[str(row["notebook"]), dimension] = draft
        return found

    def drop_draft(self, notebook: str, rubric: str, dimension: str, rater: str) -> None:
        """Forgets the draft for these keys (those of `save_draft`), if there is one."""
        with self._store.write() as db:
            drop(db, notebook, rubric, dimension, one_form(rater))


def drop(db: sqlite_utils.Database, notebook: str, rubric: str, dimension: str, rater: str) -> None:
    """Forgets a draft inside a transaction that is already open."""
    db.conn.execute(
        "DELETE FROM drafts WHERE notebook = ? AND rubric = ? AND dimension = ? AND rater = ?",
        (notebook, rubric, dimension, rater),
    )
