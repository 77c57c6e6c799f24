"""Where a rater stands among the facts of a dimension: which fact is in focus, and which of its cells."""

from __future__ import annotations

from nbalign.evidence import Fact


class FactWalk:
    """A walk through the facts of one dimension of one notebook, cell by cell.

    Attributes:
        facts: The facts, the strongest first.
        at: Index of the fact in focus; -1 when none is.
        nth: Which of its cells is in focus, from 0; a fact without cells is walked through in one step.
    """

    def __init__(self) -> None:
        self.facts: tuple[Fact, ...] = ()
        self.at = -1
        self.nth = 0
        self._about: tuple[str, str] | None = None

    def take(self, notebook: str, dimension: str, facts: tuple[Fact, ...]) -> None:
        """Takes the facts to walk through; the same ones of the same dimension keep the place.

        Args:
            notebook: Content hash.
            dimension: Dimension id.
            facts: Its facts, the strongest first.
        """
        if (notebook, dimension) != self._about or facts != self.facts:
            self._about, self.facts = (notebook, dimension), facts
            self.at, self.nth = -1, 0

    @property
    def fact(self) -> Fact | None:
        """The fact in focus."""
        return self.facts[self.at] if 0 <= self.at < len(self.facts) else None

    @property
    def cell(self) -> int | None:
        """The cell in focus."""
        fact = self.fact
        return fact.cells[self.nth] if fact is not None and fact.cells else None

    def step(self, direction: int) -> None:
        """Goes on to the next (1) or back to the previous (-1) cell, and from a fact's end to its neighbour.

        The walk goes round both ends; without facts it stays where it is.
        """
        if not self.facts:
            return
        fact = self.fact
        if fact is not None and 0 <= self.nth + direction < len(fact.cells):
            self.nth += direction
            return
        start = self.at if fact is not None or direction > 0 else 0
        self.at = (start + direction) % len(self.facts)
        self.nth = 0 if direction > 0 else max(len(self.facts[self.at].cells) - 1, 0)

    def choose(self, index: int) -> None:
        """Puts a fact in focus, such as by a click; the one in focus already shows its next cell."""
        if not 0 <= index < len(self.facts):
            return
        if index == self.at:
            self.nth = (self.nth + 1) % max(len(self.facts[index].cells), 1)
        else:
            self.at, self.nth = index, 0
