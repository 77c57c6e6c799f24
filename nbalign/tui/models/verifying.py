"""The line that verifies a model: gigabytes are read on a thread of their own, and nobody waits for it."""

from __future__ import annotations

import threading
from pathlib import Path

from textual import work
from textual.message import Message
from textual.widgets import Static

from nbalign.errors import Cancelled
from nbalign.llm.library import ModelFile, ModelLibrary
from nbalign.progress import Progress
from nbalign.tui.models import words


class VerifyLine(Static):
    """Verifies one model at a time and says how far that is; hidden while there is nothing to verify."""

    DEFAULT_CSS = """
    VerifyLine { height: auto; padding: 0 1; display: none; }
    VerifyLine.busy { display: block; }
    """

    class Read(Message):
        """A part of the file was read.

        Attributes:
            step: How far.
        """

        def __init__(self, step: Progress) -> None:
            super().__init__()
            self.step = step

    class Done(Message):
        """It is over.

        Attributes:
            name: The model, for people.
            found: What it is; None where it was stopped or is not what it should be.
            error: Why it is not; None where it is, or was stopped.
        """

        def __init__(self, name: str, found: ModelFile | None, error: Exception | None) -> None:
            super().__init__()
            self.name = name
            self.found = found
            self.error = error

    def __init__(self) -> None:
        super().__init__()
        self._cancel: threading.Event | None = None
        self._name_of, self._key = "", ""

    @property
    def busy(self) -> bool:
        """Whether a model is being verified."""
        return self._cancel is not None

    def start(self, name: str, path: Path, key: str) -> None:
        """Begins; does nothing while a model is being verified.

        Args:
            name: The model, for people.
            path: Its file.
            key: The key that stops it, as people read it.
        """
        if self.busy:
            return
        self._cancel, self._name_of, self._key = threading.Event(), name, key
        self.add_class("busy")
        self.update(words.verifying(name, None, key))
        self._verify(name, path, self._cancel)

    def stop(self) -> None:
        """Stops; what was known of the model stays known."""
        if self._cancel is not None:
            self._cancel.set()

    def on_unmount(self) -> None:
        """Reads no further for nobody."""
        self.stop()

    @work(thread=True, exit_on_error=False)
    def _verify(self, name: str, path: Path, cancel: threading.Event) -> None:
        found: ModelFile | None = None
        error: Exception | None = None

        def read(step: Progress) -> None:
            self.post_message(self.Read(step))

        try:
            found = ModelLibrary.default().verify(path, again=True, progress=read, cancel=cancel)
        except Cancelled:
            pass
        except Exception as problem:
            error = problem
        self.post_message(self.Done(name, found, error))

    def on_verify_line_read(self, event: Read) -> None:
        """Says how far it is."""
        event.stop()
        if self.busy:
            self.update(words.verifying(self._name_of, event.step, self._key))

    def on_verify_line_done(self, event: Done) -> None:
        """Hides itself; the room hears of the end, too."""
        self._cancel = None
        self.remove_class("busy")
