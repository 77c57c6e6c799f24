"""The section `Precedents`: the cases that a judge with the latest memory is shown of a notebook, and why these."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.content import Content
from textual.message import Message
from textual.worker import get_current_worker

from nbalign.align.model import Precedent
from nbalign.errors import Cancelled
from nbalign.progress import Progress
from nbalign.tui.align.blind import Blind, read_blind
from nbalign.tui.align.naming import counted
from nbalign.tui.align.page import Block, block
from nbalign.tui.align.precedent_words import Found, hidden, not_yet, precedent_blocks
from nbalign.tui.align.section import Section
from nbalign.tui.plain import content, one_line


class PrecedentSection(Section):
    """Notebooks, and a page with the precedents of the one in focus once they were asked for."""

    NAME: ClassVar[str] = "precedents"

    class Step(Message):
        """How far the looking up is; `words` for people."""

        def __init__(self, words: str) -> None:
            super().__init__()
            self.words = words

    class Answered(Message):
        """What was found for a notebook, or why nothing was."""

        def __init__(self, asked: tuple[str, str], found: Found | None, error: Exception | None = None) -> None:
            super().__init__()
            self.asked, self.found, self.error = asked, found, error

    def __init__(self) -> None:
        super().__init__()
        self._all: list[tuple[str, str]] = []
        self._listed: list[tuple[str, str]] = []
        self._needle = ""
        self._seen = ""  # the notebook last in view in the labelling room, as of the last time
        self._version = ""
        self._blind = Blind()
        self._found: dict[tuple[str, str], Found] = {}
        self._asked: tuple[str, str] = ("", "")
        self._step = ""
        self._shown: list[Precedent] = []
        self._revealed: set[str] = set()

    def load(self) -> None:
        """Reads which notebooks there are, and what the rater has scored by now."""
        workspace, rubric, rater = self.room.workspace, self.room.rubric.id, self.room.rater
        in_view = self.room.room_app.notebook_in_view()

        def job() -> tuple[list[tuple[str, str]], str, Blind]:
            latest = next(iter(workspace.memories().versions(rubric)), None)
            return list(workspace.names().items()), latest[0] if latest else "", read_blind(workspace, rubric, rater)

        def done(found: tuple[list[tuple[str, str]], str, Blind]) -> None:
            self._all, self._version, self._blind = found
            at = self.notebook
            if in_view and in_view.sha256 != self._seen:
                self._seen = at = in_view.sha256
            self._sift(at)

        self.room.read(job, done, "The notebooks cannot be read")

    @property
    def notebook(self) -> str:
        """Content hash of the notebook in focus; empty where none is listed."""
        return self._listed[self.at][0] if self.at < len(self._listed) else ""

    def _sift(self, at: str) -> None:
        words = self._needle.casefold().split()
        self._listed = [each for each in self._all if all(word in each[1].casefold() for word in words)]
        self.at = next((n for n, (sha256, _) in enumerate(self._listed) if sha256 == at), 0)
        self.draw()

    def search(self, needle: str) -> None:
        """Lists the notebooks whose names have these words."""
        self._needle = needle
        self._sift(self.notebook)

    def end_search(self) -> bool:
        """Lists all notebooks again."""
        searched, self._needle = bool(self._needle), ""
        self._sift(self.notebook)
        return searched

    @property
    def about(self) -> object:
        """The notebook in focus."""
        return self.notebook, self.room.dimension

    def count(self) -> int:
        """The notebooks that fit the search."""
        return len(self._listed)

    def row(self, index: int) -> Content:
        """A notebook; marked where its precedents are known."""
        sha256, name = self._listed[index]
        known = (sha256, self._version) in self._found
        return content("✔ " if known else "  ", one_line(name, max(self.width - 2, 8)))

    def head(self) -> Content:
        """Which notebooks, and which memory."""
        room = self.room
        found = f" · “{one_line(self._needle, 30)}”" if self._needle else ""
        memory = f"memory {self._version}" if self._version else "no memory yet"
        return content(
            self.link(room.dimension_title, "dimension(1)"),
            f" · {counted(len(self._listed), 'notebook')}{found} · {memory}",
        )

    def blocks(self) -> Sequence[Block]:
        """What was found for the notebook in focus."""
        room, asked = self.room, (self.notebook, self._version)
        self._shown = []
        if self._asked == asked and asked[0]:
            return [block(("looking the precedents up …", "bold")), block((self._step, "$text-muted"))]
        found = self._found.get(asked)
        name = self._listed[self.at][1] if self._listed else ""
        if found is None:
            return not_yet(bool(self._version), name, room.key)
        told, self._shown = precedent_blocks(
            found, room.rubric, room.dimension, self._blind, asked[0] in self._revealed, room.key
        )
        return [block((f"A judge of {one_line(name, 60)} is shown", "bold")), block(""), *told]

    def enter(self) -> None:
        """Has the precedents looked up; once they are there, goes among them."""
        asked = (self.notebook, self._version)
        if asked in self._found:
            super().enter()
        elif not self._version:
            self.room.say(f"there is no memory yet: {self.room.key('align.start')} makes one")
        elif asked[0] and self._asked != asked:
            self._asked, self._step = asked, ""
            self._look_up(asked, [d.id for d in self.room.rubric.dimensions], self.room.rubric.id)
            self.draw()

    @work(thread=True, exclusive=True, group="precedents", exit_on_error=False)
    def _look_up(self, asked: tuple[str, str], dimensions: Sequence[str], rubric: str) -> None:
        # A thread of its own: it takes seconds to minutes, and the room's other readings must not wait behind it.
        worker = get_current_worker()

        def progress(step: Progress) -> None:
            if worker.is_cancelled:
                raise Cancelled("another notebook was asked for")
            self.post_message(self.Step(f"{step.stage} {step.done:,.0f}/{step.total:,.0f} {step.unit}"))

        look = partial(self.room.workspace.neighbours_of, rubric=rubric, memory=asked[1], progress=progress)
        try:
            answer = self.Answered(asked, look(asked[0], dimensions))
        except Cancelled:
            return
        except Exception as error:
            answer = self.Answered(asked, None, error)
        if not worker.is_cancelled:
            self.post_message(answer)

    @on(Step)
    def _stepped(self, event: Step) -> None:
        event.stop()
        if self._asked[0]:
            self._step = event.words
            self.draw()

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        if event.asked == self._asked:
            self._asked = ("", "")
        if event.found is not None:
            self._found[event.asked] = event.found
        elif event.error is not None:
            self.room.not_saved("The precedents cannot be looked up", event.error)
        self.draw()

    def act(self, row: int) -> None:
        """Goes to the precedent in the labelling room."""
        if row < len(self._shown):
            case = self._shown[row]
            blind = hidden(case, self._blind, self.notebook in self._revealed)
            self.room.go_to(case.notebook, case.dimension, 0 if blind else min(case.cells, default=0))

    def reveal(self) -> None:
        """Shows or hides what others said, for the notebook in focus alone."""
        self._revealed ^= {self.notebook}
        self.draw()
