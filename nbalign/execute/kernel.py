"""A kernel in a sandbox: opened with its own copy of the data, asked cell by cell, ended with all it started."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from json import dumps
from pathlib import Path
from typing import Any

from nbalign.errors import Cancelled, SandboxError
from nbalign.execute import data as data_files
from nbalign.execute.channel import Channel, Nonsense
from nbalign.execute.data import DataLike
from nbalign.execute.interpreter import Interpreter, interpreter
from nbalign.execute.isolation import refusal, sandbox_here
from nbalign.execute.limits import limits
from nbalign.execute.model import Bounds, CellRun, CellState, Isolation, Kernel
from nbalign.execute.outputs import bounded
from nbalign.execute.scratch import Scratch
from nbalign.execute.starting import Started, started
from nbalign.execute.view import folder_in, furnish, owner_in
from nbalign.execute.watch import Watch
from nbalign.notebooks.sanitise import clean_line

_START_SECONDS = 120.0  # a first start from a slow disk imports thousands of files
_GRACE = 5.0  # seconds between an interrupt and the end
_RUNNER = Path(__file__).with_name("runner.py")


@contextmanager
def open_kernel(
    data: Sequence[DataLike],
    bounds: Bounds | None = None,
    *,
    unsafe: bool = False,
    python: Path | None = None,
    cancel: threading.Event | None = None,
    isolation: Isolation | None = None,
) -> Iterator[Kernel]:
    """Starts a Python kernel in a sandbox; leaving the block ends it, whatever it is doing.

    Args:
        data: Files that are copied into its working folder.
        bounds: What it may use; None takes the defaults.
        unsafe: Run the code as an ordinary process where no sandbox can be had.
        python: The Python of the kernel, which has to have ipykernel and nbclient; None takes the one that runs
            nbalign.
        cancel: Set it to stop: the cell under way is `stopped`, and the kernel is gone.
        isolation: What must keep it in; None takes the best there is. For tests, and for those who want one of the two.

    Yields:
        The kernel.

    Raises:
        SandboxError: If no sandbox can be had, or no kernel starts in it.
        BadInput, NotFound: If a data file cannot be copied.
        Cancelled: If it was stopped before the kernel was up.
    """
    bounds = Bounds() if bounds is None else bounds
    found = interpreter(python)
    size = data_files.check(data)
    kind = isolation or _kind(python, unsafe=unsafe)
    scratch = Scratch(owner_in(kind))
    try:
        furnish(scratch, kind, _RUNNER.read_text(encoding="utf-8"))
        data_files.copy(data, scratch.work)
        scratch.hand_over()
        kernel = _SandboxKernel(kind, found, scratch, bounds, size, cancel)
        try:
            kernel.wait_until_up()
            yield kernel
        finally:
            kernel.close()
    finally:
        scratch.remove()


def _kind(python: Path | None, *, unsafe: bool) -> Isolation:
    here = sandbox_here(python)
    if here.isolation is not None:
        return here.isolation
    if unsafe:
        return "none"
    raise refusal(here.why_not)


class _Ended(Exception):
    """The cell is over without an answer.

    Args:
        state: What to call that.
        why: One line.
    """

    def __init__(self, state: CellState, why: str) -> None:
        super().__init__(why)
        self.state: CellState = state
        self.why = why


class _SandboxKernel:
    """The kernel of `open_kernel`."""

    def __init__(
        self,
        kind: Isolation,
        found: Interpreter,
        scratch: Scratch,
        bounds: Bounds,
        data_bytes: int,
        cancel: threading.Event | None,
    ) -> None:
        self.isolation: Isolation = kind
        self._bounds = bounds
        self._cancel = cancel
        self._scratch = scratch
        self._used = 0.0
        self._ids = 0
        self._over = ""  # why there is no kernel any more
        settings = {
            "output_bytes": bounds.output_bytes,
            "limits": limits(kind, bounds, data_bytes),
            "user": owner_in(kind),
            "folder": folder_in(kind, scratch),
        }
        try:
            self._process: Started = started(kind, found, scratch, [dumps(settings)])
        except OSError as error:
            raise SandboxError(f"cannot start a process for the notebook: {error.strerror or error}") from error
        assert self._process.stdin and self._process.stdout and self._process.stderr
        longest = 12 * bounds.output_bytes + (1 << 20)  # what escapes and base64 make of outputs, at the worst
        self._channel = Channel(self._process.stdin, self._process.stdout, self._process.stderr, longest)
        self._watch = Watch(self._process, scratch, bounds, data_bytes)

    def wait_until_up(self) -> None:
        """Waits for the kernel.

        Raises:
            SandboxError: If it does not come up.
            Cancelled: If it was stopped.
        """
        deadline = time.monotonic() + _START_SECONDS

        def tick() -> None:
            self._look()
            if time.monotonic() > deadline:
                raise _Ended("timeout", f"it was not up within {_START_SECONDS:.0f} s")

        try:
            message = self._channel.receive(tick)
        except (_Ended, Nonsense) as error:
            if isinstance(error, _Ended) and error.state == "stopped":
                raise Cancelled("stopped before the kernel was up") from None
            raise _no_start(str(error)) from None
        if message is None:
            self._channel.drain()
            raise _no_start(clean_line(self._channel.last_words, 300) or "it ended without a word")

    def run(self, source: str) -> CellRun:
        """Runs one cell."""
        if self._over:
            return CellRun("died", (), self._over, 0.0)
        left = self._bounds.seconds - self._used
        if left <= 0:
            return CellRun("not run", (), f"the time of all cells, {self._bounds.seconds:g} s, is used up", 0.0)
        begun = time.monotonic()
        clock = _Clock(self, min(self._bounds.cell_seconds, left))
        try:
            reply = self._ask(source, clock.tick)
        except _Ended as ended:
            self._end(ended.why)
            return CellRun(ended.state, (), ended.why, time.monotonic() - begun)
        except BaseException:
            self.close()
            raise
        finally:
            self._used += time.monotonic() - begun
        return self._cell(reply, clock, time.monotonic() - begun)

    def close(self) -> None:
        """Ends the kernel and everything it started, and deletes its folder."""
        self._end("the kernel was closed")
        self._scratch.remove()

    def _ask(self, source: str, tick: Any) -> dict[str, Any]:
        self._ids += 1
        source = source.encode("utf-8", "replace").decode()  # half a surrogate pair is no text for a kernel
        there = self._channel.send({"id": self._ids, "source": source}, tick)
        try:
            while there and (message := self._channel.receive(tick)) is not None:
                if message.get("id") == self._ids:
                    return message
        except Nonsense as error:
            raise _Ended("died", f"ended: the sandbox sent {error}") from None
        # The watch says why before it ends anything.
        raise _Ended("died", self._watch.verdict or "the kernel ended")

    def _cell(self, reply: dict[str, Any], clock: _Clock, seconds: float) -> CellRun:
        outputs = bounded(reply.get("outputs"), self._bounds.output_bytes)
        error = reply.get("error")
        words = clean_line(error, 300) if isinstance(error, str) else ""
        if reply.get("state") == "died":
            self._end(self._watch.verdict or "the kernel ended")
            return CellRun("died", outputs, self._over, seconds)
        if clock.interrupted:
            return CellRun("timeout", outputs, clock.words, seconds)
        if reply.get("state") == "ok":
            return CellRun("ok", outputs, "", seconds)
        return CellRun("error", outputs, words or "an error without a name", seconds)

    def _look(self) -> None:
        """What ends a cell at any time."""
        if self._cancel is not None and self._cancel.is_set():
            raise _Ended("stopped", "stopped")
        if self._watch.verdict:
            raise _Ended("died", self._watch.verdict)

    def _end(self, why: str) -> None:
        self._over = self._over or why
        self._watch.stop()
        self._process.end()


class _Clock:
    """A cell's time: interrupted at its end, given up a little later."""

    def __init__(self, kernel: _SandboxKernel, seconds: float) -> None:
        self._kernel = kernel
        self._end = time.monotonic() + seconds
        self.interrupted = False
        self.words = f"interrupted: it took more than {seconds:.3g} s"
        self._seconds = seconds

    def tick(self) -> None:
        self._kernel._look()
        now = time.monotonic()
        if now > self._end and not self.interrupted:
            self.interrupted = True
            self._kernel._channel.send_now({"interrupt": True})
        if now > self._end + _GRACE:
            raise _Ended("timeout", f"ended: it took more than {self._seconds:.3g} s and could not be interrupted")


def _no_start(why: str) -> SandboxError:
    return SandboxError(
        f"no kernel starts in the sandbox: {why}",
        "docs/execution.md lists what a Python needs for it.",
    )
