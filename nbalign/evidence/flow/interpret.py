"""Statements, one after the other: assignments, branches, loops, functions and classes."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence

from nbalign.evidence.flow import binding, own_functions, splits
from nbalign.evidence.flow.elements import elements
from nbalign.evidence.flow.expressions import Expressions
from nbalign.evidence.flow.known import DUMMIES
from nbalign.evidence.flow.model_events import Choice
from nbalign.evidence.flow.own_functions import Returned
from nbalign.evidence.flow.state import OutOfSteps
from nbalign.evidence.flow.things import Thing, library
from nbalign.evidence.flow.truth import decided


class Interpreter(Expressions):
    """Follows statements; every error inside one statement costs that statement only."""

    def cell(self, number: int, body: Sequence[ast.stmt]) -> None:
        """Follows one cell; its last expression is shown."""
        self.state.cell = number
        for index, statement in enumerate(body):
            self.state.defined = 0
            last = index == len(body) - 1
            self._guarded(statement, self._last if last and isinstance(statement, ast.Expr) else self.run_one)

    def _guarded(self, statement: ast.stmt, run: Callable[[ast.stmt], None]) -> None:
        try:
            run(statement)
        except OutOfSteps:
            raise
        except Returned:
            pass
        except RecursionError:
            pass  # an expression deeper than Python's own stack: nothing is known of it
        except Exception:
            # A fault of ours costs this statement, not the notebook; tests run strictly and see it.
            if self.strict:
                raise

    def _last(self, statement: ast.stmt) -> None:
        assert isinstance(statement, ast.Expr)
        self.state.line = statement.lineno
        thing = self.value(statement.value)
        self.show([thing])

    def run(self, body: Iterable[ast.stmt]) -> None:
        """Follows statements in order."""
        for statement in body:
            self.run_one(statement)

    def run_one(self, node: ast.stmt) -> None:
        """Follows one statement."""
        self.state.step()
        self.state.line = node.lineno
        method = getattr(self, f"_do_{type(node).__name__.lower()}", None)
        if method is not None:
            method(node)

    def _do_expr(self, node: ast.Expr) -> None:
        self.value(node.value)

    def _do_assign(self, node: ast.Assign) -> None:
        thing = self.value(node.value)
        for target in node.targets:
            binding.bind(self, target, thing, node.value)

    def _do_annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            binding.bind(self, node.target, self.value(node.value), node.value)

    def _do_augassign(self, node: ast.AugAssign) -> None:
        load = ast.copy_location(ast.BinOp(as_load(node.target), node.op, node.value), node)
        binding.bind(self, node.target, self.value(load), node.value)

    def _do_import(self, node: ast.Import) -> None:
        for name in node.names:
            full = name.name if name.asname else name.name.split(".")[0]
            self.scope.set(name.asname or name.name.split(".")[0], library(full))

    def _do_importfrom(self, node: ast.ImportFrom) -> None:
        module = node.module or ""
        for name in node.names:
            if name.name == "*":
                self.stars.add(module.split(".")[0])
            else:
                self.scope.set(name.asname or name.name, library(f"{module}.{name.name}" if module else name.name))

    def _do_functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        thing = Thing("function", name=node.name, node=node, scope=self.scope, defined=self.state.place.defined)
        self.scope.set(node.name, thing)

    _do_asyncfunctiondef = _do_functiondef

    def _do_classdef(self, node: ast.ClassDef) -> None:
        bases = [self.value(base) for base in node.bases]
        thing = Thing(
            "class", name=node.name, node=node, scope=self.scope, defined=self.state.place.defined, items=bases
        )
        for part in node.body:
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                thing.entries[part.name] = Thing(
                    "function", name=part.name, node=part, scope=self.scope, defined=self.state.place.defined
                )
            elif isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                thing.entries[part.targets[0].id] = self.value(part.value)
        self.scope.set(node.name, thing)

    def _do_return(self, node: ast.Return) -> None:
        if node.value is not None:
            self.returned.append(self.value(node.value))
        raise Returned

    def _do_global(self, node: ast.Global | ast.Nonlocal) -> None:
        self.scope.shared.update(node.names)

    _do_nonlocal = _do_global

    def _do_delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                self.scope.names.pop(target.id, None)
            elif isinstance(target, ast.Subscript):
                table = self.value(target.value)
                name = self.value(target.slice).text
                if table.kind == "table" and name:
                    binding.drop_columns(self, table, (name,))

    def _do_if(self, node: ast.If) -> None:
        tested = self.value(node.test)
        if tested.measured and self.state.loops and any(isinstance(n, ast.Assign) for n in node.body):
            self.state.emit(Choice(self.state.place, "if", tested.measured))
        outcome = True if _is_main(node.test) else decided(self, node.test)
        if outcome is not None:
            self.run(node.body if outcome else node.orelse)
            return
        self._branches([node.body, node.orelse])

    def _branches(self, bodies: Sequence[Sequence[ast.stmt]]) -> None:
        """Follows alternatives from the same start and puts what they leave side by side."""
        before = self.scope.fork()
        ends: list[dict[str, Thing]] = []
        left = 0
        for body in bodies:
            self.scope.names = dict(before)
            try:
                self.run(body)
                ends.append(self.scope.names)
            except Returned:
                left += 1
        if not ends:
            self.scope.names = before
            raise Returned
        self.scope.names = ends[0]
        for other in ends[1:]:
            self.scope.join(other)

    def _do_match(self, node: ast.Match) -> None:
        self.value(node.subject)
        self._branches([case.body for case in node.cases])

    def _do_try(self, node: ast.Try) -> None:
        self.run(node.body)
        before = self.scope.fork()
        for handler in node.handlers:
            try:
                self.run(handler.body)
            except Returned:
                self.scope.names = dict(before)
        for name, thing in before.items():  # what the body made stands; handlers only add names
            self.scope.names[name] = thing
        self.run(node.orelse)
        self.run(node.finalbody)

    _do_trystar = _do_try

    def _do_with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            thing = self.value(item.context_expr)
            if item.optional_vars is not None:
                binding.bind(self, item.optional_vars, thing, item.context_expr)
        self.run(node.body)

    _do_asyncwith = _do_with

    def _do_while(self, node: ast.While) -> None:
        self.value(node.test)
        with self.state.looping():
            self._round(node.body)
        self.run(node.orelse)

    def _do_for(self, node: ast.For | ast.AsyncFor) -> None:
        over = self.value(node.iter)
        for element in elements(over):
            binding.bind(self, node.target, element, node.iter)
            with self.state.looping():
                self._round(node.body)
        self.run(node.orelse)

    _do_asyncfor = _do_for

    def _round(self, body: Sequence[ast.stmt]) -> None:
        before = self.scope.fork()
        self.loops.append(body)
        try:
            self.run(body)
        finally:
            self.loops.pop()
        # A loop may run not at all, but what a notebook makes in one it uses afterwards: what was made stands.
        for name, thing in before.items():
            self.scope.names.setdefault(name, thing)

    def call_function(
        self, function: Thing, args: Sequence[Thing], kwargs: dict[str, Thing], me: Thing | None
    ) -> Thing:
        """Follows a call of one of the notebook's own functions, or lambdas; of a library's, what is known of it."""
        return own_functions.call(self, function, args, kwargs, me)

    def bound(self, target: ast.expr, name: str, thing: Thing) -> None:
        """A name was bound to a thing: its rows may become train or test by that name."""
        if thing.note is not None and not thing.note.variable:
            thing.note.variable = name
        splits.name_part(self, name, thing)

    def is_baseline(self, thing: Thing) -> bool:
        """Whether a prediction comes from a dummy, or from no model at all."""
        if thing.made_by is None:
            return True
        model = thing.made_by.model or thing.made_by
        return model.name in DUMMIES


def as_load(node: ast.expr) -> ast.expr:
    """A target read as a value."""
    if isinstance(node, ast.Name):
        return ast.copy_location(ast.Name(node.id, ast.Load()), node)
    if isinstance(node, ast.Attribute):
        return ast.copy_location(ast.Attribute(node.value, node.attr, ast.Load()), node)
    if isinstance(node, ast.Subscript):
        return ast.copy_location(ast.Subscript(node.value, node.slice, ast.Load()), node)
    return node


def _is_main(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and isinstance(test.left, ast.Name) and test.left.id == "__name__"
