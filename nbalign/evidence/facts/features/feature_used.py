"""Which columns reach a model, which are kept out, and which the outputs show the table to have."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from nbalign.evidence.facts.reading.literals import constants
from nbalign.evidence.facts.reading.tables import described, infos, lines_of, series
from nbalign.evidence.facts.reading.target import target_of
from nbalign.evidence.flow.data_events import DropColumns, Split
from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.model_events import Fit
from nbalign.evidence.source import Source

_BY_COLUMNS = ("ColumnTransformer", "make_column_transformer")
_ONE_HOT = ("OneHotEncoder", "get_dummies", "TargetEncoder", "LeaveOneOutEncoder", "CatBoostEncoder", "HashingEncoder")
_LISTED = re.compile(r"^(?:Index\()?\[('[^']{1,60}'(?:,\s*'[^']{1,60}')+)\]?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Used:
    """The columns of one notebook's models.

    Attributes:
        names: Columns that are known to reach a model.
        reach: Those, and further ones of its table that may reach it.
        open: Whether further columns of the table reach it, too: X is what a drop left over.
        without: Columns that are kept out on the way to X.
        excluded: Names that the code leaves out anywhere: dropped, popped, compared with `not in`, set as index.
        wide: Columns that are encoded so that their codes are no quantities.
        shown: Columns that the outputs show the table to have.
        target: Name of the column that models learn towards, at its source; empty when not known.
        label: Name of the column that y is taken from, which may have been made of the target; empty when not known.
        first: Cell of the first fit of a model; beyond the end when there is none.
        known: Whether anything at all is known of the columns of a model.
    """

    names: frozenset[str]
    reach: frozenset[str]
    open: bool
    without: frozenset[str]
    excluded: frozenset[str]
    wide: frozenset[str]
    shown: tuple[str, ...]
    target: str
    label: str
    first: int
    known: bool


def used_of(source: Source) -> Used:
    """Gathers what is known of the columns of a notebook's models."""
    trace = source.trace
    names: set[str] = set()
    reach: set[str] = set()
    without: set[str] = set()
    wide: set[str] = set()
    is_open = False
    known = False
    first = 10**9
    for fit in trace.of(Fit):
        for learned in fit.carried:
            if learned.how in _ONE_HOT:
                wide.update(learned.columns)
        model = fit.estimator.model
        if model is None or model.name.startswith("Dummy") or not fit.rows:
            continue
        first = min(first, fit.at.cell)
        listed, encoded = _by_columns(fit.estimator)
        wide |= encoded
        without.update(fit.without)
        reach.update(listed, fit.columns, set(fit.added) - set(fit.without))
        if listed:
            names |= listed
            known = True
        elif fit.columns:
            names.update(fit.columns)
            known = True
        else:
            names.update(set(fit.added) - set(fit.without))
            is_open |= bool(fit.without)
            known |= bool(fit.added or fit.without)
    return Used(
        frozenset(names), frozenset(reach), is_open, frozenset(without), frozenset(_excluded(source)), frozenset(wide),
        tuple(_shown(source)), trace.target, target_of(source.code), first, known,
    )  # fmt: skip


def _by_columns(note: EstimatorNote) -> tuple[set[str], set[str]]:
    """Columns that a column transformer takes, and those of them that it encodes; empty when it takes the rest, too."""
    names: set[str] = set()
    wide: set[str] = set()
    for part in note.parts():
        if part.name not in _BY_COLUMNS or part.params.get("remainder") == "passthrough":
            continue
        for step in part.steps:
            names.update(step.columns)
            if any(inner.name in _ONE_HOT for inner in step.parts()):
                wide.update(step.columns)
    return names, wide


def _excluded(source: Source) -> set[str]:
    """Names that the code leaves out in any way, as single columns; a wide net, so that nothing is blamed falsely."""
    found: set[str] = set()
    for event in source.trace.of(DropColumns):
        found.update(event.columns)
    lists = _named_lists(source)
    for cell in source.code.cells:
        for node in cell.nodes:
            given: list[ast.expr] = []
            if isinstance(node, ast.Compare) and any(isinstance(o, ast.NotIn | ast.NotEq) for o in node.ops):
                given = [node.left, *node.comparators]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("drop", "pop", "set_index", "difference", "drop_columns", "remove"):
                    given = [*node.args, *(k.value for k in node.keywords)]
            elif isinstance(node, ast.Delete):
                given = [t.slice for t in node.targets if isinstance(t, ast.Subscript)]
            for value in given:
                found.update(v for v in constants(value) if isinstance(v, str))
                for inner in ast.walk(value):
                    if isinstance(inner, ast.Name):
                        found.update(lists.get(inner.id, ()))
    return found


def _named_lists(source: Source) -> dict[str, tuple[str, ...]]:
    """Names that are bound to a string, or to a list of strings."""
    found: dict[str, tuple[str, ...]] = {}
    for cell in source.code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                texts = tuple(v for v in constants(node.value) if isinstance(v, str))
                if texts:
                    found[node.targets[0].id] = texts
    return found


def _shown(source: Source) -> list[str]:
    """Columns of the table as outputs list them: `info()`, dtypes, missing values a column, `columns.tolist()`."""
    found: dict[str, None] = {}
    limit = min((s.at.cell for s in source.trace.of(Split)), default=10**9)
    for cell in source.code.cells:
        if cell.number > limit:
            break
        text = cell.cell.source
        for output in cell.cell.outputs:
            lines = lines_of(output.text)
            for info in infos(lines):
                found.update(dict.fromkeys(info.filled))
            if "isna" in text or "isnull" in text:
                for block in series(lines):
                    found.update(dict.fromkeys(block.values if not block.name else ()))
            if "columns" in text:
                for line in [" ".join(lines), *lines]:
                    if listed := _LISTED.match(line[:6000]):
                        found.update(dict.fromkeys(re.findall(r"'([^']+)'", listed.group(1))))
            if "groupby" not in text and ".T" in text:
                found.update(dict.fromkeys(described(lines)))
    return list(found)
