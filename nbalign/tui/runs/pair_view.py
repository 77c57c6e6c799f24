"""Two runs against each other: a row a dimension, then the notebooks that changed most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from nbalign.evaluate.report.words import NONE, count, line, number, signed, with_span
from nbalign.suite.compare.changed import MOST
from nbalign.suite.compare.model import MACRO, Changed, Comparison, Row
from nbalign.suite.compare.sentences import outcome, verdict
from nbalign.tui.evaluate.fit import fit
from nbalign.tui.plain import content
from nbalign.tui.runs.keys import IN_COMPARISON, REVEAL, WHOLE
from nbalign.tui.runs.marks import ALIKE, HIGHER, LOWER, ends, hidden_line, score_words
from nbalign.tui.runs.pair_words import about_changed, about_pair, about_row
from nbalign.tui.runs.reading import Compared
from nbalign.tui.runs.view import BLANK, KeyOf, Paragraph, View, heading

_MARKS = {"higher": (HIGHER, "$text-success"), "lower": (LOWER, "$text-error"), "not told apart": (ALIKE, "")}
_TITLE, _FIGURE = 22, 7
# Columns that come in as there is room, the most wanted first, some only together: name, and how wide.
_MORE = ({"judged": 17}, {"won": 11}, {"na": 8}, {"true": 25}, {"a": 15, "b": 15}, {"outcome": 16})


class PairView(View):
    """A comparison of two runs.

    Args:
        compared: The comparison.
        key: Gives the first key of an action of the room by its id.
        revealed: Whether scores that wait for the rater's own count.
    """

    NAME = "pair"
    BAR = IN_COMPARISON

    def __init__(self, compared: Compared, key: KeyOf, *, revealed: bool = False) -> None:
        super().__init__(key)
        self.rows: list[Row | Changed | str] = []
        self.take(compared, revealed=revealed)

    def take(self, compared: Compared, *, revealed: bool) -> None:
        """Shows the comparison as it is now."""
        self.compared, self.revealed = compared, revealed
        found = compared.pair
        self.rows = []
        if found is not None:
            self.rows += [found.macro, *found.rows] if len(found.rows) > 1 else found.rows
            said = _how_many(len(found.changed))
            self.rows += [said, *found.changed]
        self.go(self.at)

    @property
    def pair(self) -> Comparison | None:
        """The comparison; None where there is none."""
        return self.compared.pair

    @property
    def changed(self) -> Changed | None:
        """The changed notebooks in focus; None on a dimension."""
        row = self.rows[self.at] if self.at < len(self.rows) else None
        return row if isinstance(row, Changed) else None

    @property
    def about(self) -> object:
        """The row, or the comparison."""
        return (self.NAME, self.compared.names, self.whole or self.at)

    def place(self) -> str:
        """On how many cases it stands."""
        return count(len(self.pair.cases), "case") if self.pair is not None else ""

    def title(self) -> Content:
        """Who is compared, and what came of it."""
        a, b = (line(name, 60) for name in self.compared.names)
        hidden = hidden_line(self.compared.hidden, self.key(REVEAL.id), revealed=self.revealed)
        warned = (f"\n{hidden}" if hidden else "", "$text-warning")
        if self.pair is None:
            return content((f"{a} and {b} cannot be compared", "bold $text-error"), warned)
        said = (verdict(self.pair)[0], "bold")
        return content(said, (f"  {self.key(WHOLE.id)} tells the rest", "$text-muted"), warned)

    def go(self, index: int) -> None:
        """Brings a row into focus; the line between dimensions and notebooks is passed over."""
        before = self.at
        super().go(index)
        if self.at < len(self.rows) and isinstance(self.rows[self.at], str):
            step = 1 if self.at >= before else -1
            beyond = self.at + step
            self.at = beyond if 0 <= beyond < len(self.rows) else self.at - step
            self.at = max(self.at, 0)

    def count(self) -> int:
        """Dimensions, a line between, and changed notebooks."""
        return len(self.rows)

    # -- lines

    def heads(self, width: int) -> list[Content]:
        """Names of the columns."""
        if self.pair is None:
            return []
        a, b = (line(name, 60) for name in self.compared.names)
        more, title = _more(width)
        said = f"{fit('dimension', title - 1)} "
        for name, side in ((a, "a"), (b, "b")):
            said += f"{fit(name, _FIGURE - 1, right=True)} {_cell('(95% interval)', side, more)}"
        said += f"{'change':>{_FIGURE + 1}} "
        names = {"judged": "(95% interval)", "true": "true, with judge's error", "won": "+/-/=", "na": "N/A +/-"}
        said += "".join(_cell(words, each, more) for each, words in (names | {"outcome": "outcome"}).items())
        return [content((said, "$text-muted"))]

    def line(self, index: int, width: int) -> Content:
        """A dimension, or the notebooks of a case."""
        row = self.rows[index]
        if isinstance(row, str):
            return heading(f"── {row} ──")
        shown = self._row(row, width) if isinstance(row, Row) else self._changed(row, width)
        return shown.stylize("reverse") if index == self.at else shown

    def _row(self, row: Row, width: int) -> Content:
        more, title = _more(width)
        mark, style = _MARKS.get(outcome(row), (" ", ""))
        change = signed(row.judged.value) if row.judged is not None else NONE
        said = {
            "judged": ends(row.judged, sign=True),
            "true": with_span(row.true, sign=True) if row.true else "not measured",
            "won": f"{row.wins}/{row.losses}/{row.ties}",
            "na": f"{row.to_na}/{row.from_na}",
            "outcome": outcome(row),
        }
        sides = [
            f"{fit(number(side.mean.value) if side.mean else NONE, _FIGURE - 1, right=True)} "
            f"{_cell(ends(side.mean), name, more)}"
            for side, name in ((row.a, "a"), (row.b, "b"))
        ]
        return content(
            (f"{fit(line(row.title, 60), title - 1)} ", "bold" if row.dimension == MACRO else ""),
            *sides,
            (f"{fit(change, _FIGURE - 1, right=True)} {mark} ", f"bold {style}".strip()),
            *(_cell(words, each, more) for each, words in said.items()),
        )

    def _changed(self, row: Changed, width: int) -> Content:
        found = self.pair
        assert found is not None
        name = self._name_of(row, found)
        titles = {each.dimension: each.title for each in found.rows}
        moves = ", ".join(
            f"{line(titles.get(move.dimension, move.dimension), 40)} "
            f"{score_words(move.before, found.not_applicable)}→{score_words(move.after, found.not_applicable)}"
            for move in row.moves
        )
        levels = f"{count(row.levels, 'level')}" if row.levels else "N/A"
        longest = max(content(self._name_of(each, found)).cell_length for each in found.changed)
        room = min(longest + 2, max(width // 3, 12))
        return content(f"{fit(name, room - 1)} ", (f"{fit(levels, 9)} ", "bold"), fit(moves, max(width - room - 11, 8)))

    @staticmethod
    def _name_of(row: Changed, found: Comparison) -> str:
        """What the notebooks of a case are called."""
        several = found.a.repeats > 1 or found.b.repeats > 1
        return f"{line(row.case, 60)} {row.repeat}" if several else line(row.case, 60)

    # -- the page

    def page(self) -> Sequence[Paragraph]:
        """The row in focus, or the comparison."""
        found = self.pair
        if found is None:
            return [content(self.compared.problem)]
        if self.whole:
            return about_pair(found)
        row = self.rows[self.at] if self.at < len(self.rows) else ""
        if isinstance(row, Row):
            return about_row(row, found)
        if isinstance(row, Changed):
            prompt = (self.compared.prompts or {}).get(row.case, "")
            return about_changed(row, found, prompt, self.key("runs.open"))
        return [BLANK]


def _how_many(changed: int) -> str:
    """What the line above the changed notebooks says."""
    if changed >= MOST:
        return f"The {changed} notebooks that changed most"
    return f"{count(changed, 'notebook')} changed, the most changed first" if changed else "No notebook changed"


def _cell(words: str, name: str, more: Mapping[str, int]) -> str:
    """Words in their column; nothing where there is no room for it."""
    return f"{fit(words, more[name] - 1)} " if name in more else ""


def _more(width: int) -> tuple[Mapping[str, int], int]:
    """The columns beside the figures that there is room for, and how wide the title is."""
    left = width - _TITLE - 3 * _FIGURE - 2
    found: dict[str, int] = {}
    for columns in _MORE:
        room = sum(columns.values())
        if room > left:
            break
        found |= columns
        left -= room
    return found, _TITLE + min(max(left, 0), 20)
