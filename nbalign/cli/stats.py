"""`nbalign stats`: what raters got done, and how fast."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.figures import clean
from nbalign.cli.options import rubric_option
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.labels.pace import RaterPace


@click.command()
@click.option("--rater", metavar="NAME", help="Only this rater.")
@rubric_option
@json_option
@click.pass_obj
def stats(session: Session, rater: str | None, rubric: str | None, as_json: bool) -> None:
    """Show what raters got done: notebooks, labels, time at work and pace, by rater and by day.

    The terminal records how long a notebook is worked on while it is in view: the time between two keys or clicks,
    where a pause longer than a minute counts as one minute. Labels an hour are those given in the terminal since time
    is recorded. No scores are shown. Days are those of this machine's time zone.
    """
    from nbalign.errors import UsageError

    if rater is not None and not rater.strip():
        raise UsageError("a rater needs a name", "Give one with --rater NAME.")
    with session.open() as workspace:
        paces = workspace.pace(rater, rubric_meant(workspace, rubric))
        notebooks = len(workspace.notebooks())
    if as_json:
        print_json([asdict(each) for each in paces])
        return
    if not any(each.labels or each.days for each in paces):
        note("nobody has labelled anything yet: nbalign tui" if rater is None else f"{clean(rater)} has no labels yet")
        return
    _print_raters(paces, notebooks)
    for each in paces:
        if each.days:
            _print_days(each)


def _print_raters(paces: list[RaterPace], notebooks: int) -> None:
    from nbalign.labels.pace import spell

    rows = [
        [
            clean(each.rater),
            f"{each.done}/{notebooks}",
            f"{each.labels:,}",
            spell(each.seconds) if each.seconds else "–",
            "–" if each.notebook_seconds is None else f"{each.notebook_seconds / 60:.1f}",
            "–" if each.labels_per_hour is None else f"{each.labels_per_hour:.0f}",
            "–" if each.left_seconds is None else spell(each.left_seconds),
        ]
        for each in paces
    ]
    header = ["rater", "notebooks", "labels", "time at work", "min a notebook", "labels an hour", "left"]
    print_table(header, rows, right=range(1, len(header)))


def _print_days(pace: RaterPace) -> None:
    from nbalign.labels.pace import spell

    click.echo(f"\n{clean(pace.rater)} by day")
    rows = [
        [day.day, str(day.sessions), spell(day.seconds), f"{day.labels:,}", f"{day.notebooks:,}"] for day in pace.days
    ]
    print_table(["day", "sessions", "time at work", "labels", "notebooks"], rows, right=range(1, 5))
