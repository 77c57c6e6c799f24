"""Jobs that tests move along themselves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from nbalign.jobs.model import JobSpec, JobState


class FakeJobs:
    """Takes the place of `nbalign.jobs.desk.Jobs`; nothing happens in it but what a test says."""

    def __init__(self, on_change: Callable[[JobState], None]) -> None:
        self._on_change = on_change
        self._states: list[JobState] = []
        self.stopped: list[int] = []
        self.closed = False

    def start(self, spec: JobSpec) -> int:
        busy = any(not state.ended for state in self._states)
        self._states.append(JobState(len(self._states) + 1, spec, "waiting" if busy else "running"))
        self._on_change(self._states[-1])
        return len(self._states)

    def stop(self, id: int) -> None:
        self.stopped.append(id)
        self.tell(id, phase="stopping")

    def states(self) -> tuple[JobState, ...]:
        return tuple(self._states)

    def close(self, patience: float = 0.0) -> None:
        self.closed = True

    def tell(self, id: int, **changes: Any) -> None:
        """A job stands otherwise now."""
        self._states[id - 1] = replace(self._states[id - 1], **changes)
        self._on_change(self._states[id - 1])
