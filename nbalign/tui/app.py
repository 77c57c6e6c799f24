"""The application: who is labelling, with which rubric, and what happens when something fails."""

from __future__ import annotations

import datetime
import traceback
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual import work
from textual.app import App
from textual.dom import DOMNode
from textual.message import Message

from nbalign.errors import NbalignError
from nbalign.rubrics.model import Rubric
from nbalign.tui.actions import EVERYWHERE, ROOMS, Action
from nbalign.tui.clerk import Clerk
from nbalign.tui.desk import Desk
from nbalign.tui.dialogs import HelpDialog, Notice, RaterDialog, RoomsDialog
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.palette import RoomCommands
from nbalign.tui.plain import clean, rater_name
from nbalign.tui.room import Room
from nbalign.tui.rooms import room_class

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

LOG = "tui.log"


def _room(room: str, desk: Desk) -> Room:
    return room_class(room)(desk)


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
    COMMANDS = App.COMMANDS | {RoomCommands}

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
        self.reader = Clerk(self.unexpected)
        self.desk: Desk | None = None
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
        desk = self.desk = Desk(self.workspace, rubric, rater)
        self.add_mode("label", lambda: LabelScreen(desk, self._notebook))
        for room in ROOMS[1:]:
            self.add_mode(room.id, partial(_room, room.id, desk))
        self.switch_mode("label")

    # -- rooms

    async def action_room(self, room: str) -> None:
        """Goes to a room; what is being written in this one is saved first."""
        if self.desk is None or len(self.screen_stack) > 1 or room == self.current_mode:
            return  # nobody is labelling yet, or a dialog is open
        if isinstance(self.screen, Room):
            await self.screen.leave_writing()
        await self.switch_mode(room)

    def action_rooms(self) -> None:
        """Shows the menu of rooms."""
        keys = {room.id: self.keys_of(action)[0] for room, action in zip(ROOMS, EVERYWHERE, strict=False)}

        async def chosen(room: str | None) -> None:
            if room:
                await self.action_room(room)

        self.push_screen(RoomsDialog(self.current_mode, keys), chosen)

    async def open_notebook(self, sha256: str, dimension: str = "", cell: int = 0) -> None:
        """Goes to the labelling room, to a notebook, and there to a dimension and a cell.

        Args:
            sha256: Hash of the notebook.
            dimension: Id of the dimension to bring into focus; empty leaves it.
            cell: Number of the cell to make current; 0 leaves it.
        """
        await self.action_room("label")
        if isinstance(self.screen, LabelScreen):
            self.screen.open_at(sha256, dimension, cell)

    def show_help(self, room: Room) -> None:
        """Shows the keys of a room."""
        rubric = room.rubric if isinstance(room, LabelScreen) else None
        self.push_screen(HelpDialog(room.ACTIONS, self.keys_of, rubric))

    def keys_of(self, action: Action) -> list[str]:
        """The keys of an action as they are now, remapped or not, in Textual's names; at least one."""
        return [key.strip() for key in self._keymap.get(action.id, action.keys).split(",")]

    async def action_quit(self) -> None:
        """Ends; what is being written and everything on its way into the store is saved first.

        When that fails the application stays open, so that nothing is lost unseen; a second time it ends all the same.
        """
        failures = self.clerk.failures
        for visited in self._visited():
            await visited.finish_writing()
        await self.clerk.finish()
        if self.clerk.failures > failures and not self._warned:
            self._warned = True
            self.notify("Not everything is saved, so nbalign stays open. Quit again to leave without it.", markup=False)
            return
        self.exit()

    def _visited(self) -> list[Room]:
        """The rooms that were opened so far, in view or not."""
        return [s for stack in self._screen_stacks.values() for s in stack if isinstance(s, Room)]

    def on_unmount(self) -> None:
        """Carries out what is left."""
        self.clerk.close()
        self.reader.close()

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
