"""One runner process: started, told to stop, listened to, and never left behind."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from typing import IO

from nbalign.jobs.model import JobSpec
from nbalign.llm.process import last_words
from nbalign.llm.protocol import Message, receive, send
from nbalign.progress import Progress

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); import nbalign.jobs.runner as r; r.main()"
_ENDING = 10.0  # seconds between a runner's last word and its end
_STOP: Message = {"stop": True}
_KEPT = "Everything finished is kept: start the job again to go on."


class Runner:
    """The process of one job.

    Args:
        command: What to run; None runs the job in a Python of its own. Tests pass other programs.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        # -P and our own path: with `-m` a file such as queue.py in the current folder would run in its place.
        self._command = command or [sys.executable, "-P", "-c", _START, json.dumps(sys.path)]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._asked_to_stop = self._listening = False

    def run(self, spec: JobSpec, on_progress: Callable[[Progress], None]) -> Message:
        """Does a job from start to end; blocks until then.

        Args:
            spec: What to do.
            on_progress: Told each step, on this thread.

        Returns:
            The end as the runner sent it, or one that tells of its death.
        """
        try:
            asked = {
                "kind": spec.kind,
                "workspace": str(spec.workspace.resolve()),
                "arguments": json.loads(json.dumps(dict(spec.arguments))),
            }
            # A real file, not a pipe: nobody needs to drain it, and it still holds the last words after a crash.
            log = tempfile.TemporaryFile(prefix="nbalign-job-")  # noqa: SIM115 - closed below
        except (TypeError, ValueError) as error:
            return _failed(f"the job cannot be described as JSON: {error}", "This is a bug; please report it.")
        except OSError as error:
            return _failed(f"cannot start a process for the job: {error.strerror or error}", "Free some disk space.")
        with log:
            try:
                process = subprocess.Popen(
                    self._command,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    env={**os.environ, "PYTHONUNBUFFERED": "1"},
                    start_new_session=True,  # no ctrl-c of the terminal reaches it, and it can be killed as a whole
                )
            except OSError as error:
                words = f"cannot start a process for the job: {error.strerror or error}"
                return _failed(words, "Free some memory and try again.")
            self._process = process
            try:
                _say(process, asked)
                with self._lock:  # only now may others talk to it: a long spec is sent in parts
                    self._listening = True
                    stop = self._asked_to_stop
                if stop:
                    _say(process, _STOP)
                end = self._listen(process, on_progress)
            finally:
                self._close(process)
            return end or self._died(process.returncode, log)

    def stop(self) -> None:
        """Asks the work to stop; returns at once. Safe from any thread, before and after the process lives, too."""
        with self._lock:
            self._asked_to_stop = True
            if self._listening and self._process is not None:
                _say(self._process, _STOP)

    def kill(self) -> None:
        """Ends the process and what it started, now."""
        process = self._process
        if process is not None and process.poll() is None:
            with contextlib.suppress(OSError):
                os.killpg(process.pid, signal.SIGKILL)

    def _listen(self, process: subprocess.Popen[bytes], on_progress: Callable[[Progress], None]) -> Message | None:
        """Passes progress on until the end is told; None where the process ends, or talks nonsense, before."""
        assert process.stdout
        while (message := receive(process.stdout)) is not None:
            if "end" in message:
                return message
            with contextlib.suppress(TypeError):
                on_progress(Progress(**message.get("progress", {})))
        return None

    def _close(self, process: subprocess.Popen[bytes]) -> None:
        """Waits for the end of the process, brings it about where need be, and closes its pipes."""
        with self._lock:
            self._listening = False
            for stream in (process.stdin, process.stdout):
                if stream is not None:
                    with contextlib.suppress(OSError):
                        stream.close()
        try:
            process.wait(_ENDING)
        except subprocess.TimeoutExpired:
            self.kill()
            process.wait()

    def _died(self, code: int, log: IO[bytes]) -> Message:
        words = f": {said}" if (said := last_words(log)) else ""
        if code < 0:
            with contextlib.suppress(ValueError):
                name = signal.Signals(-code).name
                hint = "Something killed it, often the system for want of memory. " if name == "SIGKILL" else ""
                return _failed(f"the job's process was ended by {name}{words}", hint + _KEPT)
        return _failed(f"the job's process ended (exit code {code}){words}", _KEPT)


def _say(process: subprocess.Popen[bytes], message: Message) -> None:
    """Says something to a process; that it is gone already is noticed where its answers are read."""
    assert process.stdin
    with contextlib.suppress(OSError, ValueError):
        send(process.stdin, message)


def _failed(error: str, hint: str) -> Message:
    return {"end": "failed", "error": error, "hint": hint}
