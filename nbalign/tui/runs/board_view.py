"""Three and more runs beside each other: who is ahead, and of whom that can be said."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from nbalign.evaluate.report.words import NONE, count, line, number, p_value, passage, with_span
from nbalign.suite.compare.board import Place
from nbalign.suite.compare.sentences import standing
from nbalign.tui.evaluate.fit import fit
from nbalign.tui.plain import content
from nbalign.tui.runs.keys import IN_BOARD, OPEN, REVEAL, WHOLE
from nbalign.tui.runs.marks import ALIKE, LOWER, hidden_line
from nbalign.tui.runs.reading import Compared
from nbalign.tui.runs.view import BLANK, KeyOf, Paragraph, View, heading

_NAME, _EACH = 24, 6


class BoardView(View):
    """A leaderboard.

    Args:
        compared: The board.
        key: Gives the first key of an action of the room by its id.
        revealed: Whether scores that wait for the rater's own count.
    """

    NAME = "board"
    BAR = IN_BOARD

    def __init__(self, compared: Compared, key: KeyOf, *, revealed: bool = False) -> None:
        super().__init__(key)
        self.take(compared, revealed=revealed)

    def take(self, compared: Compared, *, revealed: bool) -> None:
        """Shows the board as it is now."""
        self.compared, self.revealed = compared, revealed
        self.board = compared.board
        self.places: tuple[Place, ...] = self.board.places if self.board is not None else ()
        self.go(self.at)

    @property
    def place_in_focus(self) -> Place | None:
        """The run in focus."""
        return self.places[self.at] if self.at < len(self.places) else None

    @property
    def about(self) -> object:
        """The run, or the board."""
        return self.NAME, self.compared.names, self.whole or self.at

    def place(self) -> str:
        """On how many cases it stands."""
        return count(len(self.board.cases), "case") if self.board is not None else ""

    def title(self) -> Content:
        """What can be said of who is ahead."""
        hidden = hidden_line(self.compared.hidden, self.key(REVEAL.id), revealed=self.revealed)
        warned = (f"\n{hidden}" if hidden else "", "$text-warning")
        if self.board is None:
            return content(("These runs cannot be compared", "bold $text-error"), warned)
        said = " ".join(standing(self.board))
        return content((said, "bold"), (f"  {self.key(WHOLE.id)} tells the rest", "$text-muted"), warned)

    def count(self) -> int:
        """The runs."""
        return len(self.places)

    def heads(self, width: int) -> list[Content]:
        """Names of the columns."""
        if self.board is None:
            return []
        name, dimensions = self._columns(width)
        said = f"   {fit('run', name - 4)} {fit('mean (95% interval)', 20)} {fit('behind', 24)} "
        return [content((said + "".join(f"{n + 1:>{_EACH - 1}} " for n in range(dimensions)), "$text-muted"))]

    def line(self, index: int, width: int) -> Content:
        """A run in a line."""
        place = self.places[index]
        name, dimensions = self._columns(width)
        mean = with_span(place.mean) if place.mean else NONE
        behind = with_span(place.behind, sign=True)
        mark = " " if place.behind is None else LOWER if place.distinguishable else ALIKE
        assert self.board is not None
        figures = [place.dimensions.get(dimension) for dimension, _ in self.board.dimensions[:dimensions]]
        shown = content(
            (f"{index + 1:>2} {fit(place.run.name, name - 4)} ", "bold"),
            f"{fit(mean, 20)} {mark} {fit(behind, 22)} ",
            "".join(f"{fit(number(one.value) if one else NONE, _EACH - 1, right=True)} " for one in figures),
        )
        return shown.stylize("reverse") if index == self.at else shown

    def page(self) -> Sequence[Paragraph]:
        """The run in focus, or the board."""
        found, place = self.board, self.place_in_focus
        if found is None or place is None:
            return [content(self.compared.problem)]
        if self.whole:
            notes = [content(passage(note, 1000)) for note in found.notes]
            marks = f"{LOWER} behind the first by more than chance explains, {ALIKE} not told apart from it."
            names = [content(f"{n + 1} {line(title, 60)}") for n, (_, title) in enumerate(found.dimensions)]
            return [
                *(content(said) for said in standing(found)),
                content(marks),
                BLANK,
                *([heading("What to know"), *notes, BLANK] if notes else []),
                heading("Dimensions"),
                *names,
            ]
        first = found.places[0]
        parts: list[Paragraph] = [content((f"{line(place.run.name, 60)}: ", "bold"), line(place.run.generator, 120))]
        if place.behind is not None:
            told = "by more than chance explains" if place.distinguishable else "which chance may explain"
            said = f"Behind {line(first.run.name, 60)} by {with_span(place.behind, sign=True)}, {told} "
            parts.append(content(f"{said}(p {p_value(place.adjusted)} after Holm's correction)."))
        if place.true is not None:
            parts.append(content(f"With the judge's error in it, the true mean is about {with_span(place.true)}."))
        figures = [(title, place.dimensions.get(dimension)) for dimension, title in found.dimensions]
        parts += [content(f"{line(title, 60)}: {with_span(one) if one else NONE}") for title, one in figures]
        what = "opens the run" if place is first else f"compares it with {line(first.run.name, 60)}"
        return [*parts, content((f"{self.key(OPEN.id)} {what}.", "$text-muted"))]

    def _columns(self, width: int) -> tuple[int, int]:
        """Columns of a name, and how many dimensions there is room for: all or none."""
        assert self.board is not None
        dimensions = len(self.board.dimensions)
        left = width - _NAME - 46
        if left >= dimensions * _EACH:
            return _NAME + min(left - dimensions * _EACH, 20), dimensions
        return _NAME + min(max(left, 0), 20), 0
