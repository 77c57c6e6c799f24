"""A keymap file with every action of every room and the keys that it has, to be edited."""

from __future__ import annotations

import json

from nbalign.tui.actions import EVERYWHERE, ROOMS, Action
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
    lines = [_HEAD]
    done = {action.id for action in EVERYWHERE}
    lines += _block("In every room", EVERYWHERE)
    for room in ROOMS:
        own = [action for action in actions_of(room.id) if action.id not in done]
        done |= {action.id for action in own}
        lines += _block(room.title, own)
    return "\n".join(lines).rstrip() + "\n"


def _block(title: str, actions: tuple[Action, ...] | list[Action]) -> list[str]:
    if not actions:
        return []
    entries = [f"{json.dumps(action.id)} = {_value(action.keys)}" for action in actions]
    width = max(len(entry) for entry in entries)
    words = (entry.ljust(width) + f"  # {action.words}" for entry, action in zip(entries, actions, strict=True))
    return [f"# -- {title}", *words, ""]


def _value(keys: str) -> str:
    named = [json.dumps(key.strip(), ensure_ascii=False) for key in keys.split(",")]
    return named[0] if len(named) == 1 else f"[{', '.join(named)}]"
