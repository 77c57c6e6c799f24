"""Lines of a label file on their way in: each is resolved and checked against the workspace, none is written yet."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from nbalign.errors import NbalignError, NotFound, UsageError
from nbalign.labels.checks import NewLabel, check_dimension, check_label, check_role
from nbalign.labels.line import Line
from nbalign.labels.model import Role
from nbalign.notebooks.sanitise import clean_line
from nbalign.rubrics.model import Rubric
from nbalign.store.database import Store
from nbalign.store.rubrics import RubricStore

ADJUDICATOR = "adjudicator"  # who decided, where a consensus line does not say
_ADJUDICATED = frozenset({"adjudicated", "decision"})
_DERIVED = frozenset({"agreed", "median", "unresolved"})


class Incoming:
    """Gathers the lines of one file.

    Args:
        store: The open store.
        rubric_for: Gives the rubric with an id, or for None the one meant by lines without an id.

    Attributes:
        labels: Checked labels in the order of the file.
        skipped: Consensus lines without anything of their own.
        repeated: Lines that repeat an earlier one word for word.
        elsewhere: Ids of rubrics that wrong lines without one seem to mean, as no other here has their dimension.
    """

    def __init__(self, store: Store, rubric_for: Callable[[str | None], Rubric]) -> None:
        self.labels: list[NewLabel] = []
        self.skipped = 0
        self.repeated = 0
        self.elsewhere: set[str] = set()
        self._store = store
        self._rubric_for = rubric_for
        self._rubrics: dict[str, Rubric | NbalignError] = {}
        self._seen: dict[tuple[str, ...], tuple[int, NewLabel]] = {}
        self._knowing: dict[str, list[str]] | None = None
        self._cells: dict[str, int] = {}
        self._by_name: dict[str, list[str]] = {}
        for row in store.rows("SELECT sha256, name, cells FROM notebooks ORDER BY rowid"):
            self._cells[row["sha256"]] = row["cells"]
            self._by_name.setdefault(row["name"], []).append(row["sha256"])

    def take(self, number: int, line: Line) -> None:
        """Checks one line and keeps it for writing.

        Args:
            number: Its number in the file.
            line: The line.

        Raises:
            NbalignError: If it cannot be imported; the message says why.
        """
        rater, role, justification = line.rater, check_role(_role(line)), line.justification
        if line.how in _DERIVED:
            self.skipped += 1
            return
        if line.how in _ADJUDICATED:
            rater, role = line.rater or ADJUDICATOR, "decision"
            justification = line.justification or line.reason
        elif line.how:
            raise UsageError(f"{line.how!r:.60} is no way to a consensus")
        elif line.reason:
            raise UsageError("has a reason, which only an adjudicated line may have")
        if not rater:
            raise UsageError("names no rater")
        sha256 = self._notebook(line)
        rubric = self._rubric(line.rubric)
        self._check_dimension(rubric, line)
        label = check_label(
            sha256,
            self._cells[sha256],
            rubric,
            line.dimension,
            rater,
            line.score,
            justification=justification,
            cells=line.cells,
            role=role,
            source="import",
            at=line.at or None,
        )
        self._keep(number, label)

    def _keep(self, number: int, label: NewLabel) -> None:
        key = (label.notebook, label.rubric.id, label.dimension, label.rater, label.role)
        if key not in self._seen:
            self._seen[key] = (number, label)
            self.labels.append(label)
            return
        first, other = self._seen[key]
        if (label.score, label.justification, label.cells) != (other.score, other.justification, other.cells):
            raise UsageError(f"contradicts line {first}: same notebook, dimension and rater")
        self.repeated += 1

    def _notebook(self, line: Line) -> str:
        if line.sha256:
            if line.sha256 not in self._cells:
                raise NotFound(f"no notebook in this workspace has the hash {line.sha256!r:.70}")
            return line.sha256
        found = self._by_name.get(clean_line(line.notebook), []) or self._by_name.get(line.notebook, [])
        if not found:
            raise NotFound(f"there is no notebook {line.notebook!r:.80} in this workspace")
        if len(found) > 1:
            raise UsageError(f"{len(found)} notebooks are called {line.notebook!r:.80}; give sha256 too")
        return found[0]

    def _check_dimension(self, rubric: Rubric, line: Line) -> None:
        """Refuses a dimension that the rubric lacks, and says of a line without a rubric which one it seems to mean."""
        try:
            check_dimension(rubric, line.dimension)
        except NotFound as error:
            knowing = [] if line.rubric else self._rubrics_with(line.dimension)
            if len(knowing) != 1:
                raise
            self.elsewhere.update(knowing)
            raise NotFound(f"{error.message}, but rubric {knowing[0]} has it", error.hint) from error

    def _rubrics_with(self, dimension: str) -> list[str]:
        """Ids of the rubrics of this workspace that have a dimension."""
        if self._knowing is None:
            self._knowing = {}
            for ref in dict.fromkeys(row.id for row in RubricStore(self._store).list()):
                with contextlib.suppress(NbalignError):
                    for each in self._rubric(ref).dimensions:
                        self._knowing.setdefault(each.id, []).append(ref)
        return self._knowing.get(dimension, [])

    def _rubric(self, ref: str) -> Rubric:
        if ref not in self._rubrics:
            try:
                self._rubrics[ref] = self._rubric_for(ref or None)
            except NbalignError as error:
                self._rubrics[ref] = error
        found = self._rubrics[ref]
        if isinstance(found, NbalignError):
            raise found
        return found


def _role(line: Line) -> Role:
    return line.role or "rater"  # type: ignore[return-value]  # `check_role` refuses every other text
