"""The process that does one job: a spec comes in on stdin, progress and the end go out on stdout, one JSON line each.

In: the spec (`kind`, `workspace`, `arguments`); later perhaps `{"stop": true}`. The end of stdin means that whoever
asked is gone, and stops the work, too. Out: `{"progress": {…}}` at most ten times a second, then one `{"end": …}`.
Whatever else prints here goes to stderr.
"""

from __future__ import annotations

import contextlib
import datetime
import os
import signal
import sys
import threading
import time
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import IO, Any

from nbalign import offline
from nbalign.errors import Cancelled, NbalignError
from nbalign.llm.protocol import Message, receive, send
from nbalign.progress import Progress

LOG = "jobs.log"
_NICENESS = 5  # the screen and whoever works on this machine go first
_BETWEEN = 0.1  # seconds between two lines of progress
_ORPHANED = 120.0  # seconds that work may take to stop when nobody is there any more to see it


class Reporter:
    """Sends the latest step of the work now and then, so that neither side waits for the other.

    Args:
        stream: Where to.
        cancel: Set when nobody reads any more.
    """

    def __init__(self, stream: IO[bytes], cancel: threading.Event) -> None:
        self._stream, self._cancel = stream, cancel
        self._latest: Progress | None = None
        self._wake, self._over = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._send, name="progress", daemon=True)
        self._thread.start()

    def __call__(self, step: Progress) -> None:
        """Takes a step."""
        self._latest = step
        self._wake.set()

    def end(self, **fields: Any) -> None:
        """Sends the last step and then the end."""
        self._over.set()
        self._wake.set()
        self._thread.join()
        self._out(fields)

    def _send(self) -> None:
        while not self._over.is_set():
            self._wake.wait()
            self._wake.clear()
            step, self._latest = self._latest, None
            if step is not None:
                self._out({"progress": asdict(step)})
            self._over.wait(_BETWEEN)
        if (step := self._latest) is not None:
            self._out({"progress": asdict(step)})

    def _out(self, message: Message) -> None:
        try:
            send(self._stream, message)
        except (OSError, ValueError):
            self._cancel.set()


def run(spec: Message, progress: Reporter, cancel: threading.Event) -> Message:
    """Does the job of a spec.

    Returns:
        The end to send: `end` is `done`, `stopped` or `failed`, with `summary` and `result` or with `error` and `hint`.
    """
    folder = Path(str(spec.get("workspace", "")))
    try:
        from nbalign.jobs.work import do
        from nbalign.workspace import Workspace

        arguments = spec.get("arguments")
        with Workspace.open(folder) as workspace:
            found = do(
                str(spec.get("kind", "")),
                arguments if isinstance(arguments, dict) else {},
                workspace,
                progress,
                cancel,
            )
        return {"end": "stopped" if found.stopped else "done", "summary": found.summary, "result": dict(found.result)}
    except Cancelled:
        return {"end": "stopped", "summary": "stopped; everything finished is kept, the same job goes on from there"}
    except NbalignError as error:
        return {"end": "failed", "error": error.message, "hint": error.hint}
    except Exception as error:
        where = _write_log(folder, error)
        return {
            "end": "failed",
            "error": f"the work failed: {type(error).__name__}: {error}",
            "hint": f"This is a bug; everything finished is kept. Details to report: {where}",
        }


def _write_log(folder: Path, error: Exception) -> str:
    """Writes an unexpected error down, and says where."""
    now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
    path = folder / LOG
    try:
        with path.open("a", encoding="utf-8", errors="replace") as log:
            log.write(f"{now}\n{''.join(traceback.format_exception(error))}\n")
    except OSError as problem:
        return f"none; {path} cannot be written ({problem.strerror})"
    return str(path)


def _listen(requests: IO[bytes], cancel: threading.Event) -> None:
    """Waits for the word to stop, or for the end of whoever started this."""
    if receive(requests) is not None:
        cancel.set()
        while receive(requests) is not None:
            pass
    cancel.set()
    # Nobody is there any more. What does not heed the cancelling would go on for nobody.
    time.sleep(_ORPHANED)
    os._exit(1)


def main() -> None:
    """Does one job and ends."""
    # Ctrl-c in the terminal is for whoever started this, and a closing terminal ends that one: then stdin ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    offline.install()
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    requests = os.fdopen(os.dup(0), "rb")
    with open(os.devnull, "rb") as nothing:  # noqa: PTH123
        os.dup2(nothing.fileno(), 0)  # what is started from here must not read our requests
    cancel = threading.Event()
    signal.signal(signal.SIGTERM, lambda _number, _frame: cancel.set())
    spec = receive(requests)
    if spec is None:
        os._exit(2)
    threading.Thread(target=_listen, args=(requests, cancel), name="requests", daemon=True).start()
    progress = Reporter(replies, cancel)
    end = run(spec, progress, cancel)
    progress.end(**end)
    sys.stderr.flush()
    os._exit(0)  # without the interpreter's own end, which would wait for the thread that reads


if __name__ == "__main__":
    main()
