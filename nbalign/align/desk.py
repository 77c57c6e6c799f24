"""Everything about notebooks that alignment looks at and that no label is in, worked out once for all folds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Mapping

from nbalign.align.calibrate.model import View
from nbalign.align.calibrate.views import view
from nbalign.align.retrieve.meaning import Lookup, Meaning
from nbalign.align.retrieve.query import Query, make_query
from nbalign.errors import BadInput, NotFound
from nbalign.evidence import Evidence, read_evidence
from nbalign.notebooks.model import Notebook
from nbalign.progress import OnProgress, Progress, silent
from nbalign.rubrics.model import Dimension, Rubric


class Desk:
    """The notebooks at hand, read.

    Args:
        rubric: The rubric.
        hashes: Content hashes of the notebooks at hand. One that cannot be read any more is left out.
        load: Content hash -> notebook.
        lookup: Word vectors of a local model; None makes do with rare words.
        progress: Told how many notebooks are read.

    Attributes:
        notebooks: Content hash -> notebook, of those that could be read.
    """

    def __init__(
        self,
        rubric: Rubric,
        hashes: Iterable[str],
        load: Callable[[str], Notebook],
        lookup: Lookup | None = None,
        progress: OnProgress = silent,
    ) -> None:
        self._dimensions: Mapping[str, Dimension] = {d.id: d for d in rubric.dimensions}
        self._load = load
        self.notebooks: dict[str, Notebook] = {}
        self._evidence: dict[str, Evidence] = {}
        self._queries: dict[tuple[str, str], Query] = {}
        wanted = list(dict.fromkeys(hashes))
        for n, sha256 in enumerate(wanted, 1):
            with contextlib.suppress(BadInput, NotFound):
                self.add(sha256)
            progress(Progress("reading notebooks and their facts", n, len(wanted), "notebooks"))
        self.meaning = Meaning(self.notebooks.values(), lookup)

    def add(self, sha256: str) -> Notebook:
        """Reads a notebook that was not at hand before; what words mean stays as it was learned.

        Raises:
            NotFound: If there is no such notebook.
            BadInput: If it cannot be read any more.
        """
        if sha256 not in self.notebooks:
            self.notebooks[sha256] = self._load(sha256)
        return self.notebooks[sha256]

    def drop(self, sha256: str) -> None:
        """Puts a notebook away with all that was worked out of it; one that is not at hand is none to put away."""
        self.notebooks.pop(sha256, None)
        self._evidence.pop(sha256, None)
        for dimension in self._dimensions:
            self._queries.pop((sha256, dimension), None)

    def evidence(self, sha256: str) -> Evidence:
        """The facts of a notebook at hand, read once."""
        if sha256 not in self._evidence:
            self._evidence[sha256] = read_evidence(self.notebooks[sha256])
        return self._evidence[sha256]

    def query(self, sha256: str, dimension: str) -> Query:
        """What retrieval sees of a notebook at hand in one dimension."""
        key = sha256, dimension
        if key not in self._queries:
            notebook, asked = self.notebooks[sha256], self._dimensions[dimension]
            self._queries[key] = make_query(notebook, asked, self.evidence(sha256), self.meaning)
        return self._queries[key]

    def view(
        self,
        sha256: str,
        dimension: str,
        judged: Mapping[int, float] | None = None,
        checks: Mapping[str, float] | None = None,
    ) -> View:
        """What calibration sees of a notebook at hand in one dimension.

        Args:
            sha256: Content hash.
            dimension: Dimension id.
            judged: The unaligned judge's distribution.
            checks: Check id -> probability of yes.
        """
        vector = self.query(sha256, dimension).vector
        return view(self.notebooks[sha256], dimension, self.evidence(sha256), judged, checks, vector)
