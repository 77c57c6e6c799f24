"""Notebooks by content hash, with their raw bytes: a label never loses the text that it is about."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from nbalign.errors import NotFound, UsageError
from nbalign.notebooks.model import Notebook
from nbalign.store.clock import now
from nbalign.store.database import Store

_HASH_PREFIX = re.compile(r"[0-9a-f]{6,64}\Z")
_NEAR_NAMES = 3
_MAX_SHOWN = 8
_QUEUED = (
    "sha256 NOT IN (SELECT notebook FROM set_aside) OR sha256 IN (SELECT notebook FROM label_events)"
    " OR sha256 IN (SELECT notebook FROM audit_picks)"
)


@dataclass(frozen=True, slots=True)
class NotebookInfo:
    """What a list of notebooks shows, without the notebook itself.

    Attributes:
        sha256: Content hash.
        name: File name.
        format: Such as `ipynb 4.5`.
        prompt: The task it answers; empty when unknown.
        cells: Number of cells.
        warnings: What was repaired or cut on import.
        imported_at: UTC time, ISO 8601.
        bytes: Size of the raw file.
    """

    sha256: str
    name: str
    format: str
    prompt: str
    cells: int
    warnings: tuple[str, ...]
    imported_at: str
    bytes: int


class NotebookStore:
    """The notebooks of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, raw: bytes, notebook: Notebook, sidecar: str | None) -> bool:
        """Keeps a notebook.

        Args:
            raw: The file's bytes.
            notebook: What was read from them.
            sidecar: Text of the sidecar file that gave the prompt, or None.

        Returns:
            False when this content is known already; nothing is changed then, its first name stays.

        Raises:
            StoreError: If it cannot be written.
        """
        with self._store.write() as db:
            cursor = db.conn.execute(
                "INSERT INTO notebooks (sha256, name, format, language, cells, imported_at, prompt_source, prompt,"
                " warnings, sidecar, raw) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (sha256) DO NOTHING",
                (
                    notebook.sha256,
                    notebook.name,
                    notebook.format,
                    notebook.language,
                    len(notebook.cells),
                    now(),
                    notebook.prompt_source,
                    notebook.prompt,
                    json.dumps(notebook.warnings, ensure_ascii=False),
                    sidecar,
                    raw,
                ),
            )
            return cursor.rowcount == 1

    def set_aside(self, sha256: str) -> None:
        """Keeps a notebook out of the queue, until somebody labels it or picks it for review.

        Raises:
            StoreError: If it cannot be written.
        """
        with self._store.write() as db:
            db.conn.execute("INSERT OR IGNORE INTO set_aside (notebook, at) VALUES (?, ?)", (sha256, now()))

    def take_in(self, hashes: Sequence[str]) -> None:
        """Puts notebooks that were set aside into the queue.

        Raises:
            StoreError: If it cannot be written.
        """
        with self._store.write() as db:
            db.conn.executemany("DELETE FROM set_aside WHERE notebook = ?", [(sha256,) for sha256 in hashes])

    def infos(self, *, everything: bool = True) -> list[NotebookInfo]:
        """Notebooks in the order of their import; the raw bytes are not loaded.

        Args:
            everything: Also those that were set aside, and that nobody has labelled or picked for review since.

        Raises:
            StoreError: If the database cannot be read.
        """
        queued = "" if everything else f" WHERE {_QUEUED}"
        rows = self._store.rows(
            "SELECT sha256, name, format, prompt, cells, warnings, imported_at, length(raw) AS bytes"
            f" FROM notebooks{queued} ORDER BY rowid"
        )
        return [
            NotebookInfo(
                sha256=row["sha256"],
                name=row["name"],
                format=row["format"],
                prompt=row["prompt"],
                cells=row["cells"],
                warnings=tuple(json.loads(row["warnings"])),
                imported_at=row["imported_at"],
                bytes=row["bytes"],
            )
            for row in rows
        ]

    def raw(self, sha256: str) -> tuple[bytes, str, str | None]:
        """A notebook's bytes, its name and the text of its sidecar or None.

        Args:
            sha256: Its full content hash.

        Raises:
            NotFound: If there is no such notebook.
        """
        rows = self._store.rows("SELECT raw, name, sidecar FROM notebooks WHERE sha256 = ?", (sha256,))
        if not rows:
            raise NotFound(f"there is no notebook {sha256[:12]} in this workspace")
        raw, name, sidecar = rows[0]
        return bytes(raw), str(name), sidecar

    def resolve(self, ref: str) -> str:
        """The content hash of the notebook a user means.

        Args:
            ref: A content hash, its first 6 or more digits, or a name with or without its suffix.

        Raises:
            NotFound: If there is none; near names are suggested.
            UsageError: If several notebooks fit.
        """
        rows = self._store.rows("SELECT sha256, name FROM notebooks ORDER BY rowid")
        names = [(str(row["sha256"]), str(row["name"])) for row in rows]
        digits = ref.strip().lower()
        fits = [pair for pair in names if pair[0] == digits]
        fits = fits or [pair for pair in names if pair[1] == ref]
        fits = fits or [pair for pair in names if pair[1].rpartition(".")[0] == ref != ""]
        if not fits and _HASH_PREFIX.match(digits):
            fits = [pair for pair in names if pair[0].startswith(digits)]
        if len(fits) == 1:
            return fits[0][0]
        if fits:
            shown = ", ".join(f"{sha[:12]} ({name})" for sha, name in fits[:_MAX_SHOWN])
            more = f" and {len(fits) - _MAX_SHOWN} more" if len(fits) > _MAX_SHOWN else ""
            raise UsageError(f"{len(fits)} notebooks fit {ref[:80]!r}", f"Name one by its hash: {shown}{more}.")
        raise NotFound(f"there is no notebook {ref[:80]!r} in this workspace", _near(ref, [name for _, name in names]))


def _near(ref: str, names: list[str]) -> str:
    if not names:
        return "Import some with `nbalign import`."
    found = process.extract(ref[:200], sorted(set(names)), scorer=fuzz.WRatio, limit=_NEAR_NAMES, score_cutoff=60)
    if not found:
        return "`nbalign notebooks` lists them."
    return f"Did you mean {' or '.join(name for name, _, _ in found)}?"
