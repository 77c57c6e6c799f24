"""`nbalign runs`: list, show, judge, queue, export and delete runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.figures import counted, number
from nbalign.cli.progress import shown
from nbalign.cli.run_text import details, mean, print_judged, print_run, progress, summary

if TYPE_CHECKING:
    from nbalign.suite.runs.model import ScoredRun


@click.group()
def runs() -> None:
    """List, show, judge, export and delete runs: what a generator wrote for a suite, with its scores.

    `nbalign run` makes one, `nbalign compare` and `nbalign gate` set several against each other.
    """


@runs.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List runs, the latest first."""
    with session.open() as workspace:
        found = [workspace.scored_run(name) for name in workspace.run_names()]
    if as_json:
        print_json([summary(scored) for scored in found])
        return
    if not found:
        click.echo("there are no runs yet")
        click.echo("Make one: nbalign run SUITE --generator local --name NAME   (suites: nbalign suite list)")
        return
    rows = [
        [
            scored.run.name,
            scored.run.suite,
            scored.run.generator,
            progress(scored),
            number(mean(scored)),
            scored.run.at[:16].replace("T", " "),
        ]
        for scored in found
    ]
    print_table(["run", "suite", "generator", "judged", "mean", "begun"], rows, right=[3, 4])


@runs.command()
@click.argument("name")
@click.option("--html", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", help="Write a page of it.")
@json_option
@click.pass_obj
def show(session: Session, name: str, html: Path | None, as_json: bool) -> None:
    """Show a run: its notebooks, their scores, what could not be made, and what it cost."""
    with session.open() as workspace:
        scored = workspace.scored_run(name)
        if html is not None:
            from nbalign.suite.report.saving import save_run_page

            save_run_page(scored, workspace.judge_error(scored.run), html)
    if as_json:
        print_json({**summary(scored), **details(scored)})
        return
    print_run(scored)
    if html is not None:
        click.echo(f"\nwritten: {html}")


@runs.command()
@click.argument("name")
@click.option("--rationale", is_flag=True, help="Also write two or three sentences that cite cells.")
@json_option
@click.pass_obj
def judge(session: Session, name: str, rationale: bool, as_json: bool) -> int:
    """Judge the notebooks of a run that its judge has not scored yet, or give reasons for the scores.

    Each score is kept at once: stop with ctrl-c and run the same command again to go on.
    """
    from nbalign.judge.session import JudgeOptions

    with session.open() as workspace:
        with shown() as telling:
            report = workspace.judge_run(name, options=JudgeOptions(rationale=rationale), progress=telling)
        scored = workspace.scored_run(name)
    if as_json:
        print_json({**summary(scored), **details(scored)})
    else:
        print_run(scored)
        if report is not None:
            print_judged(report)
    if report is None:
        note(f"the run {name} has no notebooks")
        return 0
    for failed, problem in report.failed:
        note(f"not judged: {failed}: {problem}")
    if report.stopped:
        note("stopped; every score above is kept. Run the same command again to go on.")
        return 130
    return 3 if report.failed else 0


@runs.command()
@click.argument("name")
@json_option
@click.pass_obj
def queue(session: Session, name: str, as_json: bool) -> None:
    """Put a run's notebooks into the raters' queue, so that experts can score them, too."""
    with session.open() as workspace:
        count = workspace.queue_run(name)
    if as_json:
        print_json({"name": name, "queued": count})
        return
    are = "is" if count == 1 else "are"
    click.echo(f"{counted(count, 'notebook')} of {name} {are} in the queue: nbalign tui")


@runs.command()
@click.argument("name")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--force", is_flag=True, help="Take a folder that holds other notebooks.")
@json_option
@click.pass_obj
def export(session: Session, name: str, folder: Path, force: bool, as_json: bool) -> None:
    """Write a run's notebooks into a folder, with a record of what made them.

    It is a folder like those that `nbalign generate` fills: `--generator folder:FOLDER` takes it on another machine.
    """
    from nbalign.notebooks.sanitise import clean_line

    with session.open() as workspace:
        written, known = workspace.export_run(name, folder, force=force)
    if as_json:
        print_json({"name": name, "folder": str(folder), "written": written, "known": known})
        return
    there = f", {known} were there already" if known else ""
    click.echo(f"{name}: {counted(written, 'notebook')} written to {clean_line(str(folder), 300)}{there}")


@runs.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--yes", is_flag=True, help="Do not ask.")
@json_option
@click.pass_obj
def rm(session: Session, names: tuple[str, ...], yes: bool, as_json: bool) -> None:
    """Delete runs, with their notebooks as far as nobody labelled, flagged or picked them and no other run has them."""
    with session.open() as workspace:
        found = [workspace.scored_run(name) for name in dict.fromkeys(names)]
        told = ", ".join(f"{scored.run.name} ({counted(_made(scored), 'notebook')})" for scored in found)
        if not yes and not click.confirm(f"delete {told} with all scores?", err=True):
            note("nothing was deleted")
            return
        gone = [(scored, workspace.remove_run(scored.run.name)) for scored in found]
    if as_json:
        print_json([{"name": scored.run.name, "notebooks": count} for scored, count in gone])
        return
    for scored, count in gone:
        kept = _made(scored) - count
        stay = f"; {kept} stay, which a person or another run needs" if kept else ""
        click.echo(f"deleted {scored.run.name} and {counted(count, 'notebook')}{stay}")


def _made(scored: ScoredRun) -> int:
    return len({made.notebook for made in scored.productions if made.notebook})
