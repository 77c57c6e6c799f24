"""One command run to its end, or stopped: nothing that it started is left, and its words are kept within bounds."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nbalign.errors import Cancelled, GeneratorError
from nbalign.notebooks.sanitise import clean, clean_line

_KEPT = 4_000  # bytes kept of the end of each stream
_GRACE = 3.0  # seconds between the word to stop and the end
_LOOK = 0.05  # seconds between looks
_SHOWN = 400  # characters of its words in a message


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended.

    Attributes:
        code: Exit code; negative for a signal; None when its time was up.
        words: The end of what it printed, stderr before stdout, one line; hostile no more.
        seconds: Wall seconds.
    """

    code: int | None
    words: str
    seconds: float


def run(
    words: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    timeout: float,
    cancel: threading.Event | None = None,
) -> Ended:
    """Runs a command in a process group of its own; when it ends, whatever is left of the group is ended too.

    Args:
        words: Program and arguments.
        folder: Where it runs.
        environment: All its variables.
        timeout: Wall seconds.
        cancel: Set it to stop.

    Raises:
        GeneratorError: If it does not start.
        Cancelled: If it was stopped.
    """
    began = time.monotonic()
    try:
        process = subprocess.Popen(
            list(words),
            cwd=folder,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        long = isinstance(error, OSError) and error.errno == 7
        raise GeneratorError(
            f"{clean_line(words[0])} did not start: {reason}",
            "The prompt is too long for an argument: give {prompt_file} in place of {prompt}." if long else "",
        ) from error
    assert process.stdout and process.stderr
    tails = [_Tail(process.stderr), _Tail(process.stdout)]
    try:
        in_time = _wait(process.pid, began + timeout, cancel)
    finally:
        # Its number stays taken until it is waited for, so the group cannot be anybody else's.
        _end_group(process.pid)
        process.wait()
        for tail in tails:
            tail.close()
    spoken = clean_line(" ".join(clean(tail.text()).strip() for tail in tails), 10 * _SHOWN)
    spoken = spoken if len(spoken) <= _SHOWN else "…" + spoken[-_SHOWN:]
    return Ended(process.returncode if in_time else None, spoken, time.monotonic() - began)


def _wait(pid: int, deadline: float, cancel: threading.Event | None) -> bool:
    """Waits for the end without taking note of it; False when the time is up first."""
    while not _is_over(pid):
        if cancel is not None and cancel.is_set():
            raise Cancelled("stopped; everything finished until now is kept")
        if time.monotonic() > deadline:
            return False
        time.sleep(_LOOK)
    return True


def _is_over(pid: int) -> bool:
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _end_group(pid: int) -> None:
    """Ends a process group: by a word first where its leader still lives, by force after that."""
    with contextlib.suppress(OSError):
        if not _is_over(pid):
            os.killpg(pid, signal.SIGTERM)
            deadline = time.monotonic() + _GRACE
            while not _is_over(pid) and time.monotonic() < deadline:
                time.sleep(_LOOK)
        os.killpg(pid, signal.SIGKILL)


class _Tail:
    """Reads a stream to its end and keeps the last of it.

    Args:
        stream: A pipe.
    """

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._kept = b""
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while chunk := os.read(self._stream.fileno(), 65_536):
                self._kept = (self._kept + chunk)[-_KEPT:]

    def close(self) -> None:
        """Gives up after a second: a process that left its group may hold the pipe open."""
        self._reader.join(1.0)
        if not self._reader.is_alive():
            self._stream.close()

    def text(self) -> str:
        """What was kept."""
        return self._kept.decode("utf-8", "replace")
