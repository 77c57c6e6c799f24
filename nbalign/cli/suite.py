"""`nbalign suite`: list, show, check and make suites."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nbalign.cli.context import Session, json_option, note, print_json, print_table
from nbalign.cli.figures import counted
from nbalign.errors import BadInput, NbalignError, NotFound

if TYPE_CHECKING:
    from nbalign.rubrics.model import Rubric
    from nbalign.suite.model import Case, DataFile, Suite

_ROWS = 5


@click.group()
def suite() -> None:
    """List, show, check and make suites: tasks for an assistant, each with its data.

    docs/suites.md says how to write one. These commands need no workspace; in one, its rubrics are known, too.
    """


@suite.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List the suites that come with nbalign."""
    from nbalign.suite.packaged import packaged_suites
    from nbalign.suite.reading import read_suite

    suites = [read_suite(path) for path in packaged_suites().values()]
    if as_json:
        print_json([_summary(each) for each in suites])
        return
    rows = [[each.id, str(len(each.cases)), each.rubric, each.sha256[:12], each.title] for each in suites]
    print_table(["suite", "cases", "rubric", "hash", "title"], rows, right=[1])


@suite.command()
@click.argument("path", metavar="[PATH|NAME]", required=False)
@click.argument("case", metavar="[CASE]", required=False)
@click.option("--tag", "tags", metavar="TAG", multiple=True, help="Only cases with this tag; repeatable.")
@json_option
@click.pass_obj
def show(session: Session, path: str | None, case: str | None, tags: tuple[str, ...], as_json: bool) -> None:
    """Show the cases of a suite, or one case with its prompt and its data.

    PATH is a suite.yaml or a folder that holds one, NAME a suite that comes with nbalign. Without: the suite.yaml in
    the current folder, or the one that comes with nbalign.
    """
    from nbalign.suite.choosing import choose
    from nbalign.suite.reading import read_suite

    whole = read_suite(path or _default(), _rubrics(session))
    chosen = choose(whole, [case] if case is not None else [], [] if case is not None else tags)
    if case is not None:
        _show_case(chosen.cases[0], as_json=as_json)
    elif as_json:
        print_json({**_summary(chosen), "cases": [_case(each) for each in chosen.cases]})
    else:
        _show(chosen, len(whole.cases))


@suite.command()
@click.argument("paths", metavar="PATH...", nargs=-1, required=True)
@json_option
@click.pass_context
def check(ctx: click.Context, paths: tuple[str, ...], as_json: bool) -> None:
    """Check suites: every problem with its line. Exit code 3 if there is one."""
    from nbalign.rubrics.problems import shown
    from nbalign.suite.problems import BadSuite
    from nbalign.suite.reading import read_suite

    rubrics = _rubrics(ctx.obj)
    report: list[dict[str, Any]] = []
    errors: list[NbalignError] = []
    for path in paths:
        entry: dict[str, Any] = {"path": shown(path, 200), "ok": True, "problems": []}
        report.append(entry)
        try:
            good = read_suite(path, rubrics)
        except NbalignError as error:
            errors.append(error)
            entry["ok"] = False
            found = [(p.line, p.what) for p in error.problems] if isinstance(error, BadSuite) else [(0, error.message)]
            entry["problems"] = [{"line": line, "what": what} for line, what in found]
            continue
        entry["suite"] = _summary(good)
        if not as_json:
            click.echo(f"{entry['path']}: {_headline(good)}")
        if good.rubric and good.rubric not in {rubric.id for rubric in rubrics}:
            note(f"{entry['path']}: the rubric {good.rubric} is not known here; not_applicable was not checked with it")
    if as_json:
        print_json(report)
        if errors:
            ctx.exit(BadInput.exit_code)
    elif errors:
        hint = next((error.hint for error in errors if isinstance(error, BadSuite)), errors[0].hint)
        raise BadInput("\n".join(error.message for error in errors), hint)


@suite.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--from", "origin", metavar="NAME", help="Copy this packaged suite with its data, to edit it.")
@json_option
def new(folder: Path, origin: str | None, as_json: bool) -> None:
    """Make a suite in FOLDER to start from, with comments and a case that works. Nothing is overwritten."""
    from nbalign.rubrics.problems import shown
    from nbalign.suite.making import make_suite
    from nbalign.suite.reading import read_suite

    file = make_suite(folder, origin)
    made = read_suite(file)
    if as_json:
        print_json(_summary(made))
        return
    name = shown(str(folder), 200)
    click.echo(f"made {shown(str(file), 200)}: {_headline(made)}")
    click.echo(f"Edit it, then: nbalign suite check {name}")


def _default() -> str:
    from nbalign.suite.packaged import FILE, packaged_suites

    return FILE if Path(FILE).is_file() else next(iter(packaged_suites()))


def _rubrics(session: Session) -> list[Rubric]:
    """The rubrics of the workspace, or the packaged ones where there is none and none was named."""
    try:
        with session.open() as workspace:
            return workspace.rubrics()
    except NotFound:
        if session.folder is not None:
            raise
    from nbalign.rubrics.packaged import packaged

    return list(packaged())


def _files(suite: Suite) -> list[DataFile]:
    return list({file.path: file for case in suite.cases for file in case.data}.values())


def _headline(suite: Suite) -> str:
    files = _files(suite)
    size = sum(file.bytes for file in files)
    data = f"{counted(len(files), 'data file')} ({_bytes(size)})" if files else "no data"
    return f"{suite.id}, {counted(len(suite.cases), 'case')}, {data}, hash {suite.sha256[:12]}"


def _show(suite: Suite, of: int) -> None:
    click.echo(f"{suite.title} ({_headline(suite)})")
    if suite.description:
        click.echo(_paragraph(suite.description))
    click.echo("")
    rows = [
        [case.id, case.kind, case.size, _short([file.name for file in case.data]), _short(case.tags)]
        for case in suite.cases
    ]
    print_table(["case", "kind", "size", "data", "tags"], rows)
    kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(case.kind for case in suite.cases).most_common())
    part = f" of {of}" if of != len(suite.cases) else ""
    click.echo(f"\n{len(suite.cases)}{part}: {kinds}")


def _show_case(case: Case, *, as_json: bool) -> None:
    from nbalign.suite.schema import describe

    described = [describe(file, _ROWS) for file in case.data]
    if as_json:
        found = _case(case)
        for entry, words in zip(found["data"], described, strict=True):
            entry["description"] = words
        print_json(found)
        return
    click.echo(f"{case.id}: {case.kind}, {case.size}{', ' if case.tags else ''}{', '.join(case.tags)}")
    if case.not_applicable:
        click.echo(_paragraph(f"not applicable: {', '.join(sorted(case.not_applicable))}"))
    click.echo("")
    click.echo("\n\n".join(_paragraph(part) for part in case.prompt.split("\n\n")))
    for words in described:
        click.echo(f"\n{words}")


def _summary(suite: Suite) -> dict[str, Any]:
    return {
        "id": suite.id,
        "title": suite.title,
        "description": suite.description,
        "rubric": suite.rubric,
        "cases": [case.id for case in suite.cases],
        "data_bytes": sum(file.bytes for file in _files(suite)),
        "path": str(suite.path),
        "sha256": suite.sha256,
    }


def _case(case: Case) -> dict[str, Any]:
    return {
        "id": case.id,
        "prompt": case.prompt,
        "kind": case.kind,
        "size": case.size,
        "data": [{"name": f.name, "path": str(f.path), "bytes": f.bytes, "sha256": f.sha256} for f in case.data],
        "tags": list(case.tags),
        "not_applicable": sorted(case.not_applicable),
    }


def _short(words: list[str] | tuple[str, ...]) -> str:
    from nbalign.notebooks.sanitise import clean_line

    return clean_line(", ".join(words), 48)


def _bytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 100_000 else f"{max(1, round(size / 1e3))} KB"


def _paragraph(text: str) -> str:
    from shutil import get_terminal_size

    return click.wrap_text(text, max(40, min(100, get_terminal_size().columns)), preserve_paragraphs=False)
