"""The section `Guidelines`: what was learned from words, with its sources, and the expert's decisions on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import ClassVar

from textual.content import Content

from nbalign.align.model import Guideline, State
from nbalign.tui.align.blind import Blind, read_blind
from nbalign.tui.align.deciding import Decisions, Drafts
from nbalign.tui.align.guideline_words import (
    LEGEND,
    STATES,
    Sieve,
    guideline_blocks,
    guideline_row,
    hidden,
    listed,
    nothing_listed,
)
from nbalign.tui.align.page import Block, block
from nbalign.tui.align.reading import Behind, read_behind
from nbalign.tui.align.section import Section
from nbalign.tui.plain import content, one_line


class GuidelineList(Section):
    """Guidelines by dimension, and a page about the one in focus; what an expert does with them stands above this.

    Attributes:
        guidelines: All of the rubric, as they stand; decisions on their way to the store are in them already.
    """

    NAME: ClassVar[str] = "guidelines"

    def __init__(self) -> None:
        super().__init__()
        self.guidelines: tuple[Guideline, ...] = ()
        self.drafts: dict[str, str] = {}
        self.saved: dict[str, str] = {}
        self._read = False
        self._rows: list[Guideline | str] = []
        self.state: State | str = ""
        self.needle = ""
        self._blind = Blind()
        self.behind: dict[str, Behind] = {}
        self._reading = ""
        self._outdated = False  # something happened to the guideline while where it comes from was being read
        self._revealed: set[str] = set()
        self.flights: dict[str, tuple[int, State]] = {}  # id -> decisions on their way, and where the last one leads

    @cached_property
    def decisions(self) -> Decisions:
        """What writes decisions, and keeps in mind what can be taken back."""
        return Decisions(self.room.workspace, self.room.rubric.id, self.room.rater)

    @cached_property
    def written(self) -> Drafts:
        """Where words are kept that are not entered yet."""
        return Drafts(self.room.workspace, self.room.rubric.id, self.room.rater)

    # -- reading

    def load(self) -> None:
        """Reads the guidelines, after the decisions that are on their way."""
        workspace, rubric, rater, drafts = self.room.workspace, self.room.rubric.id, self.room.rater, self.written

        def job() -> tuple[tuple[Guideline, ...], dict[str, str], Blind]:
            return tuple(workspace.guidelines(rubric)), drafts.all(), read_blind(workspace, rubric, rater)

        def done(found: tuple[tuple[Guideline, ...], dict[str, str], Blind]) -> None:
            self._read = True
            self.drafts, self._blind = found[1], found[2]
            self.behind.clear()
            self._outdated = True
            self.take(found[0])

        self.room.write(job, done, "The guidelines cannot be read")

    def take(self, guidelines: Sequence[Guideline], ref: str = "") -> None:
        """Takes the guidelines as the store has them.

        Args:
            guidelines: All of the rubric.
            ref: Id of the one to bring into focus; empty keeps the one that is in focus.
        """
        self.guidelines = tuple(
            replace(each, state=self.flights[each.id][1]) if each.id in self.flights else each for each in guidelines
        )
        self.sift(ref)

    def sift(self, ref: str = "") -> None:
        """Lists what is to be listed, with the guideline in focus that was, or the one that took its place."""
        current = self.current
        wanted = ref or (current.id if current else "")
        self._rows = listed(self.guidelines, Sieve(self.room.dimension, self.state, self.needle))
        places = [n for n, row in enumerate(self._rows) if isinstance(row, Guideline) and row.id == wanted]
        self.at = places[0] if places else self._on_a_guideline(self.at, 1)
        self.moved()
        self.draw()

    def moved(self) -> None:
        """Has the sources of the guideline in focus read, one at a time: whoever runs through waits for the last."""
        guideline = self.current
        if guideline is None or self._reading or guideline.id in self.behind:
            return
        self._reading, self._outdated = guideline.id, False
        room, workspace, rubric = self.room, self.room.workspace, self.room.rubric

        def done(behind: Behind) -> None:
            if not self._outdated:
                self.behind[behind.guideline] = behind
            over()

        def failed(error: Exception) -> None:
            self.behind[guideline.id] = Behind(guideline.id, (), ())  # else it would be asked for again and again
            room.not_saved("Where the guideline comes from cannot be read", error)
            over()

        def over() -> None:
            self._reading, self._outdated = "", False
            if self.is_attached:
                self.moved()
                self.draw()

        room.room_app.reader.hand(lambda: read_behind(workspace, rubric, guideline), done, failed)

    def forget(self, ref: str) -> None:
        """Has the history of a guideline read again."""
        self.behind.pop(ref, None)
        self._outdated = self._outdated or self._reading == ref

    # -- the list

    @property
    def about(self) -> object:
        """The guideline in focus, wherever it is listed by now."""
        return self.current.id if self.current is not None else (self.needle, self.state)

    @property
    def current(self) -> Guideline | None:
        """The guideline in focus."""
        row = self._rows[self.at] if self.at < len(self._rows) else None
        return row if isinstance(row, Guideline) else None

    def _on_a_guideline(self, index: int, step: int) -> int:
        """The nearest row in one direction, else in the other, that is no dimension's heading."""
        index = max(min(index, len(self._rows) - 1), 0)
        while index < len(self._rows) and isinstance(self._rows[index], str):
            index += step if index + step >= 0 else 1
            step = step if index > 0 else 1
        return index

    def go(self, index: int) -> None:
        """Brings a row into focus; headings are passed over."""
        super().go(self._on_a_guideline(index, -1 if index < self.at else 1))

    def count(self) -> int:
        """Guidelines and headings."""
        return len(self._rows)

    def row(self, index: int) -> Content:
        """A guideline in a line."""
        row = self._rows[index]
        saved = self.saved.get(row.id, "") if isinstance(row, Guideline) else ""
        return guideline_row(row, self.room.rubric, saved, self.width)

    def head(self) -> Content:
        """What is listed; dimension and state change on a click."""
        room = self.room
        shown = sum(isinstance(row, Guideline) for row in self._rows)
        found = f" · “{one_line(self.needle, 30)}”" if self.needle else ""
        legend = (f"   {LEGEND}", "$text-muted") if self.app.size.width >= 120 else ""
        return content(
            self.link(room.dimension_title, "dimension(1)"),
            " · ",
            self.link(self.state or "all states", "filter"),
            f" · {shown} of {len(self.guidelines)}{found}",
            legend,
        )

    def blocks(self) -> Sequence[Block]:
        """Everything about the guideline in focus."""
        room, guideline = self.room, self.current
        if not self._read:
            return [block(("reading …", "$text-muted"))]
        if guideline is None:
            return nothing_listed(bool(self.guidelines), Sieve(room.dimension, self.state, self.needle), room.key)
        return guideline_blocks(
            guideline,
            self.behind.get(guideline.id),
            room.rubric,
            self._blind,
            room.key,
            revealed=guideline.id in self._revealed,
            saved=self.saved.get(guideline.id, ""),
            draft=self.drafts.get(guideline.id, ""),
        )

    def dimension_changed(self) -> None:
        """Lists those of the dimension in focus."""
        self.sift()

    def filter(self) -> None:
        """Goes on to the next state that any guideline is in, and in the end to all."""
        there = ["", *(state for state in STATES if any(g.state == state for g in self.guidelines))]
        self.state = there[(there.index(self.state) + 1) % len(there)] if self.state in there else ""
        self.sift()

    def search(self, needle: str) -> None:
        """Lists the guidelines with these words."""
        self.needle = needle
        self.sift()

    def end_search(self) -> bool:
        """Lists them all again."""
        searched, self.needle = bool(self.needle), ""
        self.sift()
        return searched

    def act(self, row: int) -> None:
        """Goes to the notebook, the dimension and the cell that a source is about."""
        guideline = self.current
        behind = self.behind.get(guideline.id) if guideline else None
        if guideline is None or behind is None or row >= len(behind.sources):
            return
        source = behind.sources[row]
        if hidden(source, self._blind, guideline.id in self._revealed):
            key = self.room.key("align.reveal")
            self.room.say(f"hidden, since you have not scored it: {key} shows what others said all the same")
        else:
            self.room.go_to(source.notebook, source.dimension, min(source.cells, default=0))

    def reveal(self) -> None:
        """Shows or hides the sources that this rater has not scored, for the guideline in focus alone."""
        if self.current is not None:
            self._revealed ^= {self.current.id}
            self.draw()
