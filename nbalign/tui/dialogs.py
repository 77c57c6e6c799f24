"""The questions and messages that lie over the screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import ClassVar, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nbalign.tui.actions import ROOMS, Action, bindings_of, key_name
from nbalign.tui.key_names import character_of
from nbalign.tui.plain import RATER_LIMIT, content, one_line, rater_name

T = TypeVar("T")

LEAVE = Action("dialog.leave", "q", "leave", "leave this dialog (Esc too)", "Dialogs")
NEXT = Action("dialog.next", "j", "move(1)", "row down in a list of answers (↓ too)", "Dialogs")
PREVIOUS = Action("dialog.previous", "k", "move(-1)", "row up in a list of answers (↑ too)", "Dialogs")


class Dialog(ModalScreen[T | None]):
    """A box over the screen; Esc, a click on [x] and a click beside the box leave it without an answer.

    A subclass composes one container of the class `box` and begins it with `heading`; keys of its own it lists in
    `ACTIONS`, so that they can be remapped (`dialog_keys`), and sets `BINDINGS = [*bindings_of(ACTIONS)]`.

    Args:
        closes: More keys that leave it, in Textual's names, such as the one that opened it.
    """

    DEFAULT_CSS = """
    Dialog { align: center middle; }
    Dialog > .box {
        width: 76; max-width: 96%; height: auto; max-height: 94%;
        border: round $border; background: $panel; color: $foreground; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "leave this dialog", show=False)]
    ACTIONS: ClassVar[tuple[Action, ...]] = ()
    LEAVES: ClassVar[str] = "Esc closes"

    def __init__(self, closes: Iterable[str] = ()) -> None:
        super().__init__()
        self._closes = {character_of(key) or key for key in closes}

    def heading(self, title: str) -> Static:
        """The first line: what the dialog is, and how one leaves it."""
        return _Heading(title, self.LEAVES)

    def action_leave(self) -> None:
        """Leaves without an answer."""
        self.dismiss(None)

    def on_key(self, event: events.Key) -> None:
        """Leaves by the key that opened it, too."""
        if (character_of(event.key) or event.key) in self._closes:
            event.stop()
            self.action_leave()


def _click(action: str) -> Style:
    """The style of words that do something in their dialog when they are clicked."""
    return Style.from_meta({"@click": f"screen.{action}"})


class _Heading(Static):
    def __init__(self, title: str, leaves: str) -> None:
        way_out = content(("[x]", "bold $text-accent"), f" {leaves}")
        super().__init__(content((title, "bold"), "   ", way_out.stylize(_click("leave"))))
        self.auto_links = False

    def render(self) -> Content:
        """The line, never parsed as markup."""
        visual = self.visual
        assert isinstance(visual, Content)
        return visual


class PickDialog(Dialog[T]):
    """A dialog whose one list, an `OptionList` of the class `answers`, is gone through by keys as well."""

    ACTIONS: ClassVar[tuple[Action, ...]] = (NEXT, PREVIOUS, LEAVE)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]

    def start(self, row: int) -> None:
        """Gives the list the focus.

        Args:
            row: The row to begin on, from 0.
        """
        answers = self._answer_list
        answers.highlighted = row
        answers.focus()

    def action_move(self, step: int) -> None:
        """Goes one row down (1) or up (-1)."""
        answers = self._answer_list
        if step > 0:
            answers.action_cursor_down()
        else:
            answers.action_cursor_up()

    @property
    def _answer_list(self) -> OptionList:
        return self.query_one(".answers", OptionList)


class RaterDialog(Dialog[str]):
    """Asks who is labelling; answers with a clean name, or None when the question was left.

    Args:
        known: Raters that have labelled in this workspace.
        now: Who sits here now; empty at the start, when leaving the question quits.
    """

    DEFAULT_CSS = "RaterDialog OptionList { height: auto; max-height: 10; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("down", "to_list", "to the known raters", show=False)]

    def __init__(self, known: Sequence[str], now: str = "") -> None:
        super().__init__()
        self._known, self._now = list(known), now
        self._leaves = f"Esc: it is still {one_line(now, 40)}" if now else "Esc quits"

    def compose(self) -> ComposeResult:
        """A field for a new name above the list of known ones."""
        with Vertical(classes="box"):
            yield _Heading("Who sits here now?" if self._now else "Who are you?", self._leaves)
            yield Static("Scores are kept under this name.")
            yield Input(placeholder="your name, then Enter", max_length=RATER_LIMIT, id="name")
            enter = Static(content(("[Enter]", "bold $text-accent"), " it is me").stylize(_click("enter")), id="enter")
            enter.auto_links = False
            yield enter
            if self._known:
                yield Static(content(("or one of these (↓, then Enter):", "$text-muted")))
                yield OptionList(*(Option(content(rater_name(name))) for name in self._known), id="known", markup=False)
            yield Static(id="say")

    def on_mount(self) -> None:
        """Starts in the field."""
        self.query_one("#name", Input).focus()

    def on_click(self, event: events.Click) -> None:
        """At the start a click beside the box does nothing: it would quit."""
        if not self._now:
            event.stop()

    async def action_enter(self) -> None:
        """Takes the name that is typed, such as by a click."""
        await self.query_one("#name", Input).action_submit()

    def action_to_list(self) -> None:
        """Moves to the known raters."""
        if self._known:
            known = self.query_one("#known", OptionList)
            known.highlighted = 0
            known.focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        name = rater_name(event.value)
        if name:
            self.dismiss(name)
        elif self._known:
            self.action_to_list()
        else:
            self.query_one("#say", Static).update(content(("Type a name first.", "bold $text-warning")))

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._known[event.option_index])


class RoomsDialog(PickDialog[str]):
    """The menu of rooms; answers with the id of the room chosen, or None.

    Args:
        at: Id of the room in view.
        keys: Room id -> the key that leads there.
        closes: The keys of the menu itself.
    """

    DEFAULT_CSS = "RoomsDialog OptionList { height: auto; max-height: 12; }"
    LEAVES = "Enter goes there, Esc closes"

    def __init__(self, at: str, keys: Mapping[str, str], closes: Iterable[str] = ("m",)) -> None:
        super().__init__(closes)
        self._at, self._keys = at, keys

    def compose(self) -> ComposeResult:
        """One line a room."""
        with Vertical(classes="box"):
            yield self.heading("Rooms")
            rows = (
                Option(content((f"{key_name(self._keys[r.id]):<4}{r.title:<12}", "bold"), r.words), id=r.id)
                for r in ROOMS
            )
            yield OptionList(*rows, id="rooms", classes="answers", markup=False)

    def on_mount(self) -> None:
        """Starts on the room in view."""
        self.start(next((n for n, room in enumerate(ROOMS) if room.id == self._at), 0))

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)


class Notice(Dialog[None]):
    """Says what went wrong and what to do.

    Args:
        title: One line.
        text: The rest, plain.
    """

    DEFAULT_CSS = "Notice > .box { border: round $error; }"
    ACTIONS: ClassVar[tuple[Action, ...]] = (LEAVE,)
    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of(ACTIONS),
        Binding("enter", "leave", "close", show=False),
    ]
    LEAVES = "Enter closes this"

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._heading, self.text = title, text

    def compose(self) -> ComposeResult:
        """The words, and how to close them."""
        with VerticalScroll(classes="box"):
            yield Static(content((f"{self._heading}\n", "bold $text-error")))
            yield Static(content(f"{self.text}\n"))
            yield _Heading("", self.LEAVES)
