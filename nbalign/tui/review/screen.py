"""The room `review`: a rater's scores beside a judge's, the worst first, and how all of them agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Input

from nbalign.evaluate.review import Reviewed, review
from nbalign.labels.model import Label
from nbalign.tui.actions import EVERYWHERE, Action, key_name
from nbalign.tui.desk import Desk
from nbalign.tui.page import Line
from nbalign.tui.review.agreeing import AgreeingRoom
from nbalign.tui.review.citing import Cite
from nbalign.tui.review.elsewhere import tell_labelling
from nbalign.tui.review.find_field import FindField
from nbalign.tui.review.keys import ACTIONS, bindings
from nbalign.tui.review.pair_room import Head
from nbalign.tui.review.pen import Key
from nbalign.tui.review.reading import Filter, Reading, read_review
from nbalign.tui.review.review_words import cites_of, head_line, nothing_lines, pair_lines, row_content

_ROOMS = {action.id.removeprefix("room."): action for action in EVERYWHERE}
_OWN = {action.id.removeprefix("review."): action for action in ACTIONS}


class ReviewRoom(AgreeingRoom):
    """Your scores beside the judge's, and the raters' agreement.

    Blind first: a pair shows only while the rater has a score for it.

    Args:
        desk: Who works on what.

    Attributes:
        reading: What was read; None until it is there.
        which: Which pairs are listed.
    """

    ROOM: ClassVar[str] = "review"
    ACTIONS: ClassVar[tuple[Action, ...]] = ACTIONS
    BINDINGS: ClassVar[list[BindingType]] = [*bindings()]
    HELP: ClassVar[str] = (
        "Your scores beside the judge's, the furthest apart first. Say why where you differ: that is what the judge "
        "learns from. Digits change your score. What you have not scored does not show, and figures count without it."
    )

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.reading: Reading | None = None
        self.which = Filter()
        self._judge = ""
        self._loads = 0
        self._rows: dict[Key, Reviewed] = {}
        self._listed: list[Key] = []
        self._tally = ""

    def body(self) -> ComposeResult:
        """The sections, and the field for names."""
        yield from super().body()
        yield FindField(id="find")

    # -- reading

    def load(self) -> None:
        """Reads what is shown, after all that was written before."""
        self._loads += 1
        load, writes, desk, judge = self._loads, self.pen.writes, self.desk, self._judge
        what = "Your scores and the judge's cannot be read"

        def read(_: None) -> None:
            self.read(lambda: read_review(desk, judge), lambda reading: self._loaded(reading, load, writes), what)

        self.write(lambda: None, read, what)
        if self.agreement:
            self.measure()

    def _loaded(self, reading: Reading, load: int, writes: int) -> None:
        if load != self._loads:
            return  # asked for again in the meantime
        if writes != self.pen.writes:
            self.load()  # scores changed while they were being read
            return
        self.reading, self._judge = reading, reading.judge
        self._rows = {row.key: row for row in reading.rows}
        self.pen.take([row.mine for row in reading.rows], reading.drafts)
        self._count()
        self._list()

    def _list(self) -> None:
        key = self.pair
        rows = self.which.of(list(self._rows.values()), lambda key: bool(self.pen.words_of(key).text.strip()))
        self._listed = [row.key for row in rows]
        self.keep(key)
        self.changed()

    def stands(self, notebook: str, labels: Sequence[Label]) -> None:
        """Takes over what the store says of a notebook now; the list keeps its order under the rater's hands."""
        for row in [row for key, row in self._rows.items() if key[0] == notebook]:
            for now in review(self.rater, self.rubric, labels, [row.judgement], {notebook: row.name}):
                self._rows[row.key] = now
        tell_labelling(self.room_app.visited(), notebook, labels, self.rater)
        self._count()
        self.changed()

    def _count(self) -> None:
        differ = [row for row in self._rows.values() if row.apart]
        wordless = sum(not row.mine.justification.strip() for row in differ)
        words = f"{len(differ):,} of {len(self._rows):,} differ · {wordless:,} without words"
        self._tally = words if self._rows else ""

    @property
    def judge(self) -> str:
        """The judge beside."""
        return self._judge

    # -- drawing

    @property
    def pairs(self) -> Sequence[Key]:
        """The pairs listed."""
        return self._listed

    def changed(self) -> None:
        """Draws everything anew."""
        super().changed()
        if not self.is_mounted:
            return
        reading = self.reading or Reading()
        line = head_line(reading, len(self._listed), self.which, self.rubric, self.agreement, self.keys_of)
        self.query_one("#head", Head).show(line)
        self.show_place(self._tally)

    def row(self, index: int, width: int) -> Content:
        """One row of the list."""
        row = self._rows[self._listed[index]]
        return row_content(row, self.pen, self.rubric.dimension(row.dimension).title, width)

    def words_lines(self, width: int) -> Sequence[Line]:
        """The page of the pair in focus, or why there is none."""
        if self.pair is None:
            keys = {"label": _ROOMS["label"], "models": _ROOMS["models"], "leave": _OWN["leave"]}
            names = {name: key_name(self.keys_of(action)[0]) for name, action in keys.items()}
            return nothing_lines(self.reading, self.which, names, width)
        why = key_name(self.keys_of(_OWN["justify"])[0])
        return pair_lines(self._rows[self.pair], self.pen, self.rubric, self.judge, why, width)

    def cited(self, key: Key) -> tuple[Cite, ...]:
        """The cells cited about a pair."""
        row = self._rows[key]
        return cites_of(row, self.pen, row.judgement.rationale)

    # -- scores and words

    def may_write(self, key: Key) -> bool:
        """A pair that is listed can be scored, but not while the figures are in view."""
        if self.agreement:
            self.say(f"{key_name(self.keys_of(_OWN['section'])[0])} goes back to the pairs")
        return not self.agreement

    def undo(self, *, back: bool) -> None:
        """Takes back one step in the notebook in focus, or does it again."""
        if self.pair is not None and not self.agreement:
            self.pen.undo(self.pair[0], back=back)

    def undone(self, key: Key, before: Label | None, after: Label | None, *, back: bool) -> None:
        """Goes to what was undone, and says what stands now."""
        super().undone(key, before, after, back=back)
        known = {dimension.id: dimension.title for dimension in self.rubric.dimensions}
        word = "undone" if back else "done again"
        what = "has no score now" if after is None else f"is {after.score} now"
        if before is not None and after is not None and before.score == after.score:
            what = f"is {after.score}, with the words it had"
        self.say(f"{word}: {known.get(key[1], key[1])} {what}")

    # -- which pairs

    def action_next_judge(self) -> None:
        """Puts the next judge beside."""
        judges = self.reading.judges if self.reading is not None else ()
        if len(judges) < 2:
            self.say("there is no other judge" if judges else "no judge has scored anything yet")
            return
        self._judge = judges[(judges.index(self._judge) + 1) % len(judges)]
        self.load()

    def _choose(self, which: Filter) -> None:
        self.which = which
        self.pane = "pairs"
        self._list()

    def action_dimension(self, step: int) -> None:
        """Lists the next dimension alone, or all of them."""
        ids = ["", *(dimension.id for dimension in self.rubric.dimensions)]
        self._choose(replace(self.which, dimension=ids[(ids.index(self.which.dimension) + step) % len(ids)]))

    def action_differ(self) -> None:
        """Lists only where rater and judge differ, or all."""
        self._choose(replace(self.which, differ=not self.which.differ))

    def action_wordless(self) -> None:
        """Lists only what has no words, or all."""
        self._choose(replace(self.which, wordless=not self.which.wordless))

    def action_find(self) -> None:
        """Asks for a part of a name."""
        if not self.agreement:
            self.query_one(FindField).open()

    @on(Input.Changed, "#find")
    def _find_typed(self, event: Input.Changed) -> None:
        if self.query_one(FindField).is_open:
            self._choose(replace(self.which, name=event.value))

    @on(FindField.Left, "#find")
    def _find_left(self) -> None:
        self._choose(replace(self.which, name=""))

    def action_leave(self) -> None:
        """Back to the list; there, all pairs again."""
        if self.agreement:
            self.action_pairs_section()
        elif self.pane == "pairs" and self.which:
            self._choose(Filter())
        else:
            super().action_leave()
