"""The notebooks and rubrics of a workspace."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from nbalign.errors import NotFound
from nbalign.importing import ImportReport, import_notebooks
from nbalign.notebooks import read
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, silent
from nbalign.rubrics.model import Dimension, Rubric
from nbalign.rubrics.packaged import packaged, read_rubric
from nbalign.rubrics.parse import parse
from nbalign.store.database import Store
from nbalign.store.notebooks import NotebookInfo
from nbalign.workspace.opened import Opened

DEFAULT_RUBRIC = "ml-notebook"
_CACHED_NOTEBOOKS = 4

_parsed = lru_cache(maxsize=64)(parse)  # a rubric's text never changes under its hash, and YAML is slow to read


class Shelves(Opened):
    """Brings notebooks and rubrics in and gives them out."""

    def __init__(self, path: Path, store: Store) -> None:
        super().__init__(path, store)
        self._cache: OrderedDict[str, Notebook] = OrderedDict()
        self._lock = threading.Lock()

    def import_notebooks(self, paths: Sequence[str | Path], progress: OnProgress = silent) -> ImportReport:
        """Brings notebooks in; the same content twice is a no-op.

        Args:
            paths: Files, and folders that are searched.
            progress: Told how many files are done.

        Raises:
            NotFound: If nothing is found.
            StoreError: If the workspace cannot be written.
        """
        return import_notebooks(self._notebooks, [Path(p) for p in paths], progress)

    def notebooks(self, *, everything: bool = False) -> list[NotebookInfo]:
        """Notebooks in the order of their import, without their contents.

        Args:
            everything: Also those that came by runs and that nobody has labelled or picked for review.
        """
        return self._notebooks.infos(everything=everything)

    def notebook(self, ref: str) -> Notebook:
        """A notebook by name, hash or hash prefix.

        Raises:
            NotFound: If there is none; near names are suggested.
            UsageError: If the name fits several.
        """
        sha256 = self._notebooks.resolve(ref)
        with self._lock:
            if sha256 in self._cache:
                self._cache.move_to_end(sha256)
                return self._cache[sha256]
        raw, name, sidecar = self._notebooks.raw(sha256)
        notebook = read(raw, name, sidecar=sidecar)
        with self._lock:
            self._cache[sha256] = notebook
            while len(self._cache) > _CACHED_NOTEBOOKS:
                self._cache.popitem(last=False)
        return notebook

    def names(self) -> dict[str, str]:
        """Content hash -> name of every notebook, in the order of their import."""
        return {info.sha256: info.name for info in self.notebooks(everything=True)}

    def name_of(self, sha256: str) -> str:
        """The name of a notebook, or the start of its hash where it is not here."""
        return self.names().get(sha256, sha256[:12])

    def _hash_of(self, ref: str | None) -> str | None:
        """The content hash of the notebook a filter names; None where it names none."""
        return None if ref is None else self._notebooks.resolve(ref)

    def rubrics(self) -> list[Rubric]:
        """The rubrics of this workspace, the latest version of each, then packaged ones that were never used here."""
        latest: dict[str, Rubric] = {}
        for row in self._rubrics.list():
            latest[row.id] = _parsed(row.text, row.id)
        return [*latest.values(), *(each for each in packaged() if each.id not in latest)]

    def rubric(self, ref: str | None = None) -> Rubric:
        """A rubric by id or hash; without one the nine-dimension rubric, or the only one that is kept here.

        A packaged rubric that came with a later nbalign than this workspace is found too, and kept here from then on:
        judgements and labels name the text that they are about.

        Raises:
            NotFound: If there is none.
        """
        if ref is None:
            ids = {row.id for row in self._rubrics.list()}
            ref = next(iter(ids)) if len(ids) == 1 else DEFAULT_RUBRIC
        try:
            row = self._rubrics.get(ref)
        except NotFound:
            for each in packaged():
                if ref in (each.id, each.sha256):
                    if not self._store.read_only:
                        self._rubrics.add(each)
                    return each
            raise
        return _parsed(row.text, row.id)

    def add_rubric(self, path: str | Path) -> tuple[Rubric, bool]:
        """Adds a rubric from a YAML file.

        Returns:
            The rubric, and whether it is new here.

        Raises:
            BadInput: With every problem and its line.
        """
        rubric = read_rubric(Path(path))
        return rubric, self._rubrics.add(rubric)

    def added_rubrics(self) -> list[str]:
        """Ids of the rubrics here that did not come with nbalign, in the order in which they were added."""
        own = {rubric.id for rubric in packaged()}
        return list(dict.fromkeys(row.id for row in self._rubrics.list() if row.id not in own))

    def scale_name(self, rubric_id: str, score: int) -> str:
        """The short name of a score on a rubric's scale."""
        return self.rubric(rubric_id).scale.name(score)

    def _dimensions(self, rubric: Rubric, ids: Iterable[str]) -> tuple[Dimension, ...]:
        wanted = list(dict.fromkeys(ids))
        known = {d.id: d for d in rubric.dimensions}
        unknown = [i for i in wanted if i not in known]
        if unknown:
            raise NotFound(f"rubric {rubric.id} has no dimension {', '.join(unknown)}", f"It has: {', '.join(known)}.")
        return tuple(known[i] for i in wanted) or rubric.dimensions
