"""Which of a judge's scores a rater does not see: those of what waits in the queue for the rater's own score."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from nbalign.suite.runs.model import ScoredRun
from nbalign.tui.align.blind import read_blind
from nbalign.tui.desk import Desk

Pair = tuple[str, str]  # notebook or case, and dimension


@dataclass(frozen=True, slots=True)
class Eyes:
    """What one rater may not see of judges, under one rubric.

    A notebook of a run that nobody is to label can be looked at freely: that is what the room is for.

    Attributes:
        queue: Notebooks in the queue.
        scored: Notebooks and dimensions that the rater has scored.
        open: Whether the rater asked to see everything.
    """

    queue: frozenset[str] = frozenset()
    scored: frozenset[Pair] = frozenset()
    open: bool = False

    def covers(self, notebook: str, dimension: str) -> bool:
        """Whether a judge's score of a notebook in a dimension stays hidden."""
        return not self.open and notebook in self.queue and (notebook, dimension) not in self.scored

    def hidden(self, scored: ScoredRun) -> frozenset[Pair]:
        """Notebooks and dimensions of a run whose scores stay hidden."""
        found = ((score.notebook, score.dimension) for score in scored.scores)
        return frozenset(pair for pair in found if self.covers(*pair))

    def seen(self, scored: ScoredRun) -> ScoredRun:
        """The run without the scores that stay hidden: they neither show nor count."""
        shown = tuple(score for score in scored.scores if not self.covers(score.notebook, score.dimension))
        return scored if len(shown) == len(scored.scores) else replace(scored, scores=shown)

    def shared(self, runs: Sequence[ScoredRun]) -> tuple[tuple[ScoredRun, ...], int]:
        """The runs as far as all of them may be seen: a case hidden in one of them is left out of all, by dimension.

        Else a comparison would call a hidden score one that was never given.

        Returns:
            The runs, and how many scores are hidden in them.
        """
        covered = [
            (score.case, score.dimension)
            for run in runs
            for score in run.scores
            if self.covers(score.notebook, score.dimension)
        ]
        return tuple(_without(run, covered) for run in runs), len(covered)


def _without(scored: ScoredRun, cases: Iterable[Pair]) -> ScoredRun:
    left_out = frozenset(cases)
    if not left_out:
        return scored
    return replace(
        scored, scores=tuple(score for score in scored.scores if (score.case, score.dimension) not in left_out)
    )


def read_eyes(desk: Desk, rubric: str, *, revealed: bool) -> Eyes:
    """What a rater has in the queue, and has scored of it by now.

    Args:
        desk: Who works on what.
        rubric: Id of the rubric that scores are of.
        revealed: Whether the rater asked to see everything.
    """
    queue = frozenset(info.sha256 for info in desk.workspace.notebooks())
    return Eyes(queue, read_blind(desk.workspace, rubric, desk.rater).scored, revealed)
