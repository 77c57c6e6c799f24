"""`nbalign run`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json
from nbalign.cli.generator_options import Execution, case_options, execution_options, generator_options
from nbalign.cli.options import rubric_option
from nbalign.cli.progress import shown
from nbalign.cli.run_text import print_judged, print_run, summary

if TYPE_CHECKING:
    from nbalign.suite.generate.settings import Wanted
    from nbalign.workspace import Workspace
    from nbalign.workspace.running import RunReport


@click.command()
@click.argument("suite")
@click.option("--name", required=True, metavar="NAME", help="What the run is called; a run of this name goes on.")
@generator_options
@case_options
@execution_options
@rubric_option
@click.option("--judge-model", metavar="NAME", help="Model that judges. Default: the aligned one, else the best here.")
@click.option("--memory", metavar="VERSION", help="Judge with this memory. Default: the latest, if there is one.")
@click.option("--unaligned", is_flag=True, help="Judge without any memory.")
@click.option("--rationale", is_flag=True, help="Have the judge write two or three sentences that cite cells, too.")
@click.option("--note", "words", default="", metavar="TEXT", help="What to remember the run by.")
@json_option
@click.pass_obj
def run(
    session: Session,
    suite: str,
    name: str,
    wanted: Wanted,
    threads: int | None,
    repeats: int,
    seed: int,
    cases: tuple[str, ...],
    tags: tuple[str, ...],
    execution: Execution,
    rubric: str | None,
    judge_model: str | None,
    memory: str | None,
    unaligned: bool,
    rationale: bool,
    words: str,
    as_json: bool,
) -> int:
    """Have a generator write a notebook for each case of a suite, and judge them all: one run, kept by its name.

    SUITE is a suite.yaml, a folder that holds one, or the name of a packaged suite (nbalign suite list). What was
    written or judged before is not done again: stop with ctrl-c and run the same command again to go on.
    """
    from nbalign.judge.session import JudgeOptions
    from nbalign.suite.choosing import choose
    from nbalign.suite.generate.making import make_generator
    from nbalign.suite.reading import read_suite

    options = JudgeOptions(model=judge_model, rationale=rationale, threads=threads)
    with session.open() as workspace:
        chosen = choose(read_suite(suite, workspace.rubrics()), cases, tags)
        version, plain = memory, ""
        if unaligned:
            version = None
        elif memory is None:
            version, plain = _latest(workspace, rubric or chosen.rubric or None, judge_model)
        with shown() as progress:
            generator = make_generator(wanted, progress)
            try:
                begun = workspace.begin_run(
                    name,
                    chosen,
                    generator.name,
                    {**generator.identity, **execution.identity()},
                    repeats=repeats,
                    seed=seed,
                    rubric=rubric,
                    memory=version,
                    options=options,
                    note=words,
                )
                if plain:
                    note(plain)
                report = workspace.run_suite(
                    begun, chosen, generator, execution.executor(), options=options, progress=progress
                )
            finally:
                generator.close()
        scored = workspace.scored_run(name)
    if as_json:
        print_json({**summary(scored), **_as_json(report)})
    else:
        print_run(scored)
        _print(report)
    return _told(report)


def _latest(workspace: Workspace, rubric: str | None, model: str | None) -> tuple[str | None, str]:
    """The latest memory, where it is of this rubric's text and of this model; else None and why."""
    the_rubric = workspace.rubric(rubric)
    found = workspace.memories().latest(the_rubric.id)
    if found is None:
        return None, "judging without a memory: nothing has been aligned here (nbalign align)"
    if found.rubric_sha256 == the_rubric.sha256 and model in (None, found.model):
        return found.version, ""
    return None, f"judging without the memory {found.version}: it was made with another rubric text or model"


def _as_json(report: RunReport) -> dict[str, object]:
    judged = report.judged
    return {
        "generated": None if report.generated is None else asdict(report.generated),
        "judging": None
        if judged is None
        else {
            "new": judged.new,
            "known": judged.known,
            "evaluated": judged.evaluated,
            "seconds": judged.seconds,
            "failed": [{"notebook": name, "why": why} for name, why in judged.failed],
        },
        "stopped": report.stopped,
    }


def _print(report: RunReport) -> None:
    if report.judged is None:
        return
    print_judged(report.judged)
    click.echo(f"next: nbalign compare {report.run.name} ANOTHER · nbalign gate {report.run.name} --baseline ANOTHER")


def _told(report: RunReport) -> int:
    """Says on stderr what went wrong; the exit code."""
    failures = report.generated.failures if report.generated else ()
    failed = report.judged.failed if report.judged else ()
    for name, why in failed:
        note(f"not judged: {name}: {why}")
    if report.stopped:
        note("stopped; every notebook and score is kept. Run the same command again to go on.")
        return 130
    return 3 if failures or failed else 0
