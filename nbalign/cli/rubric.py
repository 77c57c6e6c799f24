"""`nbalign rubric`: list, show, check and add rubrics."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbalign.cli.context import Session, json_option, print_json, print_table
from nbalign.cli.rubric_meant import rubric_meant
from nbalign.errors import BadInput, NbalignError, NotFound

if TYPE_CHECKING:
    from nbalign.rubrics.model import Rubric
    from nbalign.workspace import Workspace

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def rubric() -> None:
    """List, show, check and add rubrics.

    A rubric says what raters and judges are asked and on which scale they answer; docs/rubrics.md says how to write
    one. Outside a workspace, `list` and `show` know the packaged rubrics.
    """


@rubric.command("list")
@json_option
@click.pass_obj
def list_(session: Session, as_json: bool) -> None:
    """List rubrics, with their scale and the start of the hash of their text."""
    rubrics = _rubrics(session)
    if as_json:
        print_json([_summary(each) for each in rubrics])
        return
    rows = [
        [each.id, str(each.version), str(len(each.dimensions)), _scale(each), each.sha256[:12], each.title]
        for each in rubrics
    ]
    print_table(["rubric", "version", "dimensions", "scale", "hash", "title"], rows, right=[1, 2])


@rubric.command()
@click.argument("ref", metavar="[ID]", required=False)
@click.option("--yaml", "as_yaml", is_flag=True, help="Print the YAML itself, as a start for one of your own.")
@json_option
@click.pass_obj
def show(session: Session, ref: str | None, as_yaml: bool, as_json: bool) -> None:
    """Show a rubric as raters read it. Without ID: ml-notebook, or the only one in use here."""
    chosen = _rubric(session, ref)
    if as_yaml:
        click.echo(chosen.text, nl=not chosen.text.endswith("\n"))
    elif as_json:
        print_json(_whole(chosen))
    else:
        _print(chosen)


@rubric.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, type=_FILE)
@json_option
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Check rubric files; needs no workspace. Exit code 3 if any has a problem."""
    from nbalign.rubrics.packaged import read_rubric
    from nbalign.rubrics.problems import BadRubric, shown

    report: list[dict[str, Any]] = []
    errors: list[NbalignError] = []
    for path in files:
        entry: dict[str, Any] = {"file": shown(str(path), 200), "ok": True, "problems": []}
        report.append(entry)
        try:
            entry["rubric"] = _summary(good := read_rubric(path))
        except NbalignError as error:
            errors.append(error)
            entry["ok"] = False
            found = [(p.line, p.what) for p in error.problems] if isinstance(error, BadRubric) else [(0, error.message)]
            entry["problems"] = [{"line": line, "what": what} for line, what in found]
        else:
            if not as_json:
                click.echo(f"{entry['file']}: {_headline(good)}")
    if as_json:
        print_json(report)
        if errors:
            ctx.exit(BadInput.exit_code)
    elif errors:
        hint = next((error.hint for error in errors if isinstance(error, BadRubric)), errors[0].hint)
        raise BadInput("\n".join(error.message for error in errors), hint)


@rubric.command()
@click.argument("file", type=_FILE)
@json_option
@click.pass_obj
def add(session: Session, file: Path, as_json: bool) -> None:
    """Add a rubric file to the workspace; other commands then take it with --rubric ID."""
    with session.open() as workspace:
        added, new = workspace.add_rubric(file)
    if as_json:
        print_json({"added": new, **_summary(added)})
    elif new:
        click.echo(f"added {_headline(added)}; use it with --rubric {added.id}")
    else:
        click.echo(f"already there, word for word: {_headline(added)}")


def _workspace(session: Session) -> AbstractContextManager[Workspace | None]:
    """The workspace, or None where there is none and none was named."""
    try:
        return session.open()
    except NotFound:
        if session.folder is not None:
            raise
        return nullcontext()


def _rubrics(session: Session) -> list[Rubric]:
    with _workspace(session) as workspace:
        if workspace is not None:
            return workspace.rubrics()
    from nbalign.rubrics.packaged import packaged

    return list(packaged())


def _rubric(session: Session, ref: str | None) -> Rubric:
    with _workspace(session) as workspace:
        if workspace is not None:
            return workspace.rubric(rubric_meant(workspace, ref))
    from nbalign.rubrics.packaged import packaged

    known = packaged()
    for each in known:
        if ref is None or each.id == ref:
            return each
    names = ", ".join(each.id for each in known)
    raise NotFound(f"there is no packaged rubric {ref!r}", f"Packaged: {names}. Rubrics you added are in a workspace.")


def _scale(rubric: Rubric) -> str:
    levels = " ".join(str(level) for level in rubric.scale.levels)
    return levels if rubric.scale.not_applicable is None else f"{levels}, N/A {rubric.scale.not_applicable}"


def _headline(rubric: Rubric) -> str:
    n = len(rubric.dimensions)
    return f"{rubric.id} version {rubric.version}, {n} dimension{'' if n == 1 else 's'}, scale {_scale(rubric)}"


def _summary(rubric: Rubric) -> dict[str, Any]:
    return {
        "id": rubric.id,
        "version": rubric.version,
        "title": rubric.title,
        "levels": list(rubric.scale.levels),
        "not_applicable": rubric.scale.not_applicable,
        "dimensions": [dimension.id for dimension in rubric.dimensions],
        "sha256": rubric.sha256,
    }


def _whole(rubric: Rubric) -> dict[str, Any]:
    return {
        **_summary(rubric),
        "scale": {str(digit): rubric.scale.meanings[digit] for digit in reversed(rubric.scale.values)},
        "dimensions": [
            {
                "id": dimension.id,
                "title": dimension.title,
                "question": dimension.question,
                "levels": {str(digit): dimension.levels[digit] for digit in sorted(dimension.levels, reverse=True)},
            }
            for dimension in rubric.dimensions
        ],
    }


def _print(rubric: Rubric) -> None:
    click.echo(f"{rubric.title} ({_headline(rubric)})")
    click.echo(f"hash {rubric.sha256[:12]}\n")
    for digit in reversed(rubric.scale.values):
        click.echo(_paragraph(rubric.scale.meanings[digit], f"{digit}  ", _mark(rubric, digit)))
    for dimension in rubric.dimensions:
        click.echo(f"\n{dimension.title} ({dimension.id})")
        click.echo(_paragraph(dimension.question, "  "))
        for digit in sorted(dimension.levels, reverse=True):
            click.echo(_paragraph(dimension.levels[digit], f"  {digit}  ", _mark(rubric, digit)))


def _mark(rubric: Rubric, digit: int) -> str:
    return "N/A: " if digit == rubric.scale.not_applicable else ""


def _paragraph(text: str, indent: str, before: str = "") -> str:
    from shutil import get_terminal_size

    width = max(40, min(100, get_terminal_size().columns))
    return click.wrap_text(before + text, width, indent, " " * len(indent), preserve_paragraphs=False)
