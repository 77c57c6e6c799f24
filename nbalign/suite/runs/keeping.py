"""Runs and what they produced in the store: one durable transaction a notebook."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from rapidfuzz import process

from nbalign.errors import NotFound
from nbalign.store.database import Store
from nbalign.suite.runs.model import CaseBrief, Production, Run


class RunStore:
    """The runs of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, run: Run) -> None:
        """Keeps what a run is; an earlier text under the same name is replaced, its notebooks stay."""
        content = asdict(run)
        for case in content["cases"]:
            case["not_applicable"] = sorted(case["not_applicable"])  # JSON has no sets
        row = {"name": run.name, "at": run.at, "suite": run.suite, "content": json.dumps(content, ensure_ascii=False)}
        with self._store.write() as db:
            db.table("runs").upsert(row, pk="name")

    def names(self) -> list[str]:
        """Names of all runs, the latest first."""
        return [row["name"] for row in self._store.rows("SELECT name FROM runs ORDER BY at DESC, rowid DESC")]

    def all(self) -> list[Run]:
        """All runs, the latest first."""
        return [
            _run(row["content"]) for row in self._store.rows("SELECT content FROM runs ORDER BY at DESC, rowid DESC")
        ]

    def find(self, name: str) -> Run | None:
        """The run of this name; None for none."""
        rows = self._store.rows("SELECT content FROM runs WHERE name = ?", [name])
        return _run(rows[0]["content"]) if rows else None

    def get(self, name: str) -> Run:
        """The run of this name.

        Raises:
            NotFound: If there is none; near names are suggested.
        """
        found = self.find(name)
        if found is None:
            names = self.names()
            near = [match[0] for match in process.extract(name[:200], names, limit=3, score_cutoff=60)]
            hint = f"Did you mean {' or '.join(near)}?" if near else "`nbalign runs list` lists them."
            raise NotFound(
                f"there is no run {name[:80]!r} in this workspace",
                hint if names else "Make one: nbalign run SUITE --generator local --name NAME",
            )
        return found

    def keep(self, run: str, made: Production) -> None:
        """Keeps what came of one case and repeat; what was kept of it before is replaced."""
        row = {
            "run": run,
            "case_id": made.case,
            "repeat": made.repeat,
            "notebook": made.notebook or None,
            "problem": made.problem,
            "evaluated": made.evaluated,
            "generated": made.generated,
            "seconds": made.seconds,
            "failed_cells": made.failed_cells,
            "notes": json.dumps(made.notes, ensure_ascii=False),
            "at": made.at,
        }
        with self._store.write() as db:
            db.table("productions").insert(row, pk=("run", "case_id", "repeat"), replace=True)

    def productions(self, run: Run) -> list[Production]:
        """What came of a run so far, in the order of its cases."""
        place = {case.id: n for n, case in enumerate(run.cases)}
        rows = self._store.rows("SELECT * FROM productions WHERE run = ?", [run.name])
        found = [
            Production(
                case=row["case_id"],
                repeat=row["repeat"],
                notebook=row["notebook"] or "",
                problem=row["problem"],
                evaluated=row["evaluated"],
                generated=row["generated"],
                seconds=row["seconds"],
                failed_cells=row["failed_cells"],
                notes=tuple(json.loads(row["notes"])),
                at=row["at"],
            )
            for row in rows
            if row["case_id"] in place
        ]
        return sorted(found, key=lambda made: (place[made.case], made.repeat))

    def notebooks(self, run: Run) -> list[str]:
        """Content hashes of the notebooks of a run, in the order of its cases."""
        return [made.notebook for made in self.productions(run) if made.notebook]

    def runs_of(self, notebook: str) -> list[str]:
        """Names of the runs that a notebook came by."""
        rows = self._store.rows("SELECT DISTINCT run FROM productions WHERE notebook = ? ORDER BY run", [notebook])
        return [row["run"] for row in rows]

    def remove(self, name: str) -> int:
        """Deletes a run, and those of its notebooks that no other run and no person has anything to do with.

        Returns:
            How many notebooks were deleted with it; those that somebody labelled, flagged, read or picked stay.
        """
        with self._store.write() as db:
            db.conn.execute(_LEFT_OVER, [name])
            db.conn.execute("DELETE FROM productions WHERE run = ?", [name])
            db.conn.execute("DELETE FROM runs WHERE name = ?", [name])
            for statement in _FORGET:
                db.conn.execute(statement)
            (count,) = db.conn.execute("SELECT count(*) FROM left_over").fetchone()
            db.conn.execute("DROP TABLE left_over")
        return int(count)


_LEFT_OVER = """
    CREATE TEMP TABLE left_over AS SELECT DISTINCT p.notebook FROM productions p
    WHERE p.run = ? AND p.notebook IN (SELECT notebook FROM set_aside)
    AND p.notebook NOT IN (SELECT notebook FROM productions WHERE run <> p.run AND notebook IS NOT NULL)
    AND p.notebook NOT IN (SELECT notebook FROM label_events) AND p.notebook NOT IN (SELECT notebook FROM flags)
    AND p.notebook NOT IN (SELECT notebook FROM drafts) AND p.notebook NOT IN (SELECT notebook FROM audit_picks)
    AND p.notebook NOT IN (SELECT notebook FROM activity)
"""
_MINE = "notebook IN (SELECT notebook FROM left_over)"
_FORGET = (
    f"DELETE FROM rationales WHERE judgement IN (SELECT key FROM judgements WHERE {_MINE})",
    f"DELETE FROM judgements WHERE {_MINE}",
    f"DELETE FROM probes WHERE {_MINE}",
    f"DELETE FROM bags WHERE {_MINE}",
    f"DELETE FROM set_aside WHERE {_MINE}",
    "DELETE FROM notebooks WHERE sha256 IN (SELECT notebook FROM left_over)",
)


def _run(text: str) -> Run:
    data: Mapping[str, Any] = json.loads(text)
    cases = tuple(
        CaseBrief(**{**case, "tags": tuple(case["tags"]), "not_applicable": frozenset(case["not_applicable"])})
        for case in data["cases"]
    )
    return Run(**{**data, "cases": cases})
