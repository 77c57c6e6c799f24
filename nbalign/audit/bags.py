"""Bags of stems in the store: reading a notebook takes some milliseconds, and thousands of them minutes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from nbalign.audit.likeness import VERSION, Bag
from nbalign.store.database import Store

_COUNT = np.dtype("<u2")  # on every machine the same bytes


class BagStore:
    """The bags of a workspace; those that an nbalign with other stems made are not used.

    Args:
        store: The open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def all(self) -> dict[str, Bag]:
        """Content hash -> bag of every notebook that was read.

        Raises:
            StoreError: If the database cannot be read.
        """
        rows = self._store.rows("SELECT notebook, places, counts FROM bags WHERE made_by = ?", (VERSION,))
        return {
            row["notebook"]: Bag(np.frombuffer(row["places"], dtype=_COUNT), np.frombuffer(row["counts"], dtype=_COUNT))
            for row in rows
        }

    def keep(self, bags: Mapping[str, Bag]) -> None:
        """Keeps bags in one transaction; a workspace that cannot be written does without.

        Args:
            bags: Content hash -> bag.

        Raises:
            StoreError: If they cannot be written.
        """
        if self._store.read_only or not bags:
            return
        with self._store.write() as db:
            db.conn.executemany(
                "INSERT OR REPLACE INTO bags (notebook, made_by, places, counts) VALUES (?, ?, ?, ?)",
                [
                    (notebook, VERSION, each.places.astype(_COUNT).tobytes(), each.counts.astype(_COUNT).tobytes())
                    for notebook, each in bags.items()
                ],
            )
