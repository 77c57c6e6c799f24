"""What evidence is: facts read off a notebook's code, outputs and words, each with its cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Polarity = Literal["good", "gap", "fault", "neutral", "n/a"]

SIGNS = {"good": "+", "gap": "-", "fault": "!", "neutral": "·", "n/a": "0"}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fact, declared once in the module of its dimension.

    Attributes:
        name: Short, unique, with underscores, such as `filled_before_split`.
        dimension: Id of the dimension it speaks about.
        polarity: `good` supports a 3, `gap` keeps a notebook from a 3, `fault` speaks for a 1, `neutral` informs, `n/a`
            speaks for "not applicable".
        points: What it adds to the rule score, which starts at 2: above 0 for `good`, below 0 for `gap` and `fault`,
            0 for the others. A fact worth -1 makes a 1 unless much speaks for the notebook.
        meaning: What must hold for the fact to be stated, one sentence, for the docs.
    """

    name: str
    dimension: str
    polarity: Polarity
    points: float
    meaning: str

    def __post_init__(self) -> None:
        sign = {"good": 1, "gap": -1, "fault": -1, "neutral": 0, "n/a": 0}[self.polarity]
        if (self.points > 0) - (self.points < 0) != sign:
            raise ValueError(f"{self.name}: {self.points} points do not go with {self.polarity}")

    def fact(self, text: str, cells: Iterable[int] = (), points: float | None = None) -> Fact:
        """States a fact of this kind.

        Args:
            text: One plain sentence without cell numbers at its beginning; sanitised notebook names may stand in it.
            cells: Numbers of the cells that show it; kept sorted and unique.
            points: Other points than the kind's own, where the case is milder or graver; the sign stays.
        """
        return Fact(self, tuple(sorted(set(cells))), text, self.points if points is None else points)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact.

    Attributes:
        kind: Its kind.
        cells: Cells that show it, ascending; empty for what is nowhere in the notebook.
        text: One plain sentence.
        points: What it adds to the rule score.
    """

    kind: Kind
    cells: tuple[int, ...]
    text: str
    points: float

    @property
    def strength(self) -> float:
        """How much it should weigh, 0 and up: facts are shown by it, the strongest first."""
        return 2.0 if self.kind.polarity == "n/a" else abs(self.points)


@dataclass(frozen=True, slots=True)
class RuleScore:
    """What the facts of one dimension come to without any model.

    Attributes:
        dimension: Dimension id.
        score: 1 to 3, or 0 for not applicable.
        points: 2 plus the facts' points, not rounded; None where a fact makes the dimension not applicable.
        because: The facts that moved it, the strongest first.
    """

    dimension: str
    score: int
    points: float | None
    because: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was read off one notebook.

    Attributes:
        notebook: Content hash.
        facts: All facts; those of one dimension stand together, the strongest first.
        unread: Cell number -> why its code (or a part of it) could not be read.
    """

    notebook: str
    facts: tuple[Fact, ...]
    unread: tuple[tuple[int, str], ...] = ()

    def of(self, dimension: str) -> tuple[Fact, ...]:
        """The facts of one dimension, the strongest first."""
        return tuple(fact for fact in self.facts if fact.kind.dimension == dimension)
