"""Writes the tables of keys into docs/tui.md from the rooms themselves, so that they cannot be wrong.

python scripts/tui_keys.py           write them
python scripts/tui_keys.py --check   exit 1 when they are not what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "tui.md"
HEAD = "## Every key"
NOTE = "Written by `make docs` from the rooms themselves; do not edit from here on."


def tables() -> str:
    """A table of keys for what every room has, one for each room and one for each dialog, as Markdown."""
    from nbalign.tui.actions import EVERYWHERE, ROOMS
    from nbalign.tui.dialog_keys import dialog_actions
    from nbalign.tui.rooms import actions_of

    parts = [_table("In every room", ((a.id, a.keys, a.words) for a in EVERYWHERE))]
    everywhere = {action.id for action in EVERYWHERE}
    for room in ROOMS:
        own = [action for action in actions_of(room.id) if action.id not in everywhere]
        if own:
            parts.append(_table(room.title, ((a.id, a.keys, a.words) for a in own)))
    known: set[str] = set()
    for title, actions in dialog_actions():
        own = [action for action in actions if action.id not in known]
        known.update(action.id for action in own)
        if own:
            parts.append(_table(f"Dialog: {title}", ((a.id, a.keys, a.words) for a in own)))
    return "\n\n".join(parts) + "\n"


def page(text: str) -> str:
    """The page with its tables written anew; what stands before them stays."""
    return f"{text.partition(HEAD)[0]}{HEAD}\n\n{NOTE}\n\n{tables()}"


def _table(title: str, rows: Iterable[tuple[str, str, str]]) -> str:
    from nbalign.tui.key_names import key_name

    lines = [f"### {title}", "", "| key | does | id |", "|---|---|---|"]
    for name, keys, words in rows:
        shown = " ".join(f"`{key_name(key.strip())}`" for key in keys.split(","))
        lines.append(f"| {_cell(shown)} | {_cell(words)} | `{name}` |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def main(args: list[str]) -> int:
    """Writes the tables, or compares them.

    Args:
        args: Nothing, or `--check`.

    Returns:
        The exit code.
    """
    text = TARGET.read_text(encoding="utf-8")
    wanted = page(text)
    if args == ["--check"]:
        if text == wanted:
            return 0
        print("docs/tui.md does not list the keys that there are; write it again with: make docs", file=sys.stderr)
        return 1
    TARGET.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main(sys.argv[1:]))
