"""The engine's worker process: started, talked to, ended, and its death turned into a clear message."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
from typing import IO

from nbalign.errors import ModelError
from nbalign.llm.protocol import Message, receive, send

_START = "import json, sys; sys.path[:] = json.loads(sys.argv[1]); import nbalign.llm.worker as w; w.main()"
_DYING = 10.0  # seconds between a worker's last word and its end, core dumps included
_WORDS = 300  # characters of last words
_KEPT = "Finished judgements are kept: run the same command again to go on."


class WorkerProcess:
    """A worker that has no model yet.

    Args:
        name: File name of the model, for messages.

    Raises:
        ModelError: If no process can be started.
    """

    def __init__(self, name: str) -> None:
        self._name = name
        self._closed = False
        try:
            # A real file, not a pipe: nobody needs to drain it, and it still holds the last words after a crash.
            self._log = tempfile.TemporaryFile(prefix="nbalign-engine-")  # noqa: SIM115 - lives as long as the worker
            self._process = subprocess.Popen(
                # -P and our own path: with `-m` a file such as queue.py in the current folder would run in its place.
                [sys.executable, "-P", "-c", _START, json.dumps(sys.path)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._log,
                env=_environment(),
            )
        except OSError as error:
            raise ModelError(
                f"cannot start a process for the engine: {error.strerror or error}",
                "Free some memory, or space in the folder for temporary files, and try again.",
            ) from error

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def say(self, message: Message) -> None:
        """Sends a message.

        Raises:
            OSError: If the worker is gone.
            ValueError: If it was closed.
        """
        assert self._process.stdin
        send(self._process.stdin, message)

    def hear(self) -> Message | None:
        """Waits for a message; None when no more will come."""
        assert self._process.stdout
        try:
            return receive(self._process.stdout)
        except (OSError, ValueError):  # closed by another thread
            return None

    def close(self) -> None:
        """Ends it; safe to call twice, and from another thread while somebody waits for a message."""
        self._closed = True
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()
        self._log.close()

    def death(self) -> ModelError:
        """Why nothing more comes from it, and what to do."""
        if self._closed:
            return ModelError("the engine was closed while it worked", "Finished judgements are kept.")
        try:
            code = self._process.wait(_DYING)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            return ModelError(f"the engine's process stopped making sense while it worked with {self._name}", _KEPT)
        words = last_words(self._log)
        if code < 0:
            name = signal.Signals(-code).name
            what = f"the engine's process was ended by {name} while it worked with {self._name}"
            hint = {
                signal.SIGKILL: "Something killed it, often the system for want of memory: try a smaller model.",
                signal.SIGILL: "llama.cpp was compiled for another CPU: reinstall llama-cpp-python on this machine.",
            }.get(signal.Signals(-code), _KEPT)
        else:
            what = f"the engine's process ended (exit code {code}) while it worked with {self._name}"
            hint = "Run `nbalign doctor`; finished judgements are kept."
        return ModelError(f"{what}{': ' + words if words else ''}", hint)


def last_words(log: IO[bytes]) -> str:
    """The last line that a process wrote into its log; empty for none, or where the log cannot be read."""
    try:
        log.seek(0, os.SEEK_END)
        log.seek(max(0, log.tell() - 2000))
        lines = log.read().decode("utf-8", "replace").strip().splitlines()
    except (OSError, ValueError):
        return ""
    return lines[-1][:_WORDS] if lines else ""


def _environment() -> dict[str, str]:
    # OpenMP threads that spin for long while they wait take the cores from the interface and from other processes.
    # A short spin measures as fast: `python -m benchmarks waiting`.
    # Before it aborts, ggml starts a debugger for a backtrace; that takes seconds and buries the reason it gave.
    defaults = {"GOMP_SPINCOUNT": "2000", "GGML_NO_BACKTRACE": "1"}
    return {**defaults, **os.environ, "PYTHONUNBUFFERED": "1"}
