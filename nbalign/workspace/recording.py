"""Raters' steps and time in a workspace: what they did last, how long they worked, how fast they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nbalign.workspace.labelling import Labelling

if TYPE_CHECKING:
    from nbalign.labels.attention import Visit
    from nbalign.labels.pace import RaterPace
    from nbalign.labels.steps import Step


class Recording(Labelling):
    """Everything about what raters did and how long it took."""

    def keep_visit(self, rater: str, rubric_id: str, visit: Visit) -> None:
        """Keeps a rater's time with a notebook; a later state of the same visit takes its place.

        Args:
            rater: Who.
            rubric_id: Rubric id.
            visit: The visit.

        Raises:
            StoreError: If it cannot be written.
        """
        from nbalign.labels.activity import ActivityStore

        ActivityStore(self._store).keep(rater, rubric_id, visit)

    def time_spent(self, rater: str, rubric_id: str) -> dict[str, float]:
        """Content hash -> seconds that this rater worked on a notebook; those without any are left out."""
        from nbalign.labels.activity import ActivityStore

        return ActivityStore(self._store).seconds(rater, rubric_id)

    def pace(self, rater: str | None = None, rubric: str | None = None) -> list[RaterPace]:
        """What raters got done, and how fast.

        Args:
            rater: Only this one; None for everybody who has a label or recorded time.
            rubric: Rubric id; None for the default.

        Raises:
            NotFound: If there is no such rubric.
        """
        from nbalign.labels.activity import ActivityStore
        from nbalign.labels.checks import one_form
        from nbalign.labels.pace import pace

        the_rubric = self.rubric(rubric)
        name = None if rater is None else one_form(rater)
        rows = self._store.rows(
            "SELECT e.id FROM current_labels c JOIN label_events e ON e.id = c.event"
            " WHERE c.rubric = ? AND e.source = 'tui'",
            (the_rubric.id,),
        )
        return pace(
            the_rubric,
            self._labels.current(rubric=the_rubric.id, rater=name),
            {int(row["id"]) for row in rows},
            ActivityStore(self._store).visits(the_rubric.id, name),
            len(self.notebooks()),
            name,
        )

    def steps(self, rater: str, rubric: str | None = None, limit: int = 200) -> list[Step]:
        """What a rater did last, newest first: scores set, changed, cleared, undone; decisions; flags.

        Args:
            rater: Who.
            rubric: Rubric id; None for the default.
            limit: At most so many.
        """
        from nbalign.labels.steps import steps

        return steps(self._store, rater, self.rubric(rubric).id, limit)

    def undo_step(self, step: Step, source: str = "api") -> None:
        """Takes back one step of a rater, and no other.

        Args:
            step: As `steps` gave it.
            source: Where the wish comes from.

        Raises:
            UsageError: If it cannot be taken back any more; the message says why.
            StoreError: If it cannot be written.
        """
        from nbalign.labels.steps import undo_step

        undo_step(self._store, step, source)
