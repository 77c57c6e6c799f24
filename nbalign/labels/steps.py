"""What a rater did, step by step: scores given, changed and taken back, decisions, marks; and taking back just one."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from nbalign.errors import UsageError
from nbalign.labels.append import one, take_back
from nbalign.labels.checks import one_form
from nbalign.labels.model import Role
from nbalign.store.clock import now
from nbalign.store.database import Store

StepKind = Literal[
    "scored", "changed", "worded", "cleared", "undone", "redone", "flagged", "unflagged", "skipped", "unskipped"
]

_EVENTS = "id, at, action, notebook, rubric, dimension, rater, role, score, justification, undoes"
_KEY = "notebook = ? AND rubric = ? AND dimension = ? AND rater = ? AND role = ?"
_MARKS: dict[tuple[str, bool], StepKind] = {
    ("flagged", True): "flagged",
    ("flagged", False): "unflagged",
    ("skipped", True): "skipped",
    ("skipped", False): "unskipped",
}

TAKEN_BACK = "it was taken back already"
CHANGED_SINCE = "this label was changed again after it: take the later change back first"
IS_UNDO = "it is an undo or a redo itself: give the score again instead"
MARKED_SINCE = "this mark was changed again after it"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that a rater did.

    Attributes:
        kind: What it was; `worded` is a new justification or citation with the same score.
        id: Id of the label event, or of the row of a mark.
        at: UTC time, ISO 8601.
        rater: Who.
        notebook: Content hash.
        dimension: Dimension id; empty for a mark, which is on the whole notebook.
        role: `decision` for a score that settled a disagreement.
        before: The score that stood until then; None when there was none.
        score: The score that stood from then on; None when there was none.
        words: The justification that went with it.
        obstacle: Why it cannot be taken back; empty when it can.
    """

    kind: StepKind
    id: int
    at: str
    rater: str
    notebook: str
    dimension: str = ""
    role: Role = "rater"
    before: int | None = None
    score: int | None = None
    words: str = ""
    obstacle: str = ""

    @property
    def is_mark(self) -> bool:
        """Whether it is about a flag or a skip, not about a score."""
        return not self.dimension


def steps(store: Store, rater: str, rubric: str, limit: int) -> list[Step]:
    """What a rater did last, newest first.

    Args:
        store: The open store.
        rater: Who.
        rubric: Rubric id; marks belong to every rubric.
        limit: At most so many.

    Raises:
        StoreError: If the database cannot be read.
    """
    name, count = one_form(rater), max(limit, 0)
    rows = store.rows(
        f"SELECT {_EVENTS} FROM label_events WHERE rater = ? AND rubric = ? ORDER BY at DESC, id DESC LIMIT ?",
        (name, rubric, count),
    )
    found: dict[int, Step] = {}
    for key in {(row["notebook"], rubric, row["dimension"], name, row["role"]) for row in rows}:
        found |= _replay(store.rows(f"SELECT {_EVENTS} FROM label_events WHERE {_KEY} ORDER BY id", key))
    marks = store.rows(
        "SELECT id, at, notebook, flag, is_on, id = (SELECT max(l.id) FROM flags l WHERE l.rater = f.rater"
        " AND l.notebook = f.notebook AND l.flag = f.flag) AS newest"
        " FROM flags f WHERE rater = ? ORDER BY at DESC, id DESC LIMIT ?",
        (name, count),
    )
    made = [
        Step(
            kind=_MARKS[row["flag"], bool(row["is_on"])],
            id=row["id"],
            at=row["at"],
            rater=name,
            notebook=row["notebook"],
            obstacle="" if row["newest"] else MARKED_SINCE,
        )
        for row in marks
    ]
    both = [*(found[row["id"]] for row in rows), *made]
    # Times are whole seconds: within one, a mark stands above scores, since a flag is what one ends with.
    return sorted(both, key=lambda step: (step.at, step.is_mark, step.id), reverse=True)[:count]


def undo_step(store: Store, step: Step, source: str) -> None:
    """Takes back one step and no other.

    Args:
        store: The open store.
        step: The step, as `steps` gave it; whether it can still be taken back is looked up again.
        source: Where the wish comes from.

    Raises:
        UsageError: If it cannot be taken back.
        StoreError: If it cannot be written.
    """
    with store.write() as db:
        if step.is_mark:
            row = one(
                db,
                "SELECT f.id, f.flag, f.is_on FROM flags f JOIN flags s ON s.id = :id AND s.rater = :rater"
                " WHERE f.rater = s.rater AND f.notebook = s.notebook AND f.flag = s.flag ORDER BY f.id DESC LIMIT 1",
                {"id": step.id, "rater": step.rater},
            )
            if row is None or row["id"] != step.id:
                raise _refusal(MARKED_SINCE)
            db.conn.execute(
                "INSERT INTO flags (at, notebook, rater, flag, is_on) VALUES (?, ?, ?, ?, ?)",
                (now(), step.notebook, step.rater, row["flag"], int(not row["is_on"])),
            )
            return
        event = one(
            db, "SELECT * FROM label_history WHERE id = :id AND rater = :rater", {"id": step.id, "rater": step.rater}
        )
        if event is None or event["action"] == "undo":
            raise _refusal(IS_UNDO)
        if not event["live"]:
            raise _refusal(TAKEN_BACK)
        later = one(
            db,
            "SELECT 1 FROM label_history WHERE notebook = :notebook AND rubric = :rubric AND dimension = :dimension"
            " AND rater = :rater AND role = :role AND id > :id AND action <> 'undo' AND live LIMIT 1",
            {name: event[name] for name in ("notebook", "rubric", "dimension", "rater", "role", "id")},
        )
        if later is not None:
            raise _refusal(CHANGED_SINCE)
        take_back(db, event, source)


def _refusal(why: str) -> UsageError:
    return UsageError(f"this step cannot be taken back: {why}")


def _replay(rows: Iterable[sqlite3.Row]) -> dict[int, Step]:
    """All events of one label, oldest first, as steps: what stood before and after each."""
    events = {row["id"]: row for row in rows}
    alive: list[int] = []  # events that give or clear the score and are not taken back, oldest first
    told: dict[int, tuple[StepKind, sqlite3.Row | None, sqlite3.Row | None]] = {}
    for number, row in events.items():
        before = _standing(events, alive)
        target = row["undoes"]
        if target is None:
            alive.append(number)
        elif events[target]["undoes"] is None:
            alive.remove(target)
        else:
            alive = sorted([*alive, events[target]["undoes"]])
        after = _standing(events, alive)
        told[number] = (_kind(row, events, before), before, after)
    newest = alive[-1] if alive else 0
    return {
        number: Step(
            kind=kind,
            id=number,
            at=events[number]["at"],
            rater=events[number]["rater"],
            notebook=events[number]["notebook"],
            dimension=events[number]["dimension"],
            role=events[number]["role"],
            before=before["score"] if before is not None else None,
            score=after["score"] if after is not None else None,
            words=str((after if after is not None else before or {"justification": ""})["justification"]),
            obstacle=_obstacle(kind, number, alive, newest),
        )
        for number, (kind, before, after) in told.items()
    }


def _standing(events: dict[int, sqlite3.Row], alive: list[int]) -> sqlite3.Row | None:
    last = events[alive[-1]] if alive else None
    return last if last is not None and last["action"] == "set" else None


def _kind(row: sqlite3.Row, events: dict[int, sqlite3.Row], before: sqlite3.Row | None) -> StepKind:
    if row["undoes"] is not None:
        return "undone" if events[row["undoes"]]["undoes"] is None else "redone"
    if row["action"] == "clear":
        return "cleared"
    if before is None:
        return "scored"
    return "changed" if before["score"] != row["score"] else "worded"


def _obstacle(kind: StepKind, number: int, alive: list[int], newest: int) -> str:
    if kind in ("undone", "redone"):
        return IS_UNDO
    if number not in alive:
        return TAKEN_BACK
    return "" if number == newest else CHANGED_SINCE
