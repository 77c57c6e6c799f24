"""How `nbalign memory show` shows one guideline: its labels, and everything that happened to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import print_table

if TYPE_CHECKING:
    from nbalign.align.model import Guideline
    from nbalign.align.standing import GuidelineEvent
    from nbalign.labels.model import LabelEvent

_PAST = {
    "propose": "distilled",
    "accept": "accepted",
    "edit": "edited",
    "reject": "rejected",
    "pin": "pinned",
    "unpin": "unpinned",
    "write": "written",
}


def fields(guideline: Guideline, rubric: str) -> dict[str, object]:
    """A guideline as JSON values."""
    return {
        "id": guideline.id,
        "rubric": rubric,
        "dimension": guideline.dimension,
        "state": guideline.state,
        "text": guideline.text,
        "sources": list(guideline.sources),
    }


def told(
    sources: Sequence[LabelEvent], history: Sequence[GuidelineEvent], names: Mapping[str, str]
) -> dict[str, object]:
    """The labels and the history of a guideline as JSON values."""
    labels = [
        {
            "event": event.id,
            "notebook": names.get(event.label.notebook, ""),
            "sha256": event.label.notebook,
            "rater": event.label.rater,
            "role": event.label.role,
            "score": event.label.score,
            "justification": event.label.justification,
            "cells": list(event.label.cells),
            "live": event.live,
        }
        for event in sources
    ]
    return {
        "labels": labels,
        "history": [
            {"id": e.id, "at": e.at, "action": e.action, "by": e.who, "text": e.text, "undoes": e.undoes}
            for e in history
        ],
    }


def print_guideline(
    guideline: Guideline,
    sources: Sequence[LabelEvent],
    history: Sequence[GuidelineEvent],
    names: Mapping[str, str],
) -> None:
    """Prints a guideline with the labels it comes from and its history, newest last."""
    from nbalign.labels.cells import format_cells
    from nbalign.notebooks.sanitise import clean_line

    click.echo(f"{guideline.id}  {guideline.dimension}  {guideline.state}")
    click.echo(f"{guideline.text}\n")
    rows = [
        [
            clean_line(names.get(event.label.notebook, event.label.notebook[:12])),
            clean_line(event.label.rater, 40) + (" (decision)" if event.label.role == "decision" else ""),
            str(event.label.score),
            format_cells(event.label.cells),
            clean_line(event.label.justification, 500),
        ]
        for event in sources
    ]
    if rows:
        print_table(["notebook", "rater", "score", "cells", "words"], rows, right=[2])
    else:
        click.echo("written by hand, from no label" if guideline.state == "written" else "no label stands behind it")
    click.echo()
    before, lines = "", []
    for happened in history:
        text = happened.text if happened.text != before else ""
        done = _PAST[happened.action]
        lines.append([happened.at, f"{done}: taken back" if happened.undoes else done, happened.who, text])
        before = happened.text
    print_table(["at", "what", "by", "text"], lines)
