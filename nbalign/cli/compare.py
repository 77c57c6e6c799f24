"""`nbalign compare`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json
from nbalign.cli.options import dimensions_option

if TYPE_CHECKING:
    from nbalign.suite.runs.model import ScoredRun

_FILE = click.Path(dir_okay=False, path_type=Path)
across_judges_option = click.option(
    "--across-judges", is_flag=True, help="Compare although different judges gave the scores."
)
resamples_option = click.option(
    "--bootstrap",
    type=click.IntRange(1000, 1_000_000),  # with fewer, no p-value could survive the correction
    default=10_000,
    show_default=True,
    metavar="N",
    help="Resamples behind each interval.",
)
seed_option = click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Of the resamples."
)


@click.command()
@click.argument("runs", nargs=-1, required=True, metavar="RUN_A RUN_B [RUN…]")
@dimensions_option
@across_judges_option
@resamples_option
@seed_option
@click.option("--html", "page", type=_FILE, help="Also write a page of charts and notebooks here; two runs alone.")
@json_option
@click.pass_obj
def compare(
    session: Session,
    runs: tuple[str, ...],
    dimensions: tuple[str, ...],
    across_judges: bool,
    bootstrap: int,
    seed: int,
    page: Path | None,
    as_json: bool,
) -> int:
    """Say what a change of prompt, tool or model did to each dimension.

    Of two runs, differences are the second minus the first, paired by case, with two 95% intervals: of the judged
    difference, and of the true one, which holds the judge's error as an experiment measured it. Three and more runs
    are ranked; a best is named only where it is ahead of every other by more than chance explains. docs/comparing.md
    says how to read it.
    """
    from nbalign.cli.compare_text import comparison, leaderboard
    from nbalign.errors import UsageError
    from nbalign.suite.compare.board import board
    from nbalign.suite.compare.comparing import compare as compare_two
    from nbalign.suite.compare.sentences import standing, verdict

    if len(set(runs)) < 2 or len(set(runs)) < len(runs):
        raise UsageError("a comparison needs at least two different runs", "Those there are: nbalign runs list")
    if page is not None and len(runs) > 2:
        raise UsageError("a page is about two runs", "Name two runs, or leave out --html.")
    with session.open() as workspace:
        scored = [workspace.scored_run(name) for name in runs]
        error = workspace.judge_error(scored[0].run)
    if len(runs) > 2:
        ranked = board(
            scored, error, resamples=bootstrap, seed=seed, across_judges=across_judges, dimensions=dimensions
        )
        if as_json:
            print_json({"verdict": standing(ranked), **asdict(ranked)})
        else:
            click.echo(leaderboard(ranked))
        return 0
    first, second = scored
    found = compare_two(
        first, second, error, resamples=bootstrap, seed=seed, across_judges=across_judges, dimensions=dimensions
    )
    if as_json:
        print_json({"verdict": verdict(found), **asdict(found)})
    else:
        click.echo(comparison(found))
    if page is not None:  # last, so that a page that cannot be written costs nobody the figures
        from nbalign.suite.report.compare_page import compare_page
        from nbalign.suite.report.saving import save

        save(compare_page(found, _prompts(scored)), page, "page")
        note(f"page: {page}")
    return 0


def _prompts(scored: list[ScoredRun]) -> dict[str, str]:
    return {case.id: case.prompt for one in reversed(scored) for case in one.run.cases}
