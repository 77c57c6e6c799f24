"""On which line of a TOML file an entry stands; `tomllib` reads values and forgets where they were."""

from __future__ import annotations

import re

_HEADER = re.compile(r"\s*\[\[?\s*(?P<name>[^\[\]]+?)\s*\]")
_ENTRY = re.compile(r"""\s*(?P<name>(?:[A-Za-z0-9_\-.\s]|"[^"]*"|'[^']*')+?)\s*=""")
_PART = re.compile(r""""([^"]*)"|'([^']*)'|([A-Za-z0-9_\-]+)""")


def line_of(text: str, path: tuple[str, ...]) -> int:
    """The line of an entry or table, from 1; 0 when it is written in a way that is not found.

    Args:
        text: The file.
        path: Names of the tables around it and its own, such as `("keys", "cell.next")`.
    """
    table: tuple[str, ...] = ()
    wanted = ".".join(path)
    for number, line in enumerate(text.split("\n"), 1):
        header = _HEADER.match(line)
        if header:
            table = _parts(header["name"])
            if ".".join(table) == wanted:
                return number
            continue
        entry = _ENTRY.match(line)
        if entry and ".".join([*table, *_parts(entry["name"])]) == wanted:
            return number
    return 0


def _parts(name: str) -> tuple[str, ...]:
    return tuple(next(part for part in found if part) for found in _PART.findall(name) if any(found))
