"""A keymap file with every action of every room and the keys that it has, to be edited."""

from __future__ import annotations

import json
from collections.abc import Mapping

from nbalign.tui.actions import EVERYWHERE, ROOMS, Action
from nbalign.tui.dialog_keys import dialog_actions
from nbalign.tui.rooms import actions_of

_HEAD = """\
# Keys of nbalign's terminal: every action with the keys that it has. Change the keys you want to change and delete the
# other lines; a list gives an action several keys. Keys are characters ("x", "X", "?"), "space", "enter", "escape",
# "up", "pagedown", "home", "f9" and so on, and letters with "ctrl+" or "alt+".
#
# nbalign looks for this file as --keys FILE, as keys.toml in the workspace, then as nbalign/keys.toml in your folder
# for settings (~/.config on Linux). What is wrong in it is told, with its line, before the terminal opens.

[keys]
"""


def keymap_template() -> str:
    """The whole table as TOML that `read_keymap` reads, with what each action does."""
    everywhere = {action.id for action in EVERYWHERE}
    owners: dict[str, str] = {}
    words: dict[str, list[str]] = {action.id: [action.words] for action in EVERYWHERE}
    blocks: list[tuple[str, list[Action]]] = [("In every room", list(EVERYWHERE))]
    for room in ROOMS:
        own: list[Action] = []
        for action in actions_of(room.id):
            if owners.setdefault(action.id, room.id) == room.id and action.id not in everywhere:
                own.append(action)
            said = words.setdefault(action.id, [])
            if not said:
                said.append(action.words)
            elif action.words not in said:  # an id that several rooms have stands once, and means what it means in each
                said.append(f"in {room.title}: {action.words}")
        blocks.append((room.title, own))
    for title, actions in dialog_actions():
        own = [action for action in actions if owners.setdefault(action.id, title) == title]
        words.update({action.id: [action.words] for action in own})
        blocks.append((f"Dialog: {title}", own))
    lines = [line for title, actions in blocks for line in _block(title, actions, words)]
    return "\n".join([_HEAD, *lines]).rstrip() + "\n"


def _block(title: str, actions: list[Action], words: Mapping[str, list[str]]) -> list[str]:
    if not actions:
        return []
    entries = [f"{json.dumps(action.id)} = {_value(action.keys)}" for action in actions]
    width = max(len(entry) for entry in entries)
    said = ("; ".join(words[action.id]) for action in actions)
    return [f"# -- {title}", *(f"{e.ljust(width)}  # {w}" for e, w in zip(entries, said, strict=True)), ""]


def _value(keys: str) -> str:
    named = [json.dumps(key.strip(), ensure_ascii=False) for key in keys.split(",")]
    return named[0] if len(named) == 1 else f"[{', '.join(named)}]"
