"""The shape of code cells: how long they are, how many stages of the work they hold, and the functions in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.code import Call, Code, CodeCell

_METRIC = re.compile(
    r"^sklearn\.metrics\.(?!make_scorer|get_scorer)|\.(?:score|evaluate)$|"
    r"^(?:\w+_score|mean_\w+_error|classification_report|confusion_matrix)$"
)
_STAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("loading", re.compile(r"(?:^|\.)(?:read_(?:csv|excel|parquet|json|sql|table|feather|pickle)|load_\w*data\w*)$")),
    ("cleaning", re.compile(r"\.(?:fillna|dropna|drop_duplicates|interpolate|ffill|bfill)$|(?:Simple|KNN)Imputer$")),
    (
        "features",
        re.compile(r"get_dummies$|(?:Scaler|Encoder|SelectKBest|PolynomialFeatures|PCA)$|\.(?:shift|rolling)$"),
    ),
    ("splitting", re.compile(r"(?:^|\.)(?:train_test_split|randomSplit|random_split)$")),
    ("training", re.compile(r"\.fit$|(?:SearchCV|cross_val_score|cross_validate)$")),
    ("evaluation", _METRIC),
    ("plotting", re.compile(r"^(?:matplotlib|seaborn|plotly)\.|\.(?:plot|hist|boxplot|bar|barh|scatter|savefig)$")),
    ("tracking", re.compile(r"^mlflow\.(?!set_|autolog)")),
    ("saving", re.compile(r"^(?:joblib|pickle|torch)\.(?:dump|save)$|\.(?:to_csv|to_parquet|to_excel|save_model)$")),
)

_PLAIN = (
    ast.Constant, ast.List, ast.Tuple, ast.Dict, ast.Set, ast.Name, ast.UnaryOp, ast.unaryop, ast.expr_context,
)  # fmt: skip
_MOST_SETTINGS = 15  # lines of constants that still count as setting up


@dataclass(frozen=True, slots=True)
class Shape:
    """The shape of one code cell.

    Attributes:
        cell: Cell number.
        lines: Lines of code that weigh: no blank lines, comments, docstrings, imports, magics or lone brackets.
        written: Every line that is neither blank nor a comment, as a reader would count them.
        imports: Those of them that belong to imports.
        live: Those of them that are not inside functions and classes.
        stages: Stages of the work it holds, functions that are only defined left out.
        importing: Whether it holds nothing but imports, settings and constants.
    """

    cell: int
    lines: int
    written: int
    imports: int
    live: int
    stages: tuple[str, ...]
    importing: bool


@dataclass(frozen=True, slots=True)
class OwnFunction:
    """A function or class that the notebook defines.

    Attributes:
        name: Its name.
        cell: Cell number.
        lines: Lines it takes.
        stages: Stages of the work in it.
        documented: Whether it has a docstring.
        private: Whether it stands inside another function or class.
    """

    name: str
    cell: int
    lines: int
    stages: tuple[str, ...]
    documented: bool
    private: bool


def read_shapes(code: Code) -> tuple[Shape, ...]:
    """The shape of every code cell that has code."""
    by_cell: dict[int, list[Call]] = {}
    for call in code.calls:
        by_cell.setdefault(call.cell, []).append(call)
    found = []
    for cell in code.cells:
        if not cell.cell.source.strip():
            continue
        defined = [(n.lineno, n.end_lineno or n.lineno) for n in cell.tree.body if _defines(n)]
        live = [c for c in by_cell.get(cell.number, []) if not any(a <= c.line <= b for a, b in defined)]
        simple = all(_sets_up(n) for n in cell.tree.body)
        lines = _lines(cell)
        outside = sum(1 for line in lines if not any(a <= line <= b for a, b in defined))
        settles = simple and not live and len(lines) <= _MOST_SETTINGS
        written, imports = _written(cell)
        found.append(Shape(cell.number, len(lines), written, imports, outside, _stages(live), settles))
    return tuple(found)


def read_functions(code: Code) -> tuple[OwnFunction, ...]:
    """Every function and class the notebook defines, in order."""
    by_cell: dict[int, list[Call]] = {}
    for call in code.calls:
        by_cell.setdefault(call.cell, []).append(call)
    found = []
    for cell in code.cells:
        top = {id(n) for n in cell.tree.body}
        for node in cell.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                end = node.end_lineno or node.lineno
                inside = [c for c in by_cell.get(cell.number, []) if node.lineno <= c.line <= end]
                told = ast.get_docstring(node, clean=False) is not None
                length = end - node.lineno + 1
                found.append(OwnFunction(node.name, cell.number, length, _stages(inside), told, id(node) not in top))
    return tuple(found)


def _sets_up(node: ast.stmt) -> bool:
    """Whether a statement imports, or gives a name to constants."""
    if isinstance(node, ast.Assign | ast.AnnAssign):
        return node.value is None or all(isinstance(inner, _PLAIN) for inner in ast.walk(node.value))
    return isinstance(node, ast.Import | ast.ImportFrom | ast.Pass)


def _defines(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def _stages(calls: list[Call]) -> tuple[str, ...]:
    found = {stage for call in calls for stage, pattern in _STAGES if call.name and pattern.search(call.name)}
    return tuple(stage for stage, _ in _STAGES if stage in found)


def _lines(cell: CodeCell) -> list[int]:
    """Numbers of the lines that hold code; where a cell cannot be parsed, all lines that are not blank or comments."""
    lines = cell.cell.source.split("\n")
    idle = {number for node in _idle(cell) for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)}
    return [
        number
        for number, line in enumerate(lines, 1)
        if number not in idle and (text := line.strip()) and not text.startswith(("#", "%", "!")) and text not in ")]}"
    ]


def _written(cell: CodeCell) -> tuple[int, int]:
    """(lines that are neither blank nor comments, those of them that belong to imports)."""
    full = {
        number
        for number, line in enumerate(cell.cell.source.split("\n"), 1)
        if (text := line.strip()) and not text.startswith("#")
    }
    imports = {
        number
        for node in cell.nodes
        if isinstance(node, ast.Import | ast.ImportFrom)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    return len(full), len(full & imports)


def _idle(cell: CodeCell) -> Iterator[ast.stmt]:
    for node in cell.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom) or (
            isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        ):
            yield node
