"""Signs that errors are broken down or counted by hand, too freely to credit: enough not to deny a look at them."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbalign.evidence.code import CodeCell
from nbalign.evidence.facts.metrics.metric_calls import looks_guessed, looks_true
from nbalign.evidence.facts.metrics.metric_names import FUNCTIONS
from nbalign.evidence.source import Source
from nbalign.evidence.syntax import called_name

_AVERAGES = frozenset({"mean", "nanmean", "sum", "sqrt", "average", "median", "norm"})
_LOOPS = (ast.For, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
_FREE = (ast.Name, ast.Subscript, ast.Attribute)


def may_look_at_errors(source: Source) -> bool:
    """Whether code takes accuracy by class or group in a loop, keeps differences, or counts kinds of errors."""
    guesses = _predictions(source)
    for cell in source.code.cells if guesses else ():
        averaged = _averaged(cell)
        for node in cell.nodes:
            if isinstance(node, _LOOPS) and _by_group(node, guesses):
                return True
            if isinstance(node, ast.BinOp) and (
                _counts_kind(node, guesses) or (id(node) not in averaged and _differs(node, guesses))
            ):
                return True
    return False


def _predictions(source: Source) -> frozenset[str]:
    """Names that hold what a model predicted."""
    return frozenset(
        target.id
        for cell in source.code.cells
        for node in cell.nodes
        if isinstance(node, ast.Assign) and _predicts(node.value)
        for target in node.targets
        if isinstance(target, ast.Name)
    )


def _predicts(node: ast.AST) -> bool:
    return any(
        (isinstance(n, ast.Attribute) and n.attr.startswith(("predict", "forecast")))
        or (isinstance(n, ast.Name) and n.id == "cross_val_predict")
        for n in ast.walk(node)
    )


def _guessed(node: ast.AST, guesses: frozenset[str]) -> bool:
    if not isinstance(node, ast.expr):
        return False
    named = any(isinstance(n, ast.Name) and n.id in guesses for n in ast.walk(node))
    return named or _predicts(node) or (looks_guessed(node) and not looks_true(node))


def _by_group(loop: ast.AST, guesses: frozenset[str]) -> bool:
    """Whether a loop picks the rows of one class or group after the other and weighs predictions in each."""
    picked = {
        n.id for target in _targets(loop) for n in ast.walk(target) if isinstance(n, ast.Name) and n.id not in guesses
    }
    equal = [
        n
        for n in ast.walk(loop)
        if isinstance(n, ast.Compare) and len(n.ops) == 1 and isinstance(n.ops[0], ast.Eq | ast.GtE | ast.Lt)
    ]
    masks = any(isinstance(s, ast.Name) and s.id in picked for n in equal for s in (n.left, *n.comparators))
    return masks and any(_guessed(n, guesses) for n in _parts(loop)) and any(_weighs(n) for n in ast.walk(loop))


def _targets(loop: ast.AST) -> Iterator[ast.expr]:
    if isinstance(loop, ast.For):
        yield loop.target
    elif isinstance(loop, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        yield from (g.target for g in loop.generators)


def _parts(loop: ast.AST) -> Iterator[ast.AST]:
    if isinstance(loop, ast.For):
        yield from (n for statement in loop.body for n in ast.walk(statement) if isinstance(n, ast.expr))
    elif isinstance(loop, ast.DictComp):
        yield loop.value
    elif isinstance(loop, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        yield loop.elt


def _weighs(node: ast.AST) -> bool:
    """Whether a call is a metric or takes a mean."""
    if not isinstance(node, ast.Call):
        return False
    return called_name(node) in FUNCTIONS or called_name(node) in ("mean", "average", "sum")


def _counts_kind(node: ast.BinOp, guesses: frozenset[str]) -> bool:
    """Whether cases are picked by truth and prediction at once, such as `(y == 1) & (pred == 0)`."""
    if not isinstance(node.op, ast.BitAnd):
        return False
    sides = [s for s in (node.left, node.right) if isinstance(s, ast.Compare | ast.Name | ast.UnaryOp)]
    if len(sides) != 2 or not any(isinstance(s, ast.Compare) for s in sides):
        return False
    told = [_guessed(s, guesses) for s in sides]
    return told[0] != told[1] and looks_true(sides[told.index(False)])


def _differs(node: ast.BinOp, guesses: frozenset[str]) -> bool:
    """Whether the truth is set against a prediction by a difference or a ratio."""
    # Long sums are no differences of truth and prediction, and walking every step of them would take quadratic time.
    if not isinstance(node.op, ast.Sub | ast.Div) or _steps(node) > 4:
        return False
    told = [_guessed(s, guesses) for s in (node.left, node.right)]
    other = node.right if told[0] else node.left
    truth = isinstance(other, _FREE) and (isinstance(other, ast.Subscript) or looks_true(other))
    return told[0] != told[1] and truth


def _steps(node: ast.expr) -> int:
    """How many operations stand in a row to the left, up to five."""
    count = 0
    while isinstance(node, ast.BinOp) and count < 5:
        node, count = node.left, count + 1
    return count


def _averaged(cell: CodeCell) -> frozenset[int]:
    """Ids of the nodes that go into an average at once, so that no single difference is kept."""
    found: set[int] = set()
    for node in cell.nodes:
        if isinstance(node, ast.Call) and called_name(node) in _AVERAGES:
            found.update(id(inner) for inner in ast.walk(node))
    return frozenset(found)
