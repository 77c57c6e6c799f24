"""The room `adjudicate`: what raters score differently, side by side, and the decision that settles it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content

from nbalign.judge.model import Judgement
from nbalign.labels.model import Label, Role
from nbalign.tui.actions import EVERYWHERE, Action, key_name
from nbalign.tui.adjudicate.keys import ACTIONS, JUSTIFY, OPEN, REVEAL, UNCOVER, bindings
from nbalign.tui.adjudicate.queue import ConflictQueue, Reading, read_queue
from nbalign.tui.adjudicate.words import (
    cites_of,
    conflict_lines,
    covered_lines,
    judge_lines,
    nothing_lines,
    row_content,
)
from nbalign.tui.desk import Desk
from nbalign.tui.page import Line, Page
from nbalign.tui.plain import content
from nbalign.tui.review.citing import Cite
from nbalign.tui.review.pair_room import Head
from nbalign.tui.review.pen import Key
from nbalign.tui.review.pen_room import PenRoom
from nbalign.tui.review.review_words import clickable
from nbalign.tui.review.words import JUDGE


class AdjudicateRoom(PenRoom):
    """Settles what raters see differently.

    The judge stays hidden until there is a decision, and what the one who sits here has not scored stays covered, until
    they ask for it.

    Args:
        desk: Who works on what.

    Attributes:
        queue: The conflicts.
    """

    ROOM: ClassVar[str] = "adjudicate"
    ROLE: ClassVar[Role] = "decision"
    SCORES: ClassVar[str] = "decide"
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    HELP: ClassVar[str] = (
        "What raters score differently, the furthest apart first. A digit decides and asks for the reason; a decision "
        "counts for learning and for figures instead of the raters' scores. The judge shows once you have decided."
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.queue = ConflictQueue(desk.rater, desk.rubric)
        self._reading: Reading | None = None
        self._loads = 0
        self._wanted: Key | None = None  # a conflict to go to as soon as it is read
        self._revealed: set[Key] = set()
        self._judgements: dict[Key, Judgement | None] = {}
        self._asked: set[Key] = set()

    # -- reading

    def load(self) -> None:
        """Reads the conflicts, after all that was written before."""
        self._loads += 1
        load, writes, desk, what = self._loads, self.pen.writes, self.desk, "The raters' scores cannot be read"
        self._judgements.clear()
        self._asked.clear()

        def read(_: None) -> None:
            self.read(lambda: read_queue(desk), lambda reading: self._loaded(reading, load, writes), what)

        self.write(lambda: None, read, what)

    def _loaded(self, reading: Reading, load: int, writes: int) -> None:
        if load != self._loads:
            return  # asked for again in the meantime
        if writes != self.pen.writes:
            self.load()  # decisions changed while they were being read
            return
        key, wanted = self.pair, self._wanted
        self._reading, self._wanted = reading, None
        self.queue.take(reading.conflicts.found)
        decided = [label for conflict in reading.conflicts.found for label in conflict.decisions]
        self.pen.take(decided, reading.drafts)
        self.keep(key)
        if wanted is not None and wanted not in self.pairs:
            self.say("the raters agree there by now: nothing is left to settle")
        elif wanted is not None:
            self.go(self.pairs.index(wanted))
        self.changed()

    def open_at(self, notebook: str, dimension: str) -> None:
        """Goes to a conflict, as soon as what there is now is read.

        Args:
            notebook: Content hash of the notebook.
            dimension: Id of the dimension.
        """
        self._wanted = (notebook, dimension)
        self.load()

    def stands(self, notebook: str, labels: Sequence[Label]) -> None:
        """Takes over what the store says of a notebook now."""
        self.queue.stands(notebook, labels)
        self.changed()

    def _judgement(self, key: Key) -> Judgement | None:
        """The latest judgement of a conflict where it may show; it is read when it is first asked for."""
        if not self._shows_judge(key):
            return None
        if key not in self._asked:
            self._asked.add(key)
            ws, rubric = self.workspace, self.rubric.id

            def done(found: Sequence[Judgement]) -> None:
                self._judgements[key] = found[-1] if found else None
                self.changed()

            job = lambda: ws.judgements(notebook=key[0], rubric=rubric, dimension=key[1])  # noqa: E731
            self.read(job, done, "The judge's score cannot be read")
        return self._judgements.get(key)

    def _shows_judge(self, key: Key) -> bool:
        conflict = self.queue[key]
        return not self.queue.covers(conflict) and (key in self._revealed or bool(conflict.decisions))

    # -- drawing

    @property
    def pairs(self) -> Sequence[Key]:
        """The conflicts listed."""
        return self.queue.keys

    def changed(self) -> None:
        """Draws everything anew."""
        super().changed()
        if not self.is_mounted:
            return
        left, decided, covered = self.queue.tally()
        self.show_place(f"{left:,} open · {decided:,} decided" + (f" · {covered:,} covered" if covered else ""))
        key = key_name(self.keys_of(UNCOVER)[0])
        words = f"{key} [{'x' if self.queue.uncovered else ' '}] show what you have not scored"
        legend = "‼ far apart  ≠ differ  ✔ decided  ? without a reason  ◌ covered"
        uncover = clickable(words, UNCOVER.name, "bold $text-accent" if self.queue.uncovered else "")
        self.query_one("#head", Head).show(content(uncover, "  ", (legend, "$text-muted")))

    def row(self, index: int, width: int) -> Content:
        """One row of the list."""
        conflict = self.queue[self.pairs[index]]
        return row_content(conflict, self.queue.covers(conflict), self.pen, self.rubric, width)

    def words_lines(self, width: int) -> Sequence[Line]:
        """The page of the conflict in focus, or why there is none."""
        if self.pair is None:
            found = self._reading.conflicts if self._reading is not None else None
            return nothing_lines(found, key_name(self.keys_of(EVERYWHERE[0])[0]), width)
        conflict = self.queue[self.pair]
        if self.queue.covers(conflict):
            keys = {"open": key_name(self.keys_of(OPEN)[0]), "uncover": key_name(self.keys_of(UNCOVER)[0])}
            return covered_lines(conflict, self.rubric, keys, width)
        judgement = self._judgement(self.pair)
        known, shows = self.pair in self._judgements, self._shows_judge(self.pair)
        judge = judge_lines(judgement, shows, known, self.rubric, key_name(self.keys_of(REVEAL)[0]), width)
        why = key_name(self.keys_of(JUSTIFY)[0])
        return conflict_lines(conflict, self.rater, self.pen, self.rubric, judge, why, width)

    def cited(self, key: Key) -> tuple[Cite, ...]:
        """The cells cited about a conflict; none while it is covered."""
        conflict = self.queue[key]
        if self.queue.covers(conflict):
            return ()
        return cites_of(conflict, self.rater, self.pen, self._judgement(key))

    # -- decisions

    def may_write(self, key: Key) -> bool:
        """Whether a conflict can be decided: not while its scores are covered."""
        if not self.queue.covers(self.queue[key]):
            return True
        first, uncover = key_name(self.keys_of(OPEN)[0]), key_name(self.keys_of(UNCOVER)[0])
        self.say(f"covered: {first} goes there to score it first, {uncover} shows it")
        return False

    def action_score(self, value: int) -> None:
        """Decides the conflict in focus, and asks why."""
        super().action_score(value)
        if value in self.rubric.scale.values and self.pair is not None and self.pen.score_of(self.pair) == value:
            self.action_justify()

    def undo(self, *, back: bool) -> None:
        """Takes back the last step of a decision, or does it again."""
        self.pen.undo(None, back=back)

    def undone(self, key: Key, before: Label | None, after: Label | None, *, back: bool) -> None:
        """Goes to what was undone, and says what stands now."""
        super().undone(key, before, after, back=back)
        known = {dimension.id: dimension.title for dimension in self.rubric.dimensions}
        what = "has no decision of yours now" if after is None else f"is decided as {after.score} now"
        if before is not None and after is not None and before.score == after.score:
            what = f"is decided as {after.score}, with the reason it had"
        self.say(f"{'undone' if back else 'done again'}: {known.get(key[1], key[1])} {what}")

    def action_judge(self) -> None:
        """Shows or hides the judge."""
        key = self.pair
        if key is None or not self.may_write(key):
            return
        if self.queue[key].decisions:
            self.say("the judge shows on whatever is decided")
            return
        self._revealed ^= {key}
        self.changed()

    @on(Page.Chosen, "#words")
    def _judge_chosen(self, event: Page.Chosen) -> None:
        if event.item == JUDGE and self.pair is not None and not self.queue[self.pair].decisions:
            self.action_judge()

    def action_uncover(self) -> None:
        """Shows what the one who sits here has not scored, or covers it again."""
        key = self.pair
        self.queue.uncovered = not self.queue.uncovered
        self.queue.sort()
        self.keep(key)
        self.changed()
