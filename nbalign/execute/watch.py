"""Bounds held from outside: a thread that looks at a sandbox a few times a second and ends it when it is over one."""

from __future__ import annotations

import threading
import time

from nbalign.execute import usage
from nbalign.execute.model import Bounds
from nbalign.execute.scratch import Scratch
from nbalign.execute.starting import Started

_EVERY = 0.25  # seconds
_DISK_EVERY = 3  # looks at processes to one look at files
_SLACK = 1 << 20  # bytes that the kernel's own files and half-filled disk blocks may come to


class Watch:
    """Looks after a sandbox until it is stopped.

    Attributes:
        verdict: Why the sandbox was ended, one sentence; empty while it is within its bounds.

    Args:
        process: The guard of the sandbox.
        scratch: Where it writes.
        bounds: What it may use.
        data_bytes: Bytes of its copy of the data, which are not counted.
    """

    def __init__(self, process: Started, scratch: Scratch, bounds: Bounds, data_bytes: int) -> None:
        self.verdict = ""
        self._process = process
        self._scratch = scratch
        self._bounds = bounds
        self._data_bytes = data_bytes
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, name="nbalign-watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends the thread. Safe to call twice."""
        self._stop.set()
        if self._thread is not threading.current_thread():
            self._thread.join()

    def _look(self) -> None:
        looks = 0
        pause = _EVERY
        while not self._stop.wait(pause):
            begun = time.monotonic()
            processes = usage.tree(self._process.pid)
            over = self._processes_over(processes)
            if not over and looks % _DISK_EVERY == 0:
                over = self._files_over(processes)
            if over:
                self.verdict = over
                self._process.cut()
                return
            looks += 1
            # On a machine with very many processes or files, looking must not become the work.
            pause = max(_EVERY, min(2.0, 3 * (time.monotonic() - begun)))

    def _processes_over(self, processes: list[int]) -> str:
        used = usage.memory_and_tasks(processes, self._bounds.memory_bytes)
        if used.tasks > self._bounds.processes:
            return f"ended: it had more than {self._bounds.processes:,} processes and threads at once"
        if used.memory > self._bounds.memory_bytes:
            return _memory(self._bounds)
        if usage.machine_is_full():
            return "ended: this machine had next to no memory left"
        return ""

    def _files_over(self, processes: list[int]) -> str:
        hidden = usage.hidden(processes)
        if hidden.hidden_memory > self._bounds.memory_bytes:
            return _memory(self._bounds)
        size, too_many = self._scratch.used()
        if too_many:
            return "ended: it made too many files, or folders nested too deep"
        if size + hidden.hidden_disk > self._bounds.disk_bytes + self._data_bytes + _SLACK:
            return f"ended: it wrote more than {self._bounds.disk_bytes / (1 << 20):,.0f} MB of files"
        return ""


def _memory(bounds: Bounds) -> str:
    return f"ended: it used more than {bounds.memory_bytes / (1 << 20):,.0f} MB of memory"
