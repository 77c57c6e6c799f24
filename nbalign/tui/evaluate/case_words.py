"""Notebooks behind a figure as lines, and one of them in full."""

from __future__ import annotations

from textual.content import Content

from nbalign.evaluate.experiment.cases import Case, Cases
from nbalign.evaluate.experiment.model import MACRO, ExperimentResult
from nbalign.evaluate.report.words import count, line, number, percent
from nbalign.labels.model import Label
from nbalign.tui.evaluate.figures import MEAN
from nbalign.tui.evaluate.fit import fit
from nbalign.tui.evaluate.words import Part
from nbalign.tui.plain import clean, content, one_line

_WORDS = 2000  # characters of one rater's words
_SCORES = 30  # columns of the two scores and their distance
_DIMENSION = 20
FOREIGN = "◌"  # stands before a case that who looks has not scored


class CaseWords:
    """Says what cases are.

    Args:
        result: The experiment they belong to.
    """

    def __init__(self, result: ExperimentResult) -> None:
        self._titles = dict(result.dimensions)
        self._names = dict(zip(result.values, result.value_names, strict=False))

    def title(self, cases: Cases) -> str:
        """Whose notebooks these are, and how many."""
        title = MEAN if cases.dimension == MACRO else self._titles.get(cases.dimension, cases.dimension)
        noun = "score" if cases.dimension == MACRO else "notebook"
        many = f"{count(len(cases.shown), noun)}, worst first" if cases.shown else "none to show"
        return f"{line(title, 60)} · {line(cases.arm, 40)}: {many}"

    def head(self, width: int, cases: Cases) -> Content:
        """Names of the columns."""
        where = f"{'dimension':<{_DIMENSION}} " if cases.dimension == MACRO else ""
        name = max(width - _SCORES - len(where), 8)
        return content((f"{'notebook':<{name}}{where}{'settled':>9}{'arm':>10}  {'apart':<9}", "$text-muted"))

    def line(self, case: Case, width: int, everywhere: bool, at: bool) -> Content:
        """One case.

        Args:
            case: The case.
            width: Columns there are.
            everywhere: Whether the list is about all dimensions, so that each line names its own.
            at: Whether it is in focus.
        """
        where = f"{fit(self._titles.get(case.dimension, case.dimension), _DIMENSION)} " if everywhere else ""
        name = max(width - _SCORES - len(where), 8)
        apart = "N/A" if case.apart is None else str(case.apart) if case.apart else "="
        bar = "■" * (case.apart or 0) if case.apart is not None else "◇"
        own = "" if case.own else f"{FOREIGN} "
        scores = f"{fit(self._score(case.truth), 9, right=True)}{fit(self._score(case.score), 10, right=True)}"
        shown = content(f"{fit(own + case.name, name - 1)} {where}{scores}  ", (f"{apart:<4}{bar:<5}", "bold"))
        return shown.stylize("reverse") if at else shown

    def in_full(self, case: Case, arm: str) -> list[Part]:
        """Everything that is known of a case: both scores, both sides' words, and the facts that were kept."""
        chances = ", ".join(
            f"{self._score(value)} {percent(p)}" for value, p in sorted(case.probabilities.items(), reverse=True)
        )
        parts: list[Part] = [
            (f"{one_line(case.name)} · {line(self._titles.get(case.dimension, case.dimension), 60)}\n", "bold"),
            f"settled: {self._score(case.truth)}   {line(arm, 40)}: {self._score(case.score)} "
            f"({number(case.expected)} before rounding)   held out in fold {case.fold + 1}\n",
        ]
        if chances:
            parts.append((f"{chances}\n", "$text-muted"))
        if case.note:
            parts.append(f"{line(case.note, 300)}\n")
        parts.append(("\nWhat raters say\n", "bold $text-accent"))
        for label in case.said:
            parts += self._said(label)
        parts.append(("\nWhat the arm goes by\n", "bold $text-accent"))
        if case.rationale:
            parts.append(f"{clean(case.rationale[:_WORDS])}\n")
        parts += [f"{line(fact, 300)}\n" for fact in case.facts]
        if not case.rationale and not case.facts:
            parts.append(("No words and no facts are kept of this one.\n", "$text-muted"))
        return parts

    def _said(self, label: Label) -> list[Part]:
        who = f"{one_line(label.rater, 64)}{' decided' if label.role == 'decision' else ''}: "
        cells = f" [{', '.join(map(str, label.cells))}]" if label.cells else ""
        words = clean(label.justification[:_WORDS]).strip()
        said: Part = f" {words}" if words else (" no words", "$text-muted")
        return [(who, "bold"), self._score(label.score), said, (f"{cells}\n", "$text-accent")]

    def _score(self, value: int) -> str:
        name = self._names.get(value, "")
        return f"{value} {line(name, 12)}" if name and name != str(value) else str(value)


def left_out(cases: Cases, reveal: str, revealed: bool) -> str:
    """What is not in the list and why; empty where nothing is missing.

    Args:
        cases: The list.
        reveal: The key that reveals and hides.
        revealed: Whether everything is shown.
    """
    said = []
    if revealed:
        foreign = sum(not case.own for case in cases.shown)
        said.append(f"{FOREIGN} {count(foreign, 'case')} that you have not scored shown on purpose ({reveal} hides).")
    elif cases.hidden:
        are = "is" if cases.hidden == 1 else "are"
        said.append(f"{cases.hidden:,} not scored by you {are} hidden: blind first ({reveal} reveals).")
    if cases.unsettled:
        said.append(f"{cases.unsettled:,} without a settled score left out.")
    if cases.changed:
        said.append("Labels have changed since this experiment, so these are not quite its figures.")
    return " ".join(said)
