"""Every action of the labelling screen with its stable id and keys: the one place where its keys are declared."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from textual.binding import Binding

from nbalign.tui.actions import EVERYWHERE, HELP, Action, bindings_of, key_name
from nbalign.tui.key_names import character_of

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
    Action("cell.jump", ":", "jump", "go to a cell by its number", "Cells"),
    Action("cell.open", "o", "open_outputs", "open or fold the outputs of the current cell", "Cells", "open"),
    Action("cell.left", "<", "outputs_left", "wide tables of the current cell back (← and shift+wheel too)", "Cells"),
    Action("cell.right", ">", "outputs_right", "wide tables farther: shows their right side (→ too)", "Cells"),
    Action("cell.figure", "i", "figure", "the figures of the current cell, large", "Cells"),
    Action("search.start", "/", "search", "search in the notebook", "Cells", "search"),
    Action("search.next", "enter", "next_match", "next match", "Cells"),
    Action("search.previous", "N", "previous_match", "previous match", "Cells"),
    Action("search.end", "escape", "end_search", "end the search", "Cells"),
    Action("notebook.next", "]", "next_notebook", "next notebook", "Queue", "notebook"),
    Action("notebook.previous", "[", "previous_notebook", "previous notebook", "Queue"),
    Action("notebook.next_open", "}", "next_open", "next notebook that is not done", "Queue"),
    Action("notebook.flag", "f", "flag", "flag or unflag", "Queue", "flag"),
    Action("notebook.skip", "s", "skip", "skip and come back later (again: no longer skipped)", "Queue", "skip"),
    Action("queue.order", "O", "next_order", "order: as imported, random, most informative first", "Queue"),
    Action("queue.find", "F", "find_queue", "find notebooks by a part of their name", "Queue"),
    Action("history.show", "H", "history", "your last steps: go there, or take one of them back", "Queue"),
    Action("stats.show", "S", "stats", "how this session goes: labels, time (recorded or not), pace, rest", "Queue"),
    Action("queue.toggle", "b", "toggle_queue", "show or hide the queue", "Queue"),
    *EVERYWHERE,
)

SCORES: tuple[Action, ...] = tuple(
    Action(f"score.{d}", str(d), f"score({d})", f"score {d} and go to the next open dimension", "Scores")
    for d in range(10)
)
"""The ten digits; a rubric's scale says which of them count."""

IN_NOTEBOOK = frozenset(
    action.name
    for action in ACTIONS
    if action.group in ("Cells", "Evidence") or action.id in ("dimension.next", "dimension.previous", "label.justify")
) | {"cite"}
"""What one does in a notebook as it lies there: while one is being opened, these keys wait for it.

Undo does not: it would take back a step that is not in view yet. Neither do scores.
"""

WRITING: tuple[tuple[str, str], ...] = (
    ("Esc", "leave and save"),
    ("ctrl+z  ctrl+y", "undo and redo in the text"),
    ("ctrl+w  ctrl+u", "delete the word or the line to the left"),
)

_LAST = ("search.next", "search.end")  # Enter and Esc belong to lists and fields first


def bindings() -> list[Binding]:
    """Bindings of the labelling screen: the actions above and the ten digits, `score.0` to `score.9`."""
    return [*bindings_of(ACTIONS, last=_LAST), *bindings_of(SCORES)]


def scale_keys(values: Iterable[int]) -> str:
    """The digits of a scale as people read them: `0-3` when they follow each other, else `1 3 5`."""
    digits = sorted(values)
    if len(digits) > 2 and digits == list(range(digits[0], digits[-1] + 1)):
        return f"{digits[0]}-{digits[-1]}"
    return " ".join(str(d) for d in digits)


def score_keys(values: Iterable[int], keys_of: Callable[[Action], list[str]]) -> str:
    """The keys that score, the lowest value first: `0-3`, or as they are remapped: `a s d f`.

    Args:
        values: The digits of the rubric's scale.
        keys_of: The keys of an action as they are now, in Textual's names.
    """
    digits = sorted(values)
    keys = [key_name(keys_of(SCORES[digit])[0]) for digit in digits]
    return scale_keys(digits) if keys == [str(digit) for digit in digits] else " ".join(keys)


def field_items(keys_of: Callable[[Action], list[str]]) -> list[tuple[str, str, str]]:
    """What the bar at the bottom shows while words are written: keys that no text field takes for itself.

    Args:
        keys_of: The keys of an action as they are now, in Textual's names.
    """
    helps = [key for key in keys_of(HELP) if character_of(key) is None]
    return [("Esc", "leave and save", "leave_writing"), (key_name(helps[0]) if helps else "F1", "help", "help")]


def bar_items(values: Iterable[int], keys_of: Callable[[Action], list[str]]) -> list[tuple[str, str, str]]:
    """What the bar at the bottom shows, most needed first.

    Args:
        values: The digits of the rubric's scale; empty leaves the scoring out.
        keys_of: The keys of an action as they are now, in Textual's names.

    Returns:
        `(keys, words, action name)`; an empty action name cannot be clicked.
    """
    by_id = {a.id: a for a in ACTIONS}
    digits = score_keys(values, keys_of)
    items = [(digits, "score", "")] if digits else []
    pairs = {"dimension.next": "dimension.previous", "cell.next": "cell.previous", "notebook.next": "notebook.previous"}
    order = (
        "label.justify",
        "label.cite",
        "dimension.next",
        "cell.next",
        "notebook.next",
        "app.help",
        "room.menu",
        "job.show",
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
        keys = key_name(keys_of(action)[0])
        if action_id in pairs:
            keys += f"/{key_name(keys_of(by_id[pairs[action_id]])[0])}"
        items.append((keys, action.short, action.name))
    return items
