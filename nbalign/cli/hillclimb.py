"""`nbalign hillclimb`: a log of variants, what each gained and what it paid."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from nbalign.cli.compare import across_judges_option, resamples_option, seed_option
from nbalign.cli.context import Session, json_option, print_json, print_table
from nbalign.cli.options import dimensions_option

if TYPE_CHECKING:
    from nbalign.suite.compare.climb import Ascent
    from nbalign.suite.runs.climbing import Climb
    from nbalign.suite.runs.model import JudgeError, ScoredRun
    from nbalign.workspace import Workspace


@click.group()
def hillclimb() -> None:
    """Log variants of a prompt, tool or model, and see what each gained and what it paid.

    \b
    1. nbalign run SUITE --name first …
    2. nbalign hillclimb add NAME first
    3. change one thing, make a run of it, and:
       nbalign hillclimb add NAME second --changed "what was changed"
    """


@hillclimb.command()
@click.argument("name", metavar="NAME")
@click.argument("run", metavar="RUN")
@click.option("--changed", default="", metavar="TEXT", help="What was changed for it, in a few words.")
@json_option
@click.pass_obj
def add(session: Session, name: str, run: str, changed: str, as_json: bool) -> None:
    """Add a run as the next step of a climb; the first one begins it."""
    with session.open() as workspace:
        workspace.scored_run(run)  # refuses a run that is not there
        step = workspace.climbs().add(name, run, changed)
    if as_json:
        print_json({"climb": name, **asdict(step)})
    else:
        click.echo(f"{name}: step {step.position} is {run}; see it with: nbalign hillclimb show {name}")


@hillclimb.command()
@click.argument("name", metavar="NAME")
@dimensions_option
@across_judges_option
@resamples_option
@seed_option
@json_option
@click.pass_obj
def show(
    session: Session,
    name: str,
    dimensions: tuple[str, ...],
    across_judges: bool,
    bootstrap: int,
    seed: int,
    as_json: bool,
) -> None:
    """Show the variants of a climb, each against the start and against the best before it."""
    from nbalign.cli.compare_text import ascent

    with session.open() as workspace:
        found = _ascent(workspace, workspace.climbs().get(name), dimensions, across_judges, bootstrap, seed)
    if as_json:
        print_json(asdict(found))
    else:
        click.echo(ascent(found))


@hillclimb.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List the climbs of the workspace, the latest first."""
    from nbalign.evaluate.report.words import line

    with session.open() as workspace:
        climbs = workspace.climbs()
        found = [climbs.get(name) for name in climbs.names()]
    if as_json:
        print_json([asdict(climb) for climb in found])
    elif found:
        rows = [
            [line(each.name, 60), str(len(each.steps)), line(each.steps[-1].run, 60), line(each.steps[-1].at[:10], 10)]
            for each in found
        ]
        print_table(["climb", "steps", "last run", "on"], rows, right=[1])
    else:
        click.echo("There is no climb yet. Begin one: nbalign hillclimb add NAME RUN")


@hillclimb.command()
@click.argument("name", metavar="NAME")
@click.argument("run", metavar="[RUN]", required=False)
@json_option
@click.pass_obj
def rm(session: Session, name: str, run: str | None, as_json: bool) -> None:
    """Take a step out of a climb, or without RUN forget the climb. Runs stay."""
    with session.open() as workspace:
        gone = workspace.climbs().remove(name, run)
    if as_json:
        print_json({"climb": name, "removed": gone})
    else:
        click.echo(f"{name}: {gone} step{'' if gone == 1 else 's'} taken out; every run is kept")


def _ascent(
    workspace: Workspace, climb: Climb, dimensions: tuple[str, ...], across_judges: bool, resamples: int, seed: int
) -> Ascent:
    from nbalign.errors import NotFound
    from nbalign.suite.compare.climb import ascend

    runs: dict[str, ScoredRun] = {}
    errors: dict[str, JudgeError] = {}
    for step in climb.steps:
        try:
            runs[step.run] = scored = workspace.scored_run(step.run)
        except NotFound:
            continue  # a step whose run was deleted is shown as such
        if scored.run.judge not in errors:
            error = workspace.judge_error(scored.run)
            if error is not None:
                errors[scored.run.judge] = error
    return ascend(
        climb,
        runs,
        errors,
        resamples=resamples,
        seed=seed,
        across_judges=across_judges,
        dimensions=dimensions,
    )
