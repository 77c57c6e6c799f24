"""The questions and messages that lie over the screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from nbalign.rubrics.model import Rubric
from nbalign.tui.actions import ROOMS, Action, key_name, shown_keys
from nbalign.tui.keys import WRITING, scale_keys
from nbalign.tui.plain import RATER_LIMIT, content, rater_name

_BOX = """
{name} {{ align: center middle; }}
{name} > .box {{
    width: 76; max-width: 96%; height: auto; max-height: 94%; border: round $accent; background: $panel; padding: 0 1;
}}
"""


class RaterDialog(ModalScreen[str | None]):
    """Asks who is labelling; answers with a clean name, or None when the question was left.

    Args:
        known: Raters that have labelled in this workspace.
    """

    DEFAULT_CSS = _BOX.format(name="RaterDialog") + "RaterDialog OptionList { height: auto; max-height: 10; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "quit", show=False, id="rater.leave"),
        Binding("down", "to_list", "known raters", show=False, id="rater.list"),
    ]

    def __init__(self, known: Sequence[str]) -> None:
        super().__init__()
        self._known = list(known)

    def compose(self) -> ComposeResult:
        """A field for a new name above the list of known ones."""
        with Vertical(classes="box"):
            yield Static(content(("Who are you?\n", "bold"), "Scores are kept under this name."))
            yield Input(placeholder="your name, then Enter", max_length=RATER_LIMIT, id="name")
            if self._known:
                yield Static(content(("or one of these (↓, then Enter):", "$text-muted")))
                yield OptionList(*(Option(content(rater_name(name))) for name in self._known), id="known", markup=False)
            yield Static(content(("Esc quits", "$text-muted")), id="say")

    def on_mount(self) -> None:
        """Starts in the field."""
        self.query_one("#name", Input).focus()

    def action_leave(self) -> None:
        """Quits."""
        self.dismiss(None)

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


class HelpDialog(ModalScreen[None]):
    """All keys.

    Args:
        actions: The actions of the screen.
        keys_of: The keys of an action as they are now.
        rubric: The rubric in use, for its scale and the keys while writing; None leaves them out.
    """

    DEFAULT_CSS = _BOX.format(name="HelpDialog")
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,question_mark,f1", "dismiss", "close", show=False)]

    def __init__(
        self, actions: Sequence[Action], keys_of: Callable[[Action], list[str]], rubric: Rubric | None
    ) -> None:
        super().__init__()
        self._actions, self._keys_of, self._rubric = actions, keys_of, rubric

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        parts: list[str | tuple[str, str]] = [("Keys", "bold"), "   Esc closes\n"]
        if self._rubric is not None:
            scale = self._rubric.scale
            parts.append(("\nScores\n", "bold $text-accent"))
            parts.append(f"  {scale_keys(scale.values):<14}score the dimension and go to the next open one\n")
            for value in reversed(scale.values):
                parts.append(f"  {value:<14}{scale.meanings[value].strip()}\n")
        group = "" if self._rubric is None else "Scores"
        for action in self._actions:
            if action.group != group:
                group = action.group
                parts.append((f"\n{group}\n", "bold $text-accent"))
            parts.append(f"  {shown_keys(self._keys_of(action)):<14}{action.words}\n")
        parts.append(f"  {'ctrl+p':<14}command palette: every action, every notebook, themes\n")
        if self._rubric is not None:
            parts.append(("\nWhile writing why\n", "bold $text-accent"))
            parts += [f"  {keys:<14}{words}\n" for keys, words in WRITING]
            parts.append(("\nMarks\n", "bold $text-accent"))
            parts.append("  ● in view   ○ open   ✔ done   ⚑ flagged   s skipped   ✎ has words\n")
        with VerticalScroll(classes="box"):
            yield Static(content(*parts))


class RoomsDialog(ModalScreen[str | None]):
    """The menu of rooms; answers with the id of the room chosen, or None.

    Args:
        at: Id of the room in view.
        keys: Room id -> the key that leads there.
    """

    DEFAULT_CSS = _BOX.format(name="RoomsDialog") + "RoomsDialog OptionList { height: auto; max-height: 12; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,q,m", "dismiss", "close", show=False)]

    def __init__(self, at: str, keys: Mapping[str, str]) -> None:
        super().__init__()
        self._at, self._keys = at, keys

    def compose(self) -> ComposeResult:
        """One line a room."""
        with Vertical(classes="box"):
            yield Static(content(("Rooms", "bold"), "   Enter goes there, Esc closes"))
            rows = (
                Option(content((f"{key_name(self._keys[r.id]):<4}{r.title:<12}", "bold"), r.words), id=r.id)
                for r in ROOMS
            )
            yield OptionList(*rows, id="rooms", markup=False)

    def on_mount(self) -> None:
        """Starts on the room in view."""
        rooms = self.query_one("#rooms", OptionList)
        rooms.highlighted = next((n for n, room in enumerate(ROOMS) if room.id == self._at), 0)
        rooms.focus()

    @on(OptionList.OptionSelected)
    def _picked(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option.id)


class Notice(ModalScreen[None]):
    """Says what went wrong and what to do.

    Args:
        title: One line.
        text: The rest, plain.
    """

    DEFAULT_CSS = _BOX.format(name="Notice") + "Notice > .box { border: round $error; }"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,enter,q", "dismiss", "close", show=False)]

    def __init__(self, title: str, text: str) -> None:
        super().__init__()
        self._heading, self.text = title, text

    def compose(self) -> ComposeResult:
        """The words, and how to close them."""
        with VerticalScroll(classes="box"):
            yield Static(content((f"{self._heading}\n\n", "bold $text-error"), f"{self.text}\n\n", "Enter closes this"))
