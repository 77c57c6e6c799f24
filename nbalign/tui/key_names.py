"""Names of keys: as people write them, as Textual knows them, and which of them never reach a program."""

from __future__ import annotations

from textual.keys import Keys, key_to_character

SWALLOWED: dict[str, str] = {
    "ctrl+enter": "most terminals send it as Enter",
    "shift+enter": "most terminals send it as Enter",
    "ctrl+m": "terminals send it as Enter",
    "ctrl+j": "many terminals send it as Enter",
    "ctrl+i": "terminals send it as Tab",
    "ctrl+h": "many terminals send it as Backspace",
    "ctrl+s": "it stops the output of many terminals",
    "ctrl+z": "it puts programs to sleep, and undoes in text fields",
    "ctrl+c": "it interrupts programs, and copies",
    "ctrl+b": "tmux takes it for itself",
    "ctrl+a": "screen takes it for itself",
}
"""Keys that terminals, tmux or screen keep from a program, each with the reason."""

TAKEN: dict[str, str] = {
    "tab": "it moves between fields everywhere",
    "shift+tab": "it moves between fields everywhere",
    "ctrl+q": "it quits everywhere",
    "enter": "it opens what is in focus everywhere",
    "escape": "it leaves everywhere",
}
"""Keys that mean the same everywhere; only the actions that have them may keep them."""

_ALIASES = {
    "esc": "escape",
    "return": "enter",
    "pgup": "pageup",
    "pgdn": "pagedown",
    "pgdown": "pagedown",
    "del": "delete",
    "ins": "insert",
    "spacebar": "space",
}
_MODIFIERS = ("alt", "ctrl", "shift")  # in Textual's order
# Textual has short names for these, and `key_to_character` does not know them.
_SHORT = {"minus": "-", "plus": "+", "slash": "/", "at": "@", "underscore": "_", "backslash": "\\"}
_BASES = frozenset(k.value for k in Keys if "+" not in k.value and "<" not in k.value) - {"ctrl-at", "return"}
_ARROWS = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
_SHOWN = {
    **_ARROWS,
    **{name: name.title() for name in ("space", "enter", "tab", "home", "end", "insert", "delete")},
    "escape": "Esc",
    "pageup": "PgUp",
    "pagedown": "PgDn",
    **{f"f{n}": f"F{n}" for n in range(1, 25)},
}


def character_of(key: str) -> str | None:
    """The character that a key types, by Textual's name of the key; None for a key that types none."""
    character = _SHORT.get(key) or key_to_character(key)
    return character if character is not None and len(character) == 1 and character.isprintable() else None


def key_name(key: str) -> str:
    """A key as people read it: `Enter` for `enter`, `?` for `question_mark`."""
    return _SHOWN.get(key) or character_of(key) or key


def key_from(text: str) -> str | None:
    """The key that somebody means: `?`, `F9`, `Esc` and `ctrl+o` as well as Textual's own names.

    Returns:
        One spelling for each key, which Textual takes; None when there is no such key.
    """
    if len(text) == 1:
        return next((name for name, arrow in _ARROWS.items() if arrow == text), None) or _one(text)
    *modifiers, base = text.strip().lower().split("+")
    base = _ALIASES.get(base, base)
    character = character_of(base)
    if not modifiers:
        if base == "space" or (character is None and base in _BASES):
            return base
        return _one(character) if character is not None else None
    if len(set(modifiers)) != len(modifiers) or not set(modifiers) <= set(_MODIFIERS):
        return None
    modifiers.sort()
    if character is not None:
        # Shift with a character is another character: `A`, not `shift+a`. With ctrl, terminals send letters alone.
        sent = character.isascii() and (character.isalpha() or (character.isdigit() and "ctrl" not in modifiers))
        return "+".join([*modifiers, character]) if sent and "shift" not in modifiers else None
    return "+".join([*modifiers, base]) if base in _BASES else None


def _one(character: str) -> str | None:
    if character == " ":
        return "space"
    if character == ",":
        return "comma"  # a comma stands between keys
    return character if character.isprintable() else None
