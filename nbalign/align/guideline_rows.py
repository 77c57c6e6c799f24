"""What happened to guidelines as rows of the store."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import get_args

from nbalign.align.standing import Action, GuidelineEvent
from nbalign.notebooks.sanitise import clean_line
from nbalign.store.clock import now


def event_of(row: sqlite3.Row) -> GuidelineEvent:
    """The event in a row of `guideline_events`."""
    assert row["action"] in get_args(Action)
    sources = tuple(json.loads(row["sources"]))
    # Only labels propose, so in the row of a decision this column names the decision that it takes back, if any.
    undoes = sources[0] if sources and row["action"] != "propose" else None
    return GuidelineEvent(**{**dict(row), "sources": sources if undoes is None else (), "undoes": undoes})


def row_of(
    action: Action, ref: str, rubric: str, dimension: str, text: str, sources: Iterable[int] = (), who: str = ""
) -> dict[str, object]:
    """A new row, of now.

    Args:
        action: What happened.
        ref: Id of the guideline.
        rubric: Rubric id.
        dimension: Dimension id.
        text: Its text after the event.
        sources: For `propose`, events of the labels that say it; else the event that is taken back, or none.
        who: Who did it; may be empty.
    """
    return {
        "at": now(),
        "action": action,
        "guideline": ref,
        "rubric": rubric,
        "dimension": dimension,
        "text": text,
        "sources": json.dumps(list(sources)),
        "who": clean_line(who, 80),
    }
