"""The runs of the workspace, the latest first, and a page about the one in focus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from nbalign.evaluate.report.words import NONE, line, number, passage
from nbalign.suite.runs.model import Run
from nbalign.tui.evaluate.fit import fit
from nbalign.tui.plain import content
from nbalign.tui.runs.keys import COMPARE, IN_SHELF, MARK, OPEN, REVEAL
from nbalign.tui.runs.marks import HIDDEN, MARKED, hidden_words
from nbalign.tui.runs.reading import Summary
from nbalign.tui.runs.summary_words import made_by, summary_words
from nbalign.tui.runs.view import BLANK, KeyOf, Paragraph, View, fits

_ORDER = ("name", "suite", "generator", "judge", "judged", "mean", "begun", "note")
_FIGURES = ("judged", "mean")
_MARK, _DATE = 2, 11
# Columns that come in as there is room, the most wanted first: name, and how wide.
_MORE = (("judged", 10), ("mean", 6), ("generator", 17), ("begun", _DATE), ("suite", 10), ("judge", 30), ("note", 25))


class ShelfView(View):
    """The list of runs.

    Args:
        key: Gives the first key of an action of the room by its id.

    Attributes:
        runs: The runs that are listed.
        summaries: Name of a run -> its figures, as far as they were read.
        marked: Names of the runs that are marked for a comparison, in the order they were marked.
        revealed: Whether means count what else stays hidden.
    """

    NAME = "runs"
    BAR = IN_SHELF
    FINDS = "part of a run's, a suite's or a generator's name"

    def __init__(self, key: KeyOf) -> None:
        super().__init__(key)
        self.all: tuple[Run, ...] = ()
        self.runs: tuple[Run, ...] = ()
        self.summaries: dict[str, Summary] = {}
        self._problems: dict[str, str] = {}
        self.marked: list[str] = []
        self.revealed = False

    def take(self, runs: Sequence[Run]) -> None:
        """Lists these runs; what was in focus stays so."""
        name = self.run.name if self.run is not None else ""
        names = {run.name for run in runs}
        self.all = tuple(runs)
        self.marked = [each for each in self.marked if each in names]
        self.summaries = {name: told for name, told in self.summaries.items() if name in names}
        self._list(name)

    def tell(self, name: str, told: Summary | str) -> None:
        """Takes the figures of a run, or why it has none."""
        if isinstance(told, Summary):
            self.summaries[name] = told
            self._problems.pop(name, None)
        else:
            self.summaries.pop(name, None)
            self._problems[name] = told

    @property
    def run(self) -> Run | None:
        """The run in focus."""
        return self.runs[self.at] if self.at < len(self.runs) else None

    def named(self, name: str) -> Run | None:
        """The run of this name, listed or not."""
        return next((run for run in self.all if run.name == name), None)

    def find(self, needle: str) -> None:
        """Lists the runs with this in the name of run, suite or generator."""
        name = self.run.name if self.run is not None else ""
        self.needle = needle
        self._list(name)

    def _list(self, name: str) -> None:
        self.runs = tuple(
            run for run in self.all if any(fits(self.needle, said) for said in (run.name, run.suite, run.generator))
        )
        self.go(next((n for n, run in enumerate(self.runs) if run.name == name), self.at))

    @property
    def about(self) -> object:
        """The run in focus."""
        return self.NAME, self.run.name if self.run is not None else ""

    def place(self) -> str:
        """How many there are."""
        return f"run {self.at + 1}/{len(self.runs)}" if self.runs else f"{len(self.all)} runs, none fits"

    def title(self) -> Content:
        """What the marks are for."""
        if not self.marked:
            return content((f"Runs, the latest first. {self.key(COMPARE.id)} marks one to compare others with.", ""))
        names = ", ".join(line(name, 40) for name in self.marked)
        if len(self.marked) == 1:
            said = f" marked: {self.key(COMPARE.id)} on another run compares both, {self.key(MARK.id)} marks one more."
        else:
            said = f" marked: {self.key(COMPARE.id)} compares them, {self.key(MARK.id)} marks one more, or one less."
        return content((f"{MARKED} {names}", "bold"), said)

    def heads(self, width: int) -> list[Content]:
        """Names of the columns."""
        return [content((f"  {_cells({name: name for name in _ORDER} | {'name': 'run'}, width)}", "$text-muted"))]

    def count(self) -> int:
        """The runs."""
        return len(self.runs)

    def line(self, index: int, width: int) -> Content:
        """A run in a line."""
        run = self.runs[index]
        told = self.summaries.get(run.name)
        mark = MARKED if run.name in self.marked else " "
        said = {
            "name": line(run.name, 60),
            "suite": run.suite,
            "generator": run.generator,
            "judge": _judge(run),
            "judged": f"{told.judged}/{told.asked}" if told else "✘" if run.name in self._problems else "…",
            "mean": _mean(told),
            "begun": run.at[:10],
            "note": run.note,
        }
        shown = content((f"{mark} ", "bold"), _cells(said, width))
        return shown.stylize("reverse") if index == self.at else shown

    def page(self) -> Sequence[Paragraph]:
        """The run in focus: its note, what made it, its means, and what went wrong."""
        run = self.run
        if run is None:
            return [content("No run has this in its name. Esc lists all again.")]
        told = self.summaries.get(run.name)
        open_key = self.key(OPEN.id)
        parts: list[Paragraph] = [content((line(run.name, 60), "bold"), f"  {open_key} opens it")]
        if run.note:
            parts.append(content(passage(run.note, 600)))
        if told is not None:
            parts += summary_words(told, hidden_words(told.hidden, self.key(REVEAL.id), revealed=self.revealed))
        elif run.name in self._problems:
            parts.append(content(("✘ ", "bold $text-error"), passage(self._problems[run.name], 600)))
        return [*parts, BLANK, *made_by(run)]


def _judge(run: Run) -> str:
    return f"{run.model}, {f'memory {run.memory}' if run.memory else 'unaligned'}"


def _mean(told: Summary | None) -> str:
    if told is None:
        return "…"
    if told.mean is None:
        return HIDDEN if told.hidden else NONE
    return f"{number(told.mean)}{HIDDEN if told.hidden else ''}"


def _cells(said: Mapping[str, str], width: int) -> str:
    return "".join(f"{fit(said[each], room - 1, right=each in _FIGURES)} " for each, room in _columns(width))


def _columns(width: int) -> list[tuple[str, int]]:
    """Which columns there is room for, and how wide they are."""
    found, left = {"name": 18}, width - _MARK - 18
    for name, room in _MORE:
        if room <= left:
            found[name] = room
            left -= room
    if left >= 60:
        found["note"] += left - 20
        left = 20
    found["name"] += max(left, 0)
    return [(name, found[name]) for name in _ORDER if name in found]
