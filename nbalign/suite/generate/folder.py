"""Notebooks in a folder: one file each, written whole or not at all, and a record of what made them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from nbalign.errors import StoreError, UsageError
from nbalign.notebooks import read
from nbalign.notebooks.prompts import SIDECAR_SUFFIXES
from nbalign.notebooks.sanitise import clean_line
from nbalign.suite.generate.model import Written
from nbalign.suite.model import Suite

RECORD = "made.jsonl"
"""The record: its first line says what the folder is for, each further one what came of a case and repeat."""

_MOST_RECORD = 64_000_000  # bytes


class FolderSink:
    """A folder that takes the notebooks of one suite and generator.

    Args:
        folder: Made if missing.
        prompts: Case id -> prompt.
        wanted: What the folder is for, by name: the suite, and everything that decides what is written.
        force: Take a folder that was begun otherwise, or without a record; what it holds is written anew.

    Raises:
        UsageError: If it was begun for something else.
        StoreError: If it cannot be written.
    """

    def __init__(
        self, folder: Path, prompts: Mapping[str, str], wanted: Mapping[str, str], *, force: bool = False
    ) -> None:
        self._folder = folder
        self._prompts = prompts
        self._done: set[tuple[str, int]] = set()
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lines = recorded(folder / RECORD)
        except OSError as error:
            raise _cannot(folder, error) from error
        begun = lines[0].get("made_by") if lines else None
        if begun == wanted:
            self._done = {
                (str(line["case"]), line["repeat"])
                for line in lines[1:]
                if line.get("file") and isinstance(line.get("repeat"), int) and "case" in line
            }
            return
        if (lines or any(folder.glob("*.ipynb"))) and not force:
            raise UsageError(
                f"{clean_line(str(folder))} holds notebooks made otherwise{_difference(begun, wanted)}",
                "Name another folder with --out, or write them anew with --force.",
            )
        try:
            (folder / RECORD).unlink(missing_ok=True)
        except OSError as error:
            raise _cannot(folder, error) from error
        self._note({"made_by": dict(wanted)})

    @classmethod
    def of_suite(cls, folder: Path, suite: Suite, identity: Mapping[str, str], *, force: bool = False) -> Self:
        """A folder for a suite; `identity` is the generator's with the seed, and whether cells are run."""
        wanted = {"suite": suite.id, "suite_sha256": suite.sha256, **identity}
        return cls(folder, {case.id: case.prompt for case in suite.cases}, wanted, force=force)

    def file(self, case: str, repeat: int) -> Path:
        """Where the notebook of a case and repeat lies."""
        name = case if repeat == 1 else f"{case}-{repeat}"
        if repeat > 1 and name in self._prompts:  # another case is called that; no id holds two dashes in a row
            name = f"{case}--{repeat}"
        return self._folder / f"{name}.ipynb"

    def has(self, case: str, repeat: int) -> bool:
        """Whether it is recorded and there; one that was deleted is made again."""
        return (case, repeat) in self._done and self.file(case, repeat).is_file()

    def keep(self, case: str, repeat: int, written: Written) -> None:
        """Writes a notebook whole or not at all, then records it.

        Raises:
            BadInput: If it is no notebook.
            StoreError: If it cannot be written.
        """
        path = self.file(case, repeat)
        sha256 = read(written.raw, path.name).sha256
        # Judges and raters see what was asked, whatever the cells say.
        _write(path.with_suffix(SIDECAR_SUFFIXES[0]), self._prompts[case].encode("utf-8", "replace"))
        _write(path, written.raw)
        self._note(
            {
                "case": case,
                "repeat": repeat,
                "file": path.name,
                "sha256": sha256,
                "evaluated": written.evaluated,
                "generated": written.generated,
                "seconds": round(written.seconds, 3),
                "failed_cells": written.failed_cells,
                "notes": list(written.notes),
            }
        )
        self._done.add((case, repeat))

    def failed(self, case: str, repeat: int, why: str) -> None:
        """Records why there is none.

        Raises:
            StoreError: If it cannot be written.
        """
        self._note({"case": case, "repeat": repeat, "problem": why})

    def _note(self, line: Mapping[str, Any]) -> None:
        path = self._folder / RECORD
        try:
            with path.open("a", encoding="utf-8", errors="replace") as file:
                file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            raise _cannot(path, error) from error


def _write(path: Path, raw: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        try:
            temporary.write_bytes(raw)
            temporary.replace(path)
        finally:
            with suppress(OSError):
                temporary.unlink()
    except OSError as error:
        raise _cannot(path, error) from error


def recorded(path: Path) -> list[dict[str, Any]]:
    """What was recorded; a line that a power cut tore is left out."""
    try:
        with path.open("rb") as file:
            raw = file.read(_MOST_RECORD)
    except FileNotFoundError:
        return []
    found = []
    for text in raw.split(b"\n"):
        try:
            line = json.loads(text)
        except (ValueError, RecursionError):
            continue
        if isinstance(line, dict):
            found.append(line)
    return found


def _difference(begun: object, wanted: Mapping[str, str]) -> str:
    """The first thing that differs, for a message."""
    if not isinstance(begun, dict):
        return ""
    for name in dict.fromkeys([*wanted, *map(str, begun)]):
        was, now = begun.get(name), wanted.get(name)
        if was != now:
            return f": {clean_line(name, 40)} was {clean_line(str(was), 80)!r} and is {clean_line(str(now), 80)!r}"
    return ""


def _cannot(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{clean_line(str(path), 300)} cannot be written: {error.strerror or error}",
        "Check the folder's permissions and free space.",
    )
