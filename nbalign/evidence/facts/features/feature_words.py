"""Facts about what is said of features: columns left out with or without a word, and reasons."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from nbalign.evidence.facts.features.feature_target import is_late
from nbalign.evidence.facts.features.feature_used import Used
from nbalign.evidence.facts.reading.literals import columns_in, text_of
from nbalign.evidence.facts.reading.naming import is_identifier, quoted
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.flow.data_events import Assign, DropColumns
from nbalign.evidence.flow.event import Place
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

_D = "feature_engineering"
KEPT_OUT = Kind("identifier_kept_out", _D, "good", 0.1, "Columns that only number the rows are left out.")
REASONED = Kind("features_reasoned", _D, "good", 0.2, "Words give a reason for features that are built or left out.")
UNEXPLAINED = Kind("dropped_unexplained", _D, "gap", -0.4, "Columns that may be useful are dropped without a word.")
KINDS = (KEPT_OUT, REASONED, UNEXPLAINED)

_REASON = re.compile(
    r"(?i)\b(?:because|since|so that|hence|therefore|as (?:it|they|the|a)\b|only (?:a |an |the )?"
    r"(?:running|row|index|name|identif\w*|counter|label|known|known after)|known only|not (?:be )?known|identif\w+|"
    r"running number|repeats|derived|leak\w*|after (?:the|leaving|landing|a |it)|tells|captur\w*|easier|skew\w*|"
    r"long tail|domain|ratio of|from the exploration|billed|belongs|no information|more stable|at a time|asks? for|"
    r"off limits|counter|redundant|same thing)\b"
)
_LEAVES = re.compile(
    r"(?i)\b(?:left out|leave out|leav\w+|dropp?\w*|remov\w*|exclud\w*|not used|kept out|stays? out|without|off limits|"
    r"out go|ignored?|not a predictor|cannot be (?:used|a predictor)|keep only|only use)\b"
)
_CHOOSES = re.compile(r"\b(?:smaller set|subset|select\w*|choos\w+|chosen|choice|fewer|pick\w*|narrow\w*)\b")
_LOOKS = re.compile(
    r"\.(?:describe|corr|head|tail|info|hist|plot|boxplot|agg|mean|nunique|isna|isnull|dtypes)\b|heatmap\("
)
_GAPS = re.compile(r"\b(?:imput\w*|missing|gaps?|nans?|fill(?:ed|ing)?)\b")
_SENTENCE = 6  # words that make a sentence, where shorter ones are labels
_LONGEST_PART = 900  # characters of a paragraph; longer ones speak of everything at once
_FEATURES = re.compile(r"\b(?:features?|lags?|one-hot|descriptors?|columns?|covariates?|predictors?|inputs?)\b")
_ADDS = re.compile(
    r"\b(?:new|add\w*|built?|deriv\w*|domain|work\w* out|construct\w*|encod\w*|folded|comes? (?:in|one))\b"
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words of one cell.

    Attributes:
        cell: Cell number.
        text: Markdown, or comments, in lower case.
    """

    cell: int
    text: str


def left_out(source: Source, used: Used, words: Sequence[Words], lagged: bool) -> Iterator[Fact]:
    """Columns that are left out. Beside lags, columns of the same day are rightly left out; what was built is not."""
    dropped: dict[str, Place] = {}
    looked = _only_looked(source)
    for event in source.trace.of(DropColumns):
        if event.at.cell <= used.first and (event.at.defined or event.at.cell, event.at.line) not in looked:
            for name in event.columns:
                dropped.setdefault(name, event.at)
    out = [n for n in (*dropped, *used.shown) if is_identifier(n) and n not in used.names]
    if used.known and out and (not used.open or all(n in dropped or n in used.without for n in out)):
        yield KEPT_OUT.fact(
            f"{quoted(out, 2)} kept out of the features", cells_of(*(dropped[n] for n in out if n in dropped))
        )
    spent = _spent(source)
    text = "\n".join(w.text for w in words)
    unexplained = [
        n for n in dropped
        if n != used.target and not is_identifier(n) and n not in spent
        and n in used.without | _dropped_for_good(used, n)
        and not _explained(n, text) and not is_late(n, used.target) and (not lagged or n in _all_built(source))
        and not _introduced(dropped[n], words)
    ]  # fmt: skip
    if len(unexplained) >= 2 or _by_pattern(source, used, words):
        if unexplained:
            yield UNEXPLAINED.fact(
                f"{quoted(unexplained)} dropped without a word", cells_of(*(dropped[n] for n in unexplained))
            )
        else:
            cell = _by_pattern(source, used, words)
            yield UNEXPLAINED.fact("columns are dropped by a pattern, without a word", [cell])


def _only_looked(source: Source) -> set[tuple[int, int]]:
    """(cell, line) of statements that only show something: what they leave out is left out of a look alone."""
    return {
        (cell.number, line)
        for cell in source.code.cells
        for node in cell.nodes
        if isinstance(node, ast.Expr) and _LOOKS.search(text_of(node)) and "inplace" not in text_of(node)
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }


def _introduced(place: Place, words: Sequence[Words]) -> bool:
    """Whether the words right before a drop, or in its cell, speak of choosing or dropping columns."""
    cells = {n for number in cells_of(place) for n in (number, number - 1)}
    lines = (line for w in words if w.cell in cells for line in w.text.split("\n") if not line.startswith("#"))
    return any(_LEAVES.search(line) or _CHOOSES.search(line) for line in lines)


def _all_built(source: Source) -> set[str]:
    """Names of all columns that the notebook makes."""
    return {a.column for a in source.trace.of(Assign) if a.new}


def _dropped_for_good(used: Used, name: str) -> frozenset[str]:
    """The name itself when the columns of the models are known and it is not among them."""
    return frozenset({name}) if used.names and not used.open and name not in used.names else frozenset()


def _spent(source: Source) -> set[str]:
    """Columns that others were made from, dates that were taken apart, and what defines the target."""
    spent: set[str] = set()
    for cell in source.code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "assign":
                spent.update(columns_in(node))
            if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.BinOp | ast.Compare):
                spent.update(columns_in(node.value))
            elif isinstance(node, ast.Call) and text_of(node.func).endswith(("to_datetime", "get_dummies")):
                spent.update(columns_in(node))
    for assign in source.trace.of(Assign):
        spent.update(assign.sources)
    return spent


def _by_pattern(source: Source, used: Used, words: Sequence[Words]) -> int:
    """The cell that drops columns by a pattern of their names with no word on it; 0 if none does."""
    for call in source.code.calls:
        if call.last != "drop" or call.cell > used.first:
            continue
        given = call.argument(-1, "columns") or (call.node.args[0] if call.node.args else None)
        by_pattern = isinstance(given, ast.ListComp) and "startswith" in text_of(given)
        if by_pattern and not any(_LEAVES.search(w.text) for w in words if abs(w.cell - call.cell) <= 2):
            return call.cell
    return 0


def _explained(name: str, text: str) -> bool:
    """Whether a sentence speaks of a column and of leaving it out, or calls it late, doubled or useless."""
    stem = re.escape(name.lower())
    for hit in list(re.finditer(rf"(?<!\w){stem}(?!\w)", text))[:20]:
        around = text[max(0, hit.start() - 200) : hit.end() + 200]
        if _LEAVES.search(around) or re.search(r"(?i)leak|known|repeat|redundan|same[- ]day|horizon", around):
            return True
    return False


def reasons(words: Sequence[Words], built: Iterable[str], used: Used) -> list[Fact]:
    """The fact that words give reasons, where they do."""
    cells = [w.cell for w in words if w.cell <= used.first and _gives_reason(w.text, built, used)]
    return [REASONED.fact("words give a reason for features that are built or left out", cells[:3])] if cells else []


def _gives_reason(text: str, built: Iterable[str], used: Used) -> bool:
    """Whether a paragraph speaks of features that are built or left out, with a reason."""
    names = {n.lower() for n in (*built, *used.without, *used.excluded) if len(n) > 2}
    for part in re.split(r"\n\s*\n|\n\s*[-*|]\s|\n#", text):
        if len(part) > _LONGEST_PART or (_GAPS.search(part) and "feature" not in part):
            continue
        about = any(n in part for n in names) or _FEATURES.search(part)
        if about and (_LEAVES.search(part) or _ADDS.search(part)) and _REASON.search(part):
            return True
    return False


def speaks(words: Sequence[Words], used: Used) -> bool:
    """Whether a whole sentence before the models says anything about features."""
    return any(
        _FEATURES.search(line) and len(re.findall(r"[a-z]{2,}", line)) >= _SENTENCE
        for w in words
        if w.cell <= used.first
        for line in w.text.split("\n")
        if not line.startswith("#")
    )


def words(source: Source) -> list[Words]:
    """Markdown (but the prompt) and comments, in lower case."""
    found = []
    for cell in source.notebook.cells:
        if cell.kind == "markdown" and not (cell.number == 1 and cell.source.startswith(">")):
            found.append(Words(cell.number, cell.source[:20_000].lower()))
        elif cell.kind == "code":
            lines = [x.partition("#")[2].strip() for x in cell.source[:60_000].split("\n") if "#" in x]
            if any(lines):
                found.append(Words(cell.number, "\n".join(lines).lower()))
    return found
