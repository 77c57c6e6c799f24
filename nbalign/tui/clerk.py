"""All writing to the store, in order, off the screen's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


class Clerk:
    """One thread that does what it is handed, first come first served.

    Scores, undo and redo must reach the store in the order of the keys, however fast they are pressed; and what was
    handed over is carried out even when the screen closes in the meantime.

    Args:
        unexpected: Called with an error that is not the store's answer but a fault of the screen.

    Attributes:
        failures: How many jobs have failed so far.
    """

    def __init__(self, unexpected: Callable[[Exception], None]) -> None:
        self._unexpected = unexpected
        self._answers: set[asyncio.Task[None]] = set()
        self.failures = 0
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nbalign-store")

    def hand(self, job: Callable[[], T], done: Callable[[T], None], failed: Callable[[Exception], None]) -> None:
        """Hands over a job; returns at once.

        Args:
            job: Runs on the clerk's thread and must not touch widgets.
            done: Called with its result on the screen's thread.
            failed: Called with its error on the screen's thread.
        """
        future = self._pool.submit(job)

        async def answer() -> None:
            try:
                # Shielded: a task that is cancelled with the application must not take the write with it.
                result = await asyncio.shield(asyncio.wrap_future(future))
            except Exception as error:
                self.failures += 1
                failed(error)
                return
            try:
                done(result)
            except Exception as error:
                self._unexpected(error)

        # A task of its own and no worker: a worker that has not begun when the application ends is dropped unheard.
        task = asyncio.get_running_loop().create_task(answer())
        self._answers.add(task)
        task.add_done_callback(self._answers.discard)

    async def finish(self) -> None:
        """Waits until everything handed over was carried out and answered, what answers hand over included."""
        while self._answers:
            await asyncio.wait(set(self._answers))

    def close(self) -> None:
        """Carries out what is left and ends the thread."""
        self._pool.shutdown(wait=True)
