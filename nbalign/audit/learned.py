"""What memory versions learned from, as far as the store tells: an audit must not test a judge on its own lessons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nbalign.audit.news import Key
from nbalign.store.database import Store


@dataclass(frozen=True, slots=True)
class Learned:
    """One memory version, seen from outside.

    Attributes:
        version: The version.
        at: When it was made.
        model: The model it was made for.
        events: Ids of the label events it learned from; empty where its content does not say.
        calibrated: Whether a calibration is on in any dimension.
        made_by: What else decided its content, by name.
    """

    version: str
    at: str
    model: str
    events: frozenset[int]
    calibrated: bool
    made_by: Mapping[str, str]


def memories(store: Store, rubric: str) -> dict[str, Learned]:
    """Version -> memory of a rubric, in the order of their making.

    Content that cannot be read is taken as unknown, never as an error: an audit looks at memories, it does not use
    them.

    Args:
        store: The open store.
        rubric: Rubric id.

    Raises:
        StoreError: If the database cannot be read.
    """
    rows = store.rows("SELECT version, at, model, content FROM memories WHERE rubric = ? ORDER BY rowid", (rubric,))
    return {row["version"]: _learned(row["version"], row["at"], row["model"], row["content"]) for row in rows}


def notebooks_of(store: Store, rubric: str, learned: Learned) -> set[str]:
    """Content hashes of the notebooks whose labels a memory learned from.

    Where the memory does not name the labels, every notebook with a label that is not younger than the memory counts:
    rather a pick too few than one that the judge has seen.

    Args:
        store: The open store.
        rubric: Rubric id.
        learned: The memory.
    """
    rows = store.rows("SELECT id, notebook, at FROM label_events WHERE rubric = ? AND action = 'set'", (rubric,))
    if learned.events:
        return {row["notebook"] for row in rows if row["id"] in learned.events}
    return {row["notebook"] for row in rows if row["at"] <= learned.at}


def keys_of(store: Store, rubric: str, learned: Learned) -> dict[int, Key]:
    """Event id -> what the label is about, for every label event that a memory learned from.

    Args:
        store: The open store.
        rubric: Rubric id.
        learned: The memory.
    """
    rows = store.rows(
        "SELECT id, notebook, dimension, rater, role FROM label_events WHERE rubric = ? AND action = 'set'", (rubric,)
    )
    found = {row["id"]: (row["notebook"], row["dimension"], row["rater"], row["role"]) for row in rows}
    return {event: key for event, key in found.items() if event in learned.events}


def _learned(version: str, at: str, model: str, content: str) -> Learned:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        found = {}
    whole: dict[str, Any] = found if isinstance(found, dict) else {}
    accounts = _objects(whole.get("accounts"))
    events = {event for account in accounts if (event := account.get("event")) is not None}
    for part in ("precedents", "guidelines"):
        for entry in _objects(whole.get(part)):
            sources = entry.get("sources")
            events |= {source for source in sources if isinstance(source, int)} if isinstance(sources, list) else set()
    calibrations = whole.get("calibrations")
    fitted = _objects(calibrations.values()) if isinstance(calibrations, dict) else []
    made_by = whole.get("made_by")
    return Learned(
        version=version,
        at=at,
        model=model,
        events=frozenset(event for event in events if isinstance(event, int)),
        calibrated=any(entry.get("on", True) for entry in fitted),
        made_by={str(k): str(v) for k, v in made_by.items()} if isinstance(made_by, dict) else {},
    )


def _objects(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, Iterable) else []
