"""`nbalign judge`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table, short_names
from nbalign.cli.options import dimensions_option, evidence_option, model_option, rubric_option, threads_option
from nbalign.cli.progress import duration, shown
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.judge.batch import JudgeReport
    from nbalign.judge.model import Judgement
    from nbalign.judge.session import JudgeOptions
    from nbalign.rubrics.model import Rubric
    from nbalign.workspace import Workspace


@click.command()
@click.argument("notebooks", nargs=-1, metavar="[NOTEBOOK…]")
@dimensions_option
@rubric_option
@model_option
@click.option("--memory", metavar="VERSION", help="Judge with this memory. Default: the latest, where there is one.")
@click.option("--unaligned", is_flag=True, help="Judge without any memory.")
@click.option("--rationale", is_flag=True, help="Also write two or three sentences that cite cells.")
@click.option(
    "--budget",
    type=click.IntRange(64, 100_000),
    default=2000,
    show_default=True,
    metavar="N",
    help="Tokens of a notebook that the model reads.",
)
@click.option("--no-evidence", is_flag=True, help="Show the model no facts read off the code.")
@evidence_option
@click.option(
    "--context",
    type=click.IntRange(512, 131_072),
    default=4096,
    show_default=True,
    metavar="N",
    help="Tokens of context; cut down to what the model was trained for.",
)
@threads_option
@click.option(
    "--gpu-layers",
    type=click.IntRange(-1, 999),
    default=-1,
    show_default=True,
    metavar="N",
    help="Layers on the GPU; -1: all, where the build has a GPU.",
)
@click.option(
    "--park-mb",
    type=click.IntRange(0),
    default=4096,
    show_default=True,
    metavar="N",
    help="Disk for evaluated prefixes in the workspace's cache; 0: none.",
)
@json_option
@click.pass_obj
def judge(
    session: Session,
    notebooks: tuple[str, ...],
    dimensions: tuple[str, ...],
    rubric: str | None,
    model: str | None,
    memory: str | None,
    unaligned: bool,
    rationale: bool,
    budget: int,
    no_evidence: bool,
    evidence_tokens: int,
    context: int,
    threads: int | None,
    gpu_layers: int,
    park_mb: int,
    as_json: bool,
) -> int:
    """Score notebooks with a local model, aligned if this workspace has a memory (nbalign align).

    NOTEBOOK is a name or hash; without any, all notebooks of the workspace are judged. What was judged before is not
    computed again. Each score is kept at once: stop with ctrl-c and run the same command again to go on.
    """
    from nbalign.judge.session import JudgeOptions

    options = JudgeOptions(
        model=model,
        budget=budget,
        rationale=rationale,
        evidence=0 if no_evidence else evidence_tokens,
        context=context,
        threads=threads,
        gpu_layers=gpu_layers,
        park_bytes=park_mb << 20,
    )
    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        the_rubric = workspace.rubric(rubric)
        with shown() as progress:
            version = None if unaligned else _memory(workspace, the_rubric, memory, options)
            if version is None:
                report = workspace.judge(
                    notebooks, dimensions=dimensions, rubric=rubric, options=options, progress=progress
                )
            else:
                report = workspace.judge_aligned(
                    notebooks, memory=version, dimensions=dimensions, rubric=rubric, options=options, progress=progress
                )
        names = workspace.names()
    if as_json:
        print_json(_as_json(report, names))
    else:
        _print(report, names, the_rubric)
    for name, problem in report.failed:
        note(f"not judged: {name}: {problem}")
    if report.stopped:
        note("stopped; every score above is kept. Run the same command again to go on.")
        return 130
    return 3 if report.failed else 0


def _memory(workspace: Workspace, rubric: Rubric, asked: str | None, options: JudgeOptions) -> str | None:
    """The version to judge with: the one asked for, or the latest where it is of this rubric and these settings."""
    if asked is not None:
        return asked
    found = workspace.memories().latest(rubric.id)
    if found is None:
        return None
    same = found.rubric_sha256 == rubric.sha256 and options.model in (None, found.model)
    same = same and str(options.evidence) == found.made_by.get("evidence_tokens")
    if same and str(options.budget) == found.made_by.get("budget"):
        return found.version
    note(f"judging without the memory {found.version}: it was made with another rubric text, model or budget")
    return None


def _as_json(report: JudgeReport, names: Mapping[str, str]) -> dict[str, object]:
    found = asdict(report)
    found["judgements"] = [{"name": names[j.notebook], **asdict(j)} for j in report.judgements]
    return found


def _print(report: JudgeReport, names: Mapping[str, str], rubric: Rubric) -> None:
    by_notebook: dict[str, dict[str, Judgement]] = {}
    for judgement in report.judgements:
        by_notebook.setdefault(judgement.notebook, {})[judgement.dimension] = judgement
    asked = [d for d in rubric.dimensions if any(d.id in found for found in by_notebook.values())]
    if len(by_notebook) == 1:
        _print_one(next(iter(by_notebook.values())), rubric)
    elif by_notebook:
        short = short_names([d.id for d in asked])
        rows = [
            [names[sha256], *[_score(found.get(d.id), rubric) for d in asked]] for sha256, found in by_notebook.items()
        ]
        print_table(["notebook", *short], rows, right=range(1, len(asked) + 1))
        click.echo("  ".join(f"{s} {d.title}" for s, d in zip(short, asked, strict=True)))
    click.echo("")
    click.echo(f"judge {report.judge}: {report.new} new, {report.known} known already")
    if report.evaluated:
        rate = (report.evaluated + report.generated) / max(report.seconds, 1e-9)
        written = f", {report.generated:,} written" if report.generated else ""
        click.echo(
            f"{report.evaluated:,} tokens evaluated, {report.reused:,} taken from the cache{written}; "
            f"{duration(report.seconds)} ({rate:.0f} tokens/s)"
        )


def _print_one(found: Mapping[str, Judgement], rubric: Rubric) -> None:
    values = rubric.scale.values
    header = ["dimension", "score", "expected", *[f"p({v})" for v in values]]
    rows = [
        [
            rubric.dimension(dimension).title,
            f"{_score(j, rubric)} {rubric.scale.name(j.score)}" if j.score != rubric.scale.not_applicable else "N/A",
            f"{j.expected:.2f}",
            *[f"{j.probabilities.get(v, 0.0):.2f}" for v in values],
        ]
        for dimension, j in found.items()
    ]
    print_table(header, rows, right=range(2, len(header)))
    for dimension, j in found.items():
        if j.rationale:
            click.echo(f"\n{rubric.dimension(dimension).title}: {j.rationale}")
    cut = next(iter(found.values())).cut
    if cut:
        click.echo(f"\nleft out of what the model read: {'; '.join(cut[:6])}{' …' if len(cut) > 6 else ''}")


def _score(judgement: Judgement | None, rubric: Rubric) -> str:
    if judgement is None:
        return "·"
    return "N/A" if judgement.score == rubric.scale.not_applicable else str(judgement.score)
