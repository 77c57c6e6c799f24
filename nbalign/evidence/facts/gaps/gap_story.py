"""Everything about missing values in one notebook, gathered once for the modules that state facts about it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nbalign.evidence.facts.gaps import gap_values
from nbalign.evidence.facts.gaps.gap_values import Found
from nbalign.evidence.facts.gaps.gaps_shown import Asked, Check, asked, checks
from nbalign.evidence.flow.data_events import Assign, DropRows, Fill, Replace, Split, Window
from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.event import Event, Place
from nbalign.evidence.flow.known import FILLERS
from nbalign.evidence.flow.model_events import CrossValidate, Fit
from nbalign.evidence.flow.rows import Rows
from nbalign.evidence.flow.trace import Trace
from nbalign.evidence.source import Source

_NAN_ERROR = re.compile(
    r"(?:contains? NaN|contains? missing values|NaNs? (?:or infs? )?in (?:input|exog|endog|data))", re.I
)
_MADE = re.compile(r"^(?:shift|rolling|diff|pct_change|expanding|ewm)$")


@dataclass(frozen=True, slots=True)
class Imputer:
    """An imputer inside a pipeline that is fitted with its model.

    Attributes:
        note: The imputer.
        rows: Rows that the pipeline was fitted on.
        at: Where the pipeline was fitted.
    """

    note: EstimatorNote
    rows: Rows
    at: Place


@dataclass(frozen=True, slots=True)
class Story:
    """What a notebook shows and does about missing values.

    Attributes:
        source: The notebook.
        checks: Looks whose outcome was saved.
        asked: Looks in the code.
        fills: Fills outside pipelines.
        drops: Rows dropped for missing values.
        imputers: Imputers inside pipelines.
        windows: Lags and rolling windows, which leave gaps at the beginning of a series.
        made: Those of them that make columns for a model, as far as that is known.
        first: (cell, line) of the first change to missing values; beyond the end when there is none.
        errors: (cell, message) of steps that failed on missing values.
        blanked: Places where values were turned into missing ones for being extreme.
        zeros: Places where zeros were turned into missing ones.
        placeholders: Placeholders that were recognised.
        target: Name of the target column; empty when not known.
        words: Markdown and comments, in lower case: (cell, text).
        order: id of an event -> its place among all events.
    """

    source: Source
    checks: tuple[Check, ...]
    asked: tuple[Asked, ...]
    fills: tuple[Fill, ...]
    drops: tuple[DropRows, ...]
    imputers: tuple[Imputer, ...]
    windows: tuple[Window, ...]
    made: tuple[Window, ...]
    first: tuple[int, int]
    errors: tuple[tuple[int, str], ...]
    blanked: tuple[Found, ...]
    zeros: tuple[Found, ...]
    placeholders: tuple[Found, ...]
    target: str
    words: tuple[tuple[int, str], ...] = field(default=())
    order: dict[int, int] = field(default_factory=dict)

    @property
    def before(self) -> tuple[Check, ...]:
        """The looks at the data as it came: in cells before the first change, or in its cell when nothing else is."""
        early = tuple(c for c in self.checks if c.cell < self.first[0])
        return early or tuple(c for c in self.checks if c.cell == self.first[0] and (c.found or self.first[1] > 3))

    @property
    def gaps(self) -> dict[str, float]:
        """Column -> missing values (below 1: share) as shown before anything was filled or dropped."""
        found: dict[str, float] = {}
        for check in self.before:
            for column, number in check.found.items():
                found.setdefault(column, number)
        return found

    @property
    def complete(self) -> tuple[int, ...]:
        """Cells whose outputs show that the data came without any missing value; empty when they do not show it."""
        looks = self.before
        if any(c.total > 0 for c in looks if c.found or c.whole):
            return ()
        whole = tuple(c.cell for c in looks if c.total == 0 and c.whole)
        return whole or tuple(c.cell for c in looks if c.total == 0)

    @property
    def makes_gaps(self) -> bool:
        """Whether the notebook makes missing values of its own, by lags, windows or blanking."""
        return bool(self.made or self.blanked or self.zeros)

    def before_in_order(self, first: Event, second: Event) -> bool:
        """Whether one event comes before another; lines cannot tell where functions of other cells run."""
        return self.order.get(id(first), -1) <= self.order.get(id(second), -1)

    def in_order(self) -> bool:
        """Whether the rows are a series: split by time, or shifted into the past."""
        splits = self.source.trace.of(Split)
        lagged = any(w.how in ("shift", "diff") for w in self.windows)
        if any(s.by_time or s.how == "TimeSeriesSplit" for s in splits):
            return True
        return lagged and not any(s.shuffled for s in splits)


def story_of(source: Source) -> Story:
    """Gathers what a notebook shows and does about missing values."""
    trace = source.trace
    fills = trace.of(Fill)
    drops = tuple(d for d in trace.of(DropRows) if d.how in ("dropna", "notna", "na.drop") and _reaches(trace, d))
    # A window of which no column is made that a model sees is only looked at, in a plot of averages for instance.
    makers: dict[tuple[int, int], set[str]] = {}
    for assign in trace.of(Assign):
        makers.setdefault((assign.at.cell, assign.at.line), set()).add(assign.column)
    reaching = {"", *(c for f in trace.of(Fit) for c in (*f.added, *f.columns))}
    imputers = []
    for event in trace.of(Fit):
        for part in event.estimator.parts():
            if part.name in FILLERS and part is not event.estimator:
                imputers.append(Imputer(part, event.rows, event.at))
    for check in trace.of(CrossValidate):
        for part in check.estimator.parts() if check.estimator else ():
            if part.name in FILLERS:
                imputers.append(Imputer(part, check.rows, check.at))
    inside = {i.note.at for i in imputers}
    changes = [(e.at.cell, e.at.line) for e in (*fills, *drops, *trace.of(Replace))]
    changes += [(i.at.cell, i.at.line) for i in imputers]
    blanked, zeros = gap_values.blanked(source), gap_values.zeros_to_nan(source)
    changes += [(b.cell, 0) for b in (*blanked, *zeros)]
    windows = tuple(w for w in trace.of(Window) if _MADE.match(w.how))
    made = (
        tuple(w for w in windows if makers.get((w.at.cell, w.at.line), set()) & reaching)
        if len(reaching) > 1
        else windows
    )
    changes += [(w.at.cell, w.at.line) for w in made]
    return Story(
        source,
        tuple(checks(source)),
        tuple(asked(source)),
        tuple(f for f in fills if f.at not in inside),
        drops,
        tuple(imputers),
        windows,
        made,
        min(changes, default=(10**9, 0)),
        tuple(_errors(source)),
        tuple(blanked),
        tuple(zeros),
        tuple(gap_values.placeholders_seen(source)),
        trace.target,
        tuple(_words(source)),
        {id(event): index for index, event in enumerate(trace.events)},
    )


def _reaches(trace: Trace, drop: DropRows) -> bool:
    """Whether the rows that are kept reach a model, as far as that is known: a selection may only be looked at."""
    trained = [f.rows for f in trace.of(Fit) if f.rows]
    return not trained or not drop.kept or any(trace.tree.includes(drop.kept, rows) for rows in trained)


def _errors(source: Source) -> list[tuple[int, str]]:
    found = []
    for cell in source.notebook.cells:
        for output in cell.outputs:
            if output.kind == "error" and (hit := _NAN_ERROR.search(output.text[-4000:])):
                found.append((cell.number, " ".join(hit.group(0).split())))
    return found


def _words(source: Source) -> list[tuple[int, str]]:
    """Markdown and comments in lower case."""
    found = []
    for cell in source.notebook.cells:
        if cell.kind == "markdown":
            found.append((cell.number, cell.source[:20_000].lower()))
        elif cell.kind == "code":
            lines = (line.partition("#")[2] for line in cell.source[:60_000].split("\n") if "#" in line)
            text = "\n".join(line.strip() for line in lines if line.strip())
            if text:
                found.append((cell.number, text.lower()))
    return found
