"""`nbalign label`: set, clear, show, undo, export and import human scores."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nbalign.cli.context import Session, json_option, note, print_json
from nbalign.cli.label_tables import print_history, print_labels, say
from nbalign.cli.options import rubric_option
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.labels.model import Role

F = TypeVar("F", bound=Callable[..., Any])

_FORMAT = click.Choice(["jsonl", "csv"])


def _rater_option(function: F) -> F:
    return click.option(
        "--rater", envvar="NBALIGN_RATER", show_envvar=True, metavar="NAME", required=True, help="Who you are."
    )(function)


def _decision_option(function: F) -> F:
    return click.option("--decision", is_flag=True, help="The adjudicated score, which settles a disagreement.")(
        function
    )


def _filters(function: F) -> F:
    function = click.option("--rubric", metavar="ID", help="Only on this rubric.")(function)
    function = click.option("--dimension", metavar="ID", help="Only of this dimension.")(function)
    function = click.option("--rater", metavar="NAME", help="Only by this rater.")(function)
    return click.argument("notebook", metavar="[NOTEBOOK]", required=False)(function)


@click.group()
def label() -> None:
    """Set, show, undo, export and import human scores.

    NOTEBOOK is a name with or without its suffix, or the first six or more digits of a hash. Scores are events:
    nothing is overwritten, and `undo` goes back one step at a time, over restarts.
    """


@label.command("set")
@click.argument("notebook")
@click.argument("dimension")
@click.argument("score", type=int)
@_rater_option
@click.option("--why", default="", metavar="TEXT", help="Why, in your words.")
@click.option("--cells", default="", metavar="LIST", help="Cells that you cite, such as 3,5-7.")
@rubric_option
@_decision_option
@json_option
@click.pass_obj
def set_(
    session: Session,
    notebook: str,
    dimension: str,
    score: int,
    rater: str,
    why: str,
    cells: str,
    rubric: str | None,
    decision: bool,
    as_json: bool,
) -> None:
    """Give a score. It is on the disk when the command returns."""
    from nbalign.labels.cells import parse_cells

    cited = parse_cells(cells)
    with session.open() as workspace:
        given = workspace.set_label(
            notebook,
            dimension,
            score,
            rater=rater,
            justification=why,
            cells=cited,
            rubric=rubric_meant(workspace, rubric),
            role="decision" if decision else "rater",
            source="cli",
        )
        print_labels(workspace, [given], as_json)


@label.command()
@click.argument("notebook")
@click.argument("dimension")
@_rater_option
@rubric_option
@_decision_option
@json_option
@click.pass_obj
def clear(
    session: Session, notebook: str, dimension: str, rater: str, rubric: str | None, decision: bool, as_json: bool
) -> None:
    """Take a score away; the history keeps it."""
    with session.open() as workspace:
        role: Role = "decision" if decision else "rater"
        rubric = rubric_meant(workspace, rubric)
        event = workspace.clear_label(notebook, dimension, rater=rater, rubric=rubric, role=role, source="cli")
        say(workspace, event, "there was no score to clear", as_json=as_json)


@label.command()
@_filters
@json_option
@click.pass_obj
def show(
    session: Session, notebook: str | None, rater: str | None, dimension: str | None, rubric: str | None, as_json: bool
) -> None:
    """Show the scores that stand."""
    with session.open() as workspace:
        labels = workspace.labels(notebook=notebook, rubric=rubric, dimension=dimension, rater=rater)
        print_labels(workspace, labels, as_json)


@label.command()
@_filters
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Only the N newest events.")
@json_option
@click.pass_obj
def history(
    session: Session,
    notebook: str | None,
    rater: str | None,
    dimension: str | None,
    rubric: str | None,
    limit: int | None,
    as_json: bool,
) -> None:
    """Show everything that happened to scores, newest last."""
    with session.open() as workspace:
        events = workspace.label_history(
            notebook=notebook, rubric=rubric, dimension=dimension, rater=rater, limit=limit
        )
        print_history(workspace, events, as_json)


@label.command()
@_rater_option
@click.option("--notebook", metavar="NOTEBOOK", help="Only in this notebook.")
@click.option("--rubric", metavar="ID", help="Only on this rubric. Default: on any.")
@json_option
@click.pass_obj
def undo(session: Session, rater: str, notebook: str | None, rubric: str | None, as_json: bool) -> None:
    """Take back your latest score or clearing; again, the one before it."""
    with session.open() as workspace:
        event = workspace.undo(rater, notebook=notebook, rubric=rubric, source="cli")
        say(workspace, event, "there is nothing to undo", as_json=as_json)


@label.command()
@_rater_option
@click.option("--notebook", metavar="NOTEBOOK", help="Only in this notebook.")
@click.option("--rubric", metavar="ID", help="Only on this rubric. Default: on any.")
@json_option
@click.pass_obj
def redo(session: Session, rater: str, notebook: str | None, rubric: str | None, as_json: bool) -> None:
    """Bring back what your latest undo took away, as long as you have not scored since."""
    with session.open() as workspace:
        event = workspace.redo(rater, notebook=notebook, rubric=rubric, source="cli")
        say(workspace, event, "there is nothing to redo", as_json=as_json)


@label.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, allow_dash=True))
@click.option("--format", "format_", type=_FORMAT, help="Default: by the suffix; JSON lines for - (stdout).")
@click.pass_obj
def export(session: Session, file: Path, format_: str | None) -> None:
    """Write the scores that stand to FILE, or to stdout for -.

    A CSV file holds the raters' words as they are, also where they look like a formula: in a spreadsheet, import the
    columns as text.
    """
    with session.open() as workspace:
        if str(file) == "-":
            click.echo(workspace.labels_as_text(format_ or "jsonl"), nl=False)
        else:
            count = workspace.export_labels(file, format_)
            note(f"{count} label{'' if count == 1 else 's'} written to {file}")


@label.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_", type=_FORMAT, help="Default: by the suffix.")
@click.option(
    "--rubric", metavar="ID", help="Of lines that name no rubric. Default: ml-notebook, or the only one in use here."
)
@json_option
@click.pass_obj
def import_(session: Session, file: Path, format_: str | None, rubric: str | None, as_json: bool) -> None:
    """Take in scores from FILE: all of them, or none and a list of the lines that are wrong.

    JSON lines or CSV with notebook, dimension, rater and score, and if you like sha256, rubric, justification, cells,
    role and at. Lines with `how` are a consensus: `adjudicated` becomes a decision, `agreed` is skipped.
    """
    with session.open() as workspace:
        meant = rubric_meant(workspace, rubric, "lines that name no rubric are taken for")
        done = workspace.import_labels(file, format_, meant)
    if as_json:
        print_json({"added": done.added, "unchanged": done.unchanged, "skipped": done.skipped})
        return
    skipped = f", {done.skipped} agreed lines skipped" if done.skipped else ""
    click.echo(f"{done.added} new or changed, {done.unchanged} unchanged{skipped}")
