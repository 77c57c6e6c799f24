"""What a rater does beside scoring: marks on notebooks, and a look at the judge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from nbalign.judge.model import Judgement
from nbalign.rubrics.model import Rubric
from nbalign.tui.clerk import Clerk
from nbalign.tui.face import Face, Flag
from nbalign.tui.sheet import Sheet

if TYPE_CHECKING:
    from nbalign.workspace import Workspace


class Marking:
    """The marks of one rater, and what the judge says of the notebook in view.

    Args:
        workspace: The workspace.
        rubric: The rubric in use.
        rater: Who scores.
        clerk: Does the writing.
        face: The screen.

    Attributes:
        counts: Notebook hash -> dimensions scored by this rater.
        flags: Notebook hash -> `flagged` and `skipped` as set by this rater.
        sheet: The notebook in view; None while one is loading.
    """

    def __init__(self, workspace: Workspace, rubric: Rubric, rater: str, clerk: Clerk, face: Face) -> None:
        self.workspace, self.rubric, self.rater = workspace, rubric, rater
        self._clerk, self._face = clerk, face
        self.counts: dict[str, int] = {}
        self.flags: dict[str, set[str]] = {}
        self.sheet: Sheet | None = None

    def set_flag(self, sha: str, flag: Flag, on: bool) -> None:
        """Sets or takes away a flag of a notebook."""
        ws, rater = self.workspace, self.rater

        def done(_: object) -> None:
            marks = self.flags.setdefault(sha, set())
            (marks.add if on else marks.discard)(flag)
            self._face.changed()

        def failed(error: Exception) -> None:
            self._face.not_saved(f"The mark “{flag}” is NOT saved", error)

        self._clerk.hand(lambda: ws.set_flag(sha, rater, flag, on), done, failed)

    def reveal(self) -> None:
        """Shows or hides the judge's score of the dimension in focus, once that dimension is scored."""
        sheet = self.sheet
        if sheet is None:
            return
        dimension = sheet.dimension
        if dimension.id not in sheet.labels and dimension.id not in sheet.pending:
            self._face.say(f"score {dimension.title} first: the judge stays hidden until you have")
            return
        if dimension.id in sheet.revealed:
            sheet.revealed.discard(dimension.id)
            self._face.changed()
            return
        ws, sha, rubric = self.workspace, sheet.notebook.sha256, self.rubric.id

        def done(found: Sequence[Judgement]) -> None:
            if dimension.id not in sheet.labels:  # a score that was on its way could not be kept: nothing is shown
                return
            sheet.judgements[dimension.id] = found[-1] if found else None
            sheet.revealed.add(dimension.id)
            self._face.changed()

        # What is handed to the clerk is done in order: a score that is on its way is kept before the judge is read.
        self._clerk.hand(
            lambda: ws.judgements(notebook=sha, rubric=rubric, dimension=dimension.id),
            done,
            lambda error: self._face.not_saved("The judge's score cannot be read", error),
        )
