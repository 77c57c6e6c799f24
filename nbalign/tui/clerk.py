"""All writing to the store, in order, off the screen's thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from textual.app import App

T = TypeVar("T")


class Clerk:
    """One thread that does what it is handed, first come first served.

    Scores, undo and redo must reach the store in the order of the keys, however fast they are pressed; and what was
    handed over is carried out even when the screen closes in the meantime.

    Args:
        app: The application whose event loop the answers come back to.
        unexpected: Called with an error that is not the store's answer but a fault of the screen.
    """

    def __init__(self, app: App[None], unexpected: Callable[[Exception], None]) -> None:
        self._app = app
        self._unexpected = unexpected
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
                # Shielded: a worker that is cancelled with its screen must not take the write with it.
                result = await asyncio.shield(asyncio.wrap_future(future))
            except Exception as error:
                failed(error)
                return
            try:
                done(result)
            except Exception as error:
                self._unexpected(error)

        self._app.run_worker(answer(), group="clerk", exit_on_error=False)

    async def finish(self) -> None:
        """Waits until everything handed over was carried out."""
        await asyncio.shield(asyncio.wrap_future(self._pool.submit(lambda: None)))

    def close(self) -> None:
        """Carries out what is left and ends the thread."""
        self._pool.shutdown(wait=True)
