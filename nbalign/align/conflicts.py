"""Where raters differ: what somebody should decide, the furthest apart first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from nbalign.align.lessons import far_apart
from nbalign.labels.consensus import consensus
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric, Scale


@dataclass(frozen=True, slots=True)
class Conflict:
    """A notebook and dimension that raters score differently.

    Attributes:
        notebook: Content hash.
        name: The notebook's name, for people.
        dimension: Dimension id.
        labels: The raters' labels, by the raters' names.
        decisions: What was decided, in order of events: the last one counts.
        settled: The score that the raters come to without a decision, or None.
        apart: How far the two furthest scores are apart; see `apart`.
    """

    notebook: str
    name: str
    dimension: str
    labels: tuple[Label, ...]
    decisions: tuple[Label, ...]
    settled: int | None
    apart: int

    @property
    def key(self) -> tuple[str, str]:
        """Notebook and dimension."""
        return self.notebook, self.dimension

    @property
    def decision(self) -> Label | None:
        """The decision that counts."""
        return self.decisions[-1] if self.decisions else None

    @property
    def scored_since(self) -> bool:
        """Whether a rater changed a score or words after the decision."""
        return bool(self.decisions) and any(label.event > self.decisions[-1].event for label in self.labels)


@dataclass(frozen=True, slots=True)
class Conflicts:
    """All of them, and what was looked at.

    Attributes:
        found: The open ones first, of these the furthest apart first.
        raters: Names of all raters whose labels count.
        compared: Pairs of notebook and dimension with scores of two raters or more.
    """

    found: tuple[Conflict, ...]
    raters: tuple[str, ...]
    compared: int


def apart(a: int, b: int, scale: Scale) -> int:
    """How far two scores are apart, so that the worst can come first; no average is ever made of it.

    Steps between levels. "Not applicable" is no level: against one it counts as `far_apart`, for the two sides do not
    even agree that there is something to score.
    """
    if a == b:
        return 0
    if scale.not_applicable in (a, b):
        return far_apart(scale)
    return abs(scale.levels.index(a) - scale.levels.index(b))


def conflicts(labels: Iterable[Label], rubric: Rubric, names: Mapping[str, str]) -> Conflicts:
    """Finds what raters score differently.

    Args:
        labels: Current labels, decisions included, in any order. Those of another rubric, of a dimension that this
            rubric does not have or with a score off its scale are left out.
        rubric: The rubric.
        names: Content hash -> name of the notebook; a missing one is called by its hash.

    Returns:
        The open ones come before those that are decided; then the further apart, then those on which the raters'
        middle score settles nothing, then by name and in the rubric's order of dimensions.
    """
    order = {dimension.id: n for n, dimension in enumerate(rubric.dimensions)}
    values = frozenset(rubric.scale.values)
    grouped: dict[tuple[str, str], list[Label]] = {}
    for label in sorted(labels, key=lambda label: label.event):
        if label.rubric == rubric.id and label.dimension in order and label.score in values:
            grouped.setdefault((label.notebook, label.dimension), []).append(label)
    found: list[Conflict] = []
    raters: set[str] = set()
    compared = 0
    for (notebook, dimension), group in grouped.items():
        scored = sorted((label for label in group if label.role == "rater"), key=lambda label: label.rater)
        raters.update(label.rater for label in scored)
        compared += len(scored) > 1
        distance = _widest([label.score for label in scored], rubric.scale)
        if distance:
            decisions = tuple(label for label in group if label.role == "decision")
            ((_, settled),) = consensus(scored, rubric.scale).items()
            name = names.get(notebook, notebook[:12])
            found.append(Conflict(notebook, name, dimension, tuple(scored), decisions, settled.score, distance))
    found.sort(key=lambda c: (bool(c.decisions), -c.apart, c.settled is not None, c.name, order[c.dimension]))
    return Conflicts(tuple(found), tuple(sorted(raters)), compared)


def _widest(scores: Sequence[int], scale: Scale) -> int:
    return max((apart(a, b, scale) for a, b in combinations(sorted(set(scores)), 2)), default=0)
