"""What one person gives to pairs of notebook and dimension, in one role, and its way into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from nbalign.labels.model import Label, LabelEvent, Role
from nbalign.tui.clerk import Clerk
from nbalign.tui.desk import Desk
from nbalign.tui.plain import clean
from nbalign.tui.sheet import Words

Key = tuple[str, str]  # notebook, dimension


class PenFace(Protocol):
    """What the pen tells the screen."""

    def changed(self) -> None:
        """Something to be drawn anew."""

    def stands(self, notebook: str, labels: Sequence[Label]) -> None:
        """What all raters and deciders give to a notebook now, after one of this person's writes."""

    def undone(self, key: Key, before: Label | None, after: Label | None, *, back: bool) -> None:
        """A step was taken back (`back`) or done again."""

    def say(self, message: str) -> None:
        """A short notice."""

    def not_saved(self, what: str, error: Exception) -> None:
        """A read or write that failed; `what` is one sentence without a full stop."""


class Pen:
    """Scores and words of one person in one role. All of it runs on the screen's thread; the clerk does the writing.

    Args:
        desk: Who works on what.
        role: Whether the person rates or decides.
        clerk: Does the writing.
        face: The screen.

    Attributes:
        labels: What the store has.
        words: Words that are not (yet) part of a saved label: drafts and edits under way.
        pending: Key -> (score, number of the write) that the store has not confirmed.
        failed: Key -> score that could not be saved.
        writes: How many writes were handed over so far.
    """

    def __init__(self, desk: Desk, role: Role, clerk: Clerk, face: PenFace) -> None:
        self._desk, self._role, self._clerk, self._face = desk, role, clerk, face
        self.labels: dict[Key, Label] = {}
        self.words: dict[Key, Words] = {}
        self.pending: dict[Key, tuple[int, int]] = {}
        self.failed: dict[Key, int] = {}
        self.writes = 0

    # -- what there is

    def score_of(self, key: Key) -> int | None:
        """The score given last, saved or on its way; None when there is none."""
        if key in self.pending:
            return self.pending[key][0]
        label = self.labels.get(key)
        return label.score if label else None

    def words_of(self, key: Key) -> Words:
        """The words as they were last left: the draft, else those of the label."""
        if key in self.words:
            return self.words[key]
        label = self.labels.get(key)
        return Words(label.justification, label.cells) if label else Words()

    def is_draft(self, key: Key) -> bool:
        """Whether the words in view are not part of a saved label."""
        words, label = self.words_of(key), self.labels.get(key)
        return bool(words) if label is None else words != Words(label.justification, label.cells)

    def state(self, key: Key) -> tuple[str, str]:
        """How the score stands, with its style: `2 ✔`, `2 …`, `2 ✗ NOT saved`, `_`."""
        if key in self.pending:
            return f"{self.pending[key][0]} …", "$text-warning"
        if key in self.failed:
            return f"{self.failed[key]} ✗ NOT saved", "bold $text-error"
        label = self.labels.get(key)
        return (f"{label.score} ✔", "bold $text-success") if label else ("_", "")

    def words_state(self, key: Key) -> str:
        """How the words stand: ` · draft`, ` · NOT saved yet`, or nothing to be said."""
        if not self.is_draft(key) or key in self.pending:
            return ""
        return " · NOT saved" if key in self.labels or key in self.failed else " · draft"

    # -- what the store says

    def take(self, labels: Iterable[Label], drafts: Mapping[Key, Words]) -> None:
        """Takes over all that the store has; what could not be saved stays in view."""
        kept = {key: self.words[key] for key in (*self.pending, *self.failed) if key in self.words}
        self.labels = {(label.notebook, label.dimension): label for label in labels if self._mine(label)}
        self.words = {**drafts, **kept}
        self.words = {key: words for key, words in self.words.items() if self.is_draft(key)}

    def _take(self, notebook: str, labels: Sequence[Label]) -> None:
        for key in [key for key in self.labels if key[0] == notebook]:
            del self.labels[key]
        self.labels |= {(label.notebook, label.dimension): label for label in labels if self._mine(label)}

    def _mine(self, label: Label) -> bool:
        return label.role == self._role and label.rater == self._desk.rater

    # -- what the person does

    def score(self, key: Key, value: int) -> None:
        """Gives a score, with the words that are there."""
        label = self.labels.get(key)
        same = label is not None and label.score == value and key not in self.pending and key not in self.failed
        if not same or self.is_draft(key):
            self._set(key, value, self.words_of(key))

    def write(self, key: Key, words: Words) -> None:
        """Saves words: with the score when there is one, else as a draft that joins the score when it comes."""
        words = Words(clean(words.text).strip(), words.cells)
        if words == self.words_of(key) and not (key in self.labels and self.is_draft(key)):
            return
        self.words[key] = words
        score = self.score_of(key)
        if score is None:
            self.draft(key, words)
        else:
            self._set(key, score, words)
        self._face.changed()

    def commit(self, key: Key, text: str) -> None:
        """Saves words on leaving their field; a draft kept while they were typed is tidied up."""
        words = Words(clean(text).strip(), self.words_of(key).cells)
        if words == self.words_of(key):
            self.draft(key, Words() if self.score_of(key) is not None else words)
        self.write(key, words)

    def draft(self, key: Key, words: Words) -> None:
        """Keeps words that no label carries yet; empty words forget the draft."""
        ws, rubric, rater, role = self._desk.workspace, self._desk.rubric.id, self._desk.rater, self._role
        self._clerk.hand(
            lambda: ws.save_draft(key[0], rubric, key[1], rater, words.text, words.cells, role),
            lambda _: None,
            lambda error: self._face.not_saved("The draft of your words is NOT saved", error),
        )

    def undo(self, notebook: str | None, *, back: bool = True) -> None:
        """Takes back the last step; `back=False` does it again.

        Args:
            notebook: Only in this notebook; None takes the last one anywhere.
            back: Direction.
        """
        ws, rubric, rater, role = self._desk.workspace, self._desk.rubric.id, self._desk.rater, self._role
        self.writes += 1

        def job() -> tuple[LabelEvent | None, Sequence[Label]]:
            step = ws.undo if back else ws.redo
            event = step(rater, notebook=notebook, rubric=rubric, source="tui", role=role)
            return event, ws.labels(notebook=event.label.notebook, rubric=rubric) if event else ()

        def done(found: tuple[LabelEvent | None, Sequence[Label]]) -> None:
            event, labels = found
            if event is None:
                self._face.say(f"nothing to {'undo' if back else 'redo'}{' in this notebook' if notebook else ''}")
            else:
                self._undone((event.label.notebook, event.label.dimension), labels, back=back)

        word = "Undo" if back else "Redo"
        self._clerk.hand(job, done, lambda error: self._face.not_saved(f"{word} did NOT happen", error))

    def _undone(self, key: Key, labels: Sequence[Label], *, back: bool) -> None:
        before, words = self.labels.get(key), self.words_of(key) if self.is_draft(key) else Words()
        self._take(key[0], labels)
        self.failed.pop(key, None)
        self.words.pop(key, None)
        if not words and before is not None and key not in self.labels:
            # The score is gone, the words were work: they stay as the draft they would have been.
            words = Words(before.justification, before.cells)
        if words:
            self.words[key] = words
            if not self.is_draft(key):  # the label that came back says the same
                del self.words[key]
        self.draft(key, self.words.get(key, Words()))
        self._face.stands(key[0], labels)
        self._face.undone(key, before, self.labels.get(key), back=back)

    def _set(self, key: Key, value: int, words: Words) -> None:
        self.writes += 1
        write = self.writes
        self.pending[key] = (value, write)
        self.failed.pop(key, None)
        ws, rubric, rater, role = self._desk.workspace, self._desk.rubric.id, self._desk.rater, self._role

        def job() -> Sequence[Label]:
            ws.set_label(
                key[0],
                key[1],
                value,
                rater=rater,
                justification=words.text,
                cells=words.cells,
                rubric=rubric,
                role=role,
                source="tui",
            )
            return ws.labels(notebook=key[0], rubric=rubric)

        def done(labels: Sequence[Label]) -> None:
            self._take(key[0], labels)
            self._settled(key, (value, write))
            if self.words.get(key) == words:  # they travel with the score now
                del self.words[key]
            self._face.stands(key[0], labels)

        def failed(error: Exception) -> None:
            if self._settled(key, (value, write)):
                self.failed[key] = value
            what = "score" if role == "rater" else role
            self._face.not_saved(f"The {what} {value} is NOT saved", error)
            self._face.changed()

        self._hand(job, done, failed)

    def _settled(self, key: Key, write: tuple[int, int]) -> bool:
        """Whether this write was the last one of its key; it is on its way no longer."""
        last = self.pending.get(key) == write
        if last:
            del self.pending[key]
        return last

    def _hand(
        self,
        job: Callable[[], Sequence[Label]],
        done: Callable[[Sequence[Label]], None],
        failed: Callable[[Exception], None],
    ) -> None:
        self._clerk.hand(job, done, failed)
        self._face.changed()
