"""`nbalign init`."""

from __future__ import annotations

from pathlib import Path

import click

from nbalign.cli.context import Session
from nbalign.cli.progress import shown


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), metavar="DIR", required=False)
@click.option("--sample", is_flag=True, help="Take in the 52 graded sample notebooks with their labels.")
@click.pass_obj
def init(session: Session, folder: Path | None, sample: bool) -> None:
    """Make a workspace in DIR (default: the folder named with -w, else the current folder)."""
    from nbalign.workspace import Workspace

    target = folder or session.folder or Path()
    with shown() as progress, Workspace.create(target, sample=sample, progress=progress) as workspace:
        count = len(workspace.notebooks())
        labels = len(workspace.labels())
        caveat = workspace.setting("caveat")
    click.echo(f"made a workspace in {target}")
    if sample:
        click.echo(f"  {count} sample notebooks, {labels} labels. {caveat}")
    where = "" if target == Path() else f" -w {target}"
    if not sample:
        click.echo(f"next: nbalign{where} import NOTEBOOKS…")
    else:
        click.echo(f"next: nbalign{where} judge   or: nbalign{where} tui")
