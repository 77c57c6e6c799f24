"""How unequal the classes are, as far as outputs, words and the prompt tell."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.code import CodeCell
from nbalign.evidence.facts.metrics.confusion import Matrix
from nbalign.evidence.facts.metrics.shown_numbers import Shown, number, texts
from nbalign.evidence.source import Source

_TARGET_NAMES = frozenset({"y", "y_train", "y_test", "target", "labels", "label", "y_tr", "y_te", "Y"})
_RARE = re.compile(
    r"(?<![a-z])(?:fraud(?:s|ulent)?|anomal(?:y|ies|ous)|intrusions?|rare|imbalanced)(?![a-z])", re.IGNORECASE
)
_WORDS = re.compile(
    r"(?<![a-z])(?:(?:share|rate|fraction|proportion|percentage|prevalence) of (?:positives?|"
    r"the positive class|class 1)"
    r"|(?:fraud\w*|churn\w*|defaults?|failures?|positives?|positive class|readmi\w+|minority|"
    r"minority class|target|had_\w+)"
    r"[ _](?:share|rate|fraction|proportion|prevalence|ratio))[^\n\w%]{0,6}(?:is |of |= ?|: ?)?"
    r"(?P<value>0?\.\d+|\d{1,2}(?:\.\d+)?\s?%)(?![\w.])",
    re.IGNORECASE,
)
_SAID = re.compile(
    r"(?:only|about|just|roughly|some|around|under|less than)?\s*(?P<value>\d{1,2}(?:\.\d+)?)\s?(?:%|"
    r"per ?cent)[^.\n]{0,40}?"
    r"\b(?:fraud\w*|churn\w*|default\w*|positives?|failures?|minority|fail(?:ed)?|readmi\w+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Balance:
    """How the classes of the target are shared out.

    Attributes:
        largest: Share of the largest class, which is the accuracy of always naming it; None when only words tell.
        smallest: Share of the smallest class; None when only words tell.
        cell: Where it is shown; 0 for the prompt.
        word: The word of the prompt that says the positives are rare; empty otherwise.
    """

    largest: float | None
    smallest: float | None
    cell: int
    word: str = ""

    @property
    def rare(self) -> bool:
        """Whether accuracy alone would mislead: always naming the largest class is right in 85 % of rows or more."""
        return self.largest >= 0.85 if self.largest is not None else bool(self.word)

    @property
    def unequal(self) -> bool:
        """Whether the largest class holds 70 % of the rows or more."""
        return self.rare or (self.largest is not None and self.largest >= 0.7)


def class_balance(source: Source, shown: tuple[Shown, ...], matrices: tuple[Matrix, ...]) -> Balance | None:
    """The balance of the target's classes; None when nothing tells it."""
    for found in _sources(source, shown, matrices):
        return found
    return None


def target_names(source: Source) -> frozenset[str]:
    """Names of the target column: from the data flow, else from `y = df["name"]`."""
    if source.trace.target:
        return frozenset({source.trace.target})
    found = set()
    for cell in source.code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript | ast.Attribute):
                names = {t.id for t in node.targets if isinstance(t, ast.Name)}
                if names & _TARGET_NAMES and (name := _column(node.value)):
                    found.add(name)
    return frozenset(found)


def _sources(source: Source, shown: tuple[Shown, ...], matrices: tuple[Matrix, ...]) -> Iterator[Balance]:
    names = target_names(source)
    for cell in source.code.cells:
        if counted := _value_counts(cell, names):
            yield counted
    by_cell: dict[int, dict[str, float]] = {}
    for one in shown:
        if one.metric == "support" and not one.averaged:
            by_cell.setdefault(one.cell, {})[one.owner] = one.value
    for number_, classes in by_cell.items():
        yield from _shares(list(classes.values()), number_)
    for matrix in matrices:
        yield from _shares([float(sum(row)) for row in matrix.counts], matrix.cell)
    yield from _described(source)
    if rare := _RARE.search(source.notebook.prompt) or _RARE.search(" ".join(names)):
        yield Balance(None, None, 0, rare[0].lower())


def _shares(counts: list[float], cell: int) -> Iterator[Balance]:
    total = sum(counts)
    if len(counts) > 1 and total > 0:
        yield Balance(max(counts) / total, min(counts) / total, cell)


def _described(source: Source) -> Iterator[Balance]:
    """A share that is printed or said beside a word for it."""
    for cell in source.notebook.cells:
        lines = [line[:200] for text in texts(cell) for line in text.split("\n")[:200]] if cell.kind == "code" else []
        for line in lines:
            if found := _WORDS.search(line):
                value = number(found["value"].replace(" ", ""))
                if value is not None and 0 < value < 0.5:
                    yield Balance(1 - value, value, cell.number)
        if cell.kind == "markdown" and (said := _SAID.search(cell.source[:4000])):
            value = float(said["value"]) / 100
            if 0 < value < 0.5:
                yield Balance(1 - value, value, cell.number)


def _value_counts(cell: CodeCell, names: frozenset[str]) -> Balance | None:
    """Counts of the target's values, where a cell shows them and nothing else could be meant."""
    calls = [
        node.func.value
        for node in cell.nodes
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "value_counts"
    ]
    mine = [c for c in calls if (isinstance(c, ast.Name) and c.id in _TARGET_NAMES) or _column(c) in names]
    if not mine:
        return None
    wanted = {_column(c) for c in mine} - {""}
    for text in texts(cell.cell):
        for head, values in _series(text):
            if len(calls) == len(mine) or head in wanted:
                for found in _shares(values, cell.number):
                    return found
    return None


def _series(text: str) -> Iterator[tuple[str, list[float]]]:
    """(name, values) of the series of counts that a text shows."""
    head, values = "", list[float]()
    for line in text.split("\n")[:300]:
        parts = line.rstrip().rsplit(None, 1)
        value = number(parts[-1]) if len(parts) == 2 else None
        if line.startswith("Name:"):
            name = line[5:].split(",")[0].strip()
            if 2 <= len(values) <= 40 and all(v >= 0 for v in values):
                yield (head or name), values
            head, values = "", []
        elif value is None:
            head, values = line.strip(), []
        else:
            values.append(value)


def _column(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.slice.value
    return node.attr if isinstance(node, ast.Attribute) else ""
