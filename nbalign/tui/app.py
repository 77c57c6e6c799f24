"""The application: who is labelling, with which rubric, and what happens when something fails."""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual import work
from textual.app import App
from textual.binding import BindingType
from textual.dom import DOMNode
from textual.message import Message

from nbalign.errors import NbalignError
from nbalign.rubrics.model import Rubric
from nbalign.tui.clerk import Clerk
from nbalign.tui.dialogs import Notice, RaterDialog
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.palette import LabelCommands
from nbalign.tui.plain import clean, rater_name

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

LOG = "tui.log"


class LabelApp(App[None]):
    """Labels the notebooks of a workspace.

    Args:
        workspace: The workspace; the application does not close it.
        rater: Who scores; None asks.
        rubric: Rubric id or hash; None takes the workspace's own.
        notebook: A notebook to begin with; None takes the first that is open.

    Attributes:
        failure: The unexpected error that ended the application, or None.
    """

    TITLE = "nbalign"
    CSS = "Toast { max-width: 60; }"
    BINDINGS: ClassVar[list[BindingType]] = []
    COMMANDS = App.COMMANDS | {LabelCommands}

    class Ready(Message):
        """The rubric and the known raters are read.

        Attributes:
            rubric: The rubric.
            raters: Names, in the store's order.
        """

        def __init__(self, rubric: Rubric, raters: list[str]) -> None:
            super().__init__()
            self.rubric = rubric
            self.raters = raters

    class NotReady(Message):
        """They could not be read.

        Attributes:
            error: Why.
        """

        def __init__(self, error: Exception) -> None:
            super().__init__()
            self.error = error

    def __init__(
        self,
        workspace: Workspace,
        rater: str | None = None,
        rubric: str | None = None,
        notebook: str | None = None,
    ) -> None:
        super().__init__()
        self.workspace = workspace
        self.clerk = Clerk(self.unexpected)
        self.failure: Exception | None = None
        self._warned = False
        self._rater = rater_name(rater or "")
        self._rubric_ref = rubric
        self._notebook = notebook

    @property
    def log_path(self) -> Path:
        """Where unexpected errors are written, with everything that helps to find them."""
        return self.workspace.path / LOG

    def on_mount(self) -> None:
        """Reads what the first question needs."""
        self._prepare()

    @work(thread=True, exclusive=True, group="prepare", exit_on_error=False)
    def _prepare(self) -> None:
        try:
            message: Message = self.Ready(self.workspace.rubric(self._rubric_ref), self.workspace.raters("rater"))
        except Exception as error:
            message = self.NotReady(error)
        self.post_message(message)

    def on_label_app_ready(self, event: Ready) -> None:
        """Asks who is labelling, unless that is known."""
        if self._rater:
            self._label(event.rubric, self._rater)
            return

        def answered(name: str | None) -> None:
            if name:
                self._label(event.rubric, name)
            else:
                self.exit()

        self.push_screen(RaterDialog(event.raters), answered)

    def on_label_app_not_ready(self, event: NotReady) -> None:
        """Without a rubric there is nothing to ask: says so and ends."""
        self.tell("There is no rubric to label with", event.error, then_quit=True)

    def _label(self, rubric: Rubric, rater: str) -> None:
        self.push_screen(LabelScreen(self.workspace, rubric, rater, self._notebook))

    async def action_quit(self) -> None:
        """Ends; what is being written and everything on its way into the store is saved first.

        When that fails the application stays open, so that nothing is lost unseen; a second time it ends all the same.
        """
        failures = self.clerk.failures
        for screen in self.screen_stack:
            if isinstance(screen, LabelScreen):
                await screen.finish_writing()
        await self.clerk.finish()
        if self.clerk.failures > failures and not self._warned:
            self._warned = True
            self.notify("Not everything is saved, so nbalign stays open. Quit again to leave without it.", markup=False)
            return
        self.exit()

    def on_unmount(self) -> None:
        """Carries out what is left."""
        self.clerk.close()

    # -- errors

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
            self.notify(clean(f"{what}. {text}"), severity="error", markup=False, timeout=15)

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
