"""The looks that a notebook takes at its data, one by one: what is looked at, in which columns, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from nbalign.evidence.code import Code
from nbalign.evidence.facts.exploration.exploration_columns import Columns
from nbalign.evidence.facts.exploration.exploration_shown import (
    LINES,
    ONE,
    PROFILES,
    TWO,
    draws,
    is_summary,
    shown_at,
)
from nbalign.evidence.facts.reading.steps import Step, steps_of
from nbalign.evidence.facts.reading.strings import ALL, strings_of
from nbalign.evidence.facts.reading.words import words
from nbalign.evidence.syntax import called_name

# What a look can show. `values` is a summary or distribution of features, `whole` one of all columns in numbers only.
SIZE, TYPES, PEEK, MISSING, VALUES, WHOLE = "size", "types", "peek", "missing", "values", "whole"
TARGET, RELATION, TREND, SEASON, DUPLICATES = "target", "relation", "trend", "season", "duplicates"
BETWEEN = "between"  # features against one another, the target not among them

_SEASONAL = words(
    "plot_acf plot_pacf acf pacf autocorr autocorrelation_plot lag_plot periodogram welch fft rfft "
    "seasonal_plot month_plot quarter_plot lombscargle find_peaks"
)
_BOTH = frozenset({"seasonal_decompose", "STL", "MSTL", "plot_components"})
_TRENDS = frozenset({"rolling", "resample", "ewm", "adfuller", "kpss", "expanding"})
_TESTS = words(
    "chi2_contingency ttest_ind f_oneway mannwhitneyu kruskal pearsonr spearmanr pointbiserialr kendalltau "
    "anova_lm mutual_info_classif mutual_info_regression"
)
_GAPS = words("isnull isna notnull notna isNull isnan null_count count_nulls is_null")
_STATS = words("quantile skew kurt kurtosis nunique unique min max mean median std var mode agg aggregate sum")
_PARTS_OF_TIME = re.compile(
    r"^(?:year|quarter|month|week|weekday|day|dow|hour|season|decade|century|y|m)", re.IGNORECASE
)
_SEASONS = re.compile(r"month|week|dow|day|hour|quarter|season", re.IGNORECASE)
_DATES = re.compile(r"date|time|year|month|day|week|^ds$|^ts$|index|period", re.IGNORECASE)
_MOST_NODES = 2_000  # of one statement that are read
_NOT_DATA = re.compile(
    r"pred|resid|error|^errs?$|y_?hat|proba|importance|coef|fitted|forecast|history|loss|shap|metric|cv_?res|"
    r"^results?$|^scores?$|^res$",
    re.IGNORECASE,
)
_MADE_FROM_GROUPS = words("transform cumcount ngroup shift ffill bfill fillna cumsum diff")


@dataclass(frozen=True, slots=True)
class Look:
    """One look at the data.

    Attributes:
        order: Place of its step in the order of running.
        cell: Cell that runs it.
        cells: That cell and the one in which its text stands.
        what: What it shows, of the constants of this module.
        how: The call, for people: `value_counts`, `groupby`, `heatmap`.
        columns: Columns, where they are known; `*` among them for all.
        ran: False where the saved outputs say that it failed.
    """

    order: int
    cell: int
    cells: tuple[int, ...]
    what: frozenset[str]
    how: str
    columns: frozenset[str]
    ran: bool


def looks_of(code: Code, target: frozenset[str], *, series: bool) -> list[Look]:
    """All looks whose outcome is shown, in the order in which they run.

    Args:
        code: The notebook's code.
        target: Names under which the target goes; empty when it is not known.
        series: Whether the data is one or more series over time.
    """
    steps = steps_of(code)
    seen = shown_at(steps)
    reader = _Reader(code, strings_of(code), target, series)
    return [look for step in steps for look in reader.looks(step, seen.get(step.order, -1))]


class _Reader(Columns):
    """Reads the looks off one step after the other."""

    def looks(self, step: Step, depth: int) -> Iterator[Look]:
        """The looks of one step, which is shown `depth` assignments later; never when it is below 0."""
        seen = depth >= 0
        nodes = list(step.nodes())
        if len(nodes) > _MOST_NODES:
            return  # a table written down, not a look at one
        if any(isinstance(n, ast.Name) and _NOT_DATA.search(n.id) and n.id not in self.target for n in nodes):
            return
        made = step.node.targets if isinstance(step.node, ast.Assign) else []
        into_column = any(isinstance(t, ast.Subscript) and not is_summary(step.node) for t in made)
        for node in nodes:
            what: set[str] = set()
            how = ""
            columns: frozenset[str] = frozenset()
            if isinstance(node, ast.Call):
                how = called_name(node)
                alone = how == "info" or draws(node)
                if (seen and not into_column and (depth <= 1 or how not in _STATS)) or alone:
                    columns = self.columns(node, step)
                    what = self.what(node, how, columns, step)
            elif isinstance(node, ast.Attribute) and seen:
                how = node.attr
                what = {"shape": {SIZE}, "dtypes": {TYPES}, "columns": {PEEK}}.get(node.attr, set())
            if what:
                yield Look(step.order, step.cell, step.cells, frozenset(what), how, columns, step.ran)

    def what(self, node: ast.Call, how: str, columns: frozenset[str], step: Step) -> set[str]:
        """What one call shows."""
        dotted = self.code.dotted(node.func)
        others = columns - self.target - {ALL}
        on_target = bool(columns & self.target)
        every = not columns or ALL in columns
        if dotted.startswith(("missingno.", "msno.")) or how in _GAPS:
            return {MISSING}
        if how == "info" and isinstance(node.func, ast.Attribute) and not node.args:
            return {SIZE, TYPES, MISSING}
        if how in PROFILES and ("report" in how.lower() or dotted.split(".")[0] in _PROFILERS):
            return {SIZE, TYPES, MISSING, VALUES, TARGET, RELATION}
        if how in ("head", "tail", "sample"):
            return {PEEK} if self.chain(node, step)[1] <= {"head", "tail", "sample", "T", "style"} else set()
        if how in ("describe", "summary") and isinstance(node.func, ast.Attribute):
            if on_target and others:
                return {VALUES, TARGET}
            whole = every and not self.leaves_out_target(node, step)
            return {TARGET} if on_target else {WHOLE, VALUES} if whole else {VALUES}
        if how in ("duplicated",):
            return {DUPLICATES}
        if how == "len" and len(node.args) == 1:
            return {SIZE}
        if how in _SEASONAL or how in _BOTH:
            return {SEASON, TREND, TARGET} if how in _BOTH else {SEASON}
        if how in _TRENDS:
            if "sklearn" in dotted or (not isinstance(node.func, ast.Attribute) and how == "resample"):
                return set()  # that draws rows at random
            return {TREND} if self.series or how == "resample" else set()
        if how in ("value_counts", "Counter", "bincount", "unique", "nunique", "countDistinct"):
            if how == "value_counts" and "groupby" in self.chain(node, step)[1] and on_target and others:
                return {RELATION}
            return ({TARGET} if on_target else set()) | ({VALUES} if others or not on_target else set())
        if how in ("corr", "corrwith", "corrcoef", "cov", "phik_matrix"):
            return {RELATION} if self.meets_target(node, columns, step) else {BETWEEN}
        if how in ("crosstab", "pivot_table", "pivot"):
            counts = {TARGET} if on_target and any(k.arg == "margins" for k in node.keywords) else set()
            return counts | ({RELATION} if on_target or not self.target else {BETWEEN})
        if how in _TESTS:
            return {RELATION}
        if how in ("groupby", "groupBy", "group_by"):
            return self.groups(node, columns, step)
        if how in ONE | TWO | LINES or how == "imshow":
            return self.drawn(node, how, columns, step)
        if how in _STATS:
            if how in ("min", "max") and others and all(_DATES.search(c) for c in others):
                return set()  # a period is not a distribution
            compared = any(
                isinstance(n, ast.Compare) and not isinstance(n.ops[0], ast.Eq | ast.NotEq) for n in ast.walk(node.func)
            )
            if (
                on_target
                and not others
                and not compared
                and not self.below(node) & {"groupby", "isna", "isnull", "notna", "rolling", "diff"}
            ):
                return {TARGET}
            return {VALUES} if how in ("quantile", "skew", "nunique", "min", "max", "agg") and not on_target else set()
        return set()

    def groups(self, node: ast.Call, columns: frozenset[str], step: Step) -> set[str]:
        """What a `groupby` shows, with all that is called on it."""
        chain, methods = self.chain(node, step)
        if methods == {called_name(node)} and not isinstance(step.node, ast.For):
            return set()  # groups by themselves show nothing
        if methods & _MADE_FROM_GROUPS and not methods & {"mean", "agg", "describe", "median", "plot"}:
            return set()
        all_columns = columns | self.columns_within(chain, step)
        keys = self.strings.of(node.args[0] if node.args else None, step.frame) if node.args else frozenset()
        found: set[str] = set()
        by_time = [n for n in ast.walk(node) if isinstance(n, ast.Attribute) and _PARTS_OF_TIME.match(n.attr)]
        names = {n.attr for n in by_time} | {k for k in keys if _PARTS_OF_TIME.match(k)}
        if names:
            found |= {SEASON} if any(_SEASONS.search(n) for n in names) else {TREND}
        counted = methods & {"size", "count", "value_counts", "ngroups"} and not methods & {"mean", "agg", "sum"}
        if counted and keys and keys <= self.target:
            return found | {TARGET}
        if not self.target or all_columns & self.target or self.target_name_in(chain):
            named = {n.value for n in ast.walk(chain) if isinstance(n, ast.Constant)} | methods
            spread = bool(named & {"min", "max", "std", "median", "quantile", "describe", "hist", "boxplot"})
            return found | {RELATION} | ({TARGET} if spread and self.target else set())
        return found | {VALUES}

    def drawn(self, node: ast.Call, how: str, columns: frozenset[str], step: Step) -> set[str]:
        """What a plot shows."""
        kind = next(
            (str(k.value.value) for k in node.keywords if k.arg == "kind" and isinstance(k.value, ast.Constant)), ""
        )
        if how == "plot" and kind:
            how = kind
        chain_methods = self.below(node)
        if chain_methods & {"groupby", "corr", "value_counts", "crosstab", "isnull", "isna", "pivot_table"}:
            return set()  # the plot shows what that call makes, and that call is a look by itself
        if how == "heatmap" and node.args and isinstance(node.args[0], ast.Name):
            return set()  # of a table that was made before: `corr = df.corr()`
        others = columns - self.target - {ALL}
        on_target = bool(columns & self.target)
        many = not columns or ALL in columns
        if how == "imshow":
            return {VALUES}
        if how in LINES:
            over_time = self.series or any(_DATES.search(c) for c in columns)
            return (
                {TREND, TARGET}
                if over_time and (on_target or not self.target or not others)
                else {TREND}
                if over_time
                else set()
            )
        if how in ONE:
            axes = sum(k.arg in ("x", "y", "hue", "by", "column") for k in node.keywords)
            if on_target and (others or axes > 1):
                return {RELATION, VALUES} | ({TARGET} if how == "countplot" else set())
            if on_target and not many:
                return {TARGET}
            if how in ("bar", "barh", "pie", "barplot") and not columns:
                return set()
            whole = how == "hist" and not columns and not node.args and isinstance(node.func, ast.Attribute)
            return {VALUES, TARGET} if whole else {VALUES}
        if how in ("pairplot", "scatter_matrix", "PairGrid", "parallel_coordinates"):
            return {VALUES, RELATION}
        return {RELATION} if on_target or many or not self.target else {BETWEEN}


_PROFILERS = words("ydata_profiling pandas_profiling sweetviz autoviz dtale skimpy klib dataprep skim")
