"""What every part of a workspace stands on: its folder, its store, and the settings kept there."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from nbalign.errors import NotFound
from nbalign.judge.archive import Archive
from nbalign.labels.events import LabelStore
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookStore
from nbalign.store.rubrics import RubricStore

DATABASE = "nbalign.db"


class Opened:
    """An open workspace folder.

    Attributes:
        path: The folder.
    """

    def __init__(self, path: Path, store: Store) -> None:
        self.path = path
        self._store = store
        self._notebooks = NotebookStore(store)
        self._rubrics = RubricStore(store)
        self._labels = LabelStore(store)
        self._archive = Archive(store)

    @classmethod
    def open(cls, path: str | Path) -> Self:
        """Opens the workspace in a folder.

        Raises:
            NotFound: If there is none in it.
            StoreError: If it cannot be opened.
        """
        folder = Path(path).expanduser()
        if not (folder / DATABASE).is_file():
            raise NotFound(
                f"there is no workspace in {folder}", f"Make one: nbalign init {folder}  (with samples: --sample)"
            )
        return cls(folder, Store.open(folder / DATABASE))

    @classmethod
    def find(cls, path: str | Path | None = None) -> Self:
        """Opens the workspace named, or the nearest at or above the current folder.

        Raises:
            NotFound: If there is none.
        """
        if path is not None:
            return cls.open(path)
        try:
            here = Path.cwd()
        except OSError as error:
            raise NotFound("the current folder is not there any more", "Go to another one, or use -w DIR.") from error
        for folder in (here, *here.parents):
            if (folder / DATABASE).is_file():
                return cls.open(folder)
        raise NotFound(
            f"there is no workspace at or above {here}",
            "Make one: nbalign init DIR --sample   then: cd DIR   (or name one with -w DIR)",
        )

    def close(self) -> None:
        """Closes the store."""
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def cache(self) -> Path:
        """Folder of what may be deleted at any time: parked prefixes."""
        return self.path / "cache"

    def setting(self, name: str) -> object | None:
        """A setting of this workspace, or None."""
        return self._settings().get(name)

    def set_setting(self, name: str, value: object) -> None:
        """Keeps a setting; its value must be JSON."""
        with self._store.write() as db:
            db.table("settings").insert({"name": name, "value": json.dumps(value)}, pk="name", replace=True)

    def _settings(self) -> Mapping[str, object]:
        rows = self._store.rows("SELECT name, value FROM settings")
        return {row["name"]: json.loads(row["value"]) for row in rows}
