"""`nbalign import` and `nbalign notebooks`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.progress import shown


@click.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATHS…")
@json_option
@click.pass_obj
def import_(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Bring notebooks into the workspace.

    PATHS are .ipynb files (nbformat 3 to 4.5), percent scripts, Databricks source exports, or folders of these. The
    task a notebook answers is read from NAME.prompt.txt beside it, or from a first cell that is all quotation (>).
    The same content twice is a no-op. Exit code 3 when a file could not be taken; the others are in.
    """
    with session.open() as workspace, shown() as progress:
        report = workspace.import_notebooks(paths, progress)
    if as_json:
        print_json(asdict(report))
    else:
        new = [n for n in report.imported if n.new]
        click.echo(f"{len(new)} new, {len(report.imported) - len(new)} known already, {len(report.failed)} not taken")
        for notebook in report.imported:
            for warning in notebook.warnings if notebook.new else ():
                click.echo(f"  {notebook.name}: {warning}")
    for path, problem in report.failed:
        note(f"not taken: {path}: " + "\n  ".join(problem.splitlines()))
    return 3 if report.failed else 0


@click.command()
@json_option
@click.pass_obj
def notebooks(session: Session, as_json: bool) -> None:
    """List the notebooks of the workspace."""
    with session.open() as workspace:
        infos = workspace.notebooks()
    if as_json:
        print_json([asdict(info) for info in infos])
        return
    if not infos:
        click.echo("no notebooks yet. Bring some in: nbalign import PATHS")
        return
    rows = [[i.name, str(i.cells), i.format, i.sha256[:10], _short(i.prompt)] for i in infos]
    print_table(["notebook", "cells", "format", "hash", "task"], rows, right=[1])


def _short(text: str, most: int = 60) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
