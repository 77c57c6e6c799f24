"""Which column names an expression stands for, where that can be read off constants."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from weakref import WeakKeyDictionary

from nbalign.evidence.code import Code
from nbalign.evidence.facts.reading.steps import Frame

ALL = "*"  # stands for all columns, or for many that are not named

_DEEP = 4
_COLUMNS = frozenset({"columns", "select_dtypes", "keys"})


class Strings:
    """The string constants that names, attributes and keys of a notebook are bound to.

    Built in one pass over the whole text; the last constant given to a name counts.
    """

    def __init__(self, code: Code) -> None:
        self.bound: dict[str, ast.expr] = {}
        self.looped: dict[str, list[ast.expr]] = {}
        for cell in code.cells:
            for node in cell.nodes:
                self._learn(node)

    def _learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.Assign):
            for target in node.targets:
                self._bind(target, node.value)
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            self._bind(node.target, node.value)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.comprehension):
            self._loop(node.target, node.iter)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str) and _is_text(value):
                    self.bound.setdefault(f"[{key.value}]", value)
        elif isinstance(node, ast.FunctionDef):
            names = [a.arg for a in (*node.args.posonlyargs, *node.args.args)]
            for name, value in zip(reversed(names), reversed(node.args.defaults), strict=False):
                if _is_text(value):
                    self.bound.setdefault(name, value)

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            if target.id not in self.bound or _is_text(value) or isinstance(value, ast.List | ast.Tuple | ast.ListComp):
                self.bound[target.id] = value
        elif isinstance(target, ast.Attribute) and _is_text(value):
            self.bound[f".{target.attr}"] = value
        elif isinstance(target, ast.Tuple | ast.List) and isinstance(value, ast.Tuple | ast.List):
            for inner, part in zip(target.elts, value.elts, strict=False):
                self._bind(inner, part)

    def _loop(self, target: ast.expr, source: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self.looped.setdefault(target.id, []).append(source)
            return
        inner = target.elts if isinstance(target, ast.Tuple | ast.List) else []
        sources: list[ast.expr] = []
        if isinstance(source, ast.Call):
            name = source.func.id if isinstance(source.func, ast.Name) else ""
            if name == "enumerate" and source.args and len(inner) == 2:
                self._loop(inner[1], source.args[0])
                return
            if name == "zip":
                sources = source.args
            elif isinstance(source.func, ast.Attribute) and source.func.attr == "items":
                sources = [source.func.value]
        for part, value in zip(inner, sources, strict=False):
            self._loop(part, value)

    def of(self, node: ast.expr | None, frame: Frame | None = None, depth: int = 0) -> frozenset[str]:
        """The names that an expression stands for: a constant, a list, a name bound to one, or a loop over one.

        Returns:
            The names; with `ALL` among them where it stands for many that are not named; empty when it is not known.
        """
        if node is None or depth > _DEEP:
            return frozenset()
        if isinstance(node, ast.Constant):
            return frozenset({node.value}) if isinstance(node.value, str) else frozenset()
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._union(node.elts[:200], frame, depth)
        if isinstance(node, ast.Dict):
            return self._union([k for k in node.keys[:200] if k is not None], frame, depth)
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
            return self._union([node.left, node.right], frame, depth)
        if isinstance(node, ast.Starred):
            return self.of(node.value, frame, depth)
        if isinstance(node, ast.ListComp | ast.JoinedStr | ast.GeneratorExp):
            return frozenset({ALL})
        if isinstance(node, ast.Name):
            return self._name(node.id, frame, depth)
        if isinstance(node, ast.Attribute):
            if node.attr in _COLUMNS:
                return frozenset({ALL})
            return self.of(self.bound.get(f".{node.attr}") or self.bound.get(node.attr), None, depth + 1)
        if isinstance(node, ast.Call):
            return self._call(node, frame, depth)
        if isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                return self.of(self.bound.get(f"[{node.slice.value}]"), None, depth + 1)
            return self.of(node.value, frame, depth + 1) if isinstance(node.slice, ast.Slice) else frozenset()
        return frozenset()

    def _name(self, name: str, frame: Frame | None, depth: int) -> frozenset[str]:
        outer = frame
        while outer is not None and name in outer.given:
            given = outer.given[name]
            if not (isinstance(given, ast.Name) and given.id == name):
                return self.of(given, outer.caller, depth + 1)
            outer = outer.caller
        if name in self.looped:
            return self._union(self.looped[name][:20], frame, depth + 1)
        return self.of(self.bound.get(name), None, depth + 1)

    def _call(self, node: ast.Call, frame: Frame | None, depth: int) -> frozenset[str]:
        func = node.func
        if isinstance(func, ast.Attribute):
            if func.attr in ("drop", "difference", "tolist", "to_list", "copy", "keys", "intersection", "union"):
                inside = self.of(func.value, frame, depth + 1)
                return inside - self._union(node.args, frame, depth) if func.attr != "union" else inside
            return frozenset({ALL}) if func.attr in _COLUMNS else frozenset()
        if isinstance(func, ast.Name) and func.id in ("list", "sorted", "set", "tuple", "reversed") and node.args:
            return self.of(node.args[0], frame, depth + 1)
        return frozenset()

    def _union(self, nodes: Iterable[ast.expr], frame: Frame | None, depth: int) -> frozenset[str]:
        return frozenset().union(*(self.of(n, frame, depth + 1) for n in nodes))


def strings_of(code: Code) -> Strings:
    """The string constants of a notebook; read once for each notebook."""
    found = _READ.get(code)
    if found is None:
        found = _READ[code] = Strings(code)
    return found


_READ: WeakKeyDictionary[Code, Strings] = WeakKeyDictionary()


def column_of(node: ast.expr, strings: Strings, frame: Frame | None = None) -> frozenset[str]:
    """The columns that one access takes: `df["x"]`, `df[["x", "y"]]`, `df.loc[:, "x"]`; empty when it takes none."""
    if not isinstance(node, ast.Subscript):
        return frozenset()
    key = node.slice
    if isinstance(key, ast.Tuple) and len(key.elts) == 2 and _is_indexer(node.value):
        key = key.elts[1]
    if isinstance(key, ast.Constant | ast.List | ast.Tuple | ast.Name | ast.Attribute | ast.BinOp | ast.Subscript):
        return strings.of(key, frame)
    return frozenset()


def columns_in(nodes: Iterable[ast.AST], strings: Strings, frame: Frame | None = None) -> Iterator[str]:
    """All columns that are taken anywhere in some nodes."""
    for node in nodes:
        if isinstance(node, ast.Subscript):
            yield from column_of(node, strings, frame)


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_indexer(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("loc", "at")
