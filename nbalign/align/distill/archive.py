"""What models wrote when they distilled: kept at once, found by what decided it, never computed twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from nbalign.store.clock import now
from nbalign.store.database import Store


@dataclass(frozen=True, slots=True)
class Written:
    """The raw answer of a model to one batch.

    Attributes:
        texts: Name of the branch -> what was written.
        tokens: Prompt tokens evaluated for it.
        generated: Tokens written.
        seconds: Wall seconds.
        new: Whether it was computed now.
    """

    texts: Mapping[str, str]
    tokens: int
    generated: int
    seconds: float
    new: bool = True


class Distillations:
    """The distillations of a workspace.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def find(self, key: str) -> Written | None:
        """What is kept under a key, or None."""
        rows = self._store.rows("SELECT * FROM distillations WHERE key = ?", (key,))
        if not rows:
            return None
        row = rows[0]
        return Written(json.loads(row["text"]), row["tokens"], row["generated"], row["seconds"], new=False)

    def save(self, key: str, rubric: str, dimension: str, written: Written, made_by: Mapping[str, str]) -> None:
        """Keeps an answer in one durable transaction; a key that is there already stays as it is.

        Raises:
            StoreError: If it cannot be written.
        """
        row = {
            "key": key,
            "rubric": rubric,
            "dimension": dimension,
            "text": json.dumps(dict(written.texts), ensure_ascii=False),
            "tokens": written.tokens,
            "generated": written.generated,
            "seconds": written.seconds,
            "made_by": json.dumps(dict(made_by), ensure_ascii=False),
            "at": now(),
        }
        with self._store.write() as db:
            db.table("distillations").insert(row, pk="key", ignore=True)
