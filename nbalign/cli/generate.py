"""`nbalign generate`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nbalign.cli.context import json_option, note, print_json
from nbalign.cli.figures import counted
from nbalign.cli.generator_options import Execution, case_options, execution_options, generator_options
from nbalign.cli.progress import duration, shown

if TYPE_CHECKING:
    from nbalign.suite.generate.running import Generated
    from nbalign.suite.generate.settings import Wanted


@click.command()
@click.argument("suite")
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False), required=True, help="Folder for the notebooks."
)
@generator_options
@case_options
@execution_options
@click.option("--force", is_flag=True, help="Write anew what another suite or generator wrote there.")
@json_option
def generate(
    suite: str,
    out: Path,
    wanted: Wanted,
    threads: int | None,
    repeats: int,
    seed: int,
    cases: tuple[str, ...],
    tags: tuple[str, ...],
    execution: Execution,
    force: bool,
    as_json: bool,
) -> int:
    """Have a generator write a notebook for each case of a suite, into a folder.

    SUITE is a suite.yaml, a folder that holds one, or the name of a packaged suite (nbalign suite list). What is
    there already is not written again: stop with ctrl-c and run the same command again to go on. Needs no workspace.
    """
    from nbalign.suite.choosing import choose
    from nbalign.suite.generate.folder import FolderSink
    from nbalign.suite.generate.making import make_generator
    from nbalign.suite.generate.running import generate_suite
    from nbalign.suite.reading import read_suite

    chosen = choose(read_suite(suite), cases, tags)
    with shown() as progress:
        generator = make_generator(wanted, progress)
        try:
            identity = {**generator.identity, "seed": str(seed), **execution.identity()}
            sink = FolderSink.of_suite(out, chosen, identity, force=force)
            found = generate_suite(chosen, generator, repeats, seed, sink, execution.executor(), progress)
        finally:
            generator.close()
    if as_json:
        print_json({"suite": chosen.id, "generator": generator.name, "out": str(out), **asdict(found)})
    else:
        _print(found, generator.name, out)
    for failure in found.failures:
        note(f"not made: {failure.case} ({failure.repeat}): {failure.why}")
    if found.stopped:
        note("stopped; every notebook above is kept. Run the same command again to go on.")
        return 130
    return 3 if found.failures else 0


def _print(found: Generated, name: str, out: Path) -> None:
    from nbalign.notebooks.sanitise import clean_line

    known = f", {found.known} were there already" if found.known else ""
    failed = f", {len(found.failures)} could not be made" if found.failures else ""
    click.echo(f"{name}: {counted(found.written, 'notebook')} written to {clean_line(str(out), 300)}{known}{failed}")
    if found.written:
        cells = (
            f"{counted(found.failed_cells, 'cell')} failed, in {counted(found.with_failed_cells, 'notebook')}"
            if found.failed_cells
            else "no cell failed"
        )
        tokens = f"; {found.evaluated:,} tokens read, {found.generated:,} written" if found.generated else ""
        click.echo(f"{cells}{tokens}; {duration(found.seconds)}")
