"""Memories in the store: immutable versions, each with the labels that everything in it comes from."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any

from nbalign.align.model import Account, Guideline, Memory, Precedent
from nbalign.errors import NotFound, StoreError, UsageError
from nbalign.notebooks.sanitise import clean_line
from nbalign.store.database import Store

_FORMAT = 1
_SHORTEST = 3  # digits of a version that are taken for one


def with_version(memory: Memory) -> Memory:
    """The memory with the version that its content has; when it was made and what came before do not count."""
    content = {**_content(memory), "rubric_sha256": memory.rubric_sha256, "model": memory.model}
    return replace(memory, version=hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12])


class Memories:
    """The memories of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, memory: Memory) -> None:
        """Keeps a version. One that is there already has the same content; it becomes the latest again.

        Raises:
            StoreError: If it cannot be written.
        """
        row = {
            "version": memory.version,
            "rubric": memory.rubric,
            "rubric_sha256": memory.rubric_sha256,
            "parent": memory.parent,
            "model": memory.model,
            "at": memory.at,
            "content": json.dumps({"format": _FORMAT, **_content(memory)}, ensure_ascii=False),
        }
        with self._store.write() as db:
            db.conn.execute("DELETE FROM memories WHERE version = ?", [memory.version])
            db.table("memories").insert(row, pk="version")

    def follow(self, rubric: str, make: Callable[[Memory | None], Memory]) -> tuple[Memory, Memory | None]:
        """Makes the version after the latest and keeps it, even where another process keeps one meanwhile.

        What others aligned in the minutes or hours since an alignment began must not be lost from the latest version.

        Args:
            rubric: Rubric id.
            make: The latest version, None where there is none -> the next; called again where another came between.

        Returns:
            The version, and the one that it follows: of the same content where nothing is new, and then not kept twice.

        Raises:
            StoreError: If it cannot be written.
        """
        while True:
            before = self.latest(rubric)
            memory = make(before)
            with self._store.write():
                now = self.latest(rubric)
                if (now and now.version) != (before and before.version):
                    continue
                if now is None or now.version != memory.version:
                    self.save(memory)
                return memory, before

    def latest(self, rubric: str) -> Memory | None:
        """The version made last under a rubric; None where nothing was ever aligned.

        Raises:
            StoreError: If it cannot be read.
        """
        rows = self._store.rows("SELECT * FROM memories WHERE rubric = ? ORDER BY rowid DESC LIMIT 1", [rubric])
        return _memory(rows[0]) if rows else None

    def get(self, ref: str, rubric: str | None = None) -> Memory:
        """The version that begins like this; `latest` is the latest.

        Raises:
            NotFound: If there is none.
            UsageError: If several begin so.
            StoreError: If it cannot be read.
        """
        where, values = ("WHERE rubric = ?", [rubric]) if rubric is not None else ("", [])
        rows = self._store.rows(f"SELECT * FROM memories {where} ORDER BY rowid DESC", values)
        wanted = ref.strip().casefold()
        fits = rows[:1] if wanted == "latest" else [row for row in rows if wanted and row["version"].startswith(wanted)]
        if not fits:
            here = ", ".join(row["version"] for row in rows[:8])
            raise NotFound(
                f"there is no memory {clean_line(ref, 40)!r}",
                f"Versions here: {here}." if here else "Nothing has been aligned yet: nbalign align",
            )
        if len(fits) > 1 or (wanted != "latest" and len(wanted) < _SHORTEST):
            versions = ", ".join(row["version"] for row in fits[:5])
            raise UsageError(f"{clean_line(ref, 40)!r} is too short for a memory's version", f"It begins: {versions}")
        return _memory(fits[0])

    def versions(self, rubric: str) -> list[tuple[str, str, str, str]]:
        """(version, parent, model, when) of a rubric's memories, the latest first."""
        rows = self._store.rows(
            "SELECT version, parent, model, at FROM memories WHERE rubric = ? ORDER BY rowid DESC", [rubric]
        )
        return [(row["version"], row["parent"], row["model"], row["at"]) for row in rows]


def _content(memory: Memory) -> dict[str, Any]:
    return {
        "guidelines": [asdict(guideline) for guideline in memory.guidelines],
        "precedents": [asdict(precedent) for precedent in memory.precedents],
        "accounts": [asdict(account) for account in memory.accounts],
        "calibrations": {name: dict(value) for name, value in memory.calibrations.items()},
        "made_by": dict(memory.made_by),
    }


def _memory(row: sqlite3.Row) -> Memory:
    try:
        content = json.loads(row["content"])
        if content["format"] != _FORMAT:
            raise ValueError(f"format {content['format']!r}")
        return Memory(
            version=row["version"],
            rubric=row["rubric"],
            rubric_sha256=row["rubric_sha256"],
            model=row["model"],
            guidelines=tuple(Guideline(**_tuples(g)) for g in content["guidelines"]),
            precedents=tuple(Precedent(**_tuples(p)) for p in content["precedents"]),
            accounts=tuple(Account(**_tuples(a)) for a in content["accounts"]),
            calibrations=content["calibrations"],
            made_by=content["made_by"],
            parent=row["parent"],
            at=row["at"],
        )
    except (LookupError, TypeError, ValueError) as error:
        raise StoreError(
            f"the memory {row['version']} cannot be read ({type(error).__name__})",
            "It was written by another version of nbalign, or is damaged: align again.",
        ) from error


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
