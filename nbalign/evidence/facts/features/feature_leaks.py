"""Faults of features: learned from test rows, made of the target, looking ahead, or mere row numbers."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from nbalign.evidence.facts.features.feature_ids import numbers_rows, repeated
from nbalign.evidence.facts.features.feature_target import given_away, made_of_target
from nbalign.evidence.facts.features.feature_used import Used
from nbalign.evidence.facts.reading.leaks import leaks, where_tested
from nbalign.evidence.facts.reading.naming import quoted
from nbalign.evidence.facts.reading.places import cells_of, makers
from nbalign.evidence.flow.data_events import Assign, Split, Window
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.known import SELECTORS
from nbalign.evidence.flow.learned import Learned
from nbalign.evidence.flow.model_events import Fit, Transform
from nbalign.evidence.flow.rows import TESTED, Rows
from nbalign.evidence.flow.trace import Trace
from nbalign.evidence.model import Fact, Kind
from nbalign.evidence.source import Source

_D = "feature_engineering"
SCALED = Kind("scaled_before_split", _D, "fault", -1.6, "A scaler was fitted on rows that are tested on later.")
SELECTED = Kind("selected_before_split", _D, "fault", -1.8, "Features were selected on rows that are tested on later.")
PROJECTED = Kind(
    "projected_before_split", _D, "fault", -1.7, "A projection was learned on rows that are tested on later."
)
VECTORISED = Kind("vectorised_before_split", _D, "fault", -1.4, "Text weights were learned on rows that are tested on.")
CLUSTERED = Kind(
    "clustered_before_split", _D, "fault", -1.4, "Clusters learned on rows that are tested on are features."
)
TARGET_MEANS = Kind("target_means_of_all_rows", _D, "fault", -1.9, "A feature averages the target over all rows.")
ENCODED = Kind(
    "encoded_on_all_rows", _D, "neutral", 0.0, "Categories were encoded on all rows, which gives little away."
)
STATISTIC = Kind("statistic_of_all_rows", _D, "gap", -0.15, "A statistic of other columns was taken over all rows.")
OF_TARGET = Kind("feature_made_of_target", _D, "fault", -1.9, "A feature is computed from the target of its own row.")
TARGET_OF = Kind("target_made_of_feature", _D, "fault", -1.8, "The target is computed from columns that stay features.")
GIVES_AWAY = Kind("feature_gives_target_away", _D, "fault", -1.7, "A feature known only with the target is kept.")
AHEAD = Kind("window_looks_ahead", _D, "fault", -1.8, "A lag or window takes values from later rows.")
PRESENT = Kind("window_includes_present", _D, "fault", -1.8, "A window over the target includes the row's own value.")
IDENTIFIER = Kind(
    "identifier_as_feature", _D, "fault", -1.5, "A column that only numbers or names the rows is a feature."
)
REFITTED = Kind("refitted_on_test", _D, "gap", -0.5, "A transformer is fitted again on the test rows.")
KINDS = (
    SCALED, SELECTED, PROJECTED, VECTORISED, CLUSTERED, TARGET_MEANS, ENCODED, STATISTIC, OF_TARGET, TARGET_OF,
    GIVES_AWAY, AHEAD, PRESENT, IDENTIFIER, REFITTED,
)  # fmt: skip
_KIND_OF = {"scale": SCALED, "select": SELECTED, "decompose": PROJECTED, "vectorize": VECTORISED, "cluster": CLUSTERED,
            "target encode": TARGET_MEANS, "encode": ENCODED}  # fmt: skip
_COUNTS = ("CountVectorizer", "HashingVectorizer", "Tokenizer")


def facts(source: Source, used: Used) -> Iterator[Fact]:
    """Facts about features that leak."""
    yield from _learned(source.trace, used)
    yield from _selected(source)
    yield from _windows(source, used)
    yield from _identifiers(source, used)
    yield from _refitted(source.trace)
    if made := made_of_target(source, used):
        cells = [cell for _, cell in made]
        names, target = quoted(name for name, _ in made), quoted([used.label or used.target])
        yield OF_TARGET.fact(f"{names} computed from the target {target} of the same row", cells)
    for feature, cell, how in given_away(source, used):
        if how == "target":
            yield TARGET_OF.fact(f"the target is computed from {feature[:24]!r}, which stays a feature", [cell])
        else:
            text = f"{feature[:24]!r} stays a feature: by its name known only with the target, and {how}"
            yield GIVES_AWAY.fact(text, [cell])


def _learned(trace: Trace, used: Used) -> Iterator[Fact]:
    """What was learned from all rows and reaches rows that are tested on."""
    stated: set[tuple[str, str]] = set()
    found = list(leaks(trace).values())
    yield from _by_hand(found, used)
    for learned, event in found:
        kind = _KIND_OF.get(learned.what)
        where = where_tested(event)
        if learned.what == "statistic":
            if learned.how.startswith("group") and (learned.uses_target or used.target in learned.columns):
                kind = TARGET_MEANS
            elif learned.how.startswith("group"):
                kind = STATISTIC
        if learned.how in _COUNTS:
            kind = ENCODED
        if kind is None or (kind.name, learned.how) in stated:
            continue
        stated.add((kind.name, learned.how))
        cells = cells_of(learned.at, event.at, *makers(trace, learned))
        if kind is TARGET_MEANS:
            name = _made(trace, learned) or learned.how
            yield kind.fact(f"{name} averages the target over all rows, {where}", cells)
        elif kind is STATISTIC:
            yield kind.fact(
                f"{learned.how} of {quoted(learned.columns, 2) or 'a column'} over all rows, {where}", cells
            )
        else:
            of = " with the target" if learned.uses_target else ""
            yield kind.fact(f"{learned.how} fitted on all rows{of}, {where}", cells)


def _by_hand(found: Sequence[tuple[Learned, Event]], used: Used) -> Iterator[Fact]:
    """Scaling written out, by the mean and the spread, or the lowest and highest value, of all rows."""
    how: dict[tuple[int, Rows], dict[str, tuple[Learned, Event]]] = {}
    for learned, event in found:
        if learned.what == "statistic" and used.target not in learned.columns:
            how.setdefault((learned.at.cell, learned.rows), {})[learned.how.removeprefix("nan")] = learned, event
    for events in how.values():
        for pair in (("mean", "std"), ("min", "max"), ("describe",)):
            if all(name in events for name in pair):
                learned, event = events[pair[0]]
                names = " and ".join(pair)
                text = f"scaled by {names} of all rows, {where_tested(event)}"
                yield SCALED.fact(text, cells_of(learned.at, event.at))
                return


def _made(trace: Trace, learned: Learned) -> str:
    """The column that something learned went into, quoted."""
    return next((quoted([a.column]) for a in trace.of(Assign) if a.column and learned in a.learned), "")


def _selected(source: Source) -> Iterator[Fact]:
    """Selectors fitted on all rows, whose choice (not only their scores) is used, where the split comes later."""
    trace = source.trace
    told = {learned.how for learned, _ in leaks(trace).values() if learned.what == "select"}
    chosen = any(c.last in ("get_support", "get_feature_names_out") for c in source.code.calls) or any(
        "support_" in c.cell.source or "selected_features_" in c.cell.source for c in source.code.cells
    )
    applied = {t.estimator.id for t in trace.of(Transform)}
    splits = [(s.at.cell, s.at.line, s) for s in trace.of(Split)]
    for fit in trace.of(Fit):
        name = fit.estimator.name
        if name not in SELECTORS or name in told or not fit.has_target or not (chosen or fit.estimator.id in applied):
            continue
        if trace.tree.role(fit.rows) != "all":
            continue
        for cell, line, split in splits:
            later = (cell, line) >= (fit.at.cell, fit.at.line)
            if later and trace.tree.includes(fit.rows, split.test):
                yield SELECTED.fact(f"{name} fitted on all rows with the target, before the split in [{cell}]",
                                    cells_of(fit.estimator.at, fit.at, split.at))  # fmt: skip
                return


def _windows(source: Source, used: Used) -> Iterator[Fact]:
    """Lags and windows that look ahead or, over the target, at the present."""
    trace = source.trace
    # Where the target itself is a shift into the future, today's value of its column is known when predicting.
    ahead = any(w.how in ("shift", "lead") and (w.amount or 0) < 0 for w in trace.of(Window))
    ahead_of: dict[str, tuple[Window, str]] = {}
    present: dict[str, tuple[Window, str]] = {}
    for window, assign in windows_of_features(source):
        if not _reaches(assign.column, used):
            continue
        name = assign.column
        mixed = not window.column and used.target in assign.sources and assign.how == "transform"
        if window.centered:
            ahead_of.setdefault(name, (window, "a centred window"))
        elif window.how == "shift" and (window.amount or 0) < 0 and assign.column:
            ahead_of.setdefault(name, (window, f"shift({window.amount:g})"))
        elif window.past_only or ahead or window.how not in _OVER or not assign.column:
            continue
        elif window.of_target or mixed:
            present.setdefault(name, (window, window.how))
    if ahead_of:
        how = next(iter(ahead_of.values()))[1]
        cells = cells_of(*(w.at for w, _ in ahead_of.values()))
        yield AHEAD.fact(f"{_named(ahead_of)}: {how} takes values from later rows", cells)
    if present:
        how = next(iter(present.values()))[1]
        cells = cells_of(*(w.at for w, _ in present.values()))
        yield PRESENT.fact(f"{_named(present)}: {how} over the target includes the row's own value", cells)


def _named(columns: Iterable[str]) -> str:
    """Columns for a sentence; those whose names are put together in a loop have none that could be quoted."""
    known = [c for c in columns if c]
    return quoted(known) if known else "features named in a loop or by a pattern"


def windows_of_features(source: Source) -> Iterator[tuple[Window, Assign]]:
    """Windows with the column that each goes into, where a model is fitted later."""
    extents = _extents(source)
    events = source.trace.events
    last = max((i for i, e in enumerate(events) if isinstance(e, Fit) and e.estimator.model is not None), default=-1)
    open_ones: list[Window] = []
    for event in events[: last + 1]:
        if isinstance(event, Window):
            open_ones.append(event)
        elif isinstance(event, Assign):
            text = event.at.defined or event.at.cell
            start, end = extents.get((text, event.at.line), (event.at.line, event.at.line))
            for window in open_ones:
                if window.at.cell == event.at.cell and start <= window.at.line <= end:
                    yield window, event
            open_ones = [w for w in open_ones if w.at.cell == event.at.cell and w.at.line > end]


def _extents(source: Source) -> dict[tuple[int, int], tuple[int, int]]:
    """(cell, line) -> first and last line of the simple statement that the line belongs to."""
    found: dict[tuple[int, int], tuple[int, int]] = {}
    for cell in source.code.cells:
        for node in cell.nodes:
            if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign | ast.Expr | ast.Return):
                end = node.end_lineno or node.lineno
                for line in range(node.lineno, end + 1):
                    found[cell.number, line] = (node.lineno, end)
    return found


_OVER = ("rolling", "expanding", "ewm", "diff", "pct_change", "cumsum")


def _reaches(column: str, used: Used) -> bool:
    """Whether a column that was made reaches a model."""
    if not column:
        return used.known and (used.open or not used.names or bool(used.reach - used.names))
    return column in used.names and column != used.target


def _identifiers(source: Source, used: Used) -> Iterator[Fact]:
    trace, again = source.trace, repeated(source)
    found = [n for n in used.names if numbers_rows(n, again) and n not in used.wide and n not in used.excluded]
    if used.open:
        left = (n for n in used.shown if n not in used.excluded and n not in used.without and n not in used.wide)
        found += [n for n in left if numbers_rows(n, again)]
    found = sorted({n for n in found if n != used.target})
    if found:
        cell = next((f.at.cell for f in trace.of(Fit) if found[0] in (*f.columns, *f.added)), used.first)
        text = "only numbers the rows and goes" if len(found) == 1 else "only number the rows and go"
        yield IDENTIFIER.fact(f"{quoted(found)} {text} into the model", [cell] if cell < 10**9 else [])


def _refitted(trace: Trace) -> Iterator[Fact]:
    """Transformers that are fitted a second time, on test rows."""
    for fit in trace.of(Fit):
        if fit.estimator.role == "transformer" and fit.rows and trace.tree.role(fit.rows) in TESTED:
            name = fit.estimator.name
            if any(f.estimator.name == name and trace.tree.role(f.rows) not in TESTED for f in trace.of(Fit)):
                yield REFITTED.fact(f"{name} is fitted again on the test rows", cells_of(fit.estimator.at, fit.at))
                return
