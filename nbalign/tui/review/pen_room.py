"""A room of pairs in which one scores and writes: every key and click becomes an event in the store."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.widgets import Input

from nbalign.labels.model import Label, Role
from nbalign.tui.actions import key_name
from nbalign.tui.bars import KeyBar
from nbalign.tui.desk import Desk
from nbalign.tui.keys import field_items, score_keys
from nbalign.tui.page import Page
from nbalign.tui.review.pair_room import PairRoom
from nbalign.tui.review.pen import Key, Pen
from nbalign.tui.review.words import LEVELS, WHY
from nbalign.tui.sheet import Words
from nbalign.tui.why_area import WhyArea


class PenRoom(PairRoom):
    """A room of pairs with a pen.

    Args:
        desk: Who works on what.

    Attributes:
        pen: The scores and words of who sits here.
    """

    ROLE: ClassVar[Role] = "rater"
    SCORES: ClassVar[str] = "score"  # what the digits do, for the bar

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.pen = Pen(desk, self.ROLE, self.room_app.clerk, self)

    # -- what a subclass says

    def may_write(self, key: Key) -> bool:
        """Whether a pair can be scored here; says why not where it cannot."""
        raise NotImplementedError

    def undo(self, *, back: bool) -> None:
        """Takes back one step, or does it again."""
        raise NotImplementedError

    def stands(self, notebook: str, labels: Sequence[Label]) -> None:
        """Takes over what the store says of a notebook now."""
        self.changed()

    def undone(self, key: Key, before: Label | None, after: Label | None, *, back: bool) -> None:
        """Goes to what was undone."""
        if key in self.pairs:
            self.go(self.pairs.index(key))
        self.changed()

    # -- keys

    def show_keys(self) -> None:
        """Names the keys that matter most; while words are written, those that count then."""
        bar = self.query_one(KeyBar)
        if self.writing:
            bar.show(field_items(self.keys_of))
            return
        items = [(key_name(self.keys_of(a)[0]), a.short, a.name) for a in self.ACTIONS if a.short]
        bar.show([(score_keys(self.rubric.scale.values, self.keys_of), self.SCORES, ""), *items])

    @on(Page.Chosen, "#words")
    def _words_chosen(self, event: Page.Chosen) -> None:
        if event.item == WHY and not self.writing:
            self.action_justify()
        elif event.item >= LEVELS and not self.writing:
            self.action_score(event.item - LEVELS)

    # -- scores and words

    def action_score(self, value: int) -> None:
        """Scores the pair in focus."""
        if value not in self.rubric.scale.values:
            self.say(f"{value} is not on the scale: press {score_keys(self.rubric.scale.values, self.keys_of)}")
        elif self.pair is not None and self.may_write(self.pair):
            self.pen.score(self.pair, value)
            self.changed()

    def action_undo(self) -> None:
        """Takes back one step."""
        self.undo(back=True)

    def action_redo(self) -> None:
        """Does it again."""
        self.undo(back=False)

    def action_cite(self) -> None:
        """Cites the cited cell in focus too, or takes the citation back."""
        if self.pair is None or not self.may_write(self.pair):
            return
        if self.pane != "cells":
            self.say("Enter goes to the cited cells; there c cites one of them")
            return
        self.pen.write(self.pair, self.pen.words_of(self.pair).toggled(self.cells_here[self.cell_at].cell))

    @property
    def area(self) -> WhyArea:
        """The field for words."""
        return self.query_one(WhyArea)

    @property
    def writing(self) -> bool:
        """Whether the field for words is open."""
        return self.area.writing

    @property
    def typing(self) -> bool:
        """Whether keys belong to a text field."""
        return isinstance(self.focused, (WhyArea, Input))

    def action_justify(self) -> None:
        """Opens the field for words."""
        if self.pair is not None and self.may_write(self.pair):
            self.area.start(self.pen.words_of(self.pair).text, self.pair)

    @on(WhyArea.Opened)
    @on(WhyArea.Left)
    def _field_changed(self) -> None:
        self.show_keys()
        self.query_one("#right").set_class(self.writing, "writing")

    @on(WhyArea.Typed)
    def _typed(self, event: WhyArea.Typed) -> None:
        self.pen.draft(event.about, Words(event.text, self.pen.words_of(event.about).cells))

    @on(WhyArea.Left)
    def _left(self, event: WhyArea.Left) -> None:
        self.pen.commit(event.about, event.text)

    async def action_leave_writing(self) -> None:
        """Leaves the field, such as by a click on the bar."""
        await self.leave_writing()

    async def leave_writing(self) -> None:
        """Leaves the field; its words are saved."""
        if self.writing:
            await self.area.action_leave()
        self.set_focus(None)

    async def finish_writing(self) -> None:
        """Saves words that are being written, such as before quitting."""
        area = self.area
        if area.writing and area.about is not None:
            await area.settled()
            self.pen.commit(area.about, area.kept)
