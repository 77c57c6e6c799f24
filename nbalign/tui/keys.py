"""Every action of the labelling screen with its stable id and keys: the one place where keys are declared.

The ids are what a keymap file remaps (`App.set_keymap`), so an id never changes once it was released. No key here is
one that terminals or tmux swallow, and none is claimed while a text field has the focus: printable keys go to the
field first, and the others are keys that no field uses.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Action:
    """One thing the screen does.

    Attributes:
        id: Stable id, such as `cell.next`.
        keys: Keys, comma separated, in Textual's names or as the character itself.
        name: Name of the action method on the screen.
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


ACTIONS: tuple[Action, ...] = (
    Action("dimension.next", "n", "next_dimension", "next dimension", "Scores", "dimension"),
    Action("dimension.previous", "p", "previous_dimension", "previous dimension", "Scores"),
    Action("label.justify", "e", "justify", "say why (Esc leaves and saves)", "Scores", "why"),
    Action("label.cite", "c", "cite", "cite the current cell, or take the citation back", "Scores", "cite"),
    Action("label.undo", "u", "undo", "undo one step in this notebook", "Scores", "undo"),
    Action("label.redo", "U,ctrl+r", "redo", "redo", "Scores"),
    Action("judge.reveal", "r", "reveal", "show or hide the judge, once you have scored the dimension", "Scores"),
    Action("rubric.down", "J", "rubric_down", "scroll the rubric down", "Scores"),
    Action("rubric.up", "K", "rubric_up", "scroll the rubric up", "Scores"),
    Action("evidence.next", "v", "next_fact", "next fact of the evidence, cell by cell", "Evidence", "fact"),
    Action("evidence.previous", "V", "previous_fact", "previous fact of the evidence", "Evidence"),
    Action("evidence.toggle", "h", "toggle_facts", "show or hide the evidence (remembered for you)", "Evidence"),
    Action("cell.next", "j", "next_cell", "next cell", "Cells", "cell"),
    Action("cell.previous", "k", "previous_cell", "previous cell", "Cells"),
    Action("cell.first", "g", "first_cell", "first cell", "Cells"),
    Action("cell.last", "G", "last_cell", "last cell", "Cells"),
    Action("cell.page", "space", "page", "one screen down (PageDown, PageUp too)", "Cells"),
    Action("cell.open", "o", "open_outputs", "open or fold the outputs of the current cell", "Cells", "open"),
    Action("search.start", "/", "search", "search in the notebook", "Cells", "search"),
    Action("search.next", "enter", "next_match", "next match", "Cells"),
    Action("search.end", "escape", "end_search", "end the search", "Cells"),
    Action("notebook.next", "]", "next_notebook", "next notebook", "Queue", "notebook"),
    Action("notebook.previous", "[", "previous_notebook", "previous notebook", "Queue"),
    Action("notebook.flag", "f", "flag", "flag or unflag", "Queue", "flag"),
    Action("notebook.skip", "s", "skip", "skip and come back later (again: no longer skipped)", "Queue", "skip"),
    Action("queue.toggle", "b", "toggle_queue", "show or hide the queue", "Queue"),
    Action("app.help", "?,f1", "help", "this help", "nbalign", "help"),
    Action("app.quit", "q", "app.quit", "quit; everything is saved already", "nbalign", "quit"),
)

IN_FIELD: tuple[tuple[str, str, str], ...] = (("Esc", "leave and save", "leave_writing"), ("F1", "help", "help"))

WRITING: tuple[tuple[str, str], ...] = (
    ("Esc", "leave and save"),
    ("ctrl+z  ctrl+y", "undo and redo in the text"),
    ("ctrl+w  ctrl+u", "delete the word or the line to the left"),
)

_LAST = ("search.next", "search.end")  # Enter and Esc belong to lists and fields first
_SHOWN = {"space": "Space", "escape": "Esc", "enter": "Enter", "f1": "F1"}


def bindings() -> list[Binding]:
    """Bindings of the labelling screen: the actions above and the ten digits, `score.0` to `score.9`.

    They have priority so that each key acts before the next one is handed to a widget: a burst such as `e` and the
    words after it would else reach the cells as a whole before the field opens. Text fields still come first with what
    they can type, and the screen refuses the rest while one has the focus.
    """
    table = [Binding(a.keys, a.name, a.words, show=False, id=a.id, priority=a.id not in _LAST) for a in ACTIONS]
    digits = [
        Binding(str(d), f"score({d})", f"score {d}", show=False, id=f"score.{d}", priority=True) for d in range(10)
    ]
    return [*table, *digits]


def shown_keys(action: Action) -> str:
    """The keys as people read them: `U  ctrl+r`."""
    return "  ".join(_SHOWN.get(key, key) for key in action.keys.split(","))


def scale_keys(values: Iterable[int]) -> str:
    """The digits of a scale as the bar names them: `0-3` when they follow each other, else `1 3 5`."""
    digits = sorted(values)
    if len(digits) > 2 and digits == list(range(digits[0], digits[-1] + 1)):
        return f"{digits[0]}-{digits[-1]}"
    return " ".join(str(d) for d in digits)


def bar_items(values: Iterable[int]) -> list[tuple[str, str, str]]:
    """What the bar at the bottom shows, most needed first.

    Args:
        values: The digits of the rubric's scale; empty leaves the scoring out.

    Returns:
        `(keys, words, action name)`; an empty action name cannot be clicked.
    """
    by_id = {a.id: a for a in ACTIONS}
    digits = scale_keys(values)
    items = [(digits, "score", "")] if digits else []
    pairs = {"dimension.next": "n/p", "cell.next": "j/k", "notebook.next": "] ["}
    order = (
        "label.justify",
        "label.cite",
        "dimension.next",
        "cell.next",
        "notebook.next",
        "app.help",
        "evidence.next",
        "label.undo",
        "notebook.flag",
        "notebook.skip",
        "search.start",
        "cell.open",
        "app.quit",
    )
    for action_id in order:
        action = by_id[action_id]
        items.append((pairs.get(action_id, action.keys.split(",")[0]), action.short, action.name))
    return items
