"""Which columns a call looks at, and whether the target is among them."""

from __future__ import annotations

import ast

from nbalign.evidence.code import Code
from nbalign.evidence.facts.reading.steps import Step
from nbalign.evidence.facts.reading.strings import ALL, Strings, column_of
from nbalign.evidence.facts.reading.target import target_of
from nbalign.evidence.syntax import called_name


class Columns:
    """Which columns the calls of a notebook touch, and whether the target is among them.

    Attributes:
        code: The notebook's code.
        main: The target; empty when it is not known.
        strings: Its string constants.
        target: Names under which the target goes.
        series: Whether the data is one or more series over time.
    """

    def __init__(self, code: Code, strings: Strings, target: frozenset[str], series: bool) -> None:
        self.code = code
        self.main = target_of(code)
        self.strings = strings
        self.target = target
        self.series = series
        self.climbed: Step | None = None
        self.above: dict[int, ast.AST] = {}

    def columns(self, node: ast.Call, step: Step) -> frozenset[str]:
        """Columns that a call is given or called on, and target variables among its arguments."""
        found = set(self.columns_within(node, step))
        for given in node.keywords:
            if given.arg in (
                "x",
                "y",
                "hue",
                "column",
                "by",
                "columns",
                "values",
                "index",
                "subset",
                "names",
                "vars",
            ) or (given.arg == "color" and self.code.dotted(node.func).startswith("plotly")):
                found |= self.strings.of(given.value, step.frame)
        if called_name(node) in (
            "groupby",
            "boxplot",
            "hist",
            "scatter",
            "bar",
            "line",
            "plot",
            "groupBy",
            "crosstab",
            "pivot_table",
        ):
            for value in node.args[:3]:
                if not isinstance(value, ast.Subscript):
                    found |= self.strings.of(value, step.frame) - {ALL}
        return frozenset(found)

    def columns_within(self, node: ast.AST, step: Step) -> frozenset[str]:
        """Columns taken anywhere inside, and the target where a variable or attribute names it."""
        found: set[str] = set()
        for inner in ast.walk(node):
            if isinstance(inner, ast.Subscript):
                found |= column_of(inner, self.strings, step.frame)
            elif isinstance(inner, ast.Attribute) and inner.attr in self.target:
                found.add(inner.attr)
            elif isinstance(inner, ast.Name) and inner.id in self.target:
                found.add(inner.id)
            elif isinstance(inner, ast.Name) and step.frame and inner.id in step.frame.given:
                given = step.frame.given[inner.id]
                if isinstance(given, ast.Name) and given.id in self.target:
                    found.add(given.id)
            elif isinstance(inner, ast.Tuple) and len(inner.elts) == 2:  # named aggregation: n=("affairs", "size")
                found |= self.strings.of(inner.elts[0]) & self.target
        return frozenset(found)

    def target_name_in(self, node: ast.AST) -> bool:
        """Whether the target's name stands as a string anywhere inside, as in `.agg({"y": "mean"})`."""
        return any(isinstance(n, ast.Constant) and n.value in self.target for n in ast.walk(node))

    def chain(self, node: ast.Call, step: Step) -> tuple[ast.AST, set[str]]:
        """The longest chain that a call is the beginning of, and what is called or taken on its way up."""
        if self.climbed is not step:
            self.climbed = step
            self.above = {
                id(_below(n)): n for n in step.nodes() if isinstance(n, ast.Attribute | ast.Call | ast.Subscript)
            }
        at: ast.AST = node
        methods = {called_name(node)}
        while (outer := self.above.get(id(at))) is not None:
            at = outer
            if isinstance(at, ast.Attribute):
                methods.add(at.attr)
        return at, methods

    def below(self, node: ast.Call) -> set[str]:
        """Methods called in the receiver and in the arguments of a plot."""
        return {called_name(n) for n in ast.walk(node) if isinstance(n, ast.Call) and n is not node}

    def leaves_out_target(self, node: ast.Call, step: Step) -> bool:
        """Whether a call is made on a table without the target, `df.drop(columns="y").corr()`, or on a slice of it."""
        for inner in ast.walk(node.func):
            if isinstance(inner, ast.Call) and called_name(inner) == "drop":
                given = next(
                    (k.value for k in inner.keywords if k.arg == "columns"), inner.args[0] if inner.args else None
                )
                if self.main in self.strings.of(given, step.frame):
                    return True
            elif isinstance(inner, ast.Attribute) and inner.attr == "iloc":
                return True
        return False

    def meets_target(self, node: ast.Call, columns: frozenset[str], step: Step) -> bool:
        """Whether correlations are taken with the target among the columns."""
        if not self.target:
            return True
        if self.leaves_out_target(node, step):
            return False
        chain = self.columns_within(self.chain(node, step)[0], step) | columns
        before = self.columns_within(node.func, step)
        return bool(chain & self.target) or not before or ALL in before


def _below(node: ast.Attribute | ast.Call | ast.Subscript) -> ast.expr:
    """What a call, an attribute or an access is made on."""
    return node.func if isinstance(node, ast.Call) else node.value
