"""`nbalign tui`: the labelling terminal."""

from __future__ import annotations

import codecs
import os
import sys
from pathlib import Path

import click

from nbalign.cli.context import Session
from nbalign.cli.options import rubric_option
from nbalign.cli.rubric_meant import rubric_meant


@click.command()
@click.argument("notebook", required=False, metavar="[NOTEBOOK]")
@click.option(
    "--rater", envvar="NBALIGN_RATER", metavar="NAME", help="Who labels. Default: NBALIGN_RATER, else it asks."
)
@rubric_option
@click.option(
    "--keys",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keymap file. Default: keys.toml in the workspace, else nbalign/keys.toml in your folder for settings.",
)
@click.option("--keys-template", is_flag=True, help="Print every action with its keys as a keymap file to edit.")
@click.pass_obj
def tui(
    session: Session,
    notebook: str | None,
    rater: str | None,
    rubric: str | None,
    keys: Path | None,
    keys_template: bool,
) -> int:
    """Open the labelling terminal, at NOTEBOOK if one is named.

    Everything works by keyboard and by mouse; ? shows the keys. Each score is saved before the screen says so.
    """
    from nbalign.errors import NbalignError, UsageError

    if keys_template:
        from nbalign.tui.keymap_template import keymap_template

        click.echo(keymap_template(), nl=False)
        return 0
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise UsageError(
            "the labelling screen needs a terminal, and this is none",
            "Run it without a pipe or redirection; in scripts use: nbalign label",
        )
    if why := _unfit():
        raise UsageError(*why)
    workspace = session.open()
    # Wrong names are told before the screen opens, with the exit code of a wrong call.
    rubric = rubric_meant(workspace, rubric)
    workspace.rubric(rubric)
    if notebook is not None:
        notebook = workspace.notebook(notebook).sha256
    from nbalign.tui.keymap import find_keymap, read_keymap

    file = find_keymap(keys, workspace.path)
    keymap = read_keymap(file) if file is not None else None
    from nbalign.tui.app import LabelApp
    from nbalign.tui.terminal_pictures import look_at_terminal

    look_at_terminal()
    app = LabelApp(workspace, rater, rubric, notebook, keymap)
    app.run()
    if app.failure is not None:
        raise NbalignError(
            f"the labelling screen ended on an unexpected error ({type(app.failure).__name__})",
            f"Everything that showed ✔ is saved. Details: {app.log_path}",
        )
    return int(app.return_code or 0)


def _unfit() -> tuple[str, str] | None:
    """Why nothing legible could be drawn in this terminal, and what to do; None where it can."""
    drawn_on = sys.__stderr__  # so does Textual, which leaves stdout to whoever reads it
    if drawn_on is None or not drawn_on.isatty():
        return "the labelling screen is drawn on stderr, and that is no terminal", "Run it without redirecting stderr."
    if os.environ.get("TERM") == "dumb":
        words = "this terminal says that it can only print lines (TERM=dumb), and the labelling screen needs more"
        return words, "Run it in another terminal; where this one can do more: TERM=xterm-256color nbalign tui"
    if codecs.lookup(drawn_on.encoding).name != "utf-8":
        words = f"text in this terminal is {drawn_on.encoding}, and the labelling screen needs UTF-8"
        return words, "Choose a UTF-8 locale: LC_ALL=C.UTF-8 nbalign tui  (and unset PYTHONIOENCODING, PYTHONUTF8)"
    return None
