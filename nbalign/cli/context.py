"""What every command shares: finding the workspace, printing tables and JSON, drawing progress."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])


class Session:
    """One run of the command line.

    Args:
        folder: The workspace named by the user, or None to look for it.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def open(self) -> Workspace:
        """Opens the workspace of this run.

        Raises:
            NotFound: If there is none here; the message says how to make one.
        """
        from nbalign.workspace import Workspace

        return Workspace.find(self.folder)


def json_option(function: F) -> F:
    """Adds `--json` to a command: the answer as JSON on stdout, everything else on stderr."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(function)


def print_json(value: object) -> None:
    """Prints a value as JSON, indented, non-ASCII kept."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False))


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Prints a plain aligned table.

    Args:
        header: Column names.
        rows: Cells as text, one sequence a row.
        right: Indices of the columns that are flush right.
    """
    from rich.cells import cell_len

    table = [list(header), *[list(row) for row in rows]]
    widths = [max(cell_len(row[i]) for row in table) for i in range(len(header))]
    for n, row in enumerate(table):
        cells = []
        for i, text in enumerate(row):
            pad = " " * (widths[i] - cell_len(text))
            cells.append(pad + text if i in right else text + pad)
        click.echo("  ".join(cells).rstrip())
        if n == 0:
            click.echo("  ".join("─" * width for width in widths))


def short_names(ids: Sequence[str]) -> list[str]:
    """Initials of dimension ids for narrow columns, told apart by a number where they would be the same."""
    initials = ["".join(word if word.isdigit() else word[0] for word in i.split("_") if word).upper() for i in ids]
    return [
        short if initials.count(short) == 1 else f"{short}{initials[: n + 1].count(short)}"
        for n, short in enumerate(initials)
    ]


def note(text: str) -> None:
    """Prints a line for people on stderr, so that `--json` and pipes stay clean."""
    from nbalign.notebooks.sanitise import clean

    print(clean(text), file=sys.stderr)
