"""Label files in and out. An import is checked to the last line before the first label is written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from nbalign.errors import BadInput, NbalignError, UsageError
from nbalign.labels.csvfile import read_csv, write_csv
from nbalign.labels.events import LabelStore
from nbalign.labels.incoming import Incoming
from nbalign.labels.jsonl import read_jsonl, write_jsonl
from nbalign.labels.line import Line
from nbalign.labels.refusal import refusal
from nbalign.notebooks.sanitise import clean_line
from nbalign.rubrics.model import Rubric
from nbalign.store.database import Store

Format = Literal["jsonl", "csv"]

MAX_FILE = 256 * 1024 * 1024  # bytes
_SUFFIXES: dict[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl", ".csv": "csv"}


@dataclass(frozen=True, slots=True)
class ImportedLabels:
    """What an import did.

    Attributes:
        added: Labels that are new or changed.
        unchanged: Lines that say what stood already.
        skipped: Consensus lines that follow from the raters' labels and carry nothing of their own.
    """

    added: int
    unchanged: int
    skipped: int


def format_of(path: Path, given: str | None = None) -> Format:
    """The format of a label file.

    Args:
        path: The file; its suffix decides.
        given: `jsonl` or `csv` to decide otherwise.

    Raises:
        UsageError: If neither says it.
    """
    for known in get_args(Format):
        if given == known:
            return known  # type: ignore[no-any-return]
    if given is None and path.suffix.lower() in _SUFFIXES:
        return _SUFFIXES[path.suffix.lower()]
    raise UsageError(f"the format of {clean_line(given or path.name)!r} is unknown", "Say --format jsonl or csv.")


def export_text(store: Store, format: str) -> tuple[str, int]:
    """All current labels as the text of a file, in the order in which they were given.

    Args:
        store: The open store.
        format: `jsonl` or `csv`.

    Returns:
        The text, and how many labels it has.

    Raises:
        UsageError: If the format is unknown.
        StoreError: If the database cannot be read.
    """
    write = {"jsonl": write_jsonl, "csv": write_csv}[format_of(Path(), format)]
    names = {row["sha256"]: str(row["name"]) for row in store.rows("SELECT sha256, name FROM notebooks")}
    labels = LabelStore(store).current()
    return write((label, names[label.notebook]) for label in labels), len(labels)


def export_file(store: Store, path: Path, format: str | None = None) -> int:
    """Writes all current labels to a file; what was there stays whole until the new file is.

    Args:
        store: The open store.
        path: The file.
        format: `jsonl` or `csv`; None goes by the suffix.

    Returns:
        How many labels were written.

    Raises:
        UsageError: If the format is unknown.
        NbalignError: If the file cannot be written.
    """
    text, count = export_text(store, format_of(path, format))
    try:
        _write_whole(path.resolve(), text.encode())
    except OSError as error:
        raise NbalignError(
            f"cannot write {clean_line(str(path))}: {error.strerror or error}", "Choose another place."
        ) from error
    return count


def import_file(
    store: Store, path: Path, rubric_for: Callable[[str | None], Rubric], format: str | None = None
) -> ImportedLabels:
    """Reads labels from a file into the workspace, all of them or none.

    Args:
        store: The open store.
        path: The file, UTF-8, at most `MAX_FILE` bytes.
        rubric_for: Gives the rubric with an id, or for None the one that lines without an id mean; raises an
            `NbalignError` for an id that it does not know.
        format: `jsonl` or `csv`; None goes by the suffix.

    Raises:
        BadInput: If the file cannot be read or lines are wrong; nothing is written then.
        UsageError: If the format is unknown.
        StoreError: If the labels cannot be written.
    """
    kind = format_of(path, format)
    name = clean_line(path.name)
    try:
        size = path.stat().st_size
        if size > MAX_FILE:
            raise BadInput(f"{name} has {size:,} bytes; a label file has at most {MAX_FILE:,}", "Split it.")
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"cannot read {name}: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8 (byte {error.start})", "Save it as UTF-8 and import it again.") from error
    return import_text(store, text, kind, rubric_for, name=name)


def import_text(
    store: Store, text: str, format: str, rubric_for: Callable[[str | None], Rubric], *, name: str = "the text"
) -> ImportedLabels:
    """Reads labels from the text of a file; the arguments and errors are those of `import_file`.

    Args:
        store: The open store.
        text: The whole file.
        format: `jsonl` or `csv`.
        rubric_for: Gives the rubric for an id or None.
        name: What to call the file in messages.
    """
    read = {"jsonl": read_jsonl, "csv": read_csv}[format_of(Path(), format)]
    incoming = Incoming(store, rubric_for)
    wrong = refusal(_problems(read(text), incoming))
    if wrong:
        raise BadInput(
            f"nothing was imported from {name}; these lines are wrong:\n  " + "\n  ".join(wrong),
            _advice(format, incoming.elsewhere),
        )
    added, unchanged = LabelStore(store).set_all(incoming.labels)
    return ImportedLabels(added, unchanged + incoming.repeated, incoming.skipped)


def _problems(lines: Iterator[tuple[int, Line | str]], incoming: Incoming) -> Iterator[tuple[int, str]]:
    for number, line in lines:
        if isinstance(line, str):
            yield number, line
            continue
        try:
            incoming.take(number, line)
        except NbalignError as error:
            yield number, error.message


def _advice(format: str, rubrics: set[str]) -> str:
    """What to do about wrong lines, some of which may name dimensions of these other rubrics."""
    if not rubrics:
        return "Correct them and import it again."
    first = min(rubrics)
    named = "in a column `rubric`" if format == "csv" else f'"rubric": "{first}"'
    if len(rubrics) > 1:
        return f"A line may name its rubric ({named}); here these fit: {', '.join(sorted(rubrics))}."
    return f"A line may name its rubric ({named}); or, for all lines that name none, use --rubric {first}."


def _write_whole(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(data)  # a device or a pipe: it cannot be replaced, and holds nothing to lose
        return
    draft = path.with_name(f".{path.name[:100]}.{secrets.token_hex(4)}.tmp")
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
