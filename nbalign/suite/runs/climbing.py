"""Logs of variants that were tried one after the other: which run, and what was changed for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbalign.errors import NotFound, UsageError
from nbalign.notebooks.sanitise import clean_line
from nbalign.store.clock import now
from nbalign.store.database import Store

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}\Z")
_MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One variant.

    Attributes:
        position: 1 and up; a step that is taken away leaves its number unused unless it was the last.
        run: Name of the run.
        changed: What was changed for it, in the user's words; may be empty for the first.
        at: UTC time it was written down.
    """

    position: int
    run: str
    changed: str
    at: str


@dataclass(frozen=True, slots=True)
class Climb:
    """A log of variants.

    Attributes:
        name: Unique in the workspace.
        steps: In the order they were tried, at least one.
    """

    name: str
    steps: tuple[Step, ...]


class Climbs:
    """The climbs of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def names(self) -> list[str]:
        """Names of all climbs, the one with the latest step first."""
        rows = self._store.rows("SELECT name FROM climbs GROUP BY name ORDER BY max(at) DESC, name")
        return [row["name"] for row in rows]

    def get(self, name: str) -> Climb:
        """The climb of this name.

        Raises:
            NotFound: If there is none.
        """
        rows = self._store.rows(
            "SELECT position, run, changed, at FROM climbs WHERE name = ? ORDER BY position", [name]
        )
        if not rows:
            known = ", ".join(self.names()[:10])
            raise NotFound(
                f"there is no climb {clean_line(name, 60)!r}",
                f"There are: {known}." if known else "Begin one: nbalign hillclimb add NAME RUN",
            )
        return Climb(name, tuple(Step(row["position"], row["run"], row["changed"], row["at"]) for row in rows))

    def add(self, name: str, run: str, changed: str = "") -> Step:
        """Writes a step down at the end of a climb, which is begun where there is none of this name.

        Args:
            name: 1 to 60 letters, digits, dots, dashes and underscores.
            run: Name of a run; whether there is one is for the caller to know.
            changed: What was changed for it; kept as one clean line of at most 500 characters.

        Raises:
            UsageError: If the name cannot be one, or the climb has this run already.
            StoreError: If it cannot be written.
        """
        if not _NAME.match(name):
            raise UsageError(
                f"a climb cannot be called {clean_line(name, 80)!r}",
                "Use letters, digits, dots, dashes, underscores; at most 60.",
            )
        with self._store.write() as db:
            rows = self._store.rows("SELECT position, run FROM climbs WHERE name = ?", [name])
            if any(row["run"] == run for row in rows):
                raise UsageError(
                    f"the climb {name} has the run {clean_line(run, 60)} already",
                    "A changed variant is a run of its own, with a name of its own.",
                )
            position = max((row["position"] for row in rows), default=0) + 1
            step = Step(position, run, clean_line(changed, _MOST_WORDS), now())
            db.table("climbs").insert(
                {"name": name, "position": position, "run": run, "changed": step.changed, "at": step.at}
            )
        return step

    def remove(self, name: str, run: str | None = None) -> int:
        """Takes a step out of a climb, or forgets the climb; runs stay.

        Args:
            name: The climb.
            run: Only the step of this run; None for all.

        Returns:
            How many steps went.

        Raises:
            NotFound: If there is no such climb or step.
            StoreError: If it cannot be written.
        """
        climb = self.get(name)
        gone = [step for step in climb.steps if run in (None, step.run)]
        if not gone:
            raise NotFound(
                f"the climb {name} has no run {clean_line(run or '', 60)!r}",
                f"It has {', '.join(clean_line(step.run, 60) for step in climb.steps[:10])}.",
            )
        with self._store.write() as db:
            for step in gone:
                db.table("climbs").delete((name, step.position))
        return len(gone)
