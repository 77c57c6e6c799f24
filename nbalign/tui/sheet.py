"""The labelling sheet: what one rater has said about one notebook, and what is on its way into the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from nbalign.judge.model import Judgement
from nbalign.labels.model import Label
from nbalign.notebooks.model import Notebook
from nbalign.rubrics.model import Dimension, Rubric


@dataclass(frozen=True, slots=True)
class Words:
    """A justification and the cells it cites, ascending."""

    text: str = ""
    cells: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.text or self.cells)

    def toggled(self, cell: int) -> Words:
        """The same words citing one cell more, or one less when it was cited already."""
        return Words(self.text, tuple(sorted(set(self.cells) ^ {cell})))


@dataclass(slots=True)
class Sheet:
    """State of the screen for one notebook; it never writes anything.

    Attributes:
        notebook: The notebook.
        rubric: The rubric.
        labels: Dimension id -> the saved label, as the store has it.
        words: Dimension id -> words not (yet) part of the saved label: drafts and edits under way.
        pending: Dimension id -> (score, number of the write) that the store has not confirmed.
        failed: Dimension id -> score that could not be saved.
        was: Dimension id -> the score before the latest change, while the notebook is in view.
        judgements: Dimension id -> the newest judgement, loaded when it is revealed.
        revealed: Dimensions whose judgement the rater asked to see.
        focus: Index of the dimension in focus.
    """

    notebook: Notebook
    rubric: Rubric
    labels: dict[str, Label] = field(default_factory=dict)
    words: dict[str, Words] = field(default_factory=dict)
    pending: dict[str, tuple[int, int]] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    was: dict[str, int] = field(default_factory=dict)
    judgements: dict[str, Judgement | None] = field(default_factory=dict)
    revealed: set[str] = field(default_factory=set)
    focus: int = 0

    @property
    def dimension(self) -> Dimension:
        """The dimension in focus."""
        return self.rubric.dimensions[self.focus]

    @property
    def scored(self) -> int:
        """Dimensions with a saved score."""
        return len(self.labels)

    def words_of(self, dimension: str) -> Words:
        """The words as the rater last left them: the draft, else those of the label."""
        if dimension in self.words:
            return self.words[dimension]
        label = self.labels.get(dimension)
        return Words(label.justification, label.cells) if label else Words()

    def score_of(self, dimension: str) -> int | None:
        """The score given last, saved or on its way; None when there is none."""
        if dimension in self.pending:
            return self.pending[dimension][0]
        label = self.labels.get(dimension)
        return label.score if label else None

    def is_draft(self, dimension: str) -> bool:
        """Whether the words in view are not part of a saved label."""
        words, label = self.words_of(dimension), self.labels.get(dimension)
        return bool(words) if label is None else words != Words(label.justification, label.cells)

    def shows_judge(self, dimension: str) -> bool:
        """Blind first: a judgement shows only on a scored dimension, and only when asked for."""
        return dimension in self.revealed and dimension in self.labels

    def take(self, labels: Iterable[Label]) -> None:
        """Takes over what the store says now."""
        known = {d.id for d in self.rubric.dimensions}
        self.labels = {label.dimension: label for label in labels if label.dimension in known and label.role == "rater"}

    def take_drafts(self, drafts: Mapping[str, Words]) -> list[str]:
        """Takes over drafts.

        Returns:
            The dimensions whose draft says what the label says already; those drafts are dropped.
        """
        self.words.update(drafts)
        spent = [dimension for dimension in drafts if not self.is_draft(dimension)]
        for dimension in spent:
            del self.words[dimension]
        return spent

    def take_step(self, dimension: str, labels: Iterable[Label]) -> Words:
        """Takes over what the store says after an undo or a redo of this dimension; nothing typed gets lost.

        Returns:
            The draft that remains, empty when there is none.
        """
        draft = self.words_of(dimension) if self.is_draft(dimension) else Words()
        before = self.labels.get(dimension)
        self.take(labels)
        self.failed.pop(dimension, None)
        self.words.pop(dimension, None)
        if not draft and before is not None and dimension not in self.labels:
            # The score is gone, the words were work: they stay as the draft they would have been.
            draft = Words(before.justification, before.cells)
        if draft:
            self.words[dimension] = draft
            if not self.is_draft(dimension):  # the label that came back says the same
                del self.words[dimension]
                draft = Words()
        return draft

    def move(self, step: int) -> None:
        """Moves the focus, round the ends."""
        self.focus = (self.focus + step) % len(self.rubric.dimensions)

    def to_next_open(self) -> bool:
        """Moves the focus to the next dimension without a score.

        Returns:
            False when there is none; the focus stays.
        """
        count = len(self.rubric.dimensions)
        for step in range(1, count + 1):
            index = (self.focus + step) % count
            if self.score_of(self.rubric.dimensions[index].id) is None:
                self.focus = index
                return True
        return False

    def focus_on(self, dimension: str) -> None:
        """Moves the focus to a dimension by id; an unknown one leaves it."""
        for index, candidate in enumerate(self.rubric.dimensions):
            if candidate.id == dimension:
                self.focus = index
