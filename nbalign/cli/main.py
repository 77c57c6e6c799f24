"""The `nbalign` command group. A command's module is imported only when that command runs, so `--help` stays quick."""

from __future__ import annotations

import importlib
from pathlib import Path

import click

from nbalign import __version__
from nbalign.cli.context import Session
from nbalign.cli.nearest import no_such_command

# name -> (module, attribute, one line for the list of commands)
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("nbalign.cli.init", "init", "Make a workspace folder, with the graded samples if asked."),
    "import": ("nbalign.cli.notebooks", "import_", "Bring notebooks into the workspace."),
    "notebooks": ("nbalign.cli.notebooks", "notebooks", "List the notebooks of the workspace."),
    "digest": ("nbalign.cli.digest", "digest", "Show what a judge reads of a notebook."),
    "evidence": ("nbalign.cli.evidence", "evidence", "Show the facts read off a notebook's code, with their cells."),
    "judge": ("nbalign.cli.judge", "judge", "Score notebooks with a local model."),
    "label": ("nbalign.cli.label", "label", "Set, show, undo, export and import human scores."),
    "stats": ("nbalign.cli.stats", "stats", "Show what raters got done, and how fast."),
    "agreement": ("nbalign.cli.agreement", "agreement", "Compare the judge with raters, and raters with each other."),
    "align": ("nbalign.cli.align", "align", "Teach the judge what raters gave and said."),
    "evaluate": ("nbalign.cli.evaluate", "evaluate", "Cross-validate alignment: does it help, and how sure is that?"),
    "audit": ("nbalign.cli.audit", "audit", "Pick notebooks for review, and watch a judge's error and drift."),
    "suite": ("nbalign.cli.suite", "suite", "List, show, check and make suites: tasks with their data."),
    "generate": ("nbalign.cli.generate", "generate", "Have a generator write a suite's notebooks."),
    "execute": ("nbalign.cli.execute", "execute", "Run notebooks in a sandbox."),
    "run": ("nbalign.cli.run", "run", "Write a suite's notebooks and judge them: one run."),
    "runs": ("nbalign.cli.runs", "runs", "List, show, judge, export and delete runs."),
    "compare": ("nbalign.cli.compare", "compare", "Say what a change of prompt, tool or model did to each dimension."),
    "gate": ("nbalign.cli.gate", "gate", "Refuse a run that is worse than a baseline, and not what is noise."),
    "hillclimb": ("nbalign.cli.hillclimb", "hillclimb", "Log variants, what each gained and what it paid."),
    "memory": ("nbalign.cli.memory", "memory", "List, show and steer what judges learned from raters' words."),
    "tui": ("nbalign.cli.tui", "tui", "Open the labelling terminal."),
    "rubric": ("nbalign.cli.rubric", "rubric", "List, show, check and add rubrics."),
    "models": ("nbalign.cli.models", "models", "List, pull, add and verify local models."),
    "doctor": ("nbalign.cli.doctor", "doctor", "Say what this machine has and what is missing."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for; of its groups, too, it knows every command."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the table above: the order of work, not of the alphabet."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds a command; an unknown one, here or in a group below, is answered with the nearest names there are.

        The groups below take no arguments of their own: what follows their name is a command or an option.
        """
        _check_known(self, ctx, args)
        name, command, rest = super().resolve_command(ctx, args)
        if isinstance(command, click.Group):
            _check_known(command, click.Context(command, info_name=name, parent=ctx), rest)
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands from the table, without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, _, line) in COMMANDS.items()])


def _check_known(group: click.Group, ctx: click.Context, args: list[str]) -> None:
    known = group.list_commands(ctx)
    if args and not args[0].startswith("-") and args[0] not in known and not ctx.resilient_parsing:
        raise no_such_command(args[0], known, ctx)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-w",
    "--workspace",
    type=click.Path(path_type=Path, file_okay=False),
    envvar="NBALIGN_WORKSPACE",
    help="Workspace folder. Default: the nearest one at or above the current folder.",
)
@click.version_option(version=__version__, message="nbalign %(version)s")
@click.pass_context
def nbalign(ctx: click.Context, workspace: Path | None) -> None:
    """Align local LLM judges of machine-learning notebooks with experts, on one machine, with no network."""
    ctx.obj = Session(workspace)
