"""What happens when something fails: it is told in words, written down, and the screen lives on."""

from __future__ import annotations

import datetime
import time
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.app import App
from textual.dom import DOMNode
from textual.notifications import Notification, Notify

from nbalign.errors import NbalignError
from nbalign.tui.dialogs import Notice
from nbalign.tui.plain import clean

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

LOG = "tui.log"


class Telling(App[None]):
    """An application that tells errors in words.

    Args:
        workspace: The workspace; the application does not close it.

    Attributes:
        failure: The unexpected error that ended the application, or None.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.workspace = workspace
        self.failure: Exception | None = None
        self._told: Notification | None = None  # the error told last; while it stands there it is not told again

    @property
    def log_path(self) -> Path:
        """Where unexpected errors are written, with everything that helps to find them."""
        return self.workspace.path / LOG

    def tell(self, what: str, error: Exception, *, then_quit: bool = False) -> None:
        """Shows an error in its own words; one that is not ours goes to the log as well.

        Args:
            what: What did not happen, one sentence without a full stop.
            error: Why.
            then_quit: Ends the application when the message is closed.
        """
        if isinstance(error, NbalignError):
            text = "\n".join(part for part in (error.message, error.hint) if part)
        else:
            text = f"{type(error).__name__}: {error}\n\nDetails: {self.write_log(error)}"
        if then_quit:
            self.push_screen(Notice(what, clean(text)), lambda _: self.exit(return_code=1))
        else:
            message = clean(f"{what}. {text}")
            told = self._told
            if (
                told is None
                or told.message != message
                or (told.raised_at < time.time() - 1 and told not in self._notifications)
            ):
                self._told = Notification(message, severity="error", markup=False, timeout=15)
                self.post_message(Notify(self._told))

    def unexpected(self, error: Exception) -> None:
        """Shows a fault of the screen itself; the application goes on."""
        text = f"{type(error).__name__}: {error}\n\nEverything that shows ✔ is saved.\nDetails: {self.write_log(error)}"
        self.push_screen(Notice("Something went wrong that nbalign did not expect", clean(text)))

    def write_log(self, error: Exception) -> str:
        """Writes an error down with everything that helps to find it.

        Returns:
            Where it was written, or why it was not.
        """
        now = datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds")
        details = "".join(traceback.format_exception(error))
        try:
            with self.log_path.open("a", encoding="utf-8", errors="replace") as log:
                log.write(f"{now}\n{details}\n")
        except OSError as problem:
            return f"none; {self.log_path} cannot be written ({problem.strerror})"
        return str(self.log_path)

    async def run_action(
        self,
        action: Any,
        default_namespace: DOMNode | None = None,
        namespaces: Mapping[str, DOMNode] | None = None,
    ) -> bool:
        """Runs a key's action; an error in it is shown and the screen lives on."""
        try:
            return await super().run_action(action, default_namespace, namespaces)
        except Exception as error:
            self.unexpected(error)
            return True

    def _handle_exception(self, error: Exception) -> None:
        # What arrives here has ended the message loop of some widget: the screen cannot go on. It ends without a
        # traceback over the terminal; the caller says what happened and where the log is.
        self.failure = error
        if self.is_headless:
            super()._handle_exception(error)
            return
        self.write_log(error)
        self.exit(return_code=1)
