"""The queue of conflicts: what is open, what is decided, and what stays covered for who has not scored it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nbalign.align.conflicts import Conflict, Conflicts, conflicts
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric
from nbalign.tui.desk import Desk
from nbalign.tui.review.pen import Key
from nbalign.tui.sheet import Words


@dataclass(frozen=True, slots=True)
class Reading:
    """What the room reads.

    Attributes:
        conflicts: What raters score differently.
        drafts: Reasons that no decision carries yet.
    """

    conflicts: Conflicts = field(default_factory=lambda: Conflicts((), (), 0))
    drafts: Mapping[Key, Words] = field(default_factory=dict)


def read_queue(desk: Desk) -> Reading:
    """Reads the conflicts; slow with many labels, so never on the screen's thread."""
    ws, rubric = desk.workspace, desk.rubric.id
    drafts = ws.drafts(desk.rater, rubric, "decision")
    return Reading(ws.conflicts(rubric), {key: Words(text, tuple(cells)) for key, (text, cells) in drafts.items()})


class ConflictQueue:
    """Conflicts in the order of work.

    Blind first: what one has not scored shows neither who said what nor how far apart they are, and stands in an order
    that does not tell either, until it is uncovered on purpose.

    Args:
        rater: Who sits here.
        rubric: The rubric.

    Attributes:
        uncovered: Whether everything shows.
        keys: The conflicts in order: the open ones, those that are covered, those that are decided.
    """

    def __init__(self, rater: str, rubric: Rubric) -> None:
        self._rater, self._rubric = rater, rubric
        self._by_key: dict[Key, Conflict] = {}
        self.uncovered = False
        self.keys: list[Key] = []

    def take(self, found: Iterable[Conflict]) -> None:
        """Takes over all conflicts, in the order in which they were found."""
        self._by_key = {conflict.key: conflict for conflict in found}
        self.sort()

    def sort(self) -> None:
        """Puts them in order again, such as after they were uncovered."""
        places = {dimension.id: n for n, dimension in enumerate(self._rubric.dimensions)}
        shown = [c for c in self._by_key.values() if not self.covers(c)]
        hidden = sorted(
            (c for c in self._by_key.values() if self.covers(c)), key=lambda c: (c.name, places[c.dimension])
        )
        order = [c for c in shown if not c.decisions] + hidden + [c for c in shown if c.decisions]
        self.keys = [conflict.key for conflict in order]

    def stands(self, notebook: str, labels: Sequence[Label]) -> None:
        """Takes over what the store says of a notebook now; the order stays under the decider's hands."""
        names = {key[0]: conflict.name for key, conflict in self._by_key.items() if key[0] == notebook}
        for now in conflicts(labels, self._rubric, names).found:
            if now.key in self._by_key:
                self._by_key[now.key] = now

    def __getitem__(self, key: Key) -> Conflict:
        return self._by_key[key]

    def covers(self, conflict: Conflict) -> bool:
        """Whether a conflict stays hidden: who sits here has neither scored nor decided it."""
        said = [*conflict.labels, *conflict.decisions]
        return not self.uncovered and not any(label.rater == self._rater for label in said)

    def tally(self) -> tuple[int, int, int]:
        """How many are open, decided and covered."""
        covered = sum(self.covers(conflict) for conflict in self._by_key.values())
        decided = sum(bool(c.decisions) and not self.covers(c) for c in self._by_key.values())
        return len(self._by_key) - covered - decided, decided, covered
