"""The application: who sits here, with which rubric, and the rooms between which one goes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual import events, work
from textual.message import Message
from textual.screen import Screen

from nbalign.rubrics.model import Rubric
from nbalign.tui.actions import EVERYWHERE, ROOMS
from nbalign.tui.desk import Desk
from nbalign.tui.dialogs import RaterDialog, RoomsDialog
from nbalign.tui.jobs.working import Working
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.plain import rater_name
from nbalign.tui.room import Room
from nbalign.tui.rooms import room_class

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

_NOBODY = "nobody"  # the empty mode between two raters


def _room(room: str, desk: Desk) -> Room:
    return room_class(room)(desk)


class LabelApp(Working):
    """Labels the notebooks of a workspace.

    Args:
        workspace: The workspace; the application does not close it.
        rater: Who scores; None asks.
        rubric: Rubric id or hash; None takes the workspace's own.
        notebook: A notebook to begin with; None takes the first that is open.
        keymap: Action id -> keys, as `read_keymap` gives them; None leaves every key as it is.

    Attributes:
        desk: Who works on what; None before somebody sits here.
    """

    TITLE = "nbalign"

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
        keymap: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(workspace, keymap)
        self.desk: Desk | None = None
        self._warned = self._warned_rater = False
        self._raters: list[str] = []  # who has sat here, in any session
        self._rater = rater_name(rater or "")
        self._rubric_ref = rubric
        self._notebook = notebook
        self.add_mode(_NOBODY, Screen)

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
        self._raters = list(event.raters)
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
        if rater not in self._raters:
            self._raters.append(rater)
        notebook, self._notebook = self._notebook, None  # the next rater begins with what is open for them
        self.dress(rater)
        self.add_mode("label", lambda: LabelScreen(desk, notebook))
        for room in ROOMS[1:]:
            self.add_mode(room.id, partial(_room, room.id, desk))
        self.switch_mode("label")

    async def on_event(self, event: events.Event) -> None:
        """Lets the room in view know that somebody is here: time at work is counted between such signs."""
        if self.desk is not None and isinstance(event, events.InputEvent) and not event.is_forwarded:
            room = self.screen_stack[0]
            if isinstance(room, Room):
                room.noticed()
        await super().on_event(event)

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
        actions = {action.id: action for action in EVERYWHERE}
        keys = {room.id: self.keys_of(actions[f"room.{room.id}"])[0] for room in ROOMS}

        async def chosen(room: str | None) -> None:
            if room:
                await self.action_room(room)

        self.push_screen(RoomsDialog(self.current_mode, keys, self.keys_of(actions["room.menu"])), chosen)

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

    async def open_conflict(self, sha256: str, dimension: str) -> None:
        """Goes to the adjudicating room, to what raters score differently there, or what was decided on it.

        Args:
            sha256: Hash of the notebook.
            dimension: Id of the dimension.
        """
        from nbalign.tui.adjudicate.screen import AdjudicateRoom

        await self.action_room("adjudicate")
        if isinstance(self.screen, AdjudicateRoom):
            self.screen.open_at(sha256, dimension)

    def notebook_names(self) -> list[tuple[str, str]]:
        """Hash and name of every notebook in the queue, in its order."""
        return [
            (i.sha256, i.name) for room in self.visited() if isinstance(room, LabelScreen) for i in room.queue.infos
        ]

    # -- raters

    def action_switch_rater(self) -> None:
        """Asks who sits here now."""
        if self.desk is None:
            return
        now = self.desk.rater

        def answered(name: str | None) -> None:
            if name and name != now:
                self.call_later(self._seat, name)

        # At once, and not after reading who there is: keys that follow are the name already.
        if len(self.screen_stack) == 1:
            self.push_screen(RaterDialog([name for name in self._raters if name != now], now), answered)

    async def _seat(self, rater: str) -> None:
        """Gives the chair to another rater: every room begins anew, so that nothing of the former stays to be seen."""
        desk = self.desk
        if desk is None or len(self.screen_stack) > 1:
            return
        saved = await self._all_saved()
        lost = not saved or any(
            room.scoring.sheet is not None and room.scoring.sheet.failed
            for room in self.visited()
            if isinstance(room, LabelScreen)
        )
        if lost and not self._warned_rater:
            self._warned_rater = True
            words = f"Not everything is saved, so it is still {desk.rater} who sits here."
            self.notify(f"{words} Change again to go on without it.", markup=False)
            return
        self._warned_rater = False
        self.desk = None  # no key leads into a room until the new ones stand
        self.clear_notifications()
        await self.switch_mode(_NOBODY)
        for room in ROOMS:
            await self.remove_mode(room.id)
        self._label(desk.rubric, rater)

    # -- leaving

    async def action_quit(self) -> None:
        """Ends; what is being written and everything on its way into the store is saved first.

        When that fails the application stays open, so that nothing is lost unseen; a second time it ends all the same.
        """
        if self.asks_about_work():
            return
        if not await self._all_saved() and not self._warned:
            self._warned = True
            self.notify("Not everything is saved, so nbalign stays open. Quit again to leave without it.", markup=False)
            return
        await self.end_work()
        self.exit()

    async def _all_saved(self) -> bool:
        """Saves what is being written, and waits for everything on its way into the store."""
        failures = self.clerk.failures
        for visited in self.visited():
            await visited.finish_writing()
        await self.clerk.finish()
        return self.clerk.failures == failures

    def on_unmount(self) -> None:
        """Carries out what is left."""
        self.clerk.close()
        self.reader.close()
