"""Judgements in the store: one durable row each, found by key, never computed twice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from nbalign.judge.model import Judgement
from nbalign.store.database import Store

_PART = 500  # values of one statement


class Archive:
    """The judgements of a workspace.

    Args:
        store: The workspace's store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def must_be_writable(self) -> None:
        """Fails now rather than after minutes of work.

        Raises:
            StoreError: If nothing could be saved.
        """
        with self._store.write():
            pass

    def save(self, judgement: Judgement) -> None:
        """Keeps one judgement; a key that is there already stays as it is."""
        row = {
            "key": judgement.key,
            "judge": judgement.judge,
            "notebook": judgement.notebook,
            "rubric": judgement.rubric,
            "rubric_sha256": judgement.rubric_sha256,
            "dimension": judgement.dimension,
            "probabilities": json.dumps({str(k): v for k, v in judgement.probabilities.items()}),
            "expected": judgement.expected,
            "score": judgement.score,
            "mass": judgement.mass,
            "cut": json.dumps(judgement.cut, ensure_ascii=False),
            "tokens": judgement.tokens,
            "prefix_tokens": judgement.prefix_tokens,
            "seconds": judgement.seconds,
            "made_by": json.dumps(dict(judgement.made_by), ensure_ascii=False),
            "at": judgement.at,
        }
        with self._store.write() as db:
            db.table("judgements").insert(row, pk="key", ignore=True)

    def save_rationale(self, key: str, text: str, at: str) -> None:
        """Keeps the rationale of a judgement; a later one replaces it."""
        with self._store.write() as db:
            db.table("rationales").insert({"judgement": key, "text": text, "at": at}, pk="judgement", replace=True)

    def known(self, keys: Iterable[str]) -> dict[str, Judgement]:
        """Those of the keys that are there."""
        return {j.key: j for j in self._chunked("j.key in", [], keys)}

    def judgements(
        self,
        notebook: str | None = None,
        rubric: str | None = None,
        dimension: str | None = None,
        judge: str | None = None,
    ) -> list[Judgement]:
        """Judgements that match all filters given, oldest first."""
        filters = {"notebook": notebook, "rubric": rubric, "dimension": dimension, "judge": judge}
        chosen = {name: value for name, value in filters.items() if value is not None}
        where = " and ".join(f"j.{name} = ?" for name in chosen)
        return list(self._query(f"where {where}" if where else "", list(chosen.values())))

    def of_notebooks(self, notebooks: Iterable[str], rubric: str, judge: str) -> list[Judgement]:
        """What one judge said of some notebooks; of each notebook the oldest first."""
        where = "j.rubric = ? and j.judge = ? and j.notebook in"
        return list(self._chunked(where, [rubric, judge], notebooks))

    def judges(self, rubric: str) -> list[tuple[str, int, str]]:
        """Every judge of a rubric with how many notebooks it scored and when last, the latest first."""
        rows = self._store.rows(
            "select judge, count(distinct notebook) as notebooks, max(at) as latest, max(rowid) as last_row"
            " from judgements where rubric = ? group by judge order by last_row desc",
            [rubric],
        )
        return [(row["judge"], row["notebooks"], row["latest"]) for row in rows]

    def _chunked(self, where: str, values: list[Any], those: Iterable[str]) -> Iterable[Judgement]:
        """Those that match, asked for in parts: a statement takes only so many values."""
        wanted = list(those)
        for start in range(0, len(wanted), _PART):
            part = wanted[start : start + _PART]
            yield from self._query(f"where {where} ({', '.join('?' * len(part))})", [*values, *part])

    def _query(self, where: str, values: list[Any]) -> Iterable[Judgement]:
        sql = (
            "select j.*, coalesce(r.text, '') as rationale from judgements j"
            f" left join rationales r on r.judgement = j.key {where} order by j.rowid"
        )
        for row in self._store.rows(sql, values):
            yield Judgement(
                key=row["key"],
                judge=row["judge"],
                notebook=row["notebook"],
                rubric=row["rubric"],
                rubric_sha256=row["rubric_sha256"],
                dimension=row["dimension"],
                probabilities={int(k): v for k, v in json.loads(row["probabilities"]).items()},
                expected=row["expected"],
                score=row["score"],
                mass=row["mass"],
                cut=tuple(json.loads(row["cut"])),
                tokens=row["tokens"],
                prefix_tokens=row["prefix_tokens"],
                seconds=row["seconds"],
                rationale=row["rationale"],
                made_by=json.loads(row["made_by"]),
                at=row["at"],
            )
