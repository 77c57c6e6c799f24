"""The section `State`: what would be learned from, what to settle first, and an alignment under way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.content import Content

from nbalign.align.lessons import Noisy
from nbalign.jobs.model import JobState
from nbalign.tui.align.naming import ALL, title_of
from nbalign.tui.align.page import Block, block
from nbalign.tui.align.reading import Outlook, read_outlook
from nbalign.tui.align.section import Section
from nbalign.tui.align.state_words import COLUMNS, outlook_blocks, outlook_row
from nbalign.tui.align.work import job_blocks
from nbalign.tui.plain import content


class StateSection(Section):
    """Dimensions with what there is to learn of each, and a page about the one in focus."""

    NAME: ClassVar[str] = "state"

    def __init__(self) -> None:
        super().__init__()
        self.found: Outlook | None = None
        self.job: JobState | None = None
        self._cases: list[Noisy] = []
        self._revealed = False

    @property
    def _dimensions(self) -> list[str]:
        return ["", *(d.id for d in self.room.rubric.dimensions)]

    def load(self) -> None:
        """Reads what there is to learn."""
        workspace, rubric, rater = self.room.workspace, self.room.rubric, self.room.rater

        def done(found: Outlook) -> None:
            self.found = found
            self.draw()

        self.room.read(lambda: read_outlook(workspace, rubric, rater), done, "What would be learned cannot be read")

    def show_job(self, job: JobState | None) -> None:
        """Shows how an alignment stands."""
        self.job = job
        self.draw()

    def count(self) -> int:
        """All dimensions together, then each."""
        return len(self._dimensions)

    def row(self, index: int) -> Content:
        """A dimension with what there is to learn."""
        dimension = self._dimensions[index]
        title = ALL if not dimension else title_of(self.room.rubric, dimension)
        if self.found is None:
            return content(title)
        return outlook_row(title, [x for x in self.found.dimensions if dimension in ("", x.dimension)], self.width)

    def head(self) -> Content:
        """The names of the columns."""
        return content(COLUMNS.rjust(self.width)) if self.found else content("reading …")

    def blocks(self) -> Sequence[Block]:
        """The alignment under way, then what would be learned."""
        job = job_blocks(self.job, self.room.key("align.no"))
        if self.found is None:
            return [*job, block(("reading what there is to learn …", "$text-muted"))]
        room = self.room
        told, self._cases = outlook_blocks(self.found, room.rubric, room.dimension, self._revealed, room.key)
        return [*job, *told]

    def moved(self) -> None:
        """The dimension in focus here is the one in focus everywhere in the room."""
        self.room.focus_dimension(self._dimensions[self.at])

    def dimension_changed(self) -> None:
        """Follows the other sections."""
        self.at = self._dimensions.index(self.room.dimension)
        self.draw()

    def act(self, row: int) -> None:
        """Goes to where the disagreement is settled."""
        if row < len(self._cases):
            self.room.go_to_conflict(self._cases[row].notebook, self._cases[row].dimension)

    def reveal(self) -> None:
        """Names the cases that this rater has not scored, or hides them again."""
        self._revealed = not self._revealed
        self.draw()
