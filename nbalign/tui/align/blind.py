"""Which words and scores of others this rater may see: those of what the rater has scored too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nbalign.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Blind:
    """What one rater has scored under one rubric.

    Attributes:
        rater: Who looks.
        scored: Notebooks and dimensions that this rater has scored, or decided.
    """

    rater: str = ""
    scored: frozenset[tuple[str, str]] = frozenset()

    def sees(self, notebook: str, dimension: str, rater: str = "") -> bool:
        """Whether words and scores about a notebook and dimension may be shown.

        Args:
            notebook: Content hash.
            dimension: Dimension id.
            rater: Whose they are, where they are one person's: one's own are always shown.
        """
        return (bool(rater) and rater == self.rater) or (notebook, dimension) in self.scored


def read_blind(workspace: Workspace, rubric: str, rater: str) -> Blind:
    """What a rater has scored by now.

    Args:
        workspace: The workspace.
        rubric: Rubric id.
        rater: Who looks.
    """
    labels = workspace.labels(rubric=rubric, rater=rater)
    return Blind(rater, frozenset((label.notebook, label.dimension) for label in labels))
