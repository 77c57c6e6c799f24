"""The model library: the folders where GGUF files lie, shared by all workspaces."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Literal

import platformdirs

from nbalign.errors import ModelError, NotFound
from nbalign.llm.gguf import read_header
from nbalign.llm.hashes import HashIndex, hash_file, stamp_of
from nbalign.llm.manifest import ModelCard, load_manifest
from nbalign.llm.plain import one_line
from nbalign.progress import OnProgress, silent
from nbalign.resources import data_path

State = Literal["verified", "present", "damaged", "not pulled"]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A model file whose hash is known.

    Attributes:
        name: The manifest's name; for a file that is not in the manifest its own name without `.gguf`.
        path: Where it lies.
        sha256: Its hash, lower-case hex.
        bytes: Its size.
        card: The manifest's entry with this hash, or None.
    """

    name: str
    path: Path
    sha256: str
    bytes: int
    card: ModelCard | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A model that is in the library or can be pulled into it.

    Attributes:
        name: As in `ModelFile`.
        file: The file's name.
        bytes: The file's size, or what it will be.
        state: `verified`: the hash is known and right. `present`: there, not hashed yet. `damaged`: the size or hash
            is not the manifest's, or the header cannot be read. `not pulled`: not there.
        path: Where it lies, or None.
        card: The manifest's entry, or None for a file that the user added.
    """

    name: str
    file: str
    bytes: int
    state: State
    path: Path | None
    card: ModelCard | None


class ModelLibrary:
    """An ordered list of folders with GGUF files.

    Args:
        folders: Searched in this order; the first is where pulled and added models go and where hashes are
            remembered. Folders need not exist and may be read-only.
        cards: The manifest; None takes the one that travels with nbalign.
    """

    def __init__(self, folders: Sequence[Path], cards: tuple[ModelCard, ...] | None = None) -> None:
        if not folders:
            raise ValueError("a library needs a folder")
        self.folders = tuple(folder.expanduser().absolute() for folder in folders)
        self.cards = load_manifest() if cards is None else cards
        self._index = HashIndex(self.home)

    @classmethod
    def default(cls) -> ModelLibrary:
        """The library of this user: `$NBALIGN_MODELS` or the per-user cache, then `models/` of a checkout."""
        named = os.environ.get("NBALIGN_MODELS", "")
        folders = [Path(named) if named else platformdirs.user_cache_path("nbalign") / "models"]
        try:
            shipped = data_path("models")
        except NotFound:
            return cls(folders)
        if shipped.parent.name != "_data":  # an installed wheel carries the manifest there, but no models
            folders.append(shipped)
        return cls(folders)

    @property
    def home(self) -> Path:
        """The folder that pulled and added models go to."""
        return self.folders[0]

    def list(self) -> tuple[Listing, ...]:
        """What is there and what could be had: the manifest's models in its order, then the user's own by name.

        Reads headers and remembered hashes, never whole files.
        """
        listed = [self._listing(card) for card in self.cards]
        known = {card.file for card in self.cards}
        own: dict[str, Listing] = {}
        for folder in self.folders:
            for path in sorted(_gguf_files(folder)):
                if path.name not in known and path.name not in own:
                    own[path.name] = self._own(path)
        return (*listed, *(own[name] for name in sorted(own)))

    def find(self, ref: str, *, progress: OnProgress = silent, cancel: Event | None = None) -> ModelFile:
        """The model that a name, a file name in the library or a path to any GGUF file means, verified.

        Args:
            ref: Looked up in that order.
            progress: Told the bytes hashed, where the hash is not remembered.
            cancel: Set it to stop the hashing.

        Raises:
            ModelError: If it is not there (the hint says how to get it), damaged or not what the manifest says.
            Cancelled: If `cancel` was set.
        """
        path = self.locate(ref)
        if path is not None:
            return self.verify(path, progress=progress, cancel=cancel)
        for card in self.cards:
            if ref in (card.name, card.file):
                raise ModelError(
                    f"the model {card.name} is not in the library ({self.home})",
                    f"Get it with: nbalign models pull {card.name}  (or, from a file: nbalign models add FILE)",
                )
        raise ModelError(
            f"there is no model {one_line(ref)!r}: neither a known name, nor a file in the library ({self.home}), "
            "nor a path to a .gguf file",
            f"See: nbalign models list. Known names: {', '.join(card.name for card in self.cards)}. "
            "A file of your own: nbalign models add FILE",
        )

    def locate(self, ref: str) -> Path | None:
        """Where the model that `ref` means lies, unverified, or None."""
        names = [card.file for card in self.cards if ref in (card.name, card.file)] or [ref, f"{ref}.gguf"]
        for folder in self.folders:
            for name in names:
                if Path(name).name == name and name.endswith(".gguf") and _is_file(folder / name):
                    return folder / name
        path = Path(ref)
        with contextlib.suppress(RuntimeError):  # a home folder that nobody has
            path = path.expanduser()
        return path.absolute() if ref.endswith(".gguf") and _is_file(path) else None

    def verify(
        self, path: Path, *, again: bool = False, progress: OnProgress = silent, cancel: Event | None = None
    ) -> ModelFile:
        """Checks a file's header and hash.

        Args:
            path: A GGUF file, in the library or not.
            again: Read the whole file even where its hash is remembered.
            progress: Told the bytes hashed.
            cancel: Set it to stop.

        Raises:
            ModelError: If it is no GGUF, is cut short, or has a manifest's file name but not its hash.
            Cancelled: If `cancel` was set.
        """
        named = next((card for card in self.cards if card.file == path.name), None)
        size = read_header(path).bytes
        sha256 = None if again else self._index.get(path)
        if sha256 is None:
            stamp = stamp_of(path)
            sha256 = hash_file(path, stage=f"checking {one_line(path.name)}", progress=progress, cancel=cancel)
            self._index.put(path, sha256, stamp)
        if named is not None and sha256 != named.sha256:
            raise ModelError(
                f"{path} is not the {named.name} that its name says: expected sha256 {named.sha256}, "
                f"found {sha256} ({size:,} bytes, expected {named.bytes:,})",
                f"Delete the file and run: nbalign models pull {named.name}. If it is another model, rename it.",
            )
        card = next((card for card in self.cards if card.sha256 == sha256), None)
        return ModelFile(card.name if card else one_line(path.stem), path, sha256, size, card)

    def remember(self, path: Path, sha256: str) -> None:
        """Takes down the hash of a file that was hashed while it was written."""
        self._index.put(path, sha256, stamp_of(path))

    def _listing(self, card: ModelCard) -> Listing:
        path = self.locate(card.name)
        if path is None:
            return Listing(card.name, card.file, card.bytes, "not pulled", None, card)
        size = path.stat().st_size
        sha256 = self._index.get(path)
        state: State = "present" if sha256 is None else "verified"
        if size != card.bytes or sha256 not in (None, card.sha256):
            state = "damaged"
        return Listing(card.name, card.file, size, state, path, card)

    def _own(self, path: Path) -> Listing:
        sha256 = self._index.get(path)
        state: State = "present" if sha256 is None else "verified"
        try:
            read_header(path)
        except ModelError:
            state = "damaged"
        return Listing(one_line(path.stem), path.name, path.stat().st_size, state, path, None)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a folder closed to us, a name that is too long or holds a null character
        return False


def _gguf_files(folder: Path) -> list[Path]:
    try:
        return [path for path in folder.iterdir() if path.suffix == ".gguf" and _is_file(path)]
    except OSError:  # a folder that is missing or closed to us holds nothing for us
        return []
