"""All results of a notebook together: what is computed and what is shown."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass

from nbalign.evidence.facts.metrics.measured_rows import On
from nbalign.evidence.facts.metrics.measures import Measure, has_cross_validation, has_other_scores, measures
from nbalign.evidence.facts.metrics.metric_calls import function_metric, written_name
from nbalign.evidence.facts.metrics.metric_hand import hand_made
from nbalign.evidence.facts.metrics.shown_numbers import Shown, texts
from nbalign.evidence.facts.reading.failing import failing_line
from nbalign.evidence.flow.model_events import Fit
from nbalign.evidence.source import Source

_CLASSIFIER = re.compile(r"Classifier$|^(?:LogisticRegression(?:CV)?|SVC|LinearSVC|NuSVC|\w*NB)$")
_TRANSFORMING = re.compile(
    r"scaler|encoder|imputer|transformer|vectori[sz]er|pca|prep\w*|selector|enc|imp|sc|le|ohe|poly|"
    r"binner|tfidf|tokenizer|lb|mms",
    re.IGNORECASE,
)
_DRAWN = frozenset({"ConfusionMatrixDisplay", "plot_confusion_matrix", "RocCurveDisplay", "plot_roc_curve"})


@dataclass(frozen=True, slots=True)
class Results:
    """What a notebook computes and shows of its models' quality.

    Attributes:
        measures: Metrics that ran and are not merely logged.
        logged: Metrics that ran and go nowhere but into a log of experiments, while others are shown.
        shown: Numbers that outputs show under the name of a metric.
        failed: Cells in which a metric, or a plot of one, raised an error and nothing of it was shown.
        fitted: Cells in which a model is fitted.
        cross_validated: Whether anything is cross-validated.
        other: Whether a library's own leaderboard or report stands for metrics.
        speaking: Cells whose outputs show a number.
        supervised: Whether any model is fitted to a target; True when that cannot be told.
        classifier: Whether every model that is fitted is plainly a classifier.
        by_hand: Metrics that the code works out itself, with the cell.
    """

    measures: tuple[Measure, ...]
    logged: tuple[Measure, ...]
    shown: tuple[Shown, ...]
    failed: frozenset[int]
    fitted: frozenset[int]
    cross_validated: bool
    other: bool
    speaking: frozenset[int]
    supervised: bool
    classifier: bool
    by_hand: dict[str, int]

    @property
    def any(self) -> bool:
        """Whether there is any result at all."""
        return bool(
            self.measures or self.other or self.cross_validated or (self._named and self.fitted and self.supervised)
        )

    @property
    def _named(self) -> tuple[Shown, ...]:
        return tuple(s for s in self.shown if s.metric not in ("support", "error"))

    def on(self, rows: On) -> tuple[Measure, ...]:
        """Measures on some kind of rows."""
        return tuple(m for m in self.measures if m.on == rows)

    def shown_on(self, rows: str) -> tuple[Shown, ...]:
        """Numbers whose words say on which rows they were measured."""
        return tuple(s for s in self._named if s.rows == rows)

    @property
    def in_sample(self) -> tuple[Measure, ...]:
        """Measures of models on rows they were fitted on, wholly or in part."""
        return tuple(m for m in self.measures if m.on in ("train", "fitted", "all") and not m.baseline)

    @property
    def unknown(self) -> tuple[Measure, ...]:
        """Measures on rows that cannot be told; those on a part of all rows count only where no line also takes all."""
        whole = {(m.defined, m.line_there) for m in self.on("all")}
        part = [m for m in self.on("part") if (m.defined, m.line_there) not in whole]
        return (*self.on(""), *part)

    def names(self, which: Iterable[Measure]) -> frozenset[str]:
        """Names of the metrics, a model's own score under the name of what it is."""
        found = set()
        for one in which:
            name = one.name
            if name == "score":
                name = (
                    "accuracy"
                    if self.classifier
                    else "r2"
                    if one.model and one.model.name.endswith("Regressor")
                    else name
                )
            found.add("own" if name.endswith(" of errors") else name)
        written = {s.metric for s in self._named}
        if "mse" in found and "rmse" in written:
            found = found - {"mse"} | {"rmse"}
        return frozenset(found - {"own"} or found)

    @property
    def all_names(self) -> frozenset[str]:
        """Names of all metrics that say how good the model is, on whichever rows; a root and its square are one."""
        names = set(self.names(m for m in self.measures if m.on != "train"))
        if not self.measures:
            names |= {s.metric for s in self._named if s.rows != "train"}
        elif not names - {"confusion", "score"}:
            names |= {s.metric for s in self._named if s.rows not in ("train", "cv")}
        seen = {s.metric for s in self._named if s.rows not in ("train", "cv")}
        names |= {name for name in self.by_hand if name in seen or not self._named}
        if "rmse" in names:
            names.discard("mse")
        if len(names) > 1:
            names -= {"score", "own"}
        return frozenset(names - {"confusion"})

    @property
    def cells(self) -> frozenset[int]:
        """Cells of the held-out numbers, else of all."""
        held = self.on("held out") or self.measures
        return frozenset(m.cell for m in held) or frozenset(s.cell for s in self._named)

    @property
    def first(self) -> int:
        """The first cell with a number that is not from cross-validation; any number where there is none."""
        held = [m.cell for m in self.on("held out")]
        final = held or [s.cell for s in self._named if s.rows != "cv"] + [m.cell for m in self.measures]
        return min(final or [s.cell for s in self._named] or [1])

    @property
    def last(self) -> int:
        """The last cell with a number."""
        return max([s.cell for s in self._named] + [m.cell for m in self.measures] or [1])

    @property
    def baselines(self) -> frozenset[int]:
        """Cells in which a baseline is measured by the same metric as something that is none."""
        models = {m.name for m in self.measures if not m.baseline}
        return frozenset(m.cell for m in self.measures if m.baseline and m.on != "train" and m.name in models)

    @property
    def baseline_apart(self) -> bool:
        """Whether a baseline is measured by a line of its own whose cell shows a number."""
        others = {(m.defined, m.line_there) for m in self.measures if not m.baseline}
        own = {m.cell for m in self.measures if m.baseline and (m.defined, m.line_there) not in others}
        return bool(own & self.baselines & self.speaking)

    @property
    def unsupervised(self) -> bool:
        """Whether all there is are scores of clusters, which have neither a truth nor a baseline."""
        return bool(self.measures) and self.all_names <= {"silhouette", "clusters"}


def read_results(source: Source, shown: tuple[Shown, ...]) -> Results:
    """Puts together what is computed and what is shown."""
    stops = {cell.number: line for cell in source.code.cells if (line := failing_line(cell)) is not None}
    all_measures = measures(source)
    failed = _failed_cells(source, stops)
    ran = [m for m in all_measures if not (m.line and m.line >= stops.get(m.cell, 1 << 30))]
    logged = _logged(source)
    shown_ones = tuple(m for m in ran if (m.defined, m.line_there) not in logged)
    fits = [f for f in source.trace.of(Fit) if f.estimator.model is not None]
    names = {f.estimator.model.name for f in fits if f.estimator.model is not None}
    return Results(
        measures=shown_ones or tuple(ran),
        logged=tuple(m for m in ran if m not in shown_ones) if shown_ones else (),
        shown=shown,
        failed=failed,
        fitted=frozenset(f.at.cell for f in fits) or _fit_calls(source),
        cross_validated=has_cross_validation(source),
        other=has_other_scores(source),
        speaking=frozenset(c.number for c in source.notebook.cells if any(re.search(r"\d", t) for t in texts(c))),
        supervised=not fits or any(f.has_target for f in fits),
        classifier=bool(names) and all(_CLASSIFIER.search(name) for name in names),
        by_hand=hand_made(source),
    )


def _fit_calls(source: Source) -> frozenset[int]:
    """Cells that call `fit` on something that is not plainly a transformer."""
    found = set()
    for call in source.code.calls:
        if call.last in ("fit", "fit_predict") and isinstance(call.node.func, ast.Attribute):
            base = call.node.func.value
            name = source.code.dotted(base.func if isinstance(base, ast.Call) else base).rpartition(".")[2]
            if name and not _TRANSFORMING.search(name) and len(call.node.args) >= 2:
                found.add(call.cell)
    return frozenset(found)


def _failed_cells(source: Source, stops: dict[int, int]) -> frozenset[int]:
    """Cells that stop at or before the only call of a metric in them."""
    found = set()
    logged = _logged(source)
    for call in source.code.calls:
        stop = stops.get(call.cell)
        drawn = any(part in _DRAWN for part in written_name(call).split("."))
        if (call.cell, call.line) in logged:
            continue
        if stop is not None and call.line >= stop and (drawn or function_metric(call)):
            found.add(call.cell)
    return frozenset(found)


def _logged(source: Source) -> frozenset[tuple[int, int]]:
    """(cell, line) of metrics whose value goes nowhere but into a log of experiments."""
    found = set()
    for call in source.code.calls:
        if call.last in ("log_metric", "log_metrics", "log"):
            for argument in (*call.node.args, *(key.value for key in call.node.keywords)):
                for node in ast.walk(argument):
                    if isinstance(node, ast.Call):
                        found |= {(call.cell, node.lineno), (call.cell, call.line)}
    return frozenset(found)
