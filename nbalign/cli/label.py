"""`nbalign label`: set, clear, show, undo, export and import human scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.errors import UsageError

if TYPE_CHECKING:
    from nbalign.labels.model import Label, LabelEvent
    from nbalign.workspace import Workspace

F = TypeVar("F", bound=Callable[..., Any])

_FORMAT = click.Choice(["jsonl", "csv"])


def _rater_option(function: F) -> F:
    return click.option(
        "--rater", envvar="NBALIGN_RATER", metavar="NAME", required=True, help="Who you are. Default: $NBALIGN_RATER."
    )(function)


def _rubric_option(function: F) -> F:
    return click.option("--rubric", metavar="ID", help="Rubric. Default: the workspace's own.")(function)


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
@_rubric_option
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
            rubric=rubric,
            role="decision" if decision else "rater",
            source="cli",
        )
        _print_labels(workspace, [given], as_json)


@label.command()
@click.argument("notebook")
@click.argument("dimension")
@_rater_option
@_rubric_option
@_decision_option
@click.pass_obj
def clear(session: Session, notebook: str, dimension: str, rater: str, rubric: str | None, decision: bool) -> None:
    """Take a score away; the history keeps it."""
    with session.open() as workspace:
        role = "decision" if decision else "rater"
        event = workspace.clear_label(notebook, dimension, rater=rater, rubric=rubric, role=role, source="cli")
        _say(workspace, event, "there was no score to clear")


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
        _print_labels(workspace, labels, as_json)


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
        names = _names(workspace)
    if as_json:
        print_json([_event_fields(event, names) for event in events])
        return
    if not events:
        note("no events")
        return
    rows = [
        [
            str(event.id),
            event.label.at,
            f"undo {event.undoes}" if event.undoes else event.action,
            names.get(event.label.notebook, event.label.notebook[:12]),
            event.label.dimension,
            _who(event.label),
            str(event.label.score) if event.action == "set" else "",
            "" if event.live else "taken back",
            event.source,
        ]
        for event in events
    ]
    print_table(["event", "at", "action", "notebook", "dimension", "rater", "score", "", "from"], rows, right=[0, 6])


@label.command()
@_rater_option
@click.option("--notebook", metavar="NOTEBOOK", help="Only in this notebook.")
@click.pass_obj
def undo(session: Session, rater: str, notebook: str | None) -> None:
    """Take back your latest score or clearing; again, the one before it."""
    with session.open() as workspace:
        _say(workspace, workspace.undo(rater, notebook=notebook), "there is nothing to undo")


@label.command()
@_rater_option
@click.option("--notebook", metavar="NOTEBOOK", help="Only in this notebook.")
@click.pass_obj
def redo(session: Session, rater: str, notebook: str | None) -> None:
    """Bring back what your latest undo took away, as long as you have not scored since."""
    with session.open() as workspace:
        _say(workspace, workspace.redo(rater, notebook=notebook), "there is nothing to redo")


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
            note(f"{workspace.export_labels(file, format_)} labels written to {file}")


@label.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--format", "format_", type=_FORMAT, help="Default: by the suffix.")
@json_option
@click.pass_obj
def import_(session: Session, file: Path, format_: str | None, as_json: bool) -> None:
    """Take in scores from FILE: all of them, or none and a list of the lines that are wrong.

    JSON lines or CSV with notebook, dimension, rater and score, and if you like sha256, rubric, justification, cells,
    role and at. Lines with `how` are a consensus: `adjudicated` becomes a decision, `agreed` is skipped.
    """
    with session.open() as workspace:
        done = workspace.import_labels(file, format_)
    if as_json:
        print_json({"added": done.added, "unchanged": done.unchanged, "skipped": done.skipped})
        return
    skipped = f", {done.skipped} agreed lines skipped" if done.skipped else ""
    click.echo(f"{done.added} new or changed, {done.unchanged} unchanged{skipped}")


def _print_labels(workspace: Workspace, labels: Sequence[Label], as_json: bool) -> None:
    from nbalign.labels.cells import format_cells
    from nbalign.labels.line import as_fields

    names = _names(workspace)
    if as_json:
        print_json([as_fields(each, names.get(each.notebook, "")) for each in labels])
        return
    if not labels:
        note("no scores")
        return
    words = _Words(workspace)
    rows = [
        [
            names.get(each.notebook, each.notebook[:12]),
            each.dimension,
            _who(each),
            words.of(each),
            format_cells(each.cells),
            " ".join(each.justification.split()),
        ]
        for each in labels
    ]
    print_table(["notebook", "dimension", "rater", "score", "cells", "why"], rows)


def _say(workspace: Workspace, event: LabelEvent | None, nothing: str) -> None:
    if event is None:
        click.echo(nothing)
        return
    about = event.label
    standing = workspace.labels(
        notebook=about.notebook, rubric=about.rubric, dimension=about.dimension, rater=about.rater, role=about.role
    )
    now = _Words(workspace).of(standing[0]) if standing else "no score"
    click.echo(f"{_names(workspace)[about.notebook]} {about.dimension} by {_who(about)}: {now}")


class _Words:
    """Scores with their names, such as `3 good`; each name is looked up once."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: dict[tuple[str, int], str] = {}

    def of(self, label: Label) -> str:
        key = (label.rubric, label.score)
        if key not in self._known:
            try:
                self._known[key] = self._workspace.scale_name(*key)
            except (UsageError, KeyError):  # a later version of the rubric lacks this score
                self._known[key] = ""
        return f"{label.score} {self._known[key]}".rstrip()


def _names(workspace: Workspace) -> dict[str, str]:
    return {info.sha256: info.name for info in workspace.notebooks()}


def _who(label: Label) -> str:
    return f"{label.rater} (decision)" if label.role == "decision" else label.rater


def _event_fields(event: LabelEvent, names: dict[str, str]) -> dict[str, object]:
    from nbalign.labels.line import as_fields

    fields = as_fields(event.label, names.get(event.label.notebook, ""))
    if event.action != "set":
        for name in ("score", "justification", "cells"):
            fields[name] = None
    return {
        "event": event.id,
        "action": event.action,
        "undoes": event.undoes,
        "live": event.live,
        "source": event.source,
        **fields,
    }
