"""`nbalign evidence`: the facts that are read off a notebook, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.figures import wrap

if TYPE_CHECKING:
    from nbalign.evidence import Evidence, Fact, Kind, RuleScore

_NAMES = {3: "3 good", 2: "2 average", 1: "1 bad", 0: "N/A"}
_LEGEND = (
    "+ speaks for a 3, - keeps it from a 3, ! speaks for a 1, · informs, 0 not applicable. The rule score is 2 plus "
    "the points, within 1 to 3: above 2.5 a 3, below 1.5 a 1. Cells in brackets."
)


@click.command()
@click.argument("notebook", required=False)
@click.option("--dimension", "-d", "dimensions", multiple=True, metavar="ID", help="Only this dimension; repeatable.")
@click.option("--kinds", is_flag=True, help="List every kind of fact with its meaning; no notebook is needed.")
@json_option
@click.pass_obj
def evidence(session: Session, notebook: str | None, dimensions: tuple[str, ...], kinds: bool, as_json: bool) -> None:
    """Show the facts that are read off NOTEBOOK: a name or hash in the workspace, or a file.

    Nothing is run and no model is needed. Facts of a dimension stand together, the strongest first, with what they
    come to: the rule score.
    """
    wanted = _dimensions(dimensions)
    if kinds:
        _print_kinds(wanted, as_json)
        return
    if notebook is None:
        raise click.UsageError("Missing argument 'NOTEBOOK' (or --kinds).")
    found = _read(session, notebook)
    if as_json:
        print_json(_as_json(found, wanted))
    else:
        _print(found, wanted, bool(dimensions))


def _dimensions(asked: Sequence[str]) -> tuple[str, ...]:
    """The dimensions asked for, in the order of the packaged rubric; all of them when none is."""
    from nbalign.errors import NotFound
    from nbalign.evidence.facts import MODULES

    known = tuple(module.DIMENSION for module in MODULES)
    for dimension in asked:
        if dimension not in known:
            raise NotFound(f"no facts are known of a dimension {dimension}", f"There are: {', '.join(known)}.")
    return tuple(d for d in known if d in asked) if asked else known


def _read(session: Session, notebook: str) -> Evidence:
    from nbalign.errors import NotFound
    from nbalign.evidence import read_evidence
    from nbalign.notebooks import read_file

    try:
        workspace = session.open()
    except NotFound as error:
        # A file can be looked at without a workspace; one that was named must be there.
        if session.folder is not None:
            raise
        if not Path(notebook).is_file():
            raise NotFound(f"there is no file {notebook!r}, and {error.message}", error.hint) from None
        return read_evidence(read_file(Path(notebook))[1])
    with workspace:
        return workspace.evidence(notebook)


def _print(found: Evidence, dimensions: Sequence[str], chosen: bool) -> None:
    from nbalign.evidence import rule_score
    from nbalign.notebooks.sanitise import clean_line

    bare = [dimension for dimension in dimensions if not found.of(dimension)]
    for dimension in dimensions:
        facts = found.of(dimension)
        if facts:
            click.echo(_head(dimension, rule_score(dimension, facts)))
            for fact in facts:
                click.echo(_line(fact))
            click.echo("")
    if len(bare) == len(dimensions):
        where = "of what was asked for" if chosen else "in this notebook: they are read off Python code and its words"
        click.echo(f"No facts were found {where}.")
    else:
        if bare:
            click.echo(wrap(f"no facts, so no rule score: {', '.join(bare)}"))
        click.echo(wrap(_LEGEND))
    for cell, why in found.unread:
        note(f"not read: {f'[{cell}] ' if cell else ''}{clean_line(why, 200)}")


def _head(dimension: str, rule: RuleScore | None) -> str:
    if rule is None:
        return f"{dimension}: no rule score"
    return f"{dimension}: {_NAMES[rule.score]}" + ("" if rule.points is None else f" ({_points(rule.points)} points)")


def _line(fact: Fact) -> str:
    from nbalign.evidence.block import cells
    from nbalign.evidence.model import SIGNS
    from nbalign.notebooks.sanitise import clean_line

    points = f"{fact.points:+.2f}" if round(fact.points, 2) else ""
    where = cells(fact.cells) + " " if fact.cells else ""
    return f"  {SIGNS[fact.kind.polarity]} {points:>5}  {where}{clean_line(fact.text, 240)}"


def _points(points: float) -> str:
    return f"{points:.2f}".rstrip("0").rstrip(".")


def _as_json(found: Evidence, dimensions: Sequence[str]) -> dict[str, object]:
    from nbalign.evidence import VERSION, rule_score

    told = []
    for dimension in dimensions:
        facts = found.of(dimension)
        rule = rule_score(dimension, facts)
        told.append(
            {
                "dimension": dimension,
                "score": rule.score if rule else None,
                "points": rule.points if rule else None,
                "facts": [
                    {
                        "kind": fact.kind.name,
                        "polarity": fact.kind.polarity,
                        "points": fact.points,
                        "cells": list(fact.cells),
                        "text": fact.text,
                    }
                    for fact in facts
                ],
            }
        )
    unread = [{"cell": cell or None, "why": why} for cell, why in found.unread]
    return {"notebook": found.notebook, "version": VERSION, "dimensions": told, "unread": unread}


def _print_kinds(dimensions: Sequence[str], as_json: bool) -> None:
    from nbalign.evidence.facts import KINDS
    from nbalign.evidence.model import SIGNS

    asked: list[Kind] = [kind for kind in KINDS if kind.dimension in dimensions]
    if as_json:
        print_json(
            [
                {
                    "kind": kind.name,
                    "dimension": kind.dimension,
                    "polarity": kind.polarity,
                    "points": kind.points,
                    "meaning": kind.meaning,
                }
                for kind in asked
            ]
        )
        return
    for dimension in dimensions:
        rows = [
            [SIGNS[k.polarity], f"{k.points:+.2f}" if k.points else "", k.name, k.meaning]
            for k in asked
            if k.dimension == dimension
        ]
        click.echo(dimension)
        print_table(["", "points", "kind", "stated when"], rows, right=[1])
        click.echo("")
    click.echo(wrap(_LEGEND))
