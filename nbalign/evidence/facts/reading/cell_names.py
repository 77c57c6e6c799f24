"""One cell's syntax, read for the names it uses from outside and those it makes for the rest of the notebook."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable

from nbalign.evidence.facts.reading.name_scopes import Scope, ScopeStack
from nbalign.evidence.syntax import called_name

# Names may come into being unseen after any of these.
_OPENING_CALLS = frozenset({"exec", "execfile", "globals", "locals", "run_line_magic", "run_cell"})
_CATCHES = frozenset({"NameError", "ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


class CellNames(ScopeStack):
    """Reads one cell; names that its functions leave free end up in `module.loads`.

    Attributes:
        open: Whether names may come from where nobody can see them (a star import, `exec`, …).
        quoted: Words in strings that look like code.
    """

    def __init__(self, cell: int, order: int) -> None:
        super().__init__(cell, order)
        self.open = False
        self.quoted: set[str] = set()

    def block(self, body: Iterable[ast.AST]) -> None:
        """Reads nodes one after the other."""
        for node in body:
            self.visit(node)

    def visit(self, node: ast.AST) -> None:
        """Reads one node and all in it."""
        special = getattr(self, f"_{type(node).__name__.lower()}", None)
        if special is not None:
            special(node)
        else:
            self.block(ast.iter_child_nodes(node))

    # Names

    def _name(self, node: ast.Name) -> None:
        if isinstance(node.ctx, ast.Load):
            self.load_name(node.id, node.lineno)
        elif isinstance(node.ctx, ast.Store):
            self.store_name(node.id, node.lineno)

    def _constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and len(node.value) < 2_000:
            self.quoted |= _coded(node.value)

    # Statements

    def _import(self, node: ast.Import) -> None:
        for name in node.names:
            self.store_name(name.asname or name.name.split(".")[0], node.lineno, "import")
            self.open = self.open or name.name == "pyforest"  # brings in libraries by itself when they are used

    def _importfrom(self, node: ast.ImportFrom) -> None:
        for name in node.names:
            if name.name == "*":
                self.open = True
            else:
                self.store_name(name.asname or name.name, node.lineno, "import")

    def _assign(self, node: ast.Assign) -> None:
        self.visit(node.value)
        self.block(node.targets)

    def _augassign(self, node: ast.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, ast.Name):
            self.load_name(node.target.id, node.lineno)
        self.visit(node.target)

    def _annassign(self, node: ast.AnnAssign) -> None:
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)
        elif not isinstance(node.target, ast.Name):
            self.visit(node.target)
        elif len(self.scopes) > 1:
            self.scopes[-1].bound.add(node.target.id)

    def _namedexpr(self, node: ast.NamedExpr) -> None:
        self.visit(node.value)
        self.store_name(node.target.id, node.lineno, walrus=True)

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        self.visit(node.iter)
        self.visit(node.target)
        self.block([*node.body, *node.orelse])

    _asyncfor = _for

    def _if(self, node: ast.If | ast.While) -> None:
        self.visit(node.test)
        self.guards += 1
        self.block([*node.body, *node.orelse])
        self.guards -= 1

    _while = _if

    def _ifexp(self, node: ast.IfExp) -> None:
        self.visit(node.test)
        self.guards += 1
        self.block([node.body, node.orelse])
        self.guards -= 1

    def _boolop(self, node: ast.BoolOp) -> None:
        self.visit(node.values[0])
        self.guards += 1
        self.block(node.values[1:])
        self.guards -= 1

    def _try(self, node: ast.Try) -> None:
        caught = any(_catches_absence(handler) for handler in node.handlers)
        self.guards += caught
        self.block(node.body)
        self.guards -= caught
        self.guards += 1
        self.block([*node.handlers, *node.orelse])
        self.guards -= 1
        self.block(node.finalbody)

    _trystar = _try

    def _excepthandler(self, node: ast.ExceptHandler) -> None:
        if node.type is not None:
            self.visit(node.type)
        if node.name:
            self.store_name(node.name, node.lineno)
        self.block(node.body)

    def _matchas(self, node: ast.MatchAs) -> None:
        if node.pattern is not None:
            self.visit(node.pattern)
        if node.name:
            self.store_name(node.name, node.lineno)

    def _matchstar(self, node: ast.MatchStar) -> None:
        if node.name:
            self.store_name(node.name, node.lineno)

    def _matchmapping(self, node: ast.MatchMapping) -> None:
        self.block([*node.keys, *node.patterns])
        if node.rest:
            self.store_name(node.rest, node.lineno)

    def _global(self, node: ast.Global) -> None:
        self.scopes[-1].outer.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        # Bound in the function around it, which sees it when it ends; here it only must not become local.
        for scope in self.scopes[:-1]:
            if scope.kind == "function":
                scope.bound.update(node.names)

    def _call(self, node: ast.Call) -> None:
        self.open = self.open or called_name(node) in _OPENING_CALLS
        self.block(ast.iter_child_nodes(node))

    # Scopes

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.block(node.decorator_list)
        self._outside(node.args)
        if node.returns is not None:
            self.visit(node.returns)
        self.store_name(node.name, node.lineno, "def")
        self._function(node.args, node.body, list(getattr(node, "type_params", [])))

    _asyncfunctiondef = _functiondef

    def _lambda(self, node: ast.Lambda) -> None:
        self._outside(node.args)
        self._function(node.args, [node.body], [])

    def _outside(self, args: ast.arguments) -> None:
        """What a function's head evaluates where the function is made: defaults and annotations."""
        self.block([*args.defaults, *(d for d in args.kw_defaults if d is not None)])
        self.block(a.annotation for a in _arguments(args) if a.annotation is not None)

    def _function(self, args: ast.arguments, body: Iterable[ast.AST], types: list[ast.AST]) -> None:
        scope = Scope("function", {a.arg for a in _arguments(args)})
        scope.bound.update(name for t in types if isinstance(name := getattr(t, "name", None), str))
        guards, self.guards = self.guards, 0
        self._within(scope, body)
        self.guards = guards

    def _classdef(self, node: ast.ClassDef) -> None:
        self.block([*node.decorator_list, *node.bases, *node.keywords])
        scope = Scope("class", {"__class__", "__name__", "__module__", "__qualname__"})
        scope.bound.update(
            name for t in getattr(node, "type_params", []) if isinstance(name := getattr(t, "name", None), str)
        )
        self._within(scope, node.body)
        self.store_name(node.name, node.lineno, "class")

    def _comprehension_of(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        self.visit(node.generators[0].iter)
        scope = Scope("comprehension")
        self.enter(scope)
        for index, part in enumerate(node.generators):
            if index:
                self.visit(part.iter)
            self.visit(part.target)
            self.block(part.ifs)
        self.block([node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt])
        self.leave(scope)

    _listcomp = _setcomp = _generatorexp = _dictcomp = _comprehension_of

    def _within(self, scope: Scope, body: Iterable[ast.AST]) -> None:
        self.enter(scope)
        self.block(body)
        self.leave(scope)


def _arguments(args: ast.arguments) -> list[ast.arg]:
    more = [a for a in (args.vararg, args.kwarg) if a is not None]
    return [*args.posonlyargs, *args.args, *args.kwonlyargs, *more]


def _catches_absence(handler: ast.ExceptHandler) -> bool:
    """Whether a handler would catch a missing name or module."""
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any((k.id if isinstance(k, ast.Name) else getattr(k, "attr", "")) in _CATCHES for k in kinds)


def _coded(text: str) -> set[str]:
    """Names in a string that may be run or looked up: those behind an @ and those before a dot or a bracket."""
    return {a or b for a, b in re.findall(r"@([^\W\d]\w*)|\b([^\W\d]\w*)(?=[.(])", text)}
