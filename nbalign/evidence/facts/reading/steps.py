"""A notebook's statements in the order in which they run, with its own functions read where they are called.

This is reading, not running: every branch is taken, every loop once. It is what the dimensions that look at words and
calls (exploration, tracking) need; which rows a value comes from is the business of `nbalign.evidence.flow`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from nbalign.evidence.code import Code, CodeCell
from nbalign.evidence.facts.reading.failing import failing_line

_MOST_STEPS = 20_000
_DEEPEST = 6  # calls of own functions inside one another that are followed
_MOST_CALLS = 12  # calls of one function that are followed
_OFTEN = frozenset(  # methods of own classes that share these names with libraries are followed only from `self`
    [
        "fit",
        "predict",
        "transform",
        "fit_transform",
        "score",
        "predict_proba",
        "get_params",
        "set_params",
        "forward",
        "get",
        "set",
        "run_id",
    ]
)

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The arguments of one call of the notebook's own function.

    Attributes:
        given: Parameter -> the expression given for it, as it stands in the caller.
        caller: The caller's own frame; None for the top of the notebook.
    """

    given: Mapping[str, ast.expr]
    caller: Frame | None


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One statement that runs; of `for`, `with`, `if` and the like only the head.

    Attributes:
        order: Place in the sequence, from 0.
        cell: Cell that runs it.
        defined: Cell in which its text stands; differs inside functions.
        node: The statement.
        parts: The expressions that it evaluates.
        within: Names of the own functions that it runs in, the outermost first.
        blocks: The compound statements around it, callers' included, the outermost first.
        frame: Arguments of the function it runs in; None at the top.
        last: Whether it is the last expression of its cell, whose value the notebook shows.
        ran: False where the saved outputs say that its cell failed before it or was never executed.
    """

    order: int
    cell: int
    defined: int
    node: ast.stmt
    parts: tuple[ast.expr, ...]
    within: tuple[str, ...]
    blocks: tuple[ast.stmt, ...]
    frame: Frame | None
    last: bool
    ran: bool

    @property
    def cells(self) -> tuple[int, ...]:
        """The cell that runs it and the one in which it stands."""
        return (self.cell,) if self.cell == self.defined else (self.cell, self.defined)

    def nodes(self) -> Iterator[ast.AST]:
        """All nodes of its expressions."""
        for part in self.parts:
            yield from ast.walk(part)

    def calls(self) -> Iterator[ast.Call]:
        """All calls in its expressions."""
        return (node for node in self.nodes() if isinstance(node, ast.Call))


def steps_of(code: Code) -> tuple[Step, ...]:
    """The statements of a notebook in the order in which they run; read once for each notebook."""
    found = _READ.get(code)
    if found is None:
        found = _READ[code] = tuple(_Walk(code).all())
    return found


_READ: WeakKeyDictionary[Code, tuple[Step, ...]] = WeakKeyDictionary()


@dataclass(eq=False, slots=True)
class _Walk:
    """The state of one reading."""

    code: Code
    steps: list[Step] = field(default_factory=list)
    functions: dict[str, tuple[_Function, int]] = field(default_factory=dict)
    methods: dict[str, tuple[_Function, int]] = field(default_factory=dict)
    called: dict[int, int] = field(default_factory=dict)
    cell: CodeCell | None = None
    top_line: int = 0
    fails: int | None = None
    executed: bool = True

    def all(self) -> list[Step]:
        some_ran = any(c.cell.outputs or c.cell.execution_count for c in self.code.cells)
        for cell in self.code.cells:
            self.cell = cell
            self.fails = failing_line(cell)
            self.executed = not some_ran or bool(cell.cell.outputs or cell.cell.execution_count)
            body = cell.tree.body
            for index, node in enumerate(body):
                self.top_line = node.lineno
                self.read(node, cell.number, (), (), None, index == len(body) - 1)
        return self.steps

    def read(
        self,
        node: ast.stmt,
        defined: int,
        within: tuple[str, ...],
        blocks: tuple[ast.stmt, ...],
        frame: Frame | None,
        last: bool = False,
    ) -> None:
        """Reads one statement and what runs because of it."""
        if len(self.steps) >= _MOST_STEPS or len(blocks) > 60:
            return
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            self.functions[node.name] = (node, defined)
            return
        if isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef | ast.AsyncFunctionDef):
                    self.methods[inner.name] = (inner, defined)
                    if inner.name == "__init__":
                        self.functions[node.name] = (inner, defined)
            return
        parts = tuple(_parts(node))
        assert self.cell is not None
        ran = self.executed and (self.fails is None or self.top_line < self.fails)
        shown = last and isinstance(node, ast.Expr)
        for call in (n for part in parts for n in ast.walk(part) if isinstance(n, ast.Call)):
            self.enter(call, within, blocks, frame)
        self.steps.append(
            Step(len(self.steps), self.cell.number, defined, node, parts, within, blocks, frame, shown, ran)
        )
        for inner in _inner(node):
            self.read(inner, defined, within, (*blocks, node), frame)

    def enter(self, call: ast.Call, within: tuple[str, ...], blocks: tuple[ast.stmt, ...], frame: Frame | None) -> None:
        """Reads the bodies of own functions that a call runs: the called one, and those given as arguments."""
        known = self.function(call.func)
        if known:
            self.follow(known, call, within, blocks, frame)
        for given in (*call.args, *(k.value for k in call.keywords)):
            if isinstance(given, ast.Name) and given.id in self.functions:
                self.follow(self.functions[given.id], None, within, blocks, frame)

    def function(self, func: ast.expr) -> tuple[_Function, int] | None:
        if isinstance(func, ast.Name):
            return self.functions.get(func.id)
        if isinstance(func, ast.Attribute) and func.attr in self.methods:
            of_self = isinstance(func.value, ast.Name) and func.value.id == "self"
            if of_self or func.attr not in _OFTEN:
                return self.methods[func.attr]
        return None

    def follow(
        self,
        known: tuple[_Function, int],
        call: ast.Call | None,
        within: tuple[str, ...],
        blocks: tuple[ast.stmt, ...],
        frame: Frame | None,
    ) -> None:
        node, defined = known
        times = self.called.get(id(node), 0)
        if node.name in within or len(within) >= _DEEPEST or times >= _MOST_CALLS:
            return
        self.called[id(node)] = times + 1
        inside = Frame(_given(node, call), frame)
        for inner in node.body:
            self.read(inner, defined, (*within, node.name), blocks, inside)


def _parts(node: ast.stmt) -> Iterator[ast.expr]:
    """The expressions of a statement itself, without those of the statements inside it."""
    for name, value in ast.iter_fields(node):
        if name in ("body", "orelse", "finalbody", "handlers", "decorator_list", "annotation", "cases"):
            continue
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, ast.expr):
                yield item
            elif isinstance(item, ast.withitem):
                yield item.context_expr


def _inner(node: ast.stmt) -> Iterator[ast.stmt]:
    """The statements inside a compound statement."""
    for name in ("body", "handlers", "orelse", "finalbody", "cases"):
        for item in getattr(node, name, ()):
            if isinstance(item, ast.stmt):
                yield item
            elif isinstance(item, ast.ExceptHandler | ast.match_case):
                yield from item.body


def _given(node: _Function, call: ast.Call | None) -> dict[str, ast.expr]:
    """Parameter -> expression, defaults where nothing is given."""
    names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
    defaults = dict(zip(reversed(names), reversed(node.args.defaults), strict=False))
    for extra, default in zip(node.args.kwonlyargs, node.args.kw_defaults, strict=False):
        if default is not None:
            defaults[extra.arg] = default
    if call is None:
        return defaults
    if names[:1] == ["self"]:
        names = names[1:]
    given = dict(defaults)
    for name, value in zip(names, call.args, strict=False):
        if isinstance(value, ast.Starred):
            break
        given[name] = value
    given.update({k.arg: k.value for k in call.keywords if k.arg})
    return given
