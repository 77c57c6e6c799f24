"""Finished experiments in the store."""

from __future__ import annotations

import json
from contextlib import suppress

from nbalign.errors import BadInput, NotFound, UsageError
from nbalign.evaluate.experiment.model import ExperimentResult
from nbalign.evaluate.report.plain import as_json, from_json
from nbalign.store.database import Store


class Experiments:
    """The experiments of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def save(self, result: ExperimentResult) -> None:
        """Keeps a result; an earlier one with the same id, of the same experiment, is replaced."""
        row = {
            "id": result.id,
            "rubric": result.rubric,
            "at": result.at,
            "options": json.dumps(dict(result.options), sort_keys=True),
            "result": json.dumps(as_json(result), ensure_ascii=False),
        }
        with self._store.write() as db:
            db.table("experiments").insert(row, pk="id", replace=True)

    def latest(self, rubric: str) -> ExperimentResult | None:
        """The one that was finished last under a rubric; None for none.

        Raises:
            BadInput: If it is damaged, or was written by a later nbalign.
        """
        rows = self._store.rows(
            "SELECT result FROM experiments WHERE rubric = ? ORDER BY at DESC, rowid DESC LIMIT 1", [rubric]
        )
        return _result(rows[0]["result"]) if rows else None

    def get(self, ref: str) -> ExperimentResult:
        """The one whose id begins like this.

        Raises:
            NotFound: If there is none.
            UsageError: If several do.
            BadInput: If it is damaged, or was written by a later nbalign.
        """
        wanted = ref.strip().casefold()
        rows = self._store.rows("SELECT id FROM experiments ORDER BY id")  # a result may take many megabytes
        fits = [row["id"] for row in rows if wanted and row["id"].startswith(wanted)]
        if not fits:
            raise NotFound("there is no such experiment", "Those kept here: nbalign evaluate --list")
        if len(fits) > 1:
            raise UsageError("several experiments begin like that", ", ".join(fits[:5]))
        return _result(self._store.rows("SELECT result FROM experiments WHERE id = ?", [fits[0]])[0]["result"])

    def list(self, rubric: str | None = None) -> list[tuple[str, str, str, dict[str, str]]]:
        """(id, rubric, when, options) of all, the latest first."""
        where, values = ("WHERE rubric = ?", [rubric]) if rubric else ("", [])
        rows = self._store.rows(
            f"SELECT id, rubric, at, options FROM experiments {where} ORDER BY at DESC, rowid DESC", values
        )
        return [(row["id"], row["rubric"], row["at"], json.loads(row["options"])) for row in rows]

    def folds(self, rubric: str, options: dict[str, str]) -> dict[str, int] | None:
        """The folds of the latest experiment like this one, so that a changed label moves no notebook; None for none.

        One on other notebooks is not like it: a few notebooks out of the folds of many would be spread unevenly, and
        the folds of all would come to depend on which few were tried before.
        """
        for ref, _, _, earlier in self.list(rubric):
            if all(earlier.get(name) == options.get(name) for name in ("folds", "seed", "group", "notebooks")):
                with suppress(BadInput):  # one of a later nbalign, or damaged: folds are then dealt anew
                    return dict(self.get(ref).folds)
        return None


def _result(text: str) -> ExperimentResult:
    try:
        data = json.loads(text)
    except ValueError as error:
        raise BadInput("a stored experiment is no JSON", "It is damaged: run it again.") from error
    return from_json(data)
