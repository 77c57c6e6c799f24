"""What the reading says of models: fits that learn a target, splits, measures, time. Two dimensions share it."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from functools import cached_property

from nbalign.evidence.code import Code
from nbalign.evidence.facts.models.models_named import (
    UNSUPERVISED,
    is_baseline,
    is_classifier,
    never_answering,
    predictor,
)
from nbalign.evidence.flow.data_events import Assign, Split, Window
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.known import SPLITTERS
from nbalign.evidence.flow.model_events import CrossValidate, Fit, Metric, Predict
from nbalign.evidence.flow.rows import Rows
from nbalign.evidence.flow.trace import Trace
from nbalign.evidence.source import Source

_TIME_COLUMN = re.compile(
    r"^(?:date|datetime|date_time|timestamp|ts|ds|time|day|week|month|year|datum|periode?|zeit|hour|"
    r"(?:order|sales?|sale|txn|transaction|event|obs|observation|invoice|trade|reading)_?(?:date|time|ts|timestamp))$",
    re.IGNORECASE,
)
_LAG_NAME = re.compile(r"(?:^|_)lag_?\d*(?:_|$|\{)|^prev(?:ious)?_|_prev$|^lag", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Models:
    """What a notebook does with models.

    Attributes:
        source: The notebook as it was read.
    """

    source: Source

    @property
    def trace(self) -> Trace:
        """The data-flow reading."""
        return self.source.trace

    @property
    def code(self) -> Code:
        """The code as trees."""
        return self.source.code

    def role(self, rows: Rows) -> str:
        """What rows are for; see `RowTree.role`."""
        return self.trace.tree.role(rows)

    def tested(self, rows: Rows) -> bool:
        """Whether rows are kept for the end: test rows, not a validation part or a fold."""
        role = self.role(rows)
        return role == "test" or (role == "fold test" and not self.folds)

    @cached_property
    def fits(self) -> tuple[Fit, ...]:
        """Fits of models that learn a target, in order; baselines among them."""
        found = []
        for fit in self.trace.of(Fit):
            model = predictor(fit.estimator)
            if model is None or model.name in UNSUPERVISED:
                continue
            found.append(fit)
        return tuple(found)

    @cached_property
    def real(self) -> tuple[Fit, ...]:
        """The same without baselines."""
        return tuple(fit for fit in self.fits if not is_baseline(fit.estimator))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Class names of the models that are fitted or cross-validated, without baselines, in order."""
        idle = never_answering(self.trace)
        notes = [fit.estimator for fit in self.real if fit.estimator.id not in idle]
        notes += [c.estimator for c in self.trace.of(CrossValidate) if c.estimator and not is_baseline(c.estimator)]
        found: dict[str, None] = {}
        for note in notes:
            model = predictor(note)
            if model is not None and model.name not in UNSUPERVISED:
                found[model.name if model.role != "search" else note.variable or note.name] = None
        return tuple(found)

    @cached_property
    def crossed(self) -> tuple[CrossValidate, ...]:
        """Cross-validations by a function."""
        return self.trace.of(CrossValidate)

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """Splits that part rows once, in order; folds left out."""
        return tuple(s for s in self.trace.of(Split) if s.test and (s.how not in SPLITTERS or self._once(s)))

    def _once(self, split: Split) -> bool:
        """Whether a splitter is used for one split, by `next(splitter.split(…))`."""
        taken = self.role(split.train) == "train" and self.role(split.test) in ("test", "validation")
        return taken or (split.how.endswith("ShuffleSplit") and not split.at.loop)

    @cached_property
    def folds(self) -> tuple[Split, ...]:
        """Splits into folds."""
        return tuple(s for s in self.trace.of(Split) if s.how in SPLITTERS and not self._once(s))

    @cached_property
    def first_split(self) -> Split | None:
        """The split that makes the rows for the end."""
        parted = [s for s in self.splits if self.tested(s.test)]
        return parted[0] if parted else (self.splits[0] if self.splits else None)

    @cached_property
    def position(self) -> dict[int, int]:
        """`id` of an event -> its place among all events."""
        return {id(event): index for index, event in enumerate(self.trace.events)}

    @cached_property
    def made_by(self) -> dict[int, Fit]:
        """`id` of a metric or prediction -> the fit that made its model, where that is known."""
        last: dict[int, Fit] = {}
        found: dict[int, Fit] = {}
        for event in self.trace.events:
            if isinstance(event, Fit):
                last.update((part.id, event) for part in event.estimator.parts())
            elif isinstance(event, Metric | Predict):
                note = event.model if isinstance(event, Metric) else event.estimator
                fit = next((last[p.id] for p in (note.parts() if note else ()) if p.id in last), None)
                if fit is not None:
                    found[id(event)] = fit
        return found

    @cached_property
    def measured(self) -> tuple[Metric, ...]:
        """Metrics on rows kept for the end."""
        return tuple(m for m in self.trace.of(Metric) if self.tested(m.rows))

    @cached_property
    def classifies(self) -> bool:
        """Whether a model that predicts classes is fitted."""
        return any(is_classifier(fit.estimator) for fit in self.fits) or any(
            is_classifier(c.estimator) for c in self.trace.of(CrossValidate)
        )

    @cached_property
    def time_columns(self) -> tuple[str, ...]:
        """Columns that say when a row happened and that the code treats as times, in order."""
        found: dict[str, None] = {}
        for call in self.code.calls:
            given: list[ast.expr] = []
            if call.last in ("to_datetime", "sort_values", "set_index", "date_range", "to_timestamp", "sort"):
                given = [*call.node.args, *(k.value for k in call.node.keywords if k.arg in ("by", "keys"))]
            elif call.last.startswith("read_"):
                given = [k.value for k in call.node.keywords if k.arg in ("parse_dates", "index_col")]
            for expression in given:
                for node in ast.walk(expression):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        if _TIME_COLUMN.match(node.value):
                            found[node.value] = None
                    elif isinstance(node, ast.Attribute) and _TIME_COLUMN.match(node.attr):
                        found[node.attr] = None
        return tuple(found)

    @cached_property
    def lagged_target(self) -> bool:
        """Whether earlier values of the target are features."""
        if any(w.of_target and w.how in ("shift", "rolling", "ewm", "diff") for w in self.trace.of(Window)):
            return True
        return any(_LAG_NAME.search(a.column) and a.how != "map" for a in self.trace.of(Assign))

    def series(self, forecast: bool) -> bool:
        """Whether the rows are surely a series in time.

        Args:
            forecast: Whether the prompt speaks of a forecast.
        """
        timed = bool(self.time_columns) or any(_TIME_COLUMN.match(c) for c in self.trace.columns)
        return timed and (forecast or self.lagged_target)

    @cached_property
    def called(self) -> frozenset[str]:
        """Last parts of the names of all calls."""
        return frozenset(call.last for call in self.code.calls)

    @cached_property
    def stored(self) -> frozenset[str]:
        """Names that the code binds, arguments of its own functions too."""
        found = set()
        for cell in self.code.cells:
            for node in cell.nodes:
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    found.add(node.id)
                elif isinstance(node, ast.arg):
                    found.add(node.arg)
        return frozenset(found)

    @cached_property
    def _broken(self) -> frozenset[int]:
        """Cells that failed in the saved outputs."""
        return frozenset(c.number for c in self.code.cells if any(o.kind == "error" for o in c.cell.outputs))

    @cached_property
    def _used_later(self) -> frozenset[int]:
        """`id` of the fits whose models a cell uses that did not fail."""
        uses = [e for e in self.trace.events if isinstance(e, Metric | Predict) and id(e) in self.made_by]
        return frozenset(
            id(self.made_by[id(e)])
            for e in uses
            if e.at.cell > self.made_by[id(e)].at.cell and e.at.cell not in self._broken
        )

    @cached_property
    def measured_until(self) -> dict[Rows, int]:
        """Rows that are measured on -> place of the last metric on them; mere sums of errors left out."""
        metrics = (m for m in self.trace.of(Metric) if m.rows and m.name != "sum of errors")
        return {m.rows: self.position[id(m)] for m in metrics}

    def ran(self, event: Event) -> bool:
        """Whether the saved outputs do not speak against it: its cell did not fail, or failed only later."""
        if event.at.cell not in self._broken:
            return True
        cell = next(c.cell for c in self.code.cells if c.number == event.at.cell)
        error = next(o for o in cell.outputs if o.kind == "error")
        found = re.search(r"-+>\s*(\d+)\b", error.text[:20_000])
        return found is not None and event.at.defined in (0, event.at.cell) and event.at.line < int(found.group(1))

    def failed(self, fit: Fit) -> bool:
        """Whether the cell of a fit failed in the saved outputs before the fit was done."""
        if fit.at.cell not in self._broken or id(fit) in self._used_later:
            return False
        cell = next((c.cell for c in self.code.cells if c.number == fit.at.cell), None)
        error = next((o for o in cell.outputs if o.kind == "error"), None) if cell else None
        if error is None:
            return False
        if found := re.search(r"-+>\s*(\d+)\b", error.text[:20_000]):
            return int(found.group(1)) < fit.at.line + (not fit.at.within)
        return cell is not None and cell.source.count("\n") < 3
