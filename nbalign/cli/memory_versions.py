"""`nbalign memory versions|diff|neighbours|checks`: what is in a memory, and what it shows a judge."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.options import dimensions_option, rubric_option
from nbalign.cli.progress import shown
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.align.differences import MemoryDiff


@click.command()
@rubric_option
@json_option
@click.pass_obj
def versions(session: Session, rubric: str | None, as_json: bool) -> None:
    """List the memory versions, the latest first."""
    with session.open() as workspace:
        found = workspace.memories().versions(workspace.rubric(rubric_meant(workspace, rubric)).id)
    if as_json:
        print_json([{"version": v, "parent": p, "model": m, "at": at} for v, p, m, at in found])
    elif found:
        rows = [[v, p or "–", m, at[:16].replace("T", " ")] for v, p, m, at in found]
        print_table(["version", "follows", "model", "made"], rows)
    else:
        note("nothing has been aligned yet\nMake a memory from the labels: nbalign align")


@click.command()
@click.argument("first", metavar="[A]", required=False)
@click.argument("second", metavar="[B]", required=False)
@rubric_option
@json_option
@click.pass_obj
def diff(session: Session, first: str | None, second: str | None, rubric: str | None, as_json: bool) -> None:
    """Show what changed between two memory versions.

    Without versions, the latest is compared with the one that it followed; with one, that one with the latest.
    """
    from nbalign.align.differences import differences

    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        newer = workspace.memory(second or "latest", rubric)
        if first is None and not newer.parent:
            note(f"memory {newer.version} is the first: there is nothing to compare it with")
            if as_json:
                print_json(None)
            return
        older = workspace.memory(first or newer.parent, rubric)
    found = differences(older, newer)
    if as_json:
        print_json(asdict(found))
    else:
        _print_diff(found)


def _print_diff(found: MemoryDiff) -> None:
    click.echo(f"{found.older} -> {found.newer}")
    if not found:
        click.echo("nothing changed")
        return
    for sign, many in (("+", found.added), ("-", found.dropped)):
        for guideline in many:
            click.echo(f"{sign} [{guideline.dimension}] {guideline.text}  ({guideline.state}, {guideline.id})")
    for before, after in found.changed:
        if before.text != after.text:
            click.echo(f"~ [{after.dimension}] {before.text}")
            click.echo(f"  now: {after.text}  ({after.id})")
        else:
            words = f"{before.state} -> {after.state}" if before.state != after.state else "other sources"
            click.echo(f"~ [{after.dimension}] {after.text}  ({words}, {after.id})")
    if found.precedents_added or found.precedents_dropped:
        click.echo(f"precedents: {found.precedents_added} new or changed, {found.precedents_dropped} gone or changed")
    for dimension, was, now in found.calibrations:
        click.echo(f"calibration of {dimension}: {was} -> {now}")


@click.command()
@click.argument("notebook")
@dimensions_option
@click.option("-k", "count", type=click.IntRange(1, 50), default=3, show_default=True, help="How many.")
@click.option("--memory", "version", default="latest", show_default=True, metavar="VERSION", help="Which memory.")
@rubric_option
@json_option
@click.pass_obj
def neighbours(
    session: Session,
    notebook: str,
    dimensions: tuple[str, ...],
    count: int,
    version: str,
    rubric: str | None,
    as_json: bool,
) -> None:
    """Show the precedents that a judge is shown of NOTEBOOK, and why these."""
    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        the_rubric = workspace.rubric(rubric)
        asked = dimensions or tuple(d.id for d in the_rubric.dimensions)
        with shown() as progress:
            found = workspace.neighbours_of(notebook, asked, memory=version, rubric=rubric, k=count, progress=progress)
    if as_json:
        print_json({d: [asdict(n) for n in near] for d, near in found.items()})
        return
    for dimension, near in found.items():
        click.echo(f"\n{the_rubric.dimension(dimension).title}")
        if not near:
            click.echo("  no precedents")
        for n in near:
            by_facts = "no facts" if n.by_facts is None else f"facts {n.by_facts:.2f}"
            precedent = n.precedent
            cells = f" [{', '.join(map(str, precedent.cells))}]" if precedent.cells else ""
            score = the_rubric.scale.name(precedent.score)
            click.echo(f"  {n.similarity:.2f}  {precedent.name}: {precedent.score} ({score}){cells}")
            click.echo(f"        meaning {n.by_meaning:.2f} · words {n.by_words:.2f} · {by_facts}")
            click.echo(f"        {precedent.text or precedent.excerpt or '(no words)'}")


@click.command()
@dimensions_option
@click.option("--memory", "version", default="latest", show_default=True, metavar="VERSION", help="Which memory.")
@rubric_option
@json_option
@click.pass_obj
def checks(session: Session, dimensions: tuple[str, ...], version: str, rubric: str | None, as_json: bool) -> None:
    """Show the checks of a memory: each question with its weight and where it comes from."""
    from nbalign.align.teaching import read_checks
    from nbalign.errors import NotFound

    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        the_rubric = workspace.rubric(rubric)
        known = {d.id: d for d in the_rubric.dimensions}
        if unknown := [d for d in dimensions if d not in known]:
            raise NotFound(
                f"rubric {the_rubric.id} has no dimension {', '.join(unknown)}", f"It has: {', '.join(known)}."
            )
        memory = workspace.memory(version, rubric)
    texts = {g.id: g.text for g in memory.guidelines}
    found = {
        d.id: read_checks(d.id, memory.calibrations[d.id])
        for d in the_rubric.dimensions
        if d.id in memory.calibrations and (not dimensions or d.id in dimensions)
    }
    if as_json:
        print_json({d: [{**asdict(c), "weight": w} for c, w in many] for d, many in found.items()})
        return
    for dimension, many in found.items():
        click.echo(f"\n{the_rubric.dimension(dimension).title}")
        if not many:
            click.echo("  no checks")
        for check, weight in sorted(many, key=lambda item: -abs(item[1])):
            source = f"guideline {check.source}" if check.source in texts else check.source
            click.echo(f"  {weight:+.2f}  {check.text}  ({source})")
    click.echo("\nweight: levels by which the raters' score goes up where the odds of yes are e times as high")
