"""What an action is, which keys it has, and the rooms between which one goes.

The ids are what a keymap file remaps (`App.set_keymap`), so an id never changes once it was released. No key is one
that terminals or tmux swallow, and none that prints is claimed while a text field has the focus.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding

from nbalign.tui.key_names import key_name as key_name


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
        about: What the room is for, a sentence for its help.
    """

    id: str
    title: str
    key: str
    words: str
    about: str


ROOMS: tuple[RoomEntry, ...] = (
    RoomEntry(
        "label",
        "Label",
        "f2",
        "score notebooks and say why",
        "score each notebook on every dimension of the rubric, cite the cells that show it, and say why in a line.",
    ),
    RoomEntry(
        "review",
        "Review",
        "f3",
        "your scores beside the judge's, and the raters' agreement",
        "look at your own scores beside the judge's, the widest apart first: a line of why there is worth the most.",
    ),
    RoomEntry(
        "adjudicate",
        "Adjudicate",
        "f4",
        "settle what raters see differently",
        "settle with a reason what raters see differently; judges learn from the decision instead of the scores.",
    ),
    RoomEntry(
        "align",
        "Align",
        "f5",
        "let the judges learn, look at what they learned",
        "let judges learn from what was scored and said, and accept, edit or reject the guidelines that come of it.",
    ),
    RoomEntry(
        "evaluate",
        "Evaluate",
        "f6",
        "does it help? experiments with intervals",
        "see in cross-validated experiments how near each way of judging comes to the raters, and how sure that is.",
    ),
    RoomEntry(
        "runs",
        "Runs",
        "f7",
        "what an assistant's notebooks scored",
        "see what the notebooks of an assistant scored.",
    ),
    RoomEntry(
        "models",
        "Models",
        "f8",
        "which model judges, and what this machine has",
        "choose the model that judges, see what this machine has, and start judging.",
    ),
)

HELP = Action("app.help", "?,f1", "help", "help: what has the focus, then every key of this room", "nbalign", "help")

EVERYWHERE: tuple[Action, ...] = (
    *(Action(f"room.{r.id}", r.key, f"app.room('{r.id}')", f"{r.title}: {r.words}", "Rooms") for r in ROOMS),
    Action("room.menu", "m", "app.rooms", "menu of rooms", "Rooms", "menu"),
    HELP,
    Action("app.palette", "ctrl+p", "app.command_palette", "command palette: find anything by its words", "nbalign"),
    Action("app.theme", "T", "app.next_theme", "next theme: dark, light, high contrast (kept for you)", "nbalign"),
    Action("rater.switch", "W", "app.switch_rater", "somebody else sits here now", "nbalign"),
    Action("job.show", "w", "app.jobs", "work under way: how far it is, what came of it, stop it", "nbalign", "work"),
    Action("app.quit", "q", "app.quit", "quit; everything is saved already", "nbalign", "quit"),
)
"""What every room can do."""


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


def shown_keys(keys: Iterable[str]) -> str:
    """Keys as people read them: `U  ctrl+r`."""
    return "  ".join(key_name(key) for key in keys)
