"""Reading facts off notebooks on a thread of its own, one notebook at a time, the newest wanted."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from textual import work
from textual.message import Message
from textual.widget import Widget

from nbalign.evidence import Evidence, read_evidence
from nbalign.notebooks.model import Notebook

KEPT = 500  # notebooks whose evidence is kept in memory


class FactReader(Widget):
    """Reads evidence in the background, keeps it for the session and posts `Read`; it draws nothing.

    One thread and no more: a rater who steps through fifty notebooks must not start fifty readings. A notebook that
    was left before its turn came is not read at all.
    """

    DEFAULT_CSS = "FactReader { display: none; }"

    class Read(Message):
        """The evidence of a notebook is there, or it could not be read.

        Attributes:
            sha256: Content hash of the notebook.
            error: Why there is none; None when it was read.
        """

        def __init__(self, sha256: str, error: Exception | None = None) -> None:
            super().__init__()
            self.sha256, self.error = sha256, error

    def __init__(self) -> None:
        super().__init__()
        self._known: dict[str, Evidence] = {}
        self._broken: set[str] = set()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="nbalign-evidence")

    def known(self, sha256: str) -> Evidence | None:
        """The evidence of a notebook, once it was read."""
        return self._known.get(sha256)

    def broken(self, sha256: str) -> bool:
        """Whether reading it failed."""
        return sha256 in self._broken

    def read(self, notebook: Notebook) -> None:
        """Reads a notebook unless that was done or tried before; a newer call takes the place of a waiting one."""
        if notebook.sha256 not in self._known and notebook.sha256 not in self._broken:
            self._begin(notebook)

    @work(exclusive=True, group="evidence", exit_on_error=False)
    async def _begin(self, notebook: Notebook) -> None:
        sha256 = notebook.sha256
        try:
            await asyncio.wrap_future(self._pool.submit(self._job, notebook))
        except Exception as error:
            self._broken.add(sha256)
            self.post_message(self.Read(sha256, error))
        else:
            self.post_message(self.Read(sha256))

    def _job(self, notebook: Notebook) -> None:
        # Kept here and not by the one who waits: the rater may have gone on, and may come back.
        evidence = read_evidence(notebook)
        while len(self._known) >= KEPT:
            del self._known[next(iter(self._known))]
        self._known[notebook.sha256] = evidence

    def on_unmount(self) -> None:
        """Lets go of what waits; the reading under way ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)
