"""What a mistyped or a guessed command most likely meant."""

from __future__ import annotations

from collections.abc import Sequence

import click

_MOST = 3
# Words that other tools use for one and the same thing.
_SAME = (
    {"list", "ls", "show", "notebooks"},
    {"add", "new", "create", "import", "init"},
    {"clear", "delete", "remove", "rm", "reject"},
    {"get", "download", "install", "pull"},
    {"check", "validate", "verify"},
    {"score", "set"},
)


def nearest(name: str, known: Sequence[str]) -> list[str]:
    """The commands that a name is most likely to mean.

    Args:
        name: What was typed.
        known: Names of the commands there are.

    Returns:
        At most three: words for the same thing, then near spellings and longer forms.
    """
    from difflib import get_close_matches

    typed = name.lower()[:100]
    near = [each for each in known if any({typed, each} <= words for words in _SAME)]
    near += get_close_matches(typed, known, _MOST)
    near += [each for each in known if len(typed) > 1 and each.startswith(typed)]
    return list(dict.fromkeys(near))[:_MOST]


def no_such_command(name: str, known: Sequence[str], ctx: click.Context) -> click.UsageError:
    """The error for a command that a group does not have.

    Args:
        name: What was typed.
        known: Names of the group's commands.
        ctx: Context of the group.
    """
    near = [f"'{each}'" for each in nearest(name, known)]
    if not near:
        return click.UsageError(f"No such command {name!r:.60}. There are: {', '.join(known)}.", ctx)
    meant = near[0] if len(near) == 1 else f"{', '.join(near[:-1])} or {near[-1]}"
    return click.UsageError(f"No such command {name!r:.60}. Did you mean {meant}?", ctx)
