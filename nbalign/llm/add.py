"""Takes a GGUF file that the user already has into the library."""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Event

from nbalign.errors import BadInput, ModelError, UsageError
from nbalign.llm.gguf import read_header
from nbalign.llm.hashes import hash_file
from nbalign.llm.landing import check_space, copy_hashing, locked, sync_folder, writing
from nbalign.llm.library import ModelFile, ModelLibrary
from nbalign.llm.plain import one_line
from nbalign.progress import OnProgress, silent

_WORK = ".adding"
_NAME = re.compile(r"\w[\w .+-]{0,127}\.gguf")


def add(
    path: Path,
    library: ModelLibrary,
    *,
    name: str | None = None,
    copy: bool = True,
    progress: OnProgress = silent,
    cancel: Event | None = None,
) -> ModelFile:
    """Puts a copy of a model file, or a hard link to it, into the library's first folder.

    A file whose hash is in the manifest gets the manifest's file name, whatever it was called; any other keeps its
    own name, or gets `name`, and is listed without a card.

    Args:
        path: A GGUF file.
        library: Where it goes.
        name: File name for a model that is not in the manifest, ending in `.gguf`.
        copy: False makes a hard link where the file system allows, which takes no space; else it is copied.
        progress: Told the bytes done.
        cancel: Set it to stop.

    Returns:
        The file in the library; `card` is None for a model that is not in the manifest.

    Raises:
        ModelError: If it is no GGUF or is damaged, or the library cannot be written.
        BadInput: If it is called like a model of the manifest and is not that model.
        UsageError: If `name` is no file name, or another file has the name.
        Cancelled: If `cancel` was set.
    """
    size = read_header(path).bytes
    if name is not None and not _NAME.fullmatch(name):
        raise UsageError(f"{one_line(name)!r} is not a file name", "Letters, digits, . _ - and the ending .gguf.")
    home = library.home
    shown = one_line(path.name)
    # One at a time, so that what an add that was killed left behind can be told from another one's work.
    with writing(home), locked(home, _WORK), _work_folder(home) as work:
        temporary = work / "model.partial"
        if copy or not _linked(path, temporary):
            check_space(home, size)
            with temporary.open("wb") as target:
                sha256 = copy_hashing(
                    [path], target, stage=f"copying {shown}", total=size, progress=progress, cancel=cancel
                )
        else:
            sha256 = hash_file(temporary, stage=f"checking {shown}", progress=progress, cancel=cancel)
        read_header(temporary)  # the file may have changed since the first look
        card = next((card for card in library.cards if card.sha256 == sha256), None)
        final = home / (card.file if card else _own_name(name or path.name, library))
        with locked(home, final.name):
            if card is None:
                _refuse_other(final, sha256, library, progress, cancel)
            temporary.replace(final)
            sync_folder(home)
        library.remember(final, sha256)
        return ModelFile(card.name if card else one_line(final.stem), final, sha256, final.stat().st_size, card)


@contextlib.contextmanager
def _work_folder(home: Path) -> Iterator[Path]:
    folder = home / _WORK
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _linked(path: Path, target: Path) -> bool:
    try:
        os.link(path.resolve(), target)
    except OSError as error:
        if error.errno in (errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP):
            return False
        raise
    return True


def _own_name(name: str, library: ModelLibrary) -> str:
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"{one_line(name)!r} cannot be its name in the library", "Choose one that ends in .gguf with --name."
        )
    for card in library.cards:
        if name in (card.file, f"{card.name}.gguf"):
            raise BadInput(
                f"the file is called {name} like {card.name}, but is another model or damaged: its hash is not "
                f"{card.sha256}",
                f"If it is a model of your own, add it under another name with --name; "
                f"for the real one run: nbalign models pull {card.name}",
            )
    return name


def _refuse_other(final: Path, sha256: str, library: ModelLibrary, progress: OnProgress, cancel: Event | None) -> None:
    """Refuses to write over another model of the user's; a damaged file may be replaced."""
    if not final.exists():
        return
    try:
        there = library.verify(final, progress=progress, cancel=cancel)
    except ModelError:
        return
    if there.sha256 != sha256:
        raise UsageError(
            f"the library has another model called {final.name}",
            "Choose another name with --name, or delete that file.",
        )
