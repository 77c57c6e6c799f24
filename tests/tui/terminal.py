"""The real program in a terminal of its own: keys go in as bytes, and what is painted is read back.

Just enough of a terminal for what Textual writes: text, cursor positions, erasing, modes. It says that it knows
synchronised output, so that every frame has a beginning and an end, and no half-painted one is ever taken for the screen.
"""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.cells import cell_len

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0  # seconds: only a program that hangs takes as long

_TOKEN = re.compile(
    r"\x1b\[(?P<private>[?<=>]*)(?P<numbers>[\d;:]*)(?P<between>[ -/]*)(?P<final>[@-~])"
    r"|\x1b[\]P_^X][^\x07\x1b]*(?:\x07|\x1b\\)"  # titles and other strings
    r"|\x1b[ -/]*[0-OQ-WYZ\\`-~]"
    r"|[\r\n\b]"
    r"|(?P<text>[^\x00-\x1f\x7f]+)"
    r"|[\x00-\x1a\x1c-\x1f\x7f]"
)
_ASKS_SYNC = b"\x1b[?2026$p"
_KNOWS_SYNC = b"\x1b[?2026;2$y"


class Screen:
    """What a terminal shows.

    Args:
        columns: Its width.
        rows: Its height.

    Attributes:
        modes: Private modes that are on, such as 1049 for the alternate screen.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.modes: set[int] = {25}  # the cursor shows
        self.resize(columns, rows)
        self._rest = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.on_frame: Callable[[], None] = lambda: None

    def resize(self, columns: int, rows: int) -> None:
        """Takes another size, with nothing on it."""
        self.columns, self.rows = columns, rows
        self._cells = [[" "] * columns for _ in range(rows)]
        self._x = self._y = 0

    @property
    def lines(self) -> list[str]:
        """Its rows; a wide character is followed by nothing."""
        return ["".join(row) for row in self._cells]

    def part(self, left: int, right: int | None = None) -> list[str]:
        """The rows between two columns."""
        return ["".join(row[left:right]) for row in self._cells]

    @property
    def text(self) -> str:
        """All rows."""
        return "\n".join(self.lines)

    def feed(self, data: bytes) -> None:
        """Takes what a program wrote; the beginning of something that is not whole yet waits for the rest."""
        text, at = self._rest + self._decoder.decode(data), 0
        while token := _TOKEN.match(text, at):
            at = token.end()
            self._take(token)
        self._rest = text[at:]

    def _take(self, token: re.Match[str]) -> None:
        words, final = token["text"], token["final"]
        if words is not None:
            for char in words:
                self._put(char)
        elif final is not None:
            numbers = [int(each or 0) for each in re.split("[;:]", token["numbers"])]
            if token["private"] == "?" and final in "hl" and not token["between"]:
                (self.modes.update if final == "h" else self.modes.difference_update)(numbers)
                if final == "l" and 2026 in numbers:
                    self.on_frame()
            elif not token["private"] and not token["between"]:
                self._move(final, numbers)
        elif token[0] == "\r":
            self._x = 0
        elif token[0] == "\n":
            self._y = min(self._y + 1, self.rows - 1)

    def _put(self, char: str) -> None:
        width = cell_len(char)
        if width and self._x < self.columns:
            row = self._cells[self._y]
            row[self._x] = char
            if width == 2 and self._x + 1 < self.columns:
                row[self._x + 1] = ""
            self._x += width

    def _move(self, final: str, numbers: Sequence[int]) -> None:
        first = numbers[0]
        match final:
            case "H" | "f":
                column = numbers[1] if len(numbers) > 1 else 1
                self._y, self._x = min(max(first, 1), self.rows) - 1, min(max(column, 1), self.columns) - 1
            case "A":
                self._y = max(self._y - max(first, 1), 0)
            case "B":
                self._y = min(self._y + max(first, 1), self.rows - 1)
            case "C":
                self._x = min(self._x + max(first, 1), self.columns - 1)
            case "D":
                self._x = max(self._x - max(first, 1), 0)
            case "J" if first >= 2:
                self._cells = [[" "] * self.columns for _ in range(self.rows)]
            case "K" if first == 0:
                self._cells[self._y][self._x :] = [" "] * (self.columns - self._x)


class Terminal:
    """A program in a terminal. A context manager: at its end the program is killed if it still runs.

    Args:
        arguments: Of `nbalign`.
        size: Columns and rows.
        environment: Added to that of the tests.
        sync: Whether the terminal says that it knows synchronised output.

    Attributes:
        screen: What it shows.
        seen: How many bytes were written so far.
        output: All of these bytes.
    """

    def __init__(
        self,
        arguments: Sequence[str | Path],
        size: tuple[int, int] = (120, 40),
        environment: Mapping[str, str] | None = None,
        *,
        sync: bool = True,
    ) -> None:
        self.screen = Screen(*size)
        self.output = b""
        self._sync = sync
        self._main, self._other = pty.openpty()
        self._tell_size(*size)
        self._before: list[Any] = termios.tcgetattr(self._other)
        asked = {"TERM": "xterm-256color", "PYTHONPATH": os.environ.get("PYTHONPATH", str(ROOT)), **(environment or {})}
        inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "nbalign", *map(str, arguments)],
            stdin=self._other,
            stdout=self._other,
            stderr=self._other,
            env={**inherited, **asked},
            start_new_session=True,  # a group of its own, which can be killed as a whole
        )

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.kill()
        os.close(self._main)
        os.close(self._other)

    @property
    def seen(self) -> int:
        """How many bytes were written so far."""
        return len(self.output)

    @property
    def restored(self) -> bool:
        """Whether the terminal's own settings (echo, lines) are what they were."""
        return bool(termios.tcgetattr(self._other) == self._before)

    def _tell_size(self, columns: int, rows: int) -> None:
        fcntl.ioctl(self._other, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize(self, columns: int, rows: int) -> None:
        """Takes another size, and tells the program as a terminal does."""
        self.screen.resize(columns, rows)
        self._tell_size(columns, rows)
        self.process.send_signal(signal.SIGWINCH)

    def send(self, keys: str) -> None:
        """Types."""
        os.write(self._main, keys.encode())

    def read(self, seconds: float) -> bool:
        """Takes what is written within this time, at most one portion; whether there was any."""
        ready, _, _ = select.select([self._main], [], [], seconds)
        if not ready:
            return False
        data = os.read(self._main, 65536)
        if self._sync and _ASKS_SYNC in (self.output[-len(_ASKS_SYNC) :] + data):
            os.write(self._main, _KNOWS_SYNC)
        self.output += data
        self.screen.feed(data)
        return True

    def watch(self, seconds: float) -> None:
        """Takes all that is written for so long."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.read(left)

    def shows(self, sign: str, seconds: float) -> bool:
        """Whether the screen shows a text within this time."""
        end = time.monotonic() + seconds
        while sign not in self.screen.text and time.monotonic() < end:
            self.read(0.05)
        return sign in self.screen.text

    def wait(self, sign: str | Callable[[str], bool], patience: float = PATIENCE) -> None:
        """Waits until the screen shows a text, or until it fulfils a condition; fails after so many seconds."""
        shows = sign if callable(sign) else lambda text: sign in text
        end = time.monotonic() + patience
        while not shows(self.screen.text):
            assert time.monotonic() < end, f"{sign} did not come:\n{self.screen.text}"
            self.read(0.2)
            assert self.process.poll() is None or shows(self.screen.text) or self.read(0), (
                f"it ended before {sign}:\n{self.output.decode(errors='replace')[-3000:]}"
            )

    def end(self) -> int:
        """Waits until the program has ended, and reads its last words; its exit code."""
        end = time.monotonic() + PATIENCE
        while self.process.poll() is None:
            assert time.monotonic() < end, f"it does not end:\n{self.screen.text}"
            self.read(0.05)
        while self.read(0):
            pass
        return self.process.returncode

    def kill(self) -> None:
        """Kills the whole group at once, and reads what it had written until then."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while self.read(0):
            pass
