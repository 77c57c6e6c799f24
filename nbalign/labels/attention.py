"""How long somebody really worked on something: time between signs of life, without the pauses."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from nbalign.store.clock import now

IDLE_AFTER = 60.0  # seconds of a gap between two signs of life that count; what is longer counts as this much
LEAST = 1.0  # seconds below which a visit is only passing through, and is not kept
BREAK = 300.0  # seconds without a sign of life after which a rater has had a break


@dataclass(frozen=True, slots=True)
class Visit:
    """An uninterrupted stay with one notebook.

    Attributes:
        session: Of which session; unlike any other.
        number: Which visit of the session, from 1.
        notebook: Content hash.
        began_at: UTC time, ISO 8601.
        until_at: UTC time of the last moment that counts.
        seconds: Time at work, pauses left out.
    """

    session: str
    number: int
    notebook: str
    began_at: str
    until_at: str
    seconds: float


class Attention:
    """Measures visits of one session. A gap of up to a minute counts in full, a longer one as a minute.

    Args:
        clock: Seconds that only go forward; tests pass their own.

    Attributes:
        session: Its id.
        seconds: Time at work in the visits that ended.
        unbroken: Time at work since the last break of five minutes.
        notebook: Content hash of what is in view; empty when nothing is.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.session = f"{now()}/{secrets.token_hex(4)}"
        self.seconds = 0.0
        self.unbroken = 0.0
        self._clock = clock
        self._number = 0
        self.notebook = ""
        self._began = ""
        self._spent = 0.0
        self._last = clock()

    def turn_to(self, notebook: str) -> Visit | None:
        """Ends the visit and begins another.

        Args:
            notebook: Content hash; empty when nothing is in view any more.

        Returns:
            The visit that ended, unless there was none worth keeping.
        """
        self.noticed()
        ended = self.visit()
        self.seconds += self._spent
        self._number += bool(notebook)
        self.notebook, self._began, self._spent = notebook, now(), 0.0
        return ended

    def noticed(self) -> None:
        """Somebody is here: a key, a click."""
        moment = self._clock()
        gap = moment - self._last
        self._last = moment
        if gap >= BREAK:
            self.unbroken = 0.0
        if self.notebook:
            self._spent += min(gap, IDLE_AFTER)
            self.unbroken += min(gap, IDLE_AFTER) if gap < BREAK else 0.0

    @property
    def spent(self) -> float:
        """Seconds of the visit so far."""
        return self._spent + (min(self._clock() - self._last, IDLE_AFTER) if self.notebook else 0.0)

    def visit(self) -> Visit | None:
        """The visit so far; None while there is none, or it is only passing through."""
        spent = self.spent
        if not self.notebook or spent < LEAST:
            return None
        until = max(self._began, _ago(max(self._clock() - self._last - IDLE_AFTER, 0.0)))
        return Visit(self.session, self._number, self.notebook, self._began, until, round(spent, 1))


def _ago(seconds: float) -> str:
    return (datetime.now(UTC) - timedelta(seconds=seconds)).isoformat(timespec="seconds")
