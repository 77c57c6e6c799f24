"""What the rater does, turned into events in the store: score, justify, cite, undo, redo, flag."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from nbalign.labels.model import Label, LabelEvent
from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Rubric
from nbalign.tui.clerk import Clerk
from nbalign.tui.face import Face
from nbalign.tui.marking import Marking
from nbalign.tui.plain import clean, one_line
from nbalign.tui.sheet import Sheet, Words

if TYPE_CHECKING:
    from nbalign.workspace import Workspace


class Scoring(Marking):
    """The desk of one rater with one rubric. Everything here runs on the screen's thread; the clerk does the writing.

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
        given: (notebook hash, dimension) of what was scored since the start.
        all_scored: What is said when the last open dimension is scored.
    """

    def __init__(self, workspace: Workspace, rubric: Rubric, rater: str, clerk: Clerk, face: Face) -> None:
        super().__init__(workspace, rubric, rater, clerk, face)
        self._writes = 0
        self.given: set[tuple[str, str]] = set()
        self.all_scored = "all dimensions scored"

    def open(self, notebook: Notebook, then: Callable[[], None], otherwise: Callable[[], None]) -> None:
        """Fetches the sheet of a notebook, after all earlier writes, and makes it the one in view.

        Args:
            notebook: The notebook.
            then: Called when it is.
            otherwise: Called, after the reason was told, when it could not be read.
        """
        ws, rubric, rater, sha = self.workspace, self.rubric, self.rater, notebook.sha256

        def job() -> tuple[Sequence[Label], dict[str, Words]]:
            drafts = {}
            for dimension in rubric.dimensions:
                draft = ws.draft(sha, rubric.id, dimension.id, rater)
                if draft is not None and (draft[0] or draft[1]):
                    drafts[dimension.id] = Words(draft[0], tuple(draft[1]))
            return ws.labels(notebook=sha, rubric=rubric.id, rater=rater), drafts

        def done(found: tuple[Sequence[Label], dict[str, Words]]) -> None:
            sheet = Sheet(notebook, rubric)
            sheet.take(found[0])
            for dimension in sheet.take_drafts(found[1]):  # left by a stop between a score and its tidying up
                self.draft(sheet, dimension, Words())
            if sheet.score_of(sheet.dimension.id) is not None:
                sheet.to_next_open()
            self.sheet = sheet
            self.counts[sha] = sheet.scored
            then()

        def failed(error: Exception) -> None:
            self._face.not_saved("The notebook's labels cannot be read", error)
            otherwise()

        self._clerk.hand(job, done, failed)

    def score(self, value: int) -> None:
        """Scores the dimension in focus and moves on to the next one without a score."""
        sheet = self.sheet
        if sheet is None or value not in self.rubric.scale.values:
            return
        dimension = sheet.dimension.id
        label = sheet.labels.get(dimension)
        same = label is not None and label.score == value and dimension not in sheet.pending
        if not same or sheet.is_draft(dimension):
            self._set(sheet, dimension, value, sheet.words_of(dimension))
        sha = sheet.notebook.sha256
        if "skipped" in self.flags.get(sha, ()):
            self.set_flag(sha, "skipped", False)
        if not sheet.to_next_open():
            self._face.say(self.all_scored)
        self._face.changed()

    def write(self, sheet: Sheet, dimension: str, words: Words) -> None:
        """Saves words: with the score when there is one, else as a draft that joins the score when it comes."""
        words = Words(clean(words.text).strip(), words.cells)
        if words == sheet.words_of(dimension) and not (dimension in sheet.labels and sheet.is_draft(dimension)):
            return
        sheet.words[dimension] = words
        score = sheet.score_of(dimension)
        if score is None:
            self.draft(sheet, dimension, words)
        else:
            self._set(sheet, dimension, score, words)
        self._face.changed()

    def commit(self, sheet: Sheet, dimension: str, words: Words) -> None:
        """Saves words on leaving their field; drafts kept while they were typed are tidied up."""
        if Words(clean(words.text).strip(), words.cells) == sheet.words_of(dimension):
            unscored = sheet.score_of(dimension) is None
            self.draft(sheet, dimension, sheet.words_of(dimension) if unscored else Words())
        self.write(sheet, dimension, words)

    def draft(self, sheet: Sheet, dimension: str, words: Words) -> None:
        """Keeps words that no score carries yet; empty words forget the draft."""
        ws, rubric, rater, sha = self.workspace, self.rubric, self.rater, sheet.notebook.sha256
        self._clerk.hand(
            lambda: ws.save_draft(sha, rubric.id, dimension, rater, words.text, words.cells),
            lambda _: None,
            lambda error: self._face.not_saved("The draft of your words is NOT saved", error),
        )

    def cite(self, cell: int) -> None:
        """Cites a cell for the dimension in focus, or takes the citation back."""
        if self.sheet is None:
            return
        if not self.sheet.notebook.cells:
            self._face.say("this notebook has no cells to cite")
            return
        dimension = self.sheet.dimension.id
        self.write(self.sheet, dimension, self.sheet.words_of(dimension).toggled(cell))

    def undo(self, *, back: bool = True) -> None:
        """Takes back the last step in the notebook in view; `back=False` does it again."""
        sheet = self.sheet
        if sheet is None:
            return
        ws, rater, sha, rubric = self.workspace, self.rater, sheet.notebook.sha256, self.rubric.id

        def job() -> tuple[LabelEvent | None, Sequence[Label]]:
            step = ws.undo if back else ws.redo
            event = step(rater, notebook=sha, rubric=rubric, source="tui", role="rater")  # decisions have their room
            return event, ws.labels(notebook=sha, rubric=rubric, rater=rater)

        def done(found: tuple[LabelEvent | None, Sequence[Label]]) -> None:
            self._undone(sheet, *found, back=back)

        word = "Undo" if back else "Redo"
        self._clerk.hand(job, done, lambda error: self._face.not_saved(f"{word} did NOT happen", error))

    def _set(self, sheet: Sheet, dimension: str, value: int, words: Words) -> None:
        self._writes += 1
        write = self._writes
        label = sheet.labels.get(dimension)
        was = label.score if label is not None and label.score != value else None
        sheet.pending[dimension] = (value, write)
        sheet.failed.pop(dimension, None)
        ws, rubric, rater, sha = self.workspace, self.rubric.id, self.rater, sheet.notebook.sha256

        def job() -> Sequence[Label]:
            ws.set_label(
                sha,
                dimension,
                value,
                rater=rater,
                justification=words.text,
                cells=words.cells,
                rubric=rubric,
                source="tui",
            )
            return ws.labels(notebook=sha, rubric=rubric, rater=rater)

        def done(labels: Sequence[Label]) -> None:
            sheet.take(labels)
            self.counts[sha] = sheet.scored
            self.given.add((sha, dimension))
            if was is not None:  # never silently: what was submitted is not altered unseen
                sheet.was[dimension] = was
                self._face.say(f"{_title(self.rubric, dimension)}: was {was}, is {value} now")
            if sheet.pending.get(dimension) == (value, write):
                del sheet.pending[dimension]
            if sheet.words.get(dimension) == words:  # they travel with the score now
                del sheet.words[dimension]
                self.draft(sheet, dimension, Words())
            self._face.changed()

        def failed(error: Exception) -> None:
            if sheet.pending.get(dimension) == (value, write):
                del sheet.pending[dimension]
                sheet.failed[dimension] = value
            title = self.rubric.dimension(dimension).title
            self._face.not_saved(f"{title}: score {value} is NOT saved", error)
            self._face.changed()

        self._clerk.hand(job, done, failed)

    def _undone(self, sheet: Sheet, event: LabelEvent | None, labels: Sequence[Label], *, back: bool) -> None:
        if event is None:
            self._face.say("nothing to undo in this notebook" if back else "nothing to redo in this notebook")
            return
        dimension = event.label.dimension
        draft = sheet.take_step(dimension, labels)
        self.counts[sheet.notebook.sha256] = sheet.scored
        sheet.was.pop(dimension, None)
        if dimension not in sheet.labels:
            self.given.discard((sheet.notebook.sha256, dimension))
        after = sheet.labels.get(dimension)
        self.draft(sheet, dimension, draft)
        sheet.focus_on(dimension)
        self._face.say(f"{'undone' if back else 'done again'}: {_title(self.rubric, dimension)} {_said(after)}")
        self._face.changed()

    def taken_back(self, sha: str, dimension: str, labels: Sequence[Label], marks: set[str]) -> None:
        """Takes over what the store says after one step was taken back from outside the sheet, as from the history.

        Args:
            sha: Hash of the notebook.
            dimension: Dimension id; empty when the step was a mark.
            labels: The rater's labels of the notebook now.
            marks: The rater's marks on it now.
        """
        self.flags[sha] = set(marks)
        sheet = self.sheet
        if sheet is not None and sheet.notebook.sha256 == sha and dimension:
            self.draft(sheet, dimension, sheet.take_step(dimension, labels))
            sheet.was.pop(dimension, None)
        known = {label.dimension for label in labels}
        self.counts[sha] = sum(each.id in known for each in self.rubric.dimensions)
        if dimension and dimension not in known:
            self.given.discard((sha, dimension))
        self._face.changed()


def _title(rubric: Rubric, dimension: str) -> str:
    try:
        return rubric.dimension(dimension).title
    except KeyError:
        return one_line(dimension, 40)


def _said(label: Label | None) -> str:
    return f"is {label.score} now" if label is not None else "has no score now"
