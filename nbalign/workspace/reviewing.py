"""What a rater reviews and an adjudicator settles in a workspace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.workspace.comparing import Comparing

if TYPE_CHECKING:
    from nbalign.align.conflicts import Conflicts
    from nbalign.evaluate.review import OwnAgreement, Reviewed


class Reviewing(Comparing):
    """Everything about looking back at scores."""

    def reviewed(self, rater: str, judge: str | None = None, rubric: str | None = None) -> list[Reviewed]:
        """A rater's scores beside a judge's, the furthest apart first; nothing that the rater has not scored.

        Args:
            rater: Whose scores.
            judge: Name of the judge, or the beginning of it; None takes the one that judged last.
            rubric: Rubric id; None for the default.

        Raises:
            NotFound: If the judge is unknown.
            UsageError: If the name fits several judges.
        """
        from nbalign.evaluate.review import review

        the_rubric = self.rubric(rubric)
        name = self._judge_called(the_rubric, judge)
        judgements = self.judgements(rubric=the_rubric.id, judge=name) if name else []
        return review(rater, the_rubric, self.labels(rubric=the_rubric.id), judgements, self.names())

    def own_agreement(self, rater: str, judge: str | None = None, rubric: str | None = None) -> OwnAgreement:
        """How a judge, a rater and all raters agree on what this rater scored; arguments as for `reviewed`."""
        from nbalign.evaluate.review import own_agreement

        the_rubric = self.rubric(rubric)
        name = self._judge_called(the_rubric, judge)
        judgements = self.judgements(rubric=the_rubric.id, judge=name) if name else []
        return own_agreement(rater, the_rubric, self.labels(rubric=the_rubric.id), judgements)

    def conflicts(self, rubric: str | None = None, notebook: str | None = None) -> Conflicts:
        """Where raters score differently, the open ones and the furthest apart first.

        Args:
            rubric: Rubric id; None for the default.
            notebook: Only in this notebook; name, hash or hash prefix.
        """
        from nbalign.align.conflicts import conflicts

        the_rubric = self.rubric(rubric)
        return conflicts(self.labels(notebook=notebook, rubric=the_rubric.id), the_rubric, self.names())
