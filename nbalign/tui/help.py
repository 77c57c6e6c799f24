"""The help: what has the focus and its keys first, then what the room is for and all of its keys, to be clicked."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen
from textual.style import Style
from textual.widget import Widget

from nbalign.rubrics.model import Rubric
from nbalign.tui.actions import HELP, ROOMS, Action, bindings_of, shown_keys
from nbalign.tui.dialogs import LEAVE, Dialog
from nbalign.tui.focus_help import focus_words
from nbalign.tui.keys import WRITING, score_keys
from nbalign.tui.plain import content
from nbalign.tui.room import Room

KeysOf = Callable[[Action], list[str]]
Row = tuple[str, str, str]  # keys, words, and the name of the action that a click carries out, or nothing

_COLUMN = 16  # cells of the keys and of the blanks around them

Section = tuple[str, tuple[Row, ...]]


@dataclass(frozen=True, slots=True)
class HelpPage:
    """What the help shows.

    Attributes:
        focus: What has the focus, as a section; None when nothing has.
        purpose: What the place is for, one sentence or two.
        sections: Headings, each with its rows of keys, words and actions; a row without keys is a sentence.
    """

    focus: Section | None
    purpose: str
    sections: tuple[Section, ...]


def help_of_room(room: Room, keys_of: KeysOf, rubric: Rubric | None) -> HelpPage:
    """The help of a room.

    Args:
        room: The room.
        keys_of: The keys of an action as they are now.
        rubric: The rubric in use, for its scale and the keys while writing; None leaves them out.
    """
    entry = next(entry for entry in ROOMS if entry.id == room.ROOM)
    groups: dict[str, list[Row]] = {}
    if rubric is not None:
        scale = rubric.scale
        groups["Scores"] = [
            (score_keys(scale.values, keys_of), "score the dimension and go to the next open one", ""),
            *((str(value), scale.meanings[value].strip(), f"score({value})") for value in reversed(scale.values)),
        ]
    for action in room.ACTIONS:
        row = (shown_keys(keys_of(action)), action.words, "" if action is HELP else action.name)
        groups.setdefault(action.group, []).append(row)
    sections = [(heading, tuple(rows)) for heading, rows in groups.items()]
    if rubric is not None:
        sections.append(("While writing why", _plain(WRITING)))
        marks = "● in view   ○ open   ✔ done   ⚑ flagged   s skipped   ✎ has words"
        sections.append(("Marks", (("", marks, ""),)))
    return HelpPage(_focus(room.focused, keys_of), f"{entry.title}: {room.HELP or entry.about}", tuple(sections))


def help_on_dialog(screen: Screen[object], keys_of: KeysOf) -> HelpPage:
    """The help of a dialog: what has the focus there, and the dialog's own keys.

    Args:
        screen: The dialog.
        keys_of: The keys of an action as they are now.
    """
    own = _plain(dict(own_keys(screen, keys_of)).items())
    return HelpPage(
        _focus(screen.focused, keys_of), "A question over the room.", (("This dialog", own),) if own else ()
    )


def own_keys(node: Widget | Screen[object], keys_of: KeysOf) -> Iterable[tuple[str, str]]:
    """The keys that a widget or dialog of nbalign declares itself, with their words.

    Args:
        node: The widget or dialog.
        keys_of: The keys of an action as they are now.
    """
    for cls in type(node).__mro__:
        if cls.__module__.startswith("nbalign."):
            for binding in cls.__dict__.get("BINDINGS", ()):
                if isinstance(binding, Binding) and binding.description:
                    action = Action(binding.id or "", binding.key, binding.action, binding.description, "")
                    yield shown_keys(keys_of(action)), binding.description


def _focus(focused: Widget | None, keys_of: KeysOf) -> Section | None:
    if focused is None:
        return None
    words, keys = focus_words(focused)
    return f"In focus: {words}", _plain(dict([*keys, *own_keys(focused, keys_of)]).items())


def _plain(rows: Iterable[tuple[str, str]]) -> tuple[Row, ...]:
    return tuple((keys, words, "") for keys, words in rows)


class HelpDialog(Dialog[None]):
    """Shows a page of help; a click on a row of a room's help does what the row says.

    Args:
        page: The page.
        keys_of: The keys of an action as they are now; those of the help close it again.
    """

    ACTIONS: ClassVar[tuple[Action, ...]] = (LEAVE,)
    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of(ACTIONS)]

    def __init__(self, page: HelpPage, keys_of: KeysOf) -> None:
        super().__init__(closes=["f1", *keys_of(HELP)])
        self._page = page

    def compose(self) -> ComposeResult:
        """One scrolling page."""
        with VerticalScroll(classes="box"):
            acts = any(action for _, rows in self._page.sections for *_, action in rows)
            yield self.heading("Help: a click on a line does it" if acts else "Help")
            yield _Page(self._page)

    async def action_carry_out(self, action: str) -> None:
        """Closes the help and does in the room beneath it what a row says.

        Args:
            action: Name of the action.
        """
        room = next((screen for screen in reversed(self.app.screen_stack) if isinstance(screen, Room)), None)
        self.dismiss(None)
        if room is not None:
            self.app.call_later(_carry_out, room, action)


async def _carry_out(room: Room, action: str) -> None:
    if room.typing:  # the help was opened out of a text field, which would refuse
        await room.leave_writing()
    await room.run_action(action)


class _Page(Widget):
    """A page drawn in two columns: keys, and words that wrap beside them."""

    DEFAULT_CSS = "_Page { height: auto; }"

    def __init__(self, page: HelpPage) -> None:
        super().__init__()
        self._page = page
        self.auto_links = False  # rows are to look like rows and not like links

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """As many lines as the words take at this width."""
        return len(self._lines(width))

    def render(self) -> Content:
        """The whole page."""
        return Content("\n").join(self._lines(self.size.width))

    def _lines(self, width: int) -> list[Content]:
        page = self._page
        lines = _section(page.focus, width) if page.focus is not None else []
        lines += [Content(""), *content(page.purpose).wrap(max(width, 8))]
        for section in page.sections:
            lines += _section(section, width)
        return lines


def _section(section: Section, width: int) -> list[Content]:
    heading, rows = section
    lines = [Content(""), *content((heading, "bold $text-accent")).wrap(max(width, 8))]
    for keys, words, action in rows:
        indent = _COLUMN if keys else 2
        first = f"  {keys}".ljust(indent)
        if len(first) > indent or (keys and first[-1] != " "):
            lines.append(content(first))  # keys too long for their column have a line of their own
            first = " " * indent
        wrapped = content(words).wrap(max(width - indent, 8))
        row = [content(first if n == 0 else " " * indent, line) for n, line in enumerate(wrapped)]
        click = Style.from_meta({"@click": f"screen.carry_out({action!r})"})
        lines += [line.stylize(click) if action else line for line in row]
    return lines
