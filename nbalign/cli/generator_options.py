"""The options that say which generator writes notebooks, and how their cells are run: the same for every command."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbalign.cli.options import (
    cell_timeout_option,
    memory_option,
    threads_option,
    timeout_option,
    unsafe_option,
)
from nbalign.errors import UsageError

if TYPE_CHECKING:
    import threading

    from nbalign.execute.executor import Sandbox
    from nbalign.suite.generate.settings import Value, Wanted

_FILE = click.Path(path_type=Path, dir_okay=False)

_GENERATOR = (
    click.option(
        "--generator",
        metavar="WHAT",
        help="Who writes: local, local:MODEL, 'command:PROGRAM ARGUMENTS' or folder:PATH (docs/generators.md).",
    ),
    click.option("--generator-file", type=_FILE, metavar="FILE", help="Settings of the generator, a YAML file."),
    click.option("--instructions", metavar="TEXT", help="Said to the local model beside each task."),
    click.option(
        "--temperature",
        type=click.FloatRange(0, 2),
        metavar="T",
        help="Of the local model. Default: 0.7; 0: always alike.",
    ),
    click.option("--steps", type=click.IntRange(1, 20), metavar="N", help="Cells the local model plans. Default: 6."),
    click.option(
        "--generator-context",
        type=click.IntRange(512, 131_072),
        metavar="N",
        help="Tokens of context of the local model that writes. Default: 4096.",
    ),
    click.option("--env", "environment", multiple=True, metavar="NAME=VALUE", help="A variable for the command."),
    click.option(
        "--command-timeout",
        type=click.FloatRange(0.1, 86_400),
        metavar="S",
        help="Seconds of one attempt of the command. Default: 600.",
    ),
    click.option(
        "--retries", type=click.IntRange(0, 20), metavar="N", help="Further attempts of the command. Default: 1."
    ),
)

_CASES = (
    click.option(
        "--repeat",
        "repeats",
        type=click.IntRange(1, 1000),
        default=1,
        show_default=True,
        metavar="N",
        help="Notebooks of each case.",
    ),
    click.option("--seed", type=click.IntRange(0, 2**63 - 1), default=0, show_default=True, help="Of all draws."),
    click.option("--case", "cases", multiple=True, metavar="ID", help="Only this case; repeatable."),
    click.option("--tag", "tags", multiple=True, metavar="T", help="Only cases with this tag; repeatable."),
)

_SANDBOX = (
    click.option(
        "--execute/--no-execute",
        "execute",
        default=None,
        help="Run cells, or none: the local model then sees no outputs. Default: run them, but not those of a folder.",
    ),
    cell_timeout_option,
    timeout_option,
    memory_option,
    click.option(
        "--python", type=_FILE, metavar="PROGRAM", help="Run cells with this Python, which has ipykernel and nbclient."
    ),
    unsafe_option,
)


@dataclass(frozen=True, slots=True)
class Execution:
    """How cells are run, not yet begun.

    Attributes:
        run: False where nothing is run.
        cell_seconds: Seconds of a cell.
        seconds: Seconds of all cells of a notebook.
        memory_bytes: Memory of a notebook.
        python: The Python of the kernels; None for this one.
        unsafe: Go on where there is no sandbox.
    """

    run: bool
    cell_seconds: float
    seconds: float
    memory_bytes: int
    python: Path | None
    unsafe: bool

    def executor(self, cancel: threading.Event | None = None) -> Sandbox | None:
        """What starts kernels; None where nothing is run."""
        from nbalign.execute.executor import Sandbox
        from nbalign.execute.model import Bounds

        if not self.run:
            return None
        bounds = Bounds(cell_seconds=self.cell_seconds, seconds=self.seconds, memory_bytes=self.memory_bytes)
        return Sandbox(bounds, self.unsafe, self.python, cancel)

    def identity(self) -> dict[str, str]:
        """What of it decides what is written, by name."""
        if not self.run:
            return {"executed": "no"}
        python = {"python": str(self.python)} if self.python else {}
        bounds = f"{self.cell_seconds:g} s a cell, {self.seconds:g} s a notebook, {self.memory_bytes >> 20} MB"
        return {"executed": "yes", "bounds": bounds, **python}


def generator_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the generator's options to a command; they reach it as one argument, `wanted: Wanted`."""

    @functools.wraps(function)
    def called(
        *args: Any,
        generator: str | None,
        generator_file: Path | None,
        instructions: str | None,
        temperature: float | None,
        steps: int | None,
        generator_context: int | None,
        environment: tuple[str, ...],
        command_timeout: float | None,
        retries: int | None,
        threads: int | None,
        **more: Any,
    ) -> Any:
        values: dict[str, Value | None] = {
            "instructions": instructions,
            "temperature": temperature,
            "steps": steps,
            "context": generator_context,
            "environment": _variables(environment) if environment else None,
            "timeout": command_timeout,
            "retries": retries,
        }
        wanted = _wanted(generator, generator_file)
        if wanted.kind == "local":  # a machine's setting: it means nothing to a command, and is no mistake there
            values["threads"] = threads
        wanted = wanted.with_values({name: value for name, value in values.items() if value is not None})
        return function(*args, wanted=wanted, threads=threads, **more)

    return _with((*_GENERATOR, threads_option), called)


def case_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds to a command which cases are written, and how often: `repeats`, `seed`, `cases` and `tags`."""
    return _with(_CASES, function)


def execution_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """Adds the options of the sandbox to a command; they reach it as one argument, `execution: Execution`.

    They go below `generator_options`: notebooks of a folder are not run unless that is asked for.
    """

    @functools.wraps(function)
    def called(
        *args: Any,
        wanted: Wanted,
        execute: bool | None,
        cell_timeout: float,
        timeout: float,
        memory_mb: int,
        python: Path | None,
        unsafe: bool,
        **more: Any,
    ) -> Any:
        run = wanted.kind != "folder" if execute is None else execute
        execution = Execution(run, cell_timeout, timeout, memory_mb << 20, python, unsafe)
        return function(*args, wanted=wanted, execution=execution, **more)

    return _with(_SANDBOX, called)


def _with(options: tuple[Callable[..., Any], ...], function: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        function = option(function)
    return function


def _wanted(text: str | None, file: Path | None) -> Wanted:
    from nbalign.suite.generate.settings import read_wanted, wanted

    if file is not None:
        if text is not None:
            raise UsageError("--generator and --generator-file name two generators", "Give one of them.")
        return read_wanted(file)
    return wanted(text if text is not None else "local", Path.cwd())


def _variables(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise UsageError("--env takes NAME=VALUE", "Such as: --env ASSISTANT_MODEL=small")
        found[name] = value
    return found
