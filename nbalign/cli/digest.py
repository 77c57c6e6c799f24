"""`nbalign digest`: what a judge reads of a notebook, and what it does not."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json

if TYPE_CHECKING:
    from nbalign.judge.digest import Digest

_MOST_CELLS = 60  # characters of a list of cells


@click.command()
@click.argument("notebook")
@click.option("--budget", type=click.IntRange(min=64), default=2000, show_default=True, help="Tokens allowed.")
@click.option("--model", metavar="NAME", help="Model whose tokenizer counts. Default: the best here.")
@json_option
@click.pass_obj
def digest(session: Session, notebook: str, budget: int, model: str | None, as_json: bool) -> None:
    """Show what a judge reads of NOTEBOOK: a name or hash in the workspace, or a file."""
    from nbalign.cli.progress import shown
    from nbalign.errors import NotFound
    from nbalign.judge.preview import preview_file

    made: Digest
    with shown() as progress:
        try:
            workspace = session.open()
        except NotFound:
            # A file can be looked at without a workspace; one that was named must be there.
            if session.folder is not None or not Path(notebook).is_file():
                raise
            made = preview_file(Path(notebook), model=model, budget=budget, progress=progress)
        else:
            with workspace:
                made = workspace.digest(notebook, budget=budget, model=model, progress=progress)
    if as_json:
        print_json(asdict(made))
        return
    click.echo(made.text)
    sys.stdout.flush()  # so that the account comes after the text where both go to one terminal
    for line in _account(made):
        note(line)


def _account(made: Digest) -> list[str]:
    """Tokens, and a table of what was left out."""
    # The digest counts the heads of cells too, so a short notebook's digest can cost more than its bare text.
    share = min(made.tokens / made.whole_tokens, 1.0) if made.whole_tokens else 1.0
    whole = f"the whole notebook is about {made.whole_tokens:,}: {share:.0%} kept"
    lines = ["", f"{made.tokens:,} of {made.budget:,} tokens; {whole}"]
    if not made.omissions:
        return [*lines, "Nothing was left out."]
    rows = [("tokens", "left out", "cells")]
    rows += [(f"{omission.tokens:,}", omission.what, _cells(omission.cells)) for omission in made.omissions]
    tokens, what = (max(len(row[column]) for row in rows) for column in (0, 1))
    return [*lines, "", *(f"{row[0]:>{tokens}}  {row[1]:<{what}}  {row[2]}".rstrip() for row in rows)]


def _cells(numbers: Sequence[int]) -> str:
    """Cell numbers with runs joined: `3-5, 9`."""
    parts: list[str] = []
    first = last = 0
    for number in [*numbers, 0]:
        if last and number != last + 1:
            parts.append(str(first) if first == last else f"{first}-{last}")
            first = number
        first, last = first or number, number
    text = ", ".join(parts)
    return text if len(text) <= _MOST_CELLS else text[: _MOST_CELLS - 1].rsplit(",", 1)[0] + ", …"
