"""`nbalign align`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.options import dimensions_option, evidence_option, model_option, rubric_option, threads_option
from nbalign.cli.progress import duration, shown
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.align.aligning import AlignReport
    from nbalign.rubrics.model import Rubric
    from nbalign.workspace import Workspace

_MOST_NOISE = 10


@click.command()
@dimensions_option
@rubric_option
@model_option
@click.option(
    "--arm",
    type=click.Choice(["full+calibrated", "calibrated"]),
    help="What the judge becomes: with guidelines, precedents and checks besides its calibration, or calibrated alone, "
    "which costs the model no further question. Default: as the latest version is, else the former.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be learned from; no model is needed, nothing is kept.")
@click.option(
    "--unalign", "out", multiple=True, metavar="NAME", help="Learn no more from this notebook or rater; repeatable."
)
@click.option("--realign", "again", multiple=True, metavar="NAME", help="Learn from it again; repeatable.")
@evidence_option
@threads_option
@json_option
@click.pass_obj
def align(
    session: Session,
    dimensions: tuple[str, ...],
    rubric: str | None,
    model: str | None,
    arm: str | None,
    dry_run: bool,
    out: tuple[str, ...],
    again: tuple[str, ...],
    evidence_tokens: int,
    threads: int | None,
    as_json: bool,
) -> int:
    """Teach the judge what raters gave and said: make a new version of its memory.

    Guidelines are distilled from the raters' words, precedents kept from their cases, checks made and weighted, and a
    calibration fitted. Only what is new or changed costs anything. Stop with ctrl-c and run the same command again to
    go on. `nbalign judge` then uses the latest memory; `nbalign evaluate` shows honestly whether it helps.
    """
    from nbalign.errors import Cancelled
    from nbalign.judge.session import JudgeOptions

    options = JudgeOptions(model=model, evidence=evidence_tokens, threads=threads)
    with session.open() as workspace:
        left_out = _leave_out(workspace, out, again, trying=dry_run)
        the_rubric = workspace.rubric(rubric_meant(workspace, rubric))
        try:
            with shown() as progress:
                report = workspace.align(
                    dimensions=dimensions,
                    rubric=the_rubric.id,
                    options=options,
                    arm=arm,
                    dry_run=dry_run,
                    left_out=left_out,
                    progress=progress,
                )
        except (Cancelled, KeyboardInterrupt):
            note("stopped; everything finished is kept. Run the same command again to go on.")
            return 130
        names = workspace.names()
    if as_json:
        print_json(_as_json(report))
        return 0
    _print(report, the_rubric, dry_run)
    told = [*(names.get(sha256, sha256[:12]) for sha256 in left_out[0]), *left_out[1]]
    if told:
        click.echo(f"left out: {', '.join(told)}  (take them in again: --realign NAME)")
    return 0


def _leave_out(
    workspace: Workspace, out: tuple[str, ...], again: tuple[str, ...], *, trying: bool
) -> tuple[list[str], list[str]]:
    """What is not learned from now; names are raters or notebooks, and a name that is both means the rater.

    Where it is only tried, nothing is kept.
    """
    raters = set(workspace.raters())
    found = workspace.left_out()
    for names, back in ((out, False), (again, True)):
        if names:
            found = workspace.unalign(
                notebooks=[name for name in names if name not in raters],
                raters=[name for name in names if name in raters],
                again=back,
                instead_of=found if trying else None,
            )
    return found


def _as_json(report: AlignReport) -> dict[str, object]:
    found = asdict(report)
    memory = found.pop("memory")
    if report.memory is not None and memory is not None:
        found["version"] = report.memory.version
        found["parent"] = report.memory.parent
        found["guidelines"] = memory["guidelines"]
        found["precedents"] = len(report.memory.precedents)
        found["accounts"] = memory["accounts"]
        found["calibrations"] = {
            d: {"on": c["on"], "why": c["why"]} for d, c in sorted(report.memory.calibrations.items())
        }
    return found


def _print(report: AlignReport, rubric: Rubric, dry_run: bool) -> None:
    news = report.news
    click.echo(
        f"{report.lessons} settled scores; labels: {news.added} new, {news.gone} gone, {news.kept} known already"
    )
    if report.unsettled:
        click.echo(f"{report.unsettled} left out: raters disagree and nobody has decided (nbalign label consensus)")
    if report.noise:
        undecided = sum(not decided for _, _, decided in report.noise)
        click.echo(
            f"{len(report.noise)} where raters are more than half of the scale apart, {undecided} of them undecided: "
            "settle these first, they teach noise"
        )
        for name, dimension_id, decided in report.noise[:_MOST_NOISE]:
            click.echo(f"  {name} · {rubric.dimension(dimension_id).title}{' · decided' if decided else ''}")
    memory = report.memory
    if dry_run or memory is None:
        click.echo(f"dry run: {report.to_judge} judgements are missing and would be made first; nothing was kept")
        return
    rows = []
    for dimension in rubric.dimensions:
        own = [g for g in memory.guidelines if g.dimension == dimension.id and g.state != "rejected"]
        cases = [p for p in memory.precedents if p.dimension == dimension.id]
        calibration = memory.calibrations.get(dimension.id)
        state = "–" if calibration is None else "on" if calibration["on"] else "off"
        checks = len(calibration["checks"]) if calibration else 0
        rows.append([dimension.title, str(len(own)), str(len(cases)), str(checks), state])
    click.echo("")
    print_table(["dimension", "guidelines", "precedents", "checks", "calibration"], rows, right=(1, 2, 3))
    silent = sum(not account.guidelines for account in memory.accounts)
    click.echo("")
    click.echo(f"{len(memory.accounts)} labels accounted for; {silent} led to no guideline (why: --json)")
    what = "is as it was: nothing that it rests on has changed" if report.same else "is the latest now"
    click.echo(f"memory {memory.version} {what}")
    if report.evaluated or report.generated:
        rate = (report.evaluated + report.generated) / max(report.seconds, 1e-9)
        click.echo(
            f"{report.evaluated:,} tokens evaluated, {report.generated:,} written; "
            f"{duration(report.seconds)} ({rate:.0f} tokens/s)"
        )
    click.echo("next: nbalign memory list · nbalign judge · nbalign evaluate")
