"""`nbalign execute`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbalign.cli.context import json_option, note, print_json, print_table
from nbalign.cli.options import cell_timeout_option, memory_option, timeout_option, unsafe_option
from nbalign.cli.progress import duration, shown
from nbalign.errors import UsageError

if TYPE_CHECKING:
    from nbalign.execute.model import CellRun, Executed
    from nbalign.progress import OnProgress

_FILE = click.Path(path_type=Path, dir_okay=False)


@dataclass(frozen=True, slots=True)
class _Task:
    """A notebook to be run.

    Attributes:
        path: As the user named it.
        raw: Its bytes.
        numbers: Numbers of its code cells.
        target: Where it is written; None for nowhere.
    """

    path: Path
    raw: bytes
    numbers: list[int]
    target: Path | None


@click.command()
@click.argument("notebooks", nargs=-1, required=True, metavar="NOTEBOOK…", type=_FILE)
@click.option("--data", "-d", multiple=True, type=_FILE, metavar="FILE", help="Copy this file beside the notebook.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write the run notebooks here.")
@click.option("--in-place", is_flag=True, help="Write each run notebook over the one that was read.")
@cell_timeout_option
@timeout_option
@memory_option
@click.option("--python", type=_FILE, metavar="PROGRAM", help="Run with this Python, which has ipykernel and nbclient.")
@click.option("--stop-at-error", is_flag=True, help="Run no cell after one that failed.")
@unsafe_option
@json_option
def execute(
    notebooks: tuple[Path, ...],
    data: tuple[Path, ...],
    out: Path | None,
    in_place: bool,
    cell_timeout: float,
    timeout: float,
    memory_mb: int,
    python: Path | None,
    stop_at_error: bool,
    unsafe: bool,
    as_json: bool,
) -> int:
    """Run notebooks in a sandbox, without network and with nothing of yours in sight.

    Each NOTEBOOK gets a fresh kernel and its own copy of the data in its working folder. Without --out or --in-place
    nothing is written: that shows whether the cells run. Exit code 1 if a cell failed, 6 if there is no sandbox. Needs
    no workspace; docs/execution.md says what the sandbox keeps in.
    """
    from nbalign.execute.data import Data
    from nbalign.execute.model import Bounds
    from nbalign.execute.notebook import execute_notebook
    from nbalign.execute.saving import prepare, save

    if out is not None and in_place:
        raise UsageError("--out and --in-place say two different things", "Leave one of them out.")
    tasks = _tasks(notebooks, out, in_place=in_place)
    files = [Data(path.name, path) for path in data]
    bounds = Bounds(cell_seconds=cell_timeout, seconds=timeout, memory_bytes=memory_mb << 20)
    for folder in {task.target.parent for task in tasks if task.target is not None}:
        prepare(folder)
    done: list[tuple[_Task, Executed]] = []
    total = sum(len(task.numbers) for task in tasks)
    with shown() as progress:
        for task in tasks:
            before = sum(len(ran.cells) for _, ran in done)
            ran = execute_notebook(
                task.raw,
                files,
                bounds,
                unsafe=unsafe,
                python=python,
                progress=_told(progress, task.path.name, before, total),
                stop_at_error=stop_at_error,
                name=task.path.name,
            )
            if task.target is not None:
                save(ran.raw, task.target, before=task.raw if in_place else None)
            done.append((task, ran))
    if as_json:
        print_json([_as_json(task, ran) for task, ran in done])
    else:
        _print(done)
    if any(ran.isolation == "none" for _, ran in done):
        note("run without a sandbox, with all your rights")
    if out is None and not in_place:
        note("nothing is written; --out FOLDER or --in-place keeps the outputs")
    return 1 if any(ran.failed for _, ran in done) else 0


def _tasks(notebooks: tuple[Path, ...], out: Path | None, *, in_place: bool) -> list[_Task]:
    """Reads everything before anything runs: a wrong name is found at once, and not an hour later."""
    from nbalign.execute.notebook import code_cells
    from nbalign.execute.saving import load

    tasks: list[_Task] = []
    inputs = {path.resolve() for path in notebooks}
    targets: set[Path] = set()
    for path in notebooks:
        target = path.resolve() if in_place else None if out is None else (out / path.name).resolve()
        if target in targets:
            raise UsageError(f"two notebooks would be written to {target}", "Run them one after the other.")
        if target is not None:
            targets.add(target)
            if target in inputs and not in_place:
                raise UsageError(f"{target} is a notebook to be run", "Name another folder, or say --in-place.")
        raw = load(path)
        tasks.append(_Task(path, raw, code_cells(raw, path.name), target))
    return tasks


def _told(progress: OnProgress, name: str, before: int, total: int) -> OnProgress:
    """Progress of one notebook as progress of all."""
    from nbalign.notebooks.sanitise import clean_line

    stage = f"running {clean_line(name, 60)}"
    return lambda step: progress(replace(step, stage=stage, done=before + step.done, total=total))


def _why(task: _Task, ran: Executed) -> str:
    """The first cell that did not end well, and why."""
    for number, cell in zip(task.numbers, ran.cells, strict=True):
        if cell.state != "ok":
            return f"cell {number}: {cell.error}"
    return ""


def _print(done: list[tuple[_Task, Executed]]) -> None:
    from nbalign.notebooks.sanitise import clean_line

    rows = []
    for task, ran in done:
        ok, skipped = _count(ran.cells, "ok"), _count(ran.cells, "not run")
        counts = [str(n) for n in (len(ran.cells), ok, ran.failed - skipped, skipped)]
        rows.append([clean_line(task.path.name, 50), *counts, duration(ran.seconds), clean_line(_why(task, ran), 100)])
    print_table(["notebook", "cells", "ok", "failed", "not run", "time", "why"], rows, right=range(1, 6))
    isolation = done[0][1].isolation
    if isolation != "none":
        click.echo(f"\nkept in by {'bubblewrap' if isolation == 'bubblewrap' else 'namespaces'}")


def _count(cells: tuple[CellRun, ...], state: str) -> int:
    return sum(cell.state == state for cell in cells)


def _as_json(task: _Task, ran: Executed) -> dict[str, Any]:
    return {
        "notebook": str(task.path),
        "written": None if task.target is None else str(task.target),
        "isolation": ran.isolation,
        "seconds": round(ran.seconds, 3),
        "failed": ran.failed,
        "cells": [
            {"cell": number, "state": cell.state, "error": cell.error, "seconds": round(cell.seconds, 3)}
            for number, cell in zip(task.numbers, ran.cells, strict=True)
        ],
    }
