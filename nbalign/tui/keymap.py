"""The keymap file: TOML that gives actions other keys; everything wrong in it is told at once, with its line."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from platformdirs import user_config_path
from rapidfuzz import process

from nbalign.errors import UsageError
from nbalign.tui.actions import ROOMS, Action
from nbalign.tui.dialog_keys import dialog_actions
from nbalign.tui.key_names import SWALLOWED, TAKEN, key_from, key_name
from nbalign.tui.keymap_lines import line_of
from nbalign.tui.plain import one_line
from nbalign.tui.rooms import actions_of

NAME = "keys.toml"
_LIMIT = 1_000_000  # bytes; the whole table has some ten thousand
_TOLD = 20  # problems told at once
_NEAR = 60.0  # likeness, of 100, from which a name is offered instead of an unknown one
_ALL = "All actions and their keys: nbalign tui --keys-template"


def find_keymap(named: Path | None, workspace: Path) -> Path | None:
    """The keymap file to use: the one named, else the workspace's, else the user's; None when there is none.

    Args:
        named: A file named by the user; it need not exist.
        workspace: The workspace's folder.
    """
    if named is not None:
        return named
    places = (workspace / NAME, user_config_path("nbalign", appauthor=False) / NAME)
    return next((place for place in places if place.is_file()), None)


def read_keymap(path: Path) -> dict[str, str]:
    """Reads a keymap file.

    Returns:
        Action id -> keys, comma separated, as `LabelApp` takes them; actions that keep their keys are left out.

    Raises:
        UsageError: If it cannot be read, or anything in it is wrong; with file and lines.
    """
    text = _text(path)
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: not TOML: {one_line(str(error))}", _ALL) from error
    known = _known()
    keys: dict[str, str] = {}
    problems: list[tuple[int, str]] = []
    for table in data:
        if table != "keys":
            said = "the only table is [keys]: put this line below it"
            problems.append((line_of(text, (table,)), f"“{one_line(table, 60)}” is not known; {said}"))
    entries = data.get("keys", {})
    if not isinstance(entries, dict):
        raise UsageError(f"{path}: [keys] is no table", _ALL)
    for parts, value in _flat(entries):
        name, line = ".".join(parts), line_of(text, ("keys", *parts))
        wrong = _unknown(name, known) if name not in known else ""
        if not wrong:
            found, wrong = _keys(value, known[name])
            if not wrong and found != _own(known[name]):
                keys[name] = ",".join(found)
        if wrong:
            problems.append((line, wrong))
    problems = problems or [(line_of(text, ("keys", *name.split("."))), words) for name, words in _clashes(keys)]
    if problems:
        problems.sort()
        lines = [f"{path}:{line}: {words}" if line else f"{path}: {words}" for line, words in problems[:_TOLD]]
        more = [f"… and {len(problems) - _TOLD} more"] if len(problems) > _TOLD else []
        raise UsageError("the keymap cannot be used:\n" + "\n".join([*lines, *more]), _ALL)
    return keys


def _text(path: Path) -> str:
    try:
        if not path.is_file():
            raise UsageError(f"there is no keymap file {path}", "Make one: nbalign tui --keys-template > keys.toml")
        with path.open("rb") as file:
            raw = file.read(_LIMIT + 1)
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror})") from error
    if len(raw) > _LIMIT:
        raise UsageError(f"{path} is too long for a keymap", _ALL)
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8 text", _ALL) from error


def _known() -> dict[str, Action]:
    return {action.id: action for _, actions in _places() for action in actions}


def _places() -> Iterator[tuple[str, Iterable[Action]]]:
    """Where an action may have a key, and each key one action: the rooms and the dialogs."""
    for room in ROOMS:
        yield f"the room {room.title}", actions_of(room.id)
    for title, actions in dialog_actions():
        yield f"the dialog “{title}”", actions


def _flat(entries: Mapping[str, object], before: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], object]]:
    # In TOML `cell.next = "x"` without quotes means a table `cell`; here both mean the same.
    for name, value in entries.items():
        if isinstance(value, dict) and value:
            yield from _flat(value, (*before, name))
        else:
            yield (*before, name), value


def _unknown(name: str, known: Mapping[str, Action]) -> str:
    found = process.extractOne(name, list(known), score_cutoff=_NEAR) if len(name) <= 60 else None
    offer = f"; did you mean {found[0]}?" if found else ""
    return f"there is no action “{one_line(name, 60)}”{offer}"


def _own(action: Action) -> list[str]:
    """The keys of an action as it is declared, spelt as `key_from` spells them."""
    return [key_from(key.strip()) or key.strip() for key in action.keys.split(",")]


def _keys(value: object, action: Action) -> tuple[list[str], str]:
    """The keys that an entry names, and what is wrong with them; empty when nothing is."""
    named = value if isinstance(value, list) else [value]
    if not named:
        return [], f"{action.id} needs a key; without its line it keeps {' '.join(map(key_name, _own(action)))}"
    keys: list[str] = []
    for text in named:
        if not isinstance(text, str):
            return [], f'a key is text in quotes, such as "x", or a list of such; {one_line(str(text), 20)} is none'
        key = key_from(text)
        if key is None:
            return [], f"“{one_line(text, 20)}” is no key; keys are such as x, X, ?, space, f9, pageup, ctrl+o, alt+x"
        if key in SWALLOWED:
            return [], f"{key} does not reach a program: {SWALLOWED[key]}"
        if key in TAKEN and key not in _own(action):
            return [], f"{key_name(key)} is taken: {TAKEN[key]}"
        if key not in keys:
            keys.append(key)
    return keys, ""


def _clashes(keys: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Remapped actions whose key is another one's where both exist, each told once."""
    told: set[tuple[str, ...]] = set()
    for place, actions in _places():
        users: dict[str, str] = {}
        for action in actions:
            for key in keys[action.id].split(",") if action.id in keys else _own(action):
                other = users.setdefault(key, action.id)
                pair = tuple(sorted((other, action.id)))
                if other == action.id or pair in told or not {other, action.id} & keys.keys():
                    continue
                told.add(pair)
                remapped, kept = (action.id, other) if action.id in keys else (other, action.id)
                yield remapped, f"in {place}, {key_name(key)} is the key of {kept}, too: give one another"
