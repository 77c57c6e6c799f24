"""Which statements show their values to the reader, at once or by way of a name that is shown later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from nbalign.evidence.facts.reading.steps import Step
from nbalign.evidence.facts.reading.words import words
from nbalign.evidence.syntax import called_name

# Plots of one column, of columns against one another, and of columns over something; reports that show everything.
ONE = words(
    "hist histplot distplot displot kdeplot kde density boxplot box boxenplot violinplot violin stripplot "
    "swarmplot countplot bar barh pie barplot catplot ecdfplot rugplot histogram qqplot probplot ecdf"
)
TWO = words(
    "scatter scatterplot lmplot regplot jointplot pairplot PairGrid scatter_matrix heatmap clustermap relplot "
    "hexbin hist2d parallel_coordinates parallel_categories FacetGrid residplot density_heatmap scatter_3d "
    "joyplot strip matshow pointplot"
)
LINES = frozenset({"plot", "lineplot", "line", "tsplot", "area", "step", "fill_between", "semilogy"})
PROFILES = frozenset(
    ["ProfileReport", "analyze", "AutoViz", "skim", "explore_report", "create_report", "generate_report", "dabl_plot"]
)
_SHOWERS = words("print display pprint tabulate info warning write table show Markdown")

_FAR = 3  # assignments between a look and what is shown of it


def shown_at(steps: tuple[Step, ...]) -> dict[int, int]:
    """The steps whose values are shown, read from the last step to the first.

    Returns:
        Order of the step -> 0 where it shows its value itself, or how many assignments later it is shown.
    """
    needed: dict[str, int] = {}
    seen: dict[int, int] = {}

    def need(step: Step, depth: int) -> None:
        seen[step.order] = depth
        if depth >= _FAR:
            return
        for name in _loaded(step):
            needed[name] = min(needed.get(name, _FAR), depth + 1)

    for step in reversed(steps):
        node = step.node
        if step.last or any(called_name(c) in _SHOWERS or draws(c) for c in step.calls()):
            need(step, 0)
        elif isinstance(node, ast.Return) and step.within and step.within[-1] in needed:
            need(step, needed[step.within[-1]] - 1)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign | ast.For):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            made = {
                n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
            }
            if is_summary(node):
                made |= set(_stored_under(targets))
            used = {n.id for n in step.nodes() if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load)}
            over_itself = isinstance(node, ast.Assign) and bool(made & used - set(_stored_under(targets)))
            depths = [needed[name] for name in made if name in needed]
            if depths and not over_itself:
                need(step, min(depths) - isinstance(node, ast.For))
    return seen


def _loaded(step: Step) -> set[str]:
    """Names whose values a step uses, own methods among them; what is only measured by `len` or `.shape` is not."""
    measured = {
        id(n)
        for outer in step.nodes()
        if (isinstance(outer, ast.Call) and called_name(outer) == "len")
        or (isinstance(outer, ast.Attribute) and outer.attr in ("shape", "columns", "index"))
        for n in ast.walk(outer)
    }
    names = {
        n.id for n in step.nodes() if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load) and id(n) not in measured
    }
    return names | {c.func.attr for c in step.calls() if isinstance(c.func, ast.Attribute)}


def _stored_under(targets: list[ast.expr]) -> Iterator[str]:
    """Names of the tables in `table["column"] = ...`: they are loaded, but not by the value."""
    for target in targets:
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            yield target.value.id


def draws(call: ast.Call) -> bool:
    """Whether a call draws a plot or shows a report by itself."""
    name = called_name(call)
    return name in ONE | TWO | LINES | PROFILES or name.startswith("plot_") or name in ("imshow", "ProfileReport")


def is_summary(node: ast.stmt) -> bool:
    """`table["missing"] = df.isna().sum()`: a column of a summary, not of the data."""
    if not isinstance(node, ast.Assign):
        return False
    counted = {"isna", "isnull", "nunique", "describe", "dtypes", "corr", "duplicated"}
    return any(isinstance(n, ast.Attribute) and n.attr in counted for n in ast.walk(node.value)) and not any(
        isinstance(n, ast.Attribute) and n.attr in ("astype", "any", "fillna") for n in ast.walk(node.value)
    )
