"""Guidelines in the store: what was proposed, and what experts made of it. Nothing is overwritten.

Each guideline is a list of events, and its present state is what they add up to. A proposal without sources takes a
proposal back: the labels do not say it any more. It never takes back what an expert accepted, edited or wrote.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Literal

from nbalign.align.guideline_rows import event_of, row_of
from nbalign.align.model import Guideline
from nbalign.align.standing import Action, GuidelineEvent, Standing, decisions, standing
from nbalign.errors import NotFound, UsageError
from nbalign.notebooks.sanitise import clean, clean_line
from nbalign.store.database import Store

Decision = Literal["accept", "reject", "pin", "unpin"]

MOST_CHARACTERS = 240
_FEWEST_LETTERS = 8
_SHORTEST_PREFIX = 3


def guideline_id(rubric: str, dimension: str, text: str) -> str:
    """Twelve hex digits over rubric, dimension and text; case and spaces of the text do not count."""
    plain = " ".join(text.casefold().split())
    return hashlib.sha256(json.dumps([rubric, dimension, plain]).encode()).hexdigest()[:12]


def strength(guideline: Guideline) -> tuple[int, int, str]:
    """Sorting key, the strongest first: pinned, written by hand, then by sources; rejected ones come last."""
    rank = {"pinned": 0, "written": 1, "rejected": 3}.get(guideline.state, 2)
    return rank, -len(guideline.sources), guideline.id


def checked_text(text: str) -> str:
    """A guideline as an expert writes it, on one line.

    Raises:
        UsageError: If it says nothing or is longer than `MOST_CHARACTERS`.
    """
    line = " ".join(clean(text[: 16 * MOST_CHARACTERS]).split())
    if sum(character.isalpha() for character in line) < _FEWEST_LETTERS:
        raise UsageError("a guideline says what to look for", "Such as: A scaler fitted before the split is a 1.")
    if len(line) > MOST_CHARACTERS:
        raise UsageError(
            f"a guideline has at most {MOST_CHARACTERS} characters, this one has {len(line)}",
            "Say one thing in it, and the next in another.",
        )
    return line


class Guidelines:
    """The guidelines of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self, rubric: str, dimension: str | None = None) -> list[Guideline]:
        """All guidelines as they stand, rejected ones too, by dimension and strength; withdrawn ones are left out."""
        where, values = "rubric = ?", [rubric]
        if dimension is not None:
            where, values = f"{where} AND dimension = ?", [rubric, dimension]
        found = [life.guideline(ref) for ref, life in self._standings(where, values).items() if not life.withdrawn]
        return sorted(found, key=lambda g: (g.dimension, *strength(g)))

    def texts(self, rubric: str) -> dict[str, tuple[str, ...]]:
        """Id -> every text that a guideline ever had, so that an edited one is known when it is distilled again."""
        found: dict[str, dict[str, None]] = {}
        for event in self._events("rubric = ?", [rubric]):
            found.setdefault(event.guideline, {})[event.text] = None
        return {ref: tuple(texts) for ref, texts in found.items()}

    def resolve(self, ref: str, rubric: str | None = None) -> str:
        """The id of the one guideline that begins like this.

        Args:
            ref: An id, or the beginning of one: at least `_SHORTEST_PREFIX` digits.
            rubric: Only of this rubric.

        Raises:
            NotFound: If there is none.
            UsageError: If it is too short or fits several.
        """
        where, values = ("rubric = ?", [rubric]) if rubric is not None else ("1", [])
        rows = self._store.rows(f"SELECT DISTINCT guideline FROM guideline_events WHERE {where}", values)
        ids = sorted(str(row["guideline"]) for row in rows)
        wanted, shown = ref.strip().casefold(), clean_line(ref, 40)
        if wanted in ids:
            return wanted
        fits = [one for one in ids if wanted and one.startswith(wanted)]
        if not fits:
            raise NotFound(f"there is no guideline {shown!r}", "Their ids: nbalign memory list")
        if len(wanted) < _SHORTEST_PREFIX or len(fits) > 1:
            several = ", ".join(fits[:5]) + (", …" if len(fits) > 5 else "")
            raise UsageError(f"{shown!r} is too short for a guideline's id", f"It begins like: {several}")
        return fits[0]

    def get(self, ref: str, rubric: str | None = None) -> tuple[Guideline, str]:
        """A guideline by id or the beginning of one, and its rubric's id; raises as `resolve`."""
        ref = self.resolve(ref, rubric)
        life = standing(self._events("guideline = ?", [ref]))
        return life.guideline(ref), life.rubric

    def history(self, ref: str) -> list[GuidelineEvent]:
        """Everything that happened to a guideline, newest last."""
        return self._events("guideline = ?", [ref])

    def propose(self, rubric: str, guidelines: Iterable[Guideline], dimensions: Collection[str]) -> None:
        """Makes the proposals of these dimensions what was distilled; experts' decisions stay as they are.

        A proposal that is not among them is taken back. Nothing is written where nothing changes.

        Args:
            rubric: Rubric id.
            guidelines: What `nbalign.align.distill.merge` made of everything distilled.
            dimensions: Dimensions that were distilled; guidelines of others are not touched.

        Raises:
            StoreError: If it cannot be written.
        """
        new = {g.id: g for g in guidelines if g.dimension in dimensions}
        with self._store.write() as db:
            lives = self._standings("rubric = ?", [rubric])
            events = []
            for ref, guideline in new.items():
                life = lives.get(ref)
                if guideline.sources and (life is None or life.sources != guideline.sources):
                    text = guideline.text if life is None else life.text
                    events.append(row_of("propose", ref, rubric, guideline.dimension, text, guideline.sources))
            for ref, life in lives.items():
                if life.state == "proposed" and life.sources and ref not in new and life.dimension in dimensions:
                    events.append(row_of("propose", ref, rubric, life.dimension, life.text))
            if events:
                db.table("guideline_events").insert_all(events)

    def decide(
        self, action: Decision, refs: Sequence[str], who: str = "", rubric: str | None = None
    ) -> list[Guideline]:
        """Accepts, rejects, pins or unpins guidelines: all of them, or none where one cannot be found.

        What is so already stays so without an event. Accepting a rejected guideline brings it back.

        Raises:
            NotFound: If there is no such guideline.
            UsageError: If a reference fits several.
            StoreError: If it cannot be written.
        """
        with self._store.write():
            ids = dict.fromkeys(self.resolve(ref, rubric) for ref in refs)
            return [self._happen(action, ref, who) for ref in ids]

    def edit(self, ref: str, text: str, who: str = "", rubric: str | None = None) -> Guideline:
        """Gives a guideline an expert's words; its id stays. Raises as `decide` and `checked_text`."""
        line = checked_text(text)
        with self._store.write():
            return self._happen("edit", self.resolve(ref, rubric), who, line)

    def add(self, rubric: str, dimension: str, text: str, who: str = "") -> Guideline:
        """Keeps a guideline that an expert wrote by hand; one that is there with the same words becomes written.

        Raises:
            UsageError: If the text says nothing or too much.
            StoreError: If it cannot be written.
        """
        line = checked_text(text)
        ref = guideline_id(rubric, dimension, line)
        with self._store.write() as db:
            if not self._events("guideline = ?", [ref]):
                db.table("guideline_events").insert(row_of("write", ref, rubric, dimension, line, who=who))
                return self.get(ref)[0]
            return self._happen("write", ref, who, line)

    def take_back(self, event: int, who: str = "") -> Guideline:
        """Takes back the latest decision on a guideline, by an event of its own: it stands as it stood before.

        Args:
            event: Id of the event that is taken back.
            who: Who takes it back; may be empty.

        Raises:
            NotFound: If there is no such event.
            UsageError: If it is not the latest decision that stands.
            StoreError: If it cannot be written.
        """
        with self._store.write() as db:
            rows = self._store.rows("SELECT guideline FROM guideline_events WHERE id = ?", [event])
            if not rows:
                raise NotFound(
                    "there is no such decision on a guideline", "Everything that happened: nbalign memory show"
                )
            ref = str(rows[0]["guideline"])
            events = self._events("guideline = ?", [ref])
            stand = decisions(events)
            if not stand or stand[-1].id != event:
                raise UsageError(
                    f"this decision on the guideline {ref} is not the latest one, so it is not taken back",
                    f"Look at what happened since (nbalign memory show {ref}) and decide anew.",
                )
            life = standing([*events, replace(stand[-1], id=0, undoes=event)])
            row = row_of(stand[-1].action, ref, life.rubric, life.dimension, life.text, (event,), who)
            db.table("guideline_events").insert(row)
            return self.get(ref)[0]

    def _happen(self, action: Action, ref: str, who: str, text: str = "") -> Guideline:
        """Adds an event unless it would change nothing."""
        events = self._events("guideline = ?", [ref])
        life = standing(events)
        before = (life.state, life.base, life.text)
        life.take(GuidelineEvent(0, "", action, ref, life.rubric, life.dimension, text or life.text, (), who))
        if (life.state, life.base, life.text) != before:
            row = row_of(action, ref, life.rubric, life.dimension, life.text, who=who)
            with self._store.write() as db:
                db.table("guideline_events").insert(row)
        return life.guideline(ref)

    def _standings(self, where: str, values: Sequence[str]) -> dict[str, Standing]:
        grouped: dict[str, list[GuidelineEvent]] = {}
        for event in self._events(where, values):
            grouped.setdefault(event.guideline, []).append(event)
        return {ref: standing(events) for ref, events in grouped.items()}

    def _events(self, where: str, values: Sequence[str]) -> list[GuidelineEvent]:
        rows = self._store.rows(f"SELECT * FROM guideline_events WHERE {where} ORDER BY id", values)
        return [event_of(row) for row in rows]
