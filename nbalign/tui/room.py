"""What the rooms have in common: bars, keys, help, notices, and reading and writing off the screen's thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, TextArea

from nbalign.tui.actions import EVERYWHERE, ROOMS, Action, key_name
from nbalign.tui.bars import SMALL_WIDTH, KeyBar, SmallNote, TopBar
from nbalign.tui.desk import Desk
from nbalign.tui.plain import one_line

if TYPE_CHECKING:
    from nbalign.jobs.model import JobState
    from nbalign.tui.app import LabelApp
    from nbalign.tui.clerk import Clerk

T = TypeVar("T")


class Room(Screen[None]):
    """A room of the application.

    A subclass names itself (`ROOM`), lists its actions (`ACTIONS`, with `EVERYWHERE` at their end), sets
    `BINDINGS = bindings_of(ACTIONS)`, fills `body`, and reads what it shows in `load`. It carries the classes `-tiny`
    (beside `-narrow`), `-narrow`, `-normal`, `-wide` and `-vast` by its width, and `-low`, `-middle`, `-high` by its
    height.

    Args:
        desk: Who works on what.

    Attributes:
        unread: Whether what the room's keys act on is still being read.
    """

    ROOM: ClassVar[str] = ""
    HELP: ClassVar[str] = ""  # what the room is for, for its help; empty takes the words of `ROOMS`
    ACTIONS: ClassVar[tuple[Action, ...]] = EVERYWHERE
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-normal"), (170, "-wide"), (220, "-vast")]  # noqa: RUF012
    VERTICAL_BREAKPOINTS = [(0, "-low"), (30, "-middle"), (45, "-high")]  # noqa: RUF012
    SCOPED_CSS = False  # in scoped rules the classes of the breakpoints, which the screen itself carries, match nothing

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.workspace, self.rubric, self.rater = desk.workspace, desk.rubric, desk.rater
        self.unread = True
        self._awaited = 0  # answers that the first reading still waits for

    @property
    def room_app(self) -> LabelApp:
        """The application, by its own type."""
        return cast("LabelApp", self.app)

    @property
    def typing(self) -> bool:
        """Whether keys belong to a text field: then the screen refuses all but those that no field uses."""
        return isinstance(self.focused, (Input, TextArea))

    @property
    def home(self) -> Widget | None:
        """What has the focus while no text field has it; None where the room's keys need none."""
        return None

    def compose(self) -> ComposeResult:
        """The body between two bars."""
        yield TopBar()
        yield SmallNote()
        yield from self.body()
        yield KeyBar()

    def body(self) -> ComposeResult:
        """What the room shows between the bars."""
        yield from ()

    def load(self) -> None:
        """Reads what the room shows; called each time it comes into view."""

    def on_mount(self) -> None:
        """Names the room and its keys."""
        self.show_place()
        self.show_keys()
        self.show_work()

    async def leave_writing(self) -> None:
        """Leaves the text field that has the focus, its words saved; called before another room comes into view."""
        if self.typing:
            self.set_focus(self.home)

    async def finish_writing(self) -> None:
        """Saves what is being written, such as before quitting; the room may be out of view."""

    def noticed(self) -> None:
        """A key or the mouse was used while the room is in view, be it in a dialog over it."""

    @property
    def shows_itself(self) -> bool:
        """Whether `load` is called each time the room comes into view."""
        return True

    def on_resize(self, event: events.Resize) -> None:
        """Says that there is little room, where that is so; everything goes on working."""
        self.set_class(event.size.width < SMALL_WIDTH, "-tiny")
        self.query_one(SmallNote).fit(event.size)

    def on_screen_resume(self, event: events.ScreenResume) -> None:
        """Reads again: another room may have changed what is shown here."""
        if self.shows_itself:
            self.load()
            self._answered()

    def awaits(self, action: str) -> bool:
        """Whether an action has nothing to act on before the room has read it; its key waits until then.

        Args:
            action: Its name.
        """
        return self.unread

    def read_all(self, *, failed: bool = False) -> None:
        """What keys act on is there; those that were pressed before act now.

        Args:
            failed: It is not there and will not come: what was pressed is dropped.
        """
        self.unread = False
        if failed:
            self.room_app.keys_ahead.forget()
        else:
            self.app.call_later(self.room_app.keys_ahead.go_on, self)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Refuses the room's own keys while they belong to a text field; the help and the other rooms stay."""
        own = {a.name.partition("(")[0] for a in self.ACTIONS} - {"help"}
        return action not in own or not self.typing

    # -- the bars

    def show_place(self, right: str = "") -> None:
        """Says where one is, and how far.

        Args:
            right: The right end of the line.
        """
        title = next(room.title for room in ROOMS if room.id == self.ROOM)
        folder = one_line(self.workspace.path.resolve().name, 40)
        self.query_one(TopBar).show(f"≡ {title} · {folder} · rater: {one_line(self.rater, 40)}", right)

    def show_work(self) -> None:
        """Says in a few words what work is under way beside the screen."""
        self.query_one(TopBar).show_work(self.room_app.work_words)

    def show_keys(self) -> None:
        """Names the keys that matter most."""
        self.query_one(KeyBar).show([(key_name(self.keys_of(a)[0]), a.short, a.name) for a in self.ACTIONS if a.short])

    def keys_of(self, action: Action) -> list[str]:
        """The keys of an action as they are now, remapped or not, in Textual's names; at least one."""
        return self.room_app.keys_of(action)

    def key(self, action: str) -> str:
        """The first key of an action of this room as people read it, by the action's id."""
        return key_name(self.keys_of(next(a for a in self.ACTIONS if a.id == action))[0])

    # -- jobs

    def job_changed(self, state: JobState) -> None:
        """A job stands otherwise than before; called for every room that was opened, in view or not.

        A room that shows jobs itself, or what they make, does so here, too, and calls this one.
        """
        self.show_work()

    # -- notices

    def say(self, message: str) -> None:
        """A short notice."""
        self.notify(message, markup=False, timeout=3)

    def not_saved(self, what: str, error: Exception) -> None:
        """A failed read or write: the error's own words when it is one of ours, else the way to the log."""
        self.room_app.tell(what, error)

    def action_help(self) -> None:
        """Shows the help of this room."""
        self.room_app.show_help(self)

    # -- reading and writing

    def read(self, job: Callable[[], T], done: Callable[[T], None], what: str) -> None:
        """Reads off the screen's thread, beside the writes; returns at once.

        Args:
            job: Runs on another thread and must not touch widgets.
            done: Called with its result on the screen's thread, unless the room is closed by then.
            what: What did not happen if it fails, one sentence without a full stop.
        """
        self._hand(self.room_app.reader, job, done, what)

    def write(self, job: Callable[[], T], done: Callable[[T], None], what: str) -> None:
        """Writes off the screen's thread, after all earlier writes; returns at once. Arguments as for `read`."""
        self._hand(self.room_app.clerk, job, done, what)

    def _hand(self, clerk: Clerk, job: Callable[[], T], done: Callable[[T], None], what: str) -> None:
        first = self.unread and self.shows_itself
        self._awaited += first

        def answer(result: T) -> None:
            try:
                if self.is_attached:
                    done(result)
            finally:
                self._awaited -= first
                self._answered()

        def failed(error: Exception) -> None:
            self._awaited -= first
            if first:
                self.read_all(failed=True)
            self.not_saved(what, error)

        clerk.hand(job, answer, failed)

    def _answered(self) -> None:
        if self.unread and self.shows_itself and not self._awaited and self.is_attached:
            self.read_all()
