"""One run: its cases by the dimensions, and a page about the cell in focus."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from nbalign.evaluate.report.words import NONE, count, line, number
from nbalign.suite.compare.model import MACRO
from nbalign.suite.runs.model import Production, RunScore
from nbalign.tui.evaluate.fit import fit, width_of
from nbalign.tui.plain import content
from nbalign.tui.runs.keys import FIND, IN_RUN, REVEAL
from nbalign.tui.runs.marks import HIDDEN, NOT_JUDGED, hidden_line, hidden_words, score_style, score_words
from nbalign.tui.runs.reading import RunShown
from nbalign.tui.runs.run_words import about_cell, about_run
from nbalign.tui.runs.view import KeyOf, Paragraph, View, fits

_NAME, _STATE, _MORE = 34, 11, 2
_LEAST, _WIDEST = 5, 16
_TITLED = 9  # columns from which a dimension's name stands in its head


class RunView(View):
    """The grid of a run.

    Args:
        shown: The run.
        key: Gives the first key of an action of the room by its id.
        revealed: Whether scores that wait for the rater's own are shown on purpose.
    """

    NAME = "run"
    BAR = IN_RUN
    FINDS = "part of a case's name"

    def __init__(self, shown: RunShown, key: KeyOf, *, revealed: bool = False) -> None:
        super().__init__(key)
        self.rows: list[tuple[str, int]] = []
        self.take(shown, revealed=revealed)

    def take(self, shown: RunShown, *, revealed: bool) -> None:
        """Shows the run as it is now; what was in focus stays so."""
        self.shown, self.revealed = shown, revealed
        self.run, self.dimensions = shown.scored.run, shown.scored.dimensions
        self._made = {(one.case, one.repeat): one for one in shown.scored.productions}
        self._scores = {(s.case, s.repeat, s.dimension): s for s in shown.scored.scores}
        self._list()

    def find(self, needle: str) -> None:
        """Lists the cases with this in their name."""
        self.needle = needle
        self._list()

    def _list(self) -> None:
        before = self.rows[self.at] if self.at < len(self.rows) else None
        cases = [case.id for case in self.run.cases if fits(self.needle, case.id)]
        self.rows = [(case, repeat) for case in cases for repeat in range(1, self.run.repeats + 1)]
        self._named = max((width_of(self._name(row), _NAME) for row in self.rows), default=4)
        self.go(self.rows.index(before) if before in self.rows else self.at)

    @property
    def production(self) -> Production | None:
        """What came of the case in focus; None where it was not tried yet."""
        return self._made.get(self.rows[self.at]) if self.at < len(self.rows) else None

    @property
    def dimension(self) -> str:
        """Id of the dimension in focus; empty for a rubric without any."""
        return self.dimensions[self.column][0] if self.dimensions else ""

    @property
    def about(self) -> object:
        """The cell, or the run."""
        return (self.NAME, self.run.name) if self.whole else (self.NAME, self.run.name, self.at, self.column)

    def place(self) -> str:
        """Where one is among the cases."""
        return f"notebook {self.at + 1:,}/{len(self.rows):,}" if self.rows else "no case fits"

    def title(self) -> Content:
        """Which run it is and how far, and which dimension is in focus."""
        told = self.shown.summary
        said = f" · {line(self.run.generator, 40)} on {line(self.run.suite, 30)} · {told.made:,}/{told.asked:,} made"
        said += f" · {told.judged:,} judged"
        name = line(self.run.name, 60)
        hidden = hidden_line(told.hidden, self.key(REVEAL.id), revealed=self.revealed)
        parts: list[str | tuple[str, str]] = [(name, "bold"), said]
        if self.needle.strip():
            parts.append((f" · only “{line(self.needle, 30)}” ({self.key(FIND.id)})", "$text-warning"))
        return content(*parts, (f"\n{hidden}" if hidden else "", "$text-warning"))

    # -- columns

    def turn(self, step: int) -> None:
        """Brings another dimension into focus."""
        self.column = max(0, min(self.column + step, len(self.dimensions) - 1))

    def _columns(self, width: int) -> tuple[int, int, int, int]:
        """Columns of a name and of a dimension, the first dimension shown, and how many are."""
        total = max(len(self.dimensions), 1)
        name = max(min(self._named + 3, width // 3), 8)
        room = max(width - name - _STATE, _LEAST)
        if room // total >= _LEAST:
            each = min(room // total, _WIDEST)
            return name + min(room - each * total, _NAME - name if name < _NAME else 0), each, 0, total
        many = max((room - _MORE) // _LEAST, 1)
        first = max(0, min(self.column - many // 2, total - many))
        return name, _LEAST, first, many

    def column_at(self, x: int, width: int) -> int:
        """The dimension at a place of a row."""
        name, each, first, many = self._columns(width)
        index = (x - name) // each
        return first + index if 0 <= index < many and first + index < len(self.dimensions) else self.column

    def heads(self, width: int) -> list[Content]:
        """Names, means and N/As of the dimensions."""
        name, each, first, many = self._columns(width)
        shown = list(enumerate(self.dimensions))[first : first + many]
        more = "‹›"[int(not first) :] if many < len(self.dimensions) else ""
        parts: list[str | tuple[str, str]] = [(f"  {fit('case', name - 3)} ", "$text-muted")]
        for n, (_, title) in shown:
            said = f"{n + 1} {title}" if each >= _TITLED else str(n + 1)
            style = "bold underline" if n == self.column else "$text-muted"
            parts += [(fit(said, each - 1, right=each < _TITLED), style), " "]
        heads = [content(*parts, (f"{more or 'cells'}", "$text-muted"))]
        rows = [self.shown.singles.get(dimension) for _, (dimension, _) in shown]
        macro = self.shown.singles.get(MACRO)
        over = f"{number(macro.side.mean.value)} all" if macro is not None and macro.side.mean else ""
        means = [number(row.side.mean.value) if row is not None and row.side.mean else NONE for row in rows]
        none = self.shown.scored.not_applicable
        away = [str(row.side.counts.get(none, 0)) if row is not None and none is not None else NONE for row in rows]
        for words, figures, end in (("mean", means, over), ("N/A", away, "")):
            cells = "".join(f"{fit(said, each - 1, right=each < _TITLED)} " for said in figures)
            heads.append(content((f"  {fit(words, name - 3)} {cells}{end}", "bold" if words == "mean" else "")))
        return heads

    # -- rows

    def count(self) -> int:
        """Notebooks asked for."""
        return len(self.rows)

    def line(self, index: int, width: int) -> Content:
        """A notebook and its scores."""
        row = self.rows[index]
        name, each, first, many = self._columns(width)
        here = index == self.at
        mark = "▶ " if here else "  "
        parts: list[str | tuple[str, str]] = [(f"{mark}{fit(self._name(row), name - 3)} ", "bold" if here else "")]
        for n in range(first, min(first + many, len(self.dimensions))):
            said, style = self._cell(row, self.dimensions[n][0])
            focus = " reverse" if here and n == self.column else ""
            parts += [(fit(said, each - 1, right=each < _TITLED), f"{style}{focus}".strip()), " "]
        return content(*parts, self._state(row))

    def _name(self, row: tuple[str, int]) -> str:
        return row[0] if self.run.repeats == 1 else f"{row[0]} {row[1]}"

    def _cell(self, row: tuple[str, int], dimension: str) -> tuple[str, str]:
        score = self.score(row, dimension)
        if score is not None:
            scored = self.shown.scored
            style = score_style(score.score, scored.levels, scored.not_applicable)
            return score_words(score.score, scored.not_applicable), style
        if self.hides(row, dimension):
            return HIDDEN, "bold $text-accent"
        return NOT_JUDGED, "$text-muted"

    def score(self, row: tuple[str, int], dimension: str) -> RunScore | None:
        """What the judge says, as far as it may be seen."""
        return self._scores.get((*row, dimension))

    def hides(self, row: tuple[str, int], dimension: str) -> bool:
        """Whether what the judge says is hidden."""
        made = self._made.get(row)
        return made is not None and (made.notebook, dimension) in self.shown.hidden

    def _state(self, row: tuple[str, int]) -> tuple[str, str]:
        made = self._made.get(row)
        if made is None:
            return "not yet", "$text-muted"
        if not made.notebook:
            return "✘ not made", "$text-error"
        return (f"{made.failed_cells} failed", "$text-warning") if made.failed_cells else ("ok", "$text-muted")

    # -- the page

    def page(self) -> Sequence[Paragraph]:
        """The cell in focus, or the run."""
        if self.whole:
            return about_run(self.shown, hidden_words(self.shown.summary.hidden, self.key(REVEAL.id), revealed=False))
        if not self.rows:
            return [content(f"No case has “{line(self.needle, 40)}” in its name. Esc lists all again.")]
        row = self.rows[self.at]
        case = next(each for each in self.run.cases if each.id == row[0])
        return about_cell(self, row, case)

    @property
    def dimension_title(self) -> str:
        """The dimension in focus, for people."""
        return line(self.dimensions[self.column][1], 60) if self.dimensions else count(0, "dimension")
