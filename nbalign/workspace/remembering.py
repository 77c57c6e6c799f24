"""What judges learned from raters, as experts see and steer it: lessons, noise, and the guidelines of a workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbalign.workspace.unaligning import Unaligning

if TYPE_CHECKING:
    from nbalign.align.guidelines import Decision, Guidelines
    from nbalign.align.lessons import Noisy
    from nbalign.align.model import Guideline, Lesson, State
    from nbalign.align.outlook import DimensionOutlook
    from nbalign.align.standing import GuidelineEvent
    from nbalign.audit.model import Promise
    from nbalign.labels.model import LabelEvent


class Remembering(Unaligning):
    """Everything about semantic memory."""

    def lessons(self, rubric: str | None = None, dimensions: Sequence[str] = ()) -> list[Lesson]:
        """What can be learned from the labels here: every settled score with all that raters said of it.

        What `unalign` leaves out is not among them.

        Args:
            rubric: Rubric id; None for the default.
            dimensions: Dimension ids; none means all.

        Raises:
            NotFound: If the rubric or a dimension is unknown.
        """
        from nbalign.align.lessons import lessons

        the_rubric = self.rubric(rubric)
        wanted = {d.id for d in self._dimensions(the_rubric, dimensions)}
        found = lessons(self._taught(self.labels(rubric=the_rubric.id)), the_rubric, self.names())
        return [lesson for lesson in found if lesson.dimension in wanted]

    def noise(self, rubric: str | None = None) -> list[Noisy]:
        """Where raters are more than half of the scale apart, decided or not: a decision does not take a case off."""
        from nbalign.align.lessons import noise

        the_rubric = self.rubric(rubric)
        return noise(self.labels(rubric=the_rubric.id), the_rubric, self.names())

    def guidelines(
        self, rubric: str | None = None, dimension: str | None = None, state: State | None = None
    ) -> list[Guideline]:
        """The guidelines as they stand, rejected ones too, in the rubric's order of dimensions and by strength.

        Args:
            rubric: Rubric id; None for the default.
            dimension: Only of this dimension.
            state: Only in this state.

        Raises:
            NotFound: If the rubric or the dimension is unknown.
        """
        the_rubric = self.rubric(rubric)
        order = {d.id: n for n, d in enumerate(the_rubric.dimensions)}
        if dimension is not None:
            self._dimensions(the_rubric, [dimension])
        found = self._guidelines().current(the_rubric.id, dimension)
        # A dimension that a later version of the rubric lacks comes last; the sort keeps the order by strength.
        found.sort(key=lambda g: order.get(g.dimension, len(order)))
        return [g for g in found if state is None or g.state == state]

    def guideline(self, ref: str) -> tuple[Guideline, str]:
        """A guideline by id or the beginning of one, and the id of its rubric.

        Raises:
            NotFound: If there is none.
            UsageError: If several ids begin so.
        """
        return self._guidelines().get(ref)

    def guideline_history(self, ref: str) -> list[GuidelineEvent]:
        """Everything that happened to a guideline, newest last; raises as `guideline`."""
        kept = self._guidelines()
        return kept.history(kept.resolve(ref))

    def guideline_sources(self, ref: str) -> list[LabelEvent]:
        """The labels that a guideline was distilled from, in order of their events; raises as `guideline`."""
        guideline, rubric = self._guidelines().get(ref)
        if not guideline.sources:
            return []
        wanted = frozenset(guideline.sources)
        events = self.label_history(rubric=rubric, dimension=guideline.dimension)
        return [event for event in events if event.id in wanted]

    def decide_guidelines(self, action: Decision, refs: Sequence[str], by: str = "") -> list[Guideline]:
        """Accepts, rejects, pins or unpins guidelines: all of them, or none where one cannot be found.

        Args:
            action: What to do.
            refs: Ids, or their beginnings.
            by: Who decides; may be empty.

        Raises:
            NotFound: If there is no such guideline.
            UsageError: If several ids begin so.
            StoreError: If it cannot be written.
        """
        return self._guidelines().decide(action, refs, by)

    def edit_guideline(self, ref: str, text: str, by: str = "") -> Guideline:
        """Gives a guideline an expert's words: at most 240 characters on one line; raises as `decide_guidelines`."""
        return self._guidelines().edit(ref, text, by)

    def write_guideline(self, dimension: str, text: str, by: str = "", rubric: str | None = None) -> Guideline:
        """Keeps a guideline that an expert wrote by hand.

        Raises:
            NotFound: If the rubric or the dimension is unknown.
            UsageError: If the text says nothing or is too long.
            StoreError: If it cannot be written.
        """
        the_rubric = self.rubric(rubric)
        self._dimensions(the_rubric, [dimension])  # must be there
        return self._guidelines().add(the_rubric.id, dimension, text, by)

    def take_back_guideline(self, event: int, by: str = "") -> Guideline:
        """Takes back the latest decision on a guideline, which stands then as it stood before; the history keeps both.

        Args:
            event: Id of the event, as `guideline_history` names it.
            by: Who takes it back; may be empty.

        Raises:
            NotFound: If there is no such event.
            UsageError: If it is not the latest decision on its guideline, or was taken back already.
            StoreError: If it cannot be written.
        """
        return self._guidelines().take_back(event, by)

    def outlook(self, rubric: str | None = None) -> list[DimensionOutlook]:
        """What the next alignment would learn from, dimension by dimension, without a model.

        Args:
            rubric: Rubric id; None for the default.
        """
        from nbalign.align.memories import Memories
        from nbalign.align.outlook import outlook

        the_rubric = self.rubric(rubric)
        labels = self._taught(self.labels(rubric=the_rubric.id))
        return outlook(the_rubric, labels, self.names(), Memories(self._store).latest(the_rubric.id))

    def promises(self, rubric: str | None = None) -> dict[str, Promise]:
        """Memory version -> the error that cross-validation promised for its judge; without it where none did."""
        from nbalign.audit.learned import memories
        from nbalign.audit.promised import promise

        the_rubric = self.rubric(rubric)
        known = memories(self._store, the_rubric.id)
        found = {v: promise(self._store, the_rubric.id, "", memory.model, memory) for v, memory in known.items()}
        return {version: each for version, each in found.items() if each is not None}

    def _guidelines(self) -> Guidelines:
        from nbalign.align.guidelines import Guidelines

        return Guidelines(self._store)
