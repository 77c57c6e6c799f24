"""`nbalign evaluate`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.options import dimensions_option, evidence_option, model_option, rubric_option, threads_option
from nbalign.cli.progress import shown
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.evaluate.experiment.model import ExperimentResult
    from nbalign.evaluate.experiment.options import ExperimentOptions
    from nbalign.workspace import Workspace


def _names(_context: click.Context, _parameter: click.Parameter, value: str | None) -> tuple[str, ...]:
    return tuple(name for name in (value or "").replace(",", " ").split())


@click.command()
@click.option(
    "--arms", callback=_names, metavar="A,B,…", help="Arms to compare, named above. Default: all but counts and bare."
)
@dimensions_option
@click.option(
    "--notebook", "-n", "notebooks", multiple=True, metavar="NAME", help="Only this notebook (or hash); repeatable."
)
@click.option(
    "--ablation", callback=_names, metavar="ID,…", help="Dimensions for the arms semantic and episodic. Default: all."
)
@rubric_option
@model_option
@click.option("--folds", type=click.IntRange(2, 1000), default=4, show_default=True, metavar="K", help="Folds.")
@click.option(
    "--bootstrap",
    type=click.IntRange(100, 1_000_000),
    default=10_000,
    show_default=True,
    metavar="N",
    help="Resamples behind each interval.",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, show_default=True, metavar="N", help="Of folds and resamples."
)
@click.option(
    "--group",
    type=click.Choice(["notebook", "case"]),
    default="notebook",
    show_default=True,
    help="case: notebooks that answer the same task stay in one fold.",
)
@click.option(
    "--rubric-checks",
    type=click.IntRange(0, 50),
    default=2,
    show_default=True,
    metavar="N",
    help="Yes/no checks made from the rubric, for each dimension.",
)
@click.option(
    "--guideline-checks",
    type=click.IntRange(0, 50),
    default=1,
    show_default=True,
    metavar="N",
    help="Yes/no checks made from guidelines, for each dimension and fold.",
)
@evidence_option
@threads_option
@click.option("--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="Also write a report page here.")
@click.option("--show", metavar="ID", help="Show a finished experiment again (an id, or `latest`); nothing is run.")
@click.option("--list", "listed", is_flag=True, help="List the finished experiments.")
@json_option
@click.pass_obj
def evaluate(
    session: Session,
    arms: tuple[str, ...],
    dimensions: tuple[str, ...],
    notebooks: tuple[str, ...],
    ablation: tuple[str, ...],
    rubric: str | None,
    model: str | None,
    folds: int,
    bootstrap: int,
    seed: int,
    group: str,
    rubric_checks: int,
    guideline_checks: int,
    evidence_tokens: int,
    threads: int | None,
    page: Path | None,
    show: str | None,
    listed: bool,
    as_json: bool,
) -> int:
    """Cross-validate alignment: does it bring the judge nearer to the raters?

    Notebooks are divided into folds. Each fold in turn is held out: guidelines, precedents, checks and calibration
    are made from the labels of the others, and the held-out notebooks are judged with them. The table shows every
    arm's error with 95% intervals, beside the constant, what needs no model, and the raters' own disagreement.

    \b
    constant         the median score of the training folds
    counts           crude counts of the text, fitted; no model
    evidence         facts read off the code, fitted; no model
    bare             the judge as it is, shown no facts
    base             the judge as it is, with facts
    semantic         the judge with guidelines
    episodic         the judge with precedents
    full             the judge with both
    checks           yes/no questions to the model, fitted
    calibrated       judge, facts, counts, words, precedents: fitted
    full+calibrated  these and checks, blended with full

    Every answer of the model is kept at once. Stop with ctrl-c, or lose power: the same command goes on.
    """
    from nbalign.errors import Cancelled
    from nbalign.evaluate.experiment.options import DEFAULT_ARMS, ExperimentOptions
    from nbalign.judge.session import JudgeOptions

    with session.open() as workspace:
        if listed:
            return _list(workspace, rubric, as_json)
        if show is not None:
            result = _kept(workspace, rubric, show)
        else:
            options = ExperimentOptions(
                arms=arms or DEFAULT_ARMS,
                dimensions=dimensions,
                notebooks=notebooks,
                ablation=ablation,
                folds=folds,
                bootstrap=bootstrap,
                seed=seed,
                group=group,
                rubric_checks=rubric_checks,
                guideline_checks=guideline_checks,
                judge=JudgeOptions(model=model, evidence=evidence_tokens, threads=threads),
            )
            try:
                result = _run(workspace, options, rubric)
            except (Cancelled, KeyboardInterrupt):
                note("stopped; every finished answer is kept. Run the same command again to go on.")
                return 130
        excerpts: dict[tuple[str, int], str] = {}
        if page:
            from nbalign.evaluate.report.saving import cited_cells

            excerpts = cited_cells(result, workspace.notebook)
    if as_json:
        from nbalign.evaluate.report.plain import as_json as plain

        print_json(plain(result))
    else:
        from nbalign.cli.evaluate_table import text

        click.echo(text(result))
    if page:  # last, so that a page that cannot be written costs nobody the figures
        from nbalign.evaluate.report.saving import write_page

        write_page(result, page, excerpts)
        note(f"report: {page}")
    return 0


def _run(workspace: Workspace, options: ExperimentOptions, rubric: str | None) -> ExperimentResult:
    rubric = rubric_meant(workspace, rubric)
    with shown() as progress:
        return workspace.evaluate(options, rubric=rubric, progress=progress)


def _kept(workspace: Workspace, rubric: str | None, ref: str) -> ExperimentResult:
    from nbalign.errors import NotFound

    if ref != "latest":
        return workspace.experiments().get(ref)
    found = workspace.experiments().latest(workspace.rubric(rubric_meant(workspace, rubric)).id)
    if found is None:
        raise NotFound("no experiment has been finished here yet", "Run one: nbalign evaluate")
    return found


def _list(workspace: Workspace, rubric: str | None, as_json: bool) -> int:
    found = workspace.experiments().list(rubric)
    if as_json:
        print_json([{"id": ref, "rubric": name, "at": at, "options": options} for ref, name, at, options in found])
    elif found:
        rows = [[ref, name, at[:16].replace("T", " "), options.get("arms", "")] for ref, name, at, options in found]
        print_table(["id", "rubric", "finished", "arms"], rows)
    else:
        click.echo("No experiment has been finished here yet. Run one: nbalign evaluate")
    return 0
