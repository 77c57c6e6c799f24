"""The desk where jobs are handed in: one is worked on at a time, the others wait in order."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from nbalign.jobs.model import JobPhase, JobSpec, JobState
from nbalign.jobs.pace import Pace
from nbalign.jobs.process import Runner
from nbalign.llm.protocol import Message
from nbalign.progress import Progress

_PATIENCE = 5.0  # seconds that work has to stop when everything closes
_KILLED = 15.0  # seconds that a killed process has to be gone
_NOT_BEGUN = "stopped before it began"
_CUT = "stopped; everything finished is kept, the same job goes on from there"
_ENDS: dict[object, JobPhase] = {"done": "done", "stopped": "stopped"}


class Jobs:
    """The jobs of one application. No call waits for a job, except `close`.

    Args:
        on_change: Told each new state of a job, on any thread; must return soon.
        command: What runs a job; None takes a Python process. Tests pass other programs.
    """

    def __init__(self, on_change: Callable[[JobState], None], command: Sequence[str] | None = None) -> None:
        self._on_change = on_change
        self._command = command
        self._lock = threading.RLock()
        self._states: dict[int, JobState] = {}
        self._began: dict[int, float] = {}
        self._running: Runner | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    def start(self, spec: JobSpec) -> int:
        """Hands in a job; it runs at once, or when those before it have ended.

        Returns:
            Its number.
        """
        with self._lock:
            number = len(self._states) + 1
            self._states[number] = JobState(number, spec, "waiting")
            if self._closed:
                self._change(number, phase="stopped", summary=_NOT_BEGUN)
                return number
            self._change(number)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="nbalign-jobs", daemon=True)
                self._thread.start()
        return number

    def stop(self, id: int) -> None:
        """Asks a job to stop: one that waits never begins; one that has ended, or is not there, stays as it is."""
        with self._lock:
            state = self._states.get(id)
            if state is None or state.phase not in ("waiting", "running"):
                return
            if state.phase == "waiting":
                self._change(id, phase="stopped", summary=_NOT_BEGUN)
                return
            self._change(id, phase="stopping")
            if self._running is not None:
                self._running.stop()

    def states(self) -> tuple[JobState, ...]:
        """All jobs, in the order in which they were handed in, with their seconds up to now."""
        with self._lock:
            return tuple(self._timed(state) for state in self._states.values())

    def close(self, patience: float = _PATIENCE) -> None:
        """Asks all jobs to stop, waits a little, and ends what is left; safe to call twice.

        Args:
            patience: Seconds that the work has to stop by itself.
        """
        with self._lock:
            self._closed = True
            running, thread = self._running, self._thread
            for id in self._states:
                self.stop(id)
        if thread is None or thread is threading.current_thread():
            return
        thread.join(patience)
        if thread.is_alive() and running is not None:
            running.kill()
            thread.join(_KILLED)

    # -- on the thread of the jobs

    def _work(self) -> None:
        while True:
            with self._lock:
                number = next((id for id, state in self._states.items() if state.phase == "waiting"), 0)
                if not number:
                    self._thread = None  # the next job starts another one
                    return
                spec = self._states[number].spec
                runner = self._running = Runner(self._command)
                self._began[number] = time.monotonic()
                self._change(number, phase="running")
            end = self._end_of(runner, spec, number)
            with self._lock:
                self._running = None
                fields = _ended(end)
                if self._closed and fields["phase"] == "failed":  # ended by us, then
                    fields |= {"phase": "stopped", "summary": _CUT, "error": "", "hint": ""}
                self._change(number, **fields, seconds=time.monotonic() - self._began[number], eta=None)

    def _end_of(self, runner: Runner, spec: JobSpec, number: int) -> Message:
        try:
            return runner.run(spec, self._progress(number))
        except Exception as error:  # else the job would run for ever, and those after it would never begin
            words = f"the work could not be followed: {type(error).__name__}: {error}"
            return {"end": "failed", "error": words, "hint": "This is a bug; everything finished is kept."}

    def _progress(self, number: int) -> Callable[[Progress], None]:
        pace = Pace()

        def step(progress: Progress) -> None:
            pace.step(progress, time.monotonic())
            with self._lock:
                self._change(number, progress=progress, rate=pace.rate, eta=pace.eta)

        return step

    def _change(self, number: int, **changes: Any) -> None:
        """Changes a state and tells of it, under the lock: news must not overtake each other."""
        state = self._states[number] = replace(self._states[number], **changes)
        # Whoever listens may be gone by now; the jobs must come to their end all the same.
        with contextlib.suppress(Exception):
            self._on_change(self._timed(state))

    def _timed(self, state: JobState) -> JobState:
        began = self._began.get(state.id)
        return state if began is None or state.ended else replace(state, seconds=time.monotonic() - began)


def _ended(end: Message) -> dict[str, Any]:
    """The last state's fields of what a runner sent."""
    result = end.get("result")
    return {
        "phase": _ENDS.get(end.get("end"), "failed"),
        "summary": str(end.get("summary", "")),
        "result": result if isinstance(result, dict) else {},
        "error": str(end.get("error", "")),
        "hint": str(end.get("hint", "")),
    }
