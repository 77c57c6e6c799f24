"""How the `label` commands show labels and their history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import note, print_json, print_table
from nbalign.errors import UsageError

if TYPE_CHECKING:
    from nbalign.labels.model import Label, LabelEvent
    from nbalign.workspace import Workspace


def print_labels(workspace: Workspace, labels: Sequence[Label], as_json: bool) -> None:
    """Prints labels as a table or as JSON."""
    from nbalign.labels.cells import format_cells
    from nbalign.labels.line import as_fields

    names = workspace.names()
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


def print_history(workspace: Workspace, events: Sequence[LabelEvent], as_json: bool) -> None:
    """Prints events as a table or as JSON."""
    names = workspace.names()
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


def say(workspace: Workspace, event: LabelEvent | None, nothing: str, *, as_json: bool = False) -> None:
    """Prints what an event left behind.

    Args:
        workspace: The open workspace.
        event: What happened, or None.
        nothing: What to print when nothing happened.
        as_json: Print the event as JSON instead, or null.
    """
    if as_json:
        print_json(None if event is None else _event_fields(event, workspace.names()))
        return
    if event is None:
        click.echo(nothing)
        return
    about = event.label
    standing = workspace.labels(
        notebook=about.notebook, rubric=about.rubric, dimension=about.dimension, rater=about.rater, role=about.role
    )
    now = _Words(workspace).of(standing[0]) if standing else "no score"
    click.echo(f"{workspace.names()[about.notebook]} {about.dimension} by {_who(about)}: {now}")


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
