"""Runs as terminals and JSON show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from nbalign.cli.context import note, print_table, short_names
from nbalign.cli.figures import counted, number, wrap
from nbalign.cli.progress import duration

if TYPE_CHECKING:
    from nbalign.judge.batch import JudgeReport
    from nbalign.suite.runs.model import Production, Run, ScoredRun


def summary(scored: ScoredRun) -> dict[str, Any]:
    """A run in short, as JSON allows it."""
    run = scored.run
    return {
        "name": run.name,
        "suite": run.suite,
        "suite_sha256": run.suite_sha256,
        "generator": run.generator,
        "identity": dict(run.identity),
        "cases": len(run.cases),
        "repeats": run.repeats,
        "seed": run.seed,
        "rubric": run.rubric,
        "judge": run.judge,
        "model": run.model,
        "memory": run.memory,
        "at": run.at,
        "note": run.note,
        "made": sum(bool(made.notebook) for made in scored.productions),
        "missing": scored.missing,
        "judged": judged(scored),
        "means": means(scored),
        "mean": mean(scored),
    }


def judged(scored: ScoredRun) -> int:
    """Notebooks with a score on every dimension."""
    found: dict[tuple[str, int], int] = {}
    for score in scored.scores:
        found[score.case, score.repeat] = found.get((score.case, score.repeat), 0) + 1
    return sum(count == len(scored.dimensions) for count in found.values())


def means(scored: ScoredRun) -> dict[str, float | None]:
    """Dimension -> mean score, N/A left out; None where there is none."""
    found: dict[str, float | None] = {}
    for dimension, _ in scored.dimensions:
        given = [s.score for s in scored.scores if s.dimension == dimension and s.score != scored.not_applicable]
        found[dimension] = sum(given) / len(given) if given else None
    return found


def mean(scored: ScoredRun) -> float | None:
    """Mean over the dimensions that have a mean."""
    known = [value for value in means(scored).values() if value is not None]
    return sum(known) / len(known) if known else None


def progress(scored: ScoredRun) -> str:
    """How many notebooks are judged, of those asked for."""
    return f"{judged(scored)} of {len(scored.run.cases) * scored.run.repeats}"


def details(scored: ScoredRun) -> dict[str, Any]:
    """Everything that came of a run, as JSON allows it."""
    return {
        "productions": [asdict(made) for made in scored.productions],
        "scores": [asdict(score) for score in scored.scores],
    }


def print_run(scored: ScoredRun) -> None:
    """Prints a run: its grid of cases and dimensions, its costs, and what is missing."""
    run = scored.run
    click.echo(f"{run.name}: {run.generator} on {run.suite}, {_cases(run)}, seed {run.seed}")
    if run.note:
        click.echo(wrap(run.note))
    click.echo(f"judge {run.judge}{f', memory {run.memory}' if run.memory else ''}")
    click.echo("")
    short = short_names([dimension for dimension, _ in scored.dimensions])
    given = {(s.case, s.repeat, s.dimension): s.score for s in scored.scores}
    rows = [
        [
            made.case if run.repeats == 1 else f"{made.case} {made.repeat}",
            *[_score(given.get((made.case, made.repeat, d)), scored) for d, _ in scored.dimensions],
            _state(made, run),
        ]
        for made in scored.productions
    ]
    average = means(scored)
    rows.append(["mean", *[number(average[d]) for d, _ in scored.dimensions], number(mean(scored))])
    print_table(["case", *short, "cells"], rows, right=range(1, len(short) + 1))
    click.echo("  ".join(f"{s} {title}" for s, (_, title) in zip(short, scored.dimensions, strict=True)))
    _print_costs(scored.productions, run)
    for made in scored.productions:
        if made.problem:
            note(f"not made: {made.case} {made.repeat}: {made.problem}")
    if scored.missing:
        are = "is" if scored.missing == 1 else "are"
        click.echo(f"{counted(scored.missing, 'notebook')} {are} missing: run the command that began it again to go on")


def print_judged(report: JudgeReport) -> None:
    """Prints what the judge did, and what it took."""
    words = f"judged: {counted(report.new, 'new score')}, {report.known:,} known already"
    if tokens := report.evaluated + report.generated:
        rate = tokens / max(report.seconds, 1e-9)
        written = f", {report.generated:,} written" if report.generated else ""
        words += f"; {report.evaluated:,} tokens read{written} in {duration(report.seconds)} ({rate:.0f} tokens/s)"
    click.echo(words)


def _print_costs(productions: Sequence[Production], run: Run) -> None:
    made = [production for production in productions if production.notebook]
    if not made:
        return
    notebooks = counted(len(made), "notebook")
    if run.identity.get("generator") == "folder":
        words = [f"{notebooks} taken from a folder"]
    else:
        words = [f"{notebooks} written in {duration(sum(one.seconds for one in made))}"]
    if tokens := sum(one.generated for one in made):
        read = sum(one.evaluated for one in made)
        words.append(f"{read:,} tokens read and {tokens:,} written by the local model")
    if failed := sum(one.failed_cells for one in made):
        words.append(f"{counted(failed, 'cell')} failed")
    else:
        words.append("no cell failed" if _executed(run) else "no cell was run")
    click.echo("\n" + "; ".join(words))


def _executed(run: Run) -> bool:
    """Whether its cells were run; those of a folder that does not say are taken to have been."""
    return run.identity.get("executed") != "no" or (
        run.identity.get("generator") == "folder" and run.identity.get("made_by.executed") != "no"
    )


def _cases(run: Run) -> str:
    cases = counted(len(run.cases), "case")
    return cases if run.repeats == 1 else f"{cases} x {run.repeats}"


def _score(score: int | None, scored: ScoredRun) -> str:
    if score is None:
        return "·"
    return "N/A" if score == scored.not_applicable else str(score)


def _state(made: Production, run: Run) -> str:
    if not made.notebook:
        return "not made"
    if made.failed_cells:
        return f"{made.failed_cells} failed"
    return "ok" if _executed(run) else "not run"
