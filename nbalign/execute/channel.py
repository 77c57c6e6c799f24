"""JSON lines to and from a sandbox. Whoever is at the other end may lie, flood, break off or say nothing."""

from __future__ import annotations

import contextlib
import json
import os
import select
from collections.abc import Callable, Mapping
from typing import IO, Any

_CHUNK = 1 << 16
_TICK = 0.1  # seconds between two looks at clocks and at the word to stop
_LAST_WORDS = 4000


class Nonsense(Exception):
    """What came is no message of ours; its text says what is wrong."""


class Channel:
    """One message a line over the pipes of a process.

    Args:
        stdin: Its standard input.
        stdout: Its standard output.
        stderr: Its standard error; the end of what is said there is kept.
        longest: Most bytes of a line; a longer one is nonsense.
    """

    def __init__(self, stdin: IO[bytes], stdout: IO[bytes], stderr: IO[bytes], longest: int) -> None:
        self._in, self._out, self._err = stdin.fileno(), stdout.fileno(), stderr.fileno()
        for descriptor in (self._in, self._out, self._err):
            os.set_blocking(descriptor, False)
        self._longest = longest
        self._buffer = bytearray()
        self._searched = 0  # no line end before this
        self._words = b""
        self._open = {self._out, self._err}
        self._unsent = b""

    @property
    def last_words(self) -> str:
        """The last line that was said on stderr; may be anything."""
        lines = self._words.decode("utf-8", "replace").strip().splitlines()
        return lines[-1] if lines else ""

    def send(self, message: Mapping[str, Any], tick: Callable[[], None]) -> bool:
        """Sends a message, however slowly the other end reads.

        Args:
            message: What to say.
            tick: Called several times a second; what it raises ends the waiting.

        Returns:
            Whether the other end was there to take it.
        """
        self._unsent = json.dumps(message).encode() + b"\n"
        poll = select.poll()
        poll.register(self._in, select.POLLOUT)
        while self._unsent:
            tick()
            try:
                sent = os.write(self._in, self._unsent)
            except BlockingIOError:
                poll.poll(_TICK * 1000)
            except OSError:
                self._unsent = b""
                return False
            else:
                self._unsent = self._unsent[sent:]
        return True

    def send_now(self, message: Mapping[str, Any]) -> None:
        """Sends a short message if that is possible at once; otherwise it is lost."""
        if not self._unsent:
            with contextlib.suppress(OSError):  # a message this short goes into a pipe whole or not at all
                os.write(self._in, json.dumps(message).encode() + b"\n")

    def receive(self, tick: Callable[[], None]) -> dict[str, Any] | None:
        """The next message, or None at the end.

        Args:
            tick: Called several times a second; what it raises ends the waiting.

        Raises:
            Nonsense: If a line is too long or no JSON object.
        """
        while True:
            tick()
            end = self._buffer.find(b"\n", self._searched)
            if end >= 0:
                line = bytes(self._buffer[:end])
                del self._buffer[: end + 1]
                self._searched = 0
                return _parsed(line)
            self._searched = len(self._buffer)
            if len(self._buffer) > self._longest:
                raise Nonsense(f"a message of more than {self._longest:,} bytes")
            if self._out not in self._open:
                return None
            self._wait()

    def drain(self) -> None:
        """Reads what is left of stderr, for the last words."""
        while self._err in self._open and self._read(self._err):
            pass

    def _wait(self) -> None:
        poll = select.poll()
        for descriptor in self._open:
            poll.register(descriptor, select.POLLIN)
        for descriptor, _ in poll.poll(_TICK * 1000):
            self._read(descriptor)

    def _read(self, descriptor: int) -> bool:
        try:
            chunk = os.read(descriptor, _CHUNK)
        except BlockingIOError:
            return False
        except OSError:
            chunk = b""
        if not chunk:
            self._open.discard(descriptor)
        elif descriptor == self._err:
            self._words = (self._words + chunk)[-_LAST_WORDS:]
        else:
            self._buffer += chunk
        return bool(chunk)


def _parsed(line: bytes) -> dict[str, Any]:
    try:
        # JSON has no NaN, and a notebook with one could not be read everywhere.
        value = json.loads(line.decode("utf-8", "replace"), parse_constant=str)
    except (ValueError, RecursionError):
        raise Nonsense("a message that is no JSON") from None
    if not isinstance(value, dict):
        raise Nonsense("a message that is no JSON object")
    return value
