"""What an action is, which keys it has, and the rooms between which one goes.

The ids are what a keymap file remaps (`App.set_keymap`), so an id never changes once it was released. No key is one
that terminals or tmux swallow, and none that prints is claimed while a text field has the focus.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding
from textual.keys import key_to_character


@dataclass(frozen=True, slots=True)
class Action:
    """One thing a screen does.

    Attributes:
        id: Stable id, such as `cell.next`.
        keys: Keys, comma separated, in Textual's names or as the character itself.
        name: Name of the action method on the screen; `app.` before one of the application.
        words: What it does, for the help and the palette.
        group: Heading in the help.
        short: Words of the bar at the bottom; empty keeps it out of the bar.
    """

    id: str
    keys: str
    name: str
    words: str
    group: str
    short: str = ""


@dataclass(frozen=True, slots=True)
class RoomEntry:
    """A room as the menu lists it.

    Attributes:
        id: Stable id, such as `review`; also the name of its mode.
        title: For people.
        key: The key that leads there from everywhere.
        words: What one does there.
    """

    id: str
    title: str
    key: str
    words: str


ROOMS: tuple[RoomEntry, ...] = (
    RoomEntry("label", "Label", "f2", "score notebooks and say why"),
    RoomEntry("review", "Review", "f3", "your scores beside the judge's, and the raters' agreement"),
    RoomEntry("adjudicate", "Adjudicate", "f4", "settle what raters see differently"),
    RoomEntry("align", "Align", "f5", "let the judges learn, look at what they learned"),
    RoomEntry("evaluate", "Evaluate", "f6", "does it help? experiments with intervals"),
    RoomEntry("runs", "Runs", "f7", "what an assistant's notebooks scored"),
    RoomEntry("models", "Models", "f8", "which model judges, and what this machine has"),
)

EVERYWHERE: tuple[Action, ...] = (
    *(Action(f"room.{r.id}", r.key, f"app.room('{r.id}')", f"{r.title}: {r.words}", "Rooms") for r in ROOMS),
    Action("room.menu", "m", "app.rooms", "menu of rooms", "Rooms", "menu"),
    Action("app.help", "?,f1", "help", "help", "nbalign", "help"),
    Action("app.quit", "q", "app.quit", "quit; everything is saved already", "nbalign", "quit"),
)
"""What every room can do."""

_SHOWN = {"space": "Space", "escape": "Esc", "enter": "Enter", **{f"f{n}": f"F{n}" for n in range(1, 13)}}


def bindings_of(actions: Iterable[Action], *, last: Iterable[str] = ()) -> list[Binding]:
    """Bindings of a screen for these actions.

    They have priority so that each key acts before the next one is handed to a widget: a burst such as `e` and the
    words after it would else reach the cells as a whole before the field opens. Text fields still come first with what
    they can type, and a screen refuses the rest while one has the focus (`check_action`).

    Args:
        actions: The actions.
        last: Ids without priority: keys such as Enter that belong to lists and fields first.
    """
    after = frozenset(last)
    return [Binding(a.keys, a.name, a.words, show=False, id=a.id, priority=a.id not in after) for a in actions]


def key_name(key: str) -> str:
    """A key as people read it: `Enter` for `enter`, `?` for `question_mark`."""
    shown = _SHOWN.get(key)
    if shown is not None:
        return shown
    character = key_to_character(key)
    return character if character is not None and len(character) == 1 and character.isprintable() else key


def shown_keys(keys: Iterable[str]) -> str:
    """Keys as people read them: `U  ctrl+r`."""
    return "  ".join(key_name(key) for key in keys)
