"""The dialogs about jobs: all of them with progress and outcome, and the question before quitting amid work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from nbalign.jobs.desk import Jobs
from nbalign.jobs.model import JobState
from nbalign.tui.actions import EVERYWHERE, ROOMS, Action, bindings_of, key_name
from nbalign.tui.bars import KeyBar
from nbalign.tui.dialogs import LEAVE, Dialog, PickDialog
from nbalign.tui.jobs.words import details, row
from nbalign.tui.line_list import LineList
from nbalign.tui.plain import content

_ROWS = 8  # jobs seen at once
_TICK = 1.0  # seconds between two looks at the clock

_SHOW = next(action for action in EVERYWHERE if action.id == "job.show")
_EMPTY = (
    "None so far. Judging, aligning and experiments run beside the screen, one after the other; what they finish is "
    "kept at once."
)
_ROOMS = {"models": "judging", "align": "alignment", "evaluate": "experiments"}  # where work is started


class JobsDialog(Dialog[None]):
    """Lists jobs; the one in focus is told in full and can be stopped.

    Args:
        jobs: Where they are; None where none was ever started.
        keys_of: The keys of an action as they are now.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (
        Action("jobs.stop", "x", "stop", "stop the job in focus; what is finished is kept", "Work", "stop"),
        Action("jobs.next", "j,down", "move(1)", "next job", "Work", "next"),
        Action("jobs.previous", "k,up", "move(-1)", "previous job", "Work"),
        LEAVE,
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]
    DEFAULT_CSS = """
    JobsDialog > .box { width: 96; }
    JobsDialog LineList { height: 1; }
    JobsDialog .words { height: auto; max-height: 14; }
    JobsDialog KeyBar { dock: none; background: $panel; padding: 0; }
    """

    def __init__(self, jobs: Jobs | None, keys_of: Callable[[Action], list[str]]) -> None:
        super().__init__(closes=("enter", *keys_of(_SHOW)))
        self._jobs, self._keys_of = jobs, keys_of
        self._at = -1  # number of the job in focus

    def compose(self) -> ComposeResult:
        """The list above the job in focus."""
        with Vertical(classes="box"):
            yield self.heading("Work")
            yield LineList(self._row, id="jobs")
            with VerticalScroll(classes="words", can_focus=False):
                yield Static(id="job")
            yield KeyBar()

    def on_mount(self) -> None:
        """Starts on the job under way."""
        states = self._states()
        under_way = [state.id for state in states if not state.ended]
        self._at = under_way[0] if under_way else len(states)
        self.query_one(KeyBar).show([(key_name(self._keys_of(a)[0]), a.short, a.name) for a in self.ACTIONS if a.short])
        self.set_interval(_TICK, self.show)
        self.show()
        self.call_after_refresh(self.show)  # once more, when it is known how wide the lines are

    def job_changed(self, state: JobState) -> None:
        """Shows how jobs stand now."""
        self.show()

    def show(self) -> None:
        """Draws everything anew."""
        states = self._states()
        listed = self.query_one("#jobs", LineList)
        listed.display = self.query_one(KeyBar).display = bool(states)
        listed.styles.height = min(max(len(states), 1), _ROWS)
        listed.fill(len(states), max(self._at - 1, 0))
        self.query_one("#job", Static).update(self._details(states))

    def action_stop(self) -> None:
        """Stops the job in focus."""
        if self._jobs is not None and self._at > 0:
            self._jobs.stop(self._at)
            self.show()

    def action_move(self, step: int) -> None:
        """Goes to another job."""
        self._at = min(max(self._at + step, 1), max(len(self._states()), 1))
        self.show()

    @on(LineList.Chosen)
    def _chosen(self, event: LineList.Chosen) -> None:
        self._at = event.index + 1
        self.show()

    def _states(self) -> Sequence[JobState]:
        return self._jobs.states() if self._jobs is not None else ()

    def _row(self, index: int) -> Content:
        return row(self._states()[index], self.query_one("#jobs", LineList).scrollable_content_region.width)

    def _details(self, states: Sequence[JobState]) -> Content:
        if not 0 < self._at <= len(states):
            return content(f"{_EMPTY}\n\nStart them in their rooms: {self._rooms()}.")
        stop = key_name(self._keys_of(self.ACTIONS[0])[0])
        return details(states[self._at - 1], self.query_one("#job", Static).size.width, stop)

    def _rooms(self) -> str:
        named = {action.id.removeprefix("room."): key_name(self._keys_of(action)[0]) for action in EVERYWHERE}
        titles = {room.id: room.title for room in ROOMS}
        return ", ".join(f"{what} in {titles[room]} ({named[room]})" for room, what in _ROOMS.items())


class LeaveDialog(PickDialog[bool]):
    """Asks what becomes of work under way; answers whether to stop it and quit.

    Args:
        what: What is under way, a line.
    """

    DEFAULT_CSS = """
    LeaveDialog > .box { border: round $warning; }
    LeaveDialog OptionList { height: auto; }
    """
    LEAVES: ClassVar[str] = "Esc stays"

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what

    def compose(self) -> ComposeResult:
        """The question and two answers."""
        with Vertical(classes="box"):
            yield self.heading("Work is under way")
            yield Static(content(self._what, "\n"))
            yield OptionList(
                Option(content(("stay", "bold"), ": the work goes on (Esc)"), id="stay"),
                Option(content(("stop it and quit", "bold"), ": what is finished is kept"), id="leave"),
                id="answers",
                classes="answers",
                markup=False,
            )

    def on_mount(self) -> None:
        """Starts on the harmless answer."""
        self.start(0)

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id == "leave")
