"""The notebook behind the pair in focus, read while one moves on."""

from __future__ import annotations

from collections.abc import Callable

from nbalign.notebooks.model import Notebook
from nbalign.tui.clerk import Clerk
from nbalign.workspace import Workspace


class Source:
    """Reads one notebook at a time, and then the one that is wanted by then: who runs down a list waits for none.

    Args:
        workspace: The workspace.
        reader: Does the reading.
        changed: Called when a notebook is there.
        failed: Called with the error of one that cannot be read; it is not tried again.
    """

    def __init__(
        self,
        workspace: Workspace,
        reader: Clerk,
        changed: Callable[[], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._workspace, self._reader, self._changed, self._failed = workspace, reader, changed, failed
        self._held: Notebook | None = None
        self._wanted = ""
        self._reading = False
        self._unreadable: set[str] = set()

    def get(self, sha256: str) -> Notebook | None:
        """The notebook if it is there; else it is read, and `changed` called."""
        if self._held is not None and self._held.sha256 == sha256:
            return self._held
        self._wanted = sha256
        self._read()
        return None

    def _read(self) -> None:
        sha256 = self._wanted
        if self._reading or sha256 in self._unreadable:
            return
        self._reading = True
        workspace = self._workspace

        def done(notebook: Notebook) -> None:
            self._reading = False
            self._held = notebook
            if self._wanted == sha256:
                self._changed()
            else:
                self._read()

        def failed(error: Exception) -> None:
            self._reading = False
            self._unreadable.add(sha256)
            self._failed(error)
            if self._wanted != sha256:
                self._read()

        self._reader.hand(lambda: workspace.notebook(sha256), done, failed)
