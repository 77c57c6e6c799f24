"""`nbalign memory`: what judges learned from raters' words, and what experts make of it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, get_args

import click

from nbalign.align.model import State
from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.memory_show import fields, print_guideline, told
from nbalign.cli.options import rubric_option
from nbalign.cli.rubric_meant import rubric_meant

if TYPE_CHECKING:
    from nbalign.align.guidelines import Decision
    from nbalign.align.model import Guideline
    from nbalign.rubrics.model import Rubric

F = TypeVar("F", bound=Callable[..., Any])

# Commands of the group that live in modules of their own: name -> (module, attribute). A module is imported when its
# command runs, or when the group's help is asked for.
_VERSIONS = "nbalign.cli.memory_versions"
ELSEWHERE: dict[str, tuple[str, str]] = {
    name: (_VERSIONS, name) for name in ("versions", "diff", "neighbours", "checks")
}


class MemoryGroup(click.Group):
    """A group some of whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands of this module, then those of others."""
        return [*self.commands, *(name for name in ELSEWHERE if name not in self.commands)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command of this module, or one imported now."""
        if cmd_name in self.commands or cmd_name not in ELSEWHERE:
            return super().get_command(ctx, cmd_name)
        module, attribute = ELSEWHERE[cmd_name]
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=MemoryGroup)
def memory() -> None:
    """List, show and steer the guidelines that judges learned from raters' words.

    ID is a guideline's id or the beginning of one. What you reject stays rejected when it is distilled again; what you
    edit keeps your words; what you pin is never dropped. A new memory takes it in: nbalign align.
    """


def _by_option(function: F) -> F:
    return click.option(
        "--by", envvar="NBALIGN_RATER", show_envvar=True, default="", metavar="NAME", help="Who you are."
    )(function)


@memory.command("list")
@click.option("--dimension", "-d", metavar="ID", help="Only of this dimension.")
@click.option("--state", type=click.Choice(get_args(State)), help="Only in this state.")
@rubric_option
@json_option
@click.pass_obj
def list_(session: Session, dimension: str | None, state: State | None, rubric: str | None, as_json: bool) -> None:
    """List guidelines by dimension, the strongest first."""
    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        the_rubric = workspace.rubric(rubric)
        found = workspace.guidelines(rubric, dimension, state)
        any_here = bool(found) or bool(workspace.guidelines(rubric))
    if as_json:
        print_json([fields(each, the_rubric.id) for each in found])
    elif found:
        _print_list(found, the_rubric)
    elif any_here:
        note("no such guidelines; all of them: nbalign memory list")
    else:
        note(
            f"no guidelines under {the_rubric.id} yet\n"
            "Distil some from the labels: nbalign align\n"
            "Or write one: nbalign memory add -d DIMENSION TEXT"
        )


@memory.command()
@click.argument("ref", metavar="ID")
@json_option
@click.pass_obj
def show(session: Session, ref: str, as_json: bool) -> None:
    """Show a guideline with the labels it comes from and everything that happened to it."""
    with session.open() as workspace:
        guideline, rubric = workspace.guideline(ref)
        sources = workspace.guideline_sources(guideline.id)
        history = workspace.guideline_history(guideline.id)
        names = workspace.names()
    if as_json:
        print_json({**fields(guideline, rubric), **told(sources, history, names)})
    else:
        print_guideline(guideline, sources, history, names)


@memory.command()
@click.argument("refs", metavar="ID...", nargs=-1, required=True)
@_by_option
@json_option
@click.pass_obj
def accept(session: Session, refs: tuple[str, ...], by: str, as_json: bool) -> None:
    """Accept guidelines; one that was rejected comes back."""
    _decide(session, "accept", refs, by, as_json)


@memory.command()
@click.argument("refs", metavar="ID...", nargs=-1, required=True)
@_by_option
@json_option
@click.pass_obj
def reject(session: Session, refs: tuple[str, ...], by: str, as_json: bool) -> None:
    """Reject guidelines: no judge is shown them, and they stay rejected when they are distilled again."""
    _decide(session, "reject", refs, by, as_json)


@memory.command()
@click.argument("refs", metavar="ID...", nargs=-1, required=True)
@_by_option
@json_option
@click.pass_obj
def pin(session: Session, refs: tuple[str, ...], by: str, as_json: bool) -> None:
    """Put guidelines before all others and never drop them."""
    _decide(session, "pin", refs, by, as_json)


@memory.command()
@click.argument("refs", metavar="ID...", nargs=-1, required=True)
@_by_option
@json_option
@click.pass_obj
def unpin(session: Session, refs: tuple[str, ...], by: str, as_json: bool) -> None:
    """Take pins away; the guidelines stay accepted."""
    _decide(session, "unpin", refs, by, as_json)


@memory.command()
@click.argument("ref", metavar="ID")
@click.argument("text")
@_by_option
@json_option
@click.pass_obj
def edit(session: Session, ref: str, text: str, by: str, as_json: bool) -> None:
    """Say a guideline in your own words; its id stays. At most 240 characters."""
    with session.open() as workspace:
        done = workspace.edit_guideline(ref, text, by)
        _tell([done], workspace.guideline(done.id)[1], as_json)


@memory.command()
@click.argument("text")
@click.option("--dimension", "-d", metavar="ID", required=True, help="What it is about.")
@rubric_option
@_by_option
@json_option
@click.pass_obj
def add(session: Session, text: str, dimension: str, rubric: str | None, by: str, as_json: bool) -> None:
    """Write a guideline by hand: what to look for, and which score it leads to."""
    with session.open() as workspace:
        rubric = rubric_meant(workspace, rubric)
        done = workspace.write_guideline(dimension, text, by, rubric)
        _tell([done], workspace.rubric(rubric).id, as_json)


def _decide(session: Session, action: Decision, refs: tuple[str, ...], by: str, as_json: bool) -> None:
    with session.open() as workspace:
        done = workspace.decide_guidelines(action, refs, by)
        _tell(done, workspace.guideline(done[0].id)[1], as_json)


def _tell(done: list[Guideline], rubric: str, as_json: bool) -> None:
    if as_json:
        print_json([fields(each, rubric) for each in done])
        return
    for each in done:
        click.echo(f"{each.id} {each.state}: {each.text}")


def _print_list(found: list[Guideline], rubric: Rubric) -> None:
    titles = {d.id: d.title for d in rubric.dimensions}
    for dimension in dict.fromkeys(g.dimension for g in found):
        mine = [g for g in found if g.dimension == dimension]
        click.echo(f"{titles.get(dimension, dimension)} ({dimension})")
        rows = [[g.id, g.state, str(len(g.sources)), g.text] for g in mine]
        print_table(["id", "state", "labels", "guideline"], rows, right=[2])
        click.echo()
