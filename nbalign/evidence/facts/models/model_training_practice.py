"""Good practice in model training, and what is missing of it: hold-out, validation, search, rivals, seeds."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from nbalign.evidence.facts.models.model_training_settings import naive_named, varied
from nbalign.evidence.facts.models.model_training_walk import walks_forward
from nbalign.evidence.facts.models.models_named import is_baseline, is_search, predictor
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.facts.reading.places import cells_of
from nbalign.evidence.flow.data_events import Split
from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.model_events import CrossValidate, Fit, Metric, Seed
from nbalign.evidence.model import Fact, Kind

_D = "model_training"

HELD_OUT = Kind("held_out", _D, "good", 0.15, "Rows are kept apart, no model learns from them, and they are used.")
SPLIT_FITS = Kind("split_fits_data", _D, "good", 0.1, "The split is stratified, by group, or by time for dated rows.")
CROSS_VALIDATED = Kind(
    "cross_validated", _D, "good", 0.1, "Cross-validation or a validation part of the training rows is used."
)
SEARCHED = Kind("searched_on_training", _D, "good", 0.15, "Settings are searched on training rows alone.")
RIVALS = Kind("rivals", _D, "good", 0.1, "Two or more kinds of models are trained.")
BASELINE = Kind("baseline_trained", _D, "good", 0.1, "A baseline stands next to the model.")
SEEDED = Kind("seeded", _D, "good", 0.1, "A split at random is seeded, or a seed is set for all.")
NO_SEARCH = Kind("no_search", _D, "gap", -0.2, "No search over settings is found.")
NO_VALIDATION = Kind("no_validation", _D, "gap", -0.1, "Neither cross-validation nor a validation part is found.")
NO_RIVAL = Kind("no_rival", _D, "gap", -0.15, "One kind of model only, and no baseline.")
NOT_SEEDED = Kind("not_seeded", _D, "gap", -0.2, "A split at random without a seed, and none is set before.")
SEARCHED_ON_ALL = Kind(
    "searched_on_all", _D, "gap", -0.3, "Cross-validation or search runs over rows that include the test rows."
)
ONLY_FOLDS = Kind("only_cross_validated", _D, "gap", -0.2, "Cross-validation without rows that are kept for the end.")

PRACTICE_KINDS = (
    HELD_OUT,
    SPLIT_FITS,
    CROSS_VALIDATED,
    SEARCHED,
    RIVALS,
    BASELINE,
    SEEDED,
    NO_SEARCH,
    NO_VALIDATION,
    NO_RIVAL,
    NOT_SEEDED,
    SEARCHED_ON_ALL,
    ONLY_FOLDS,
)

_SEARCH_CALLS = {"optimize", "fmin", "BayesSearchCV", "RandomSearch", "Hyperband", "BayesianOptimization", "tune_model",
                 "auto_arima", "ParameterGrid", "ParameterSampler"}  # fmt: skip


def practice(models: Models, found: list[Fact]) -> list[Fact]:
    """What is done well in training, and what is missing.

    Args:
        models: What the notebook does with models.
        found: Faults that were stated before.
    """
    return [*_hold_out(models, found), *_validation(models), *_rivals(models), *_seeds(models)]


def _hold_out(models: Models, found: list[Fact]) -> list[Fact]:
    if any(f.kind.name in ("no_hold_out", "trained_on_test_rows") for f in found):
        return []
    split = models.first_split
    if split is None:
        validated = models.trace.of(CrossValidate) or models.folds or any(is_search(f.estimator) for f in models.fits)
        if not validated or any(models.tested(p.rows) for p in models.measured):
            return []
        cells = _cells(models, (*models.trace.of(CrossValidate), *models.folds))
        return [ONLY_FOLDS.fact("cross-validation over all rows; none are kept for the end", cells)]
    tree = models.trace.tree
    used = [m for m in models.trace.of(Metric) if tree.overlap(m.rows, split.test)]
    learned = [f for f in models.real if f.rows and not tree.includes(f.rows, split.test)]
    if not learned or (not used and not models.measured):
        return []
    size = ""
    if split.test_size:
        size = f"{split.test_size:.0%} of the rows" if split.test_size < 1 else f"{split.test_size:g} rows"
    how = (
        "in order of time" if split.by_time else "by group" if split.grouped else "at random" if split.shuffled else ""
    )
    how += ", stratified by class" if split.stratified else ""
    text = f"{size or 'rows'} kept apart {how}".strip() + f" ({split.how})"
    facts_found = [HELD_OUT.fact(text, cells_of(split.at))]
    if split.stratified or split.grouped or split.by_time:
        kinds = ((split.grouped, "by group"), (split.stratified, "stratified by class"), (split.by_time, "by time"))
        why = " and ".join([name for holds, name in kinds if holds][:2])
        facts_found.append(SPLIT_FITS.fact(f"the split is made {why} ({split.how})", cells_of(split.at)))
    return facts_found


def _validation(models: Models) -> list[Fact]:
    found = []
    trace, tree = models.trace, models.trace.tree
    split = models.first_split
    searches = [f for f in models.fits if is_search(f.estimator)]
    crossed = trace.of(CrossValidate)
    folded = [f for f in models.fits if models.role(f.rows) == "fold train" and models.folds]
    valid = [m for m in trace.of(Metric) if models.role(m.rows) == "validation"]
    valid_fits = [f for f in models.fits if f.validation and models.role(f.validation) == "validation"]
    valid_fits += [f for f in models.real if f not in valid_fits and _keeps_a_share(models, f)]
    validating = (*crossed, *folded, *searches, *valid, *valid_fits)
    cells = _cells(models, validating)
    if cells:
        what = "cross-validation" if crossed or folded or searches else "a validation part"
        names = sorted(
            {c.how for c in crossed if models.ran(c)} | {f.estimator.name for f in searches if models.ran(f)}
        )
        text = f"{what} is used ({', '.join(names[:3])})" if names else f"{what} of the training rows is used"
        found.append(CROSS_VALIDATED.fact(text, cells))
    walks = walks_forward(models.code)
    by_loop = varied(models)
    tried = by_loop  # even where the loop compares them on the test rows
    by_hand = _searched_by_hand(models, by_loop)
    by_loop = by_loop and not any(models.tested(m.rows) and m.at.loop for m in models.measured)
    on_all: list[CrossValidate | Fit] = []
    if split is not None:
        on_all += [e for e in crossed if _before_holding(models, e, split)]
        on_all += [e for e in searches if _before_holding(models, e, split)]
    if on_all:
        what = "search" if any(isinstance(e, Fit) for e in on_all) else "cross-validation"
        text = f"{what} runs over rows that include the test rows of the split in [{split.at.cell if split else 0}]"
        found.append(SEARCHED_ON_ALL.fact(text, cells_of(*(e.at for e in on_all))))
    clean = [f for f in searches if models.ran(f) and f.rows and not (split and tree.includes(f.rows, split.test))]
    if clean:
        tools = ", ".join(sorted({f.estimator.name for f in clean})[:2])
        rows = "training rows" if split else "the rows"
        found.append(SEARCHED.fact(f"settings are searched on {rows} with {tools}", cells_of(*(f.at for f in clean))))
    elif by_hand:
        found.append(SEARCHED.fact("settings are tried in a loop and compared by cross-validation", by_hand))
    elif not searches and not tried and not (_SEARCH_CALLS & models.called) and models.real:
        shown = models.names[:3]
        every: tuple[Fit | CrossValidate, ...] = (*models.real, *crossed)
        trained = [e for e in every if e.estimator and _named(e.estimator) in shown]
        fixed = cells_of(*(e.at for e in trained)) or cells_of(models.real[-1].at)
        text = "no settings are searched"
        found.append(NO_SEARCH.fact(f"{text}: {', '.join(shown)}" if shown else text, fixed))
    if not validating and not walks and models.real and not by_loop and not (_SEARCH_CALLS & models.called):
        found.append(NO_VALIDATION.fact("no cross-validation or validation part", cells_of(models.real[-1].at)))
    return found


def _keeps_a_share(models: Models, fit: Fit) -> bool:
    """Whether the call of a fit sets aside a share of its rows for validation, as in Keras."""
    calls = (c.node for c in models.code.calls if (c.cell, c.line) == (fit.at.cell, fit.at.line) and c.last == "fit")
    shares = (k.value for node in calls for k in node.keywords if k.arg == "validation_split")
    return any(not isinstance(v, ast.Constant) or bool(v.value) for v in shares)


def _cells(models: Models, events: Iterable[Event]) -> list[int]:
    """Cells of what happens, those left out that failed in the saved outputs before it could."""
    return cells_of(*(event.at for event in events if models.ran(event)))


def _named(note: EstimatorNote) -> str:
    return (predictor(note) or note).name


def _before_holding(models: Models, event: CrossValidate | Fit, split: Split) -> bool:
    """Whether validation that steers a choice sees the test rows, and those rows are measured on later."""
    if isinstance(event, CrossValidate) and (event.how == "cross_val_predict" or is_baseline(event.estimator)):
        return False
    if not event.rows or not models.trace.tree.includes(event.rows, split.test):
        return False
    at = models.position[id(event)]
    return any(models.position[id(m)] > at for m in models.measured) and not any(
        models.position[id(m)] < at for m in models.measured
    )


def _searched_by_hand(models: Models, by_loop: bool) -> set[int]:
    """Cells of loops that validate one kind of model with different settings on anything but test rows."""
    seen: dict[str, set[str]] = {}
    cells: dict[str, set[int]] = {}
    for event in models.trace.of(CrossValidate):
        if event.estimator is None or not event.at.loop:
            continue
        for part in event.estimator.parts():
            if part.role == "model" and part.params:
                seen.setdefault(part.name, set()).add(repr(sorted(part.params.items(), key=lambda p: p[0]))[:300])
                cells.setdefault(part.name, set()).add(event.at.cell)
    found: set[int] = set()
    for name, settings in seen.items():
        if len(settings) > 1 or (by_loop and any("None" in s and "random_state" not in s for s in settings)):
            found |= cells[name]
    return found


def _rivals(models: Models) -> list[Fact]:
    found = []
    names = models.names
    trained: list[Fit | CrossValidate] = [
        f for f in models.real if _named(f.estimator) in names or is_search(f.estimator)
    ]
    trained += [c for c in models.crossed if not is_baseline(c.estimator)]
    cells = _cells(models, trained) or cells_of(*(e.at for e in trained))
    fitted: tuple[Fit | CrossValidate, ...] = (*models.fits, *models.crossed)
    base = [f for f in fitted if is_baseline(f.estimator)]
    naive = [m for m in models.trace.of(Metric) if m.baseline]
    if base or naive:
        model = base[0].estimator.model if base and base[0].estimator else None
        text = f"a baseline stands next to the model ({model.name if model else 'a naive rule'})"
        found.append(BASELINE.fact(text, _cells(models, (*base, *naive))))
    if len(names) > 1:
        shown = ", ".join(names[:4])
        # Loops and functions are not followed to the end: what was met there may not be all.
        sure = not any(e.at.loop or e.at.within for e in trained)
        count = f"{len(names)}" if sure else "several"
        found.append(RIVALS.fact(f"{count} kinds of models are trained: {shown}", cells))
    elif len(names) == 1 and not found and not naive_named(models):
        found.append(NO_RIVAL.fact(f"{names[0]} is the only model: no baseline and no alternative", cells))
    return found


def _seeds(models: Models) -> list[Fact]:
    seeds = models.trace.of(Seed)
    at_random = [s for s in (*models.splits, *models.folds) if s.shuffled and s.seeded is not None]
    bare = [s for s in at_random if s.seeded is False]
    if seeds:
        return [SEEDED.fact(f"a seed is set for all that follows ({seeds[0].how})", {s.at.cell for s in seeds})]
    if bare:
        text = f"no seed: {bare[0].how} gives other rows on every run"
        return [NOT_SEEDED.fact(text, {s.at.cell for s in bare})]
    seeded = [
        f for f in models.real if any(p.params.get("random_state", ...) not in (..., None) for p in f.estimator.parts())
    ]
    if at_random:
        return [SEEDED.fact(f"the split is seeded ({at_random[0].how})", {s.at.cell for s in at_random})]
    if seeded:
        return [SEEDED.fact("the model is seeded (random_state)", {f.at.cell for f in seeded})]
    folds = [
        c for c in models.code.calls if c.last.endswith(("Fold", "ShuffleSplit")) and c.argument(-1, "random_state")
    ]
    if folds:
        return [SEEDED.fact(f"the folds are seeded ({folds[0].last})", {c.cell for c in folds})]
    return []
