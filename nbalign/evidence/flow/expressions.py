"""Expressions: names, attributes, subscripts, operators and calls."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from nbalign.evidence.flow import attributes, binding, calls, looks, subscripts
from nbalign.evidence.flow.elements import elements
from nbalign.evidence.flow.known import STARRED, role_of
from nbalign.evidence.flow.learned import NOTHING, Carried
from nbalign.evidence.flow.model_events import Show
from nbalign.evidence.flow.scope import Scope
from nbalign.evidence.flow.state import State
from nbalign.evidence.flow.things import NOT_CONSTANT, UNKNOWN, Thing, combine, constant, library, merge, sequence
from nbalign.evidence.flow.truth import decided


class Expressions:
    """Values of expressions.

    Args:
        state: What was found so far.
        strict: Whether faults of ours are let out.
    """

    def __init__(self, state: State, *, strict: bool = False) -> None:
        self.state = state
        self.scope = Scope()
        self.returned: list[Thing] = []
        self.stars: set[str] = set()  # packages of which everything was imported
        self.chosen: Carried = NOTHING  # what the conditions of the last comprehension were learned from
        self.loops: list[Sequence[ast.stmt]] = []  # bodies of the loops that are being followed in this function
        self.strict = strict

    def value(self, node: ast.expr) -> Thing:
        """The value of an expression."""
        self.state.step()
        method = getattr(self, f"_see_{type(node).__name__.lower()}", None)
        if method is not None:
            found: Thing = method(node)
            return found
        return self.combined([self.value(n) for n in ast.iter_child_nodes(node) if isinstance(n, ast.expr)])

    def combined(self, things: Iterable[Thing], kind: str = "unknown") -> Thing:
        """What can be said of something computed from several."""
        return combine(things, kind)

    def call_function(
        self, function: Thing, args: Sequence[Thing], kwargs: dict[str, Thing], me: Thing | None
    ) -> Thing:
        """Follows a call of the notebook's own function."""
        raise NotImplementedError

    def bound(self, target: ast.expr, name: str, thing: Thing) -> None:
        """Told when a name is bound."""
        raise NotImplementedError

    def is_baseline(self, thing: Thing) -> bool:
        """Whether a prediction comes from no real model."""
        raise NotImplementedError

    def show(self, things: Sequence[Thing]) -> None:
        """Something is shown: predictions among it are an event."""
        for thing in things:
            parts = [thing, *(thing.items or ()), *(thing.entries.values() if thing.kind in ("table", "dict") else ())]
            shown = next((p for p in parts if p.predicted and p.kind != "scalar"), None)
            if shown is not None:
                self.state.emit(Show(self.state.place, shown.rows, shown.made_by, shown.new))
            looks.shown(self, thing)

    def _see_constant(self, node: ast.Constant) -> Thing:
        return constant(node.value)

    def _see_name(self, node: ast.Name) -> Thing:
        found = self.scope.get(node.id)
        if found is not None:
            return found
        # Star imports and builtins: a name that is known by itself stands for itself.
        if node.id in STARRED and STARRED[node.id].split(".")[0] in self.stars:
            return library(f"{STARRED[node.id]}.{node.id}")
        return library(node.id) if role_of(node.id) or node.id in calls.BARE else Thing(name=node.id)

    def _see_joinedstr(self, node: ast.JoinedStr) -> Thing:
        parts = [self.value(p.value) for p in node.values if isinstance(p, ast.FormattedValue)]
        return self.combined(parts, "scalar").like(rows=frozenset()) if parts else UNKNOWN

    def _see_list(self, node: ast.List | ast.Tuple | ast.Set) -> Thing:
        items: list[Thing] = []
        for element in node.elts[:500]:
            if isinstance(element, ast.Starred):
                inner = self.value(element.value)
                items += inner.items if inner.items is not None else [inner]
            else:
                items.append(self.value(element))
        return sequence(items)

    _see_tuple = _see_set = _see_list

    def _see_dict(self, node: ast.Dict) -> Thing:
        thing = Thing("dict")
        for key, value in zip(node.keys[:500], node.values[:500], strict=False):
            found = self.value(value)
            thing.measured |= found.measured
            if key is None:
                thing.entries.update(found.entries)
            else:
                name = self.value(key)
                thing.entries[name.value if _hashable(name.value) else object()] = found
        return thing

    def _see_starred(self, node: ast.Starred) -> Thing:
        return self.value(node.value)

    def _see_lambda(self, node: ast.Lambda) -> Thing:
        return Thing("function", name="", node=node, scope=self.scope, defined=self.state.place.defined)

    def _see_namedexpr(self, node: ast.NamedExpr) -> Thing:
        thing = self.value(node.value)
        binding.bind(self, node.target, thing, node.value)
        return thing

    def _see_await(self, node: ast.Await) -> Thing:
        return self.value(node.value)

    def _see_ifexp(self, node: ast.IfExp) -> Thing:
        self.value(node.test)
        outcome = decided(self, node.test)
        if outcome is not None:
            return self.value(node.body if outcome else node.orelse)
        return merge(self.value(node.body), self.value(node.orelse))

    def _see_boolop(self, node: ast.BoolOp) -> Thing:
        return self.combined([self.value(v) for v in node.values])

    def _see_listcomp(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp) -> Thing:
        found: list[Thing] = []
        self._comprehend(node.generators, lambda: found.append(self.value(node.elt)))
        return sequence(found).like(learned=frozenset(x for x in self.chosen if x.what == "select"))

    _see_setcomp = _see_generatorexp = _see_listcomp

    def _see_dictcomp(self, node: ast.DictComp) -> Thing:
        thing = Thing("dict")

        def add() -> None:
            key, found = self.value(node.key), self.value(node.value)
            thing.entries[key.value if _hashable(key.value) else object()] = found
            thing.measured |= found.measured

        self._comprehend(node.generators, add)
        return thing

    def _comprehend(self, generators: Sequence[ast.comprehension], each: object) -> None:
        outer = self.scope
        self.scope = Scope(outer=outer)
        self.chosen = NOTHING
        try:
            with self.state.looping():
                self._generate(list(generators), each)
        finally:
            self.scope = outer

    def _generate(self, generators: list[ast.comprehension], each: object) -> None:
        if not generators:
            assert callable(each)
            each()
            return
        first, rest = generators[0], generators[1:]
        for element in elements(self.value(first.iter)):
            binding.bind(self, first.target, element, first.iter)
            for condition in first.ifs:
                self.chosen |= self.value(condition).learned
            self._generate(rest, each)

    def _see_unaryop(self, node: ast.UnaryOp) -> Thing:
        thing = self.value(node.operand)
        if isinstance(node.op, ast.Invert) and thing.missing:
            return thing.like(missing="no" if thing.missing == "yes" else "yes")
        if isinstance(node.op, ast.USub) and thing.number is not None:
            return constant(-thing.number)
        return thing.like(value=NOT_CONSTANT) if thing.kind == "constant" else thing

    def _see_binop(self, node: ast.BinOp) -> Thing:
        left, right = self.value(node.left), self.value(node.right)
        if left.items is not None and right.items is not None and isinstance(node.op, ast.Add):
            return sequence([*left.items, *right.items])
        if left.text is not None and right.text is not None and isinstance(node.op, ast.Add):
            return constant(left.text + right.text) if len(left.text) + len(right.text) < 500 else UNKNOWN
        if isinstance(node.op, ast.Mult) and (left.items is not None or right.items is not None):
            parts = (left if left.items is not None else right).items or []
            return sequence([t.like(name="repeated") if t.kind == "table" and t.rows else t for t in parts])
        made = self.combined([left, right])
        if left.name == right.name == "listed":
            made.rows, made.name = left.rows | right.rows, "listed"  # list(a) + list(b): one after the other
        table = next((t for t in (left, right) if t.kind == "table" and t.rows), None)
        if table is not None and not any(t.kind in ("column", "array") and t.rows for t in (left, right)):
            made = table.like(name="", learned=made.learned, measured=made.measured)  # (table - mean) / deviation
        if made.kind == "unknown" and left.kind in ("constant", "scalar") and right.kind in ("constant", "scalar"):
            made.kind = "scalar"
        _difference(left, right, made)
        if not made.name and not made.rows and "counter" in (left.name, right.name):
            made.name = "counter"
        made.name = made.name or "arithmetic"
        return made

    def _see_compare(self, node: ast.Compare) -> Thing:
        things = [self.value(node.left), *(self.value(c) for c in node.comparators)]
        made = self.combined(things)
        if made.rows or any(t.name == "random" for t in things):
            made.kind = "mask"
            made.name = next((t.name for t in things if t.name == "random"), made.name)
        if len(things) == 2:
            _difference(things[0], things[1], made)
            if isinstance(node.ops[0], ast.NotEq) and ast.dump(node.left) == ast.dump(node.comparators[0]):
                made.missing = "yes"  # x != x is true for NaN alone
        return made

    def _see_attribute(self, node: ast.Attribute) -> Thing:
        return attributes.attribute(self, self.value(node.value), node.attr)

    def _see_subscript(self, node: ast.Subscript) -> Thing:
        return subscripts.subscript(self, self.value(node.value), node)

    def _see_slice(self, node: ast.Slice) -> Thing:
        parts = [self.value(part) for part in (node.lower, node.upper, node.step) if part is not None]
        moves = any(part.name == "counter" for part in parts)
        return Thing("slice", node=node, name="counter" if moves else "")

    def _see_call(self, node: ast.Call) -> Thing:
        return calls.call(self, node)


def _difference(left: Thing, right: Thing, made: Thing) -> None:
    """Notes that something is the difference of a truth and a prediction."""
    if left.predicted == right.predicted:
        return
    truth, guess = (right, left) if left.predicted else (left, right)
    if truth.rows and truth.kind not in ("scalar", "constant"):
        made.error = truth.rows
        made.against = guess.made_by
        made.predicted = False


def _hashable(value: object) -> bool:
    return isinstance(value, str | int | float | bool | tuple) or value is None
