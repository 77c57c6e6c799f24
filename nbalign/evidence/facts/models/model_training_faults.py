"""Faults of model training: each is stated only where the reading is sure of it."""

from __future__ import annotations

import re

from nbalign.evidence.facts.metrics.metric_hand import measured_otherwise
from nbalign.evidence.facts.models.model_prompt import Asked
from nbalign.evidence.facts.models.model_training_choice import CHOSEN_ON_TEST, chosen_on_test
from nbalign.evidence.facts.models.models_named import is_classifier, is_regressor
from nbalign.evidence.facts.models.models_seen import Models
from nbalign.evidence.flow.data_events import Split
from nbalign.evidence.flow.learned import in_order
from nbalign.evidence.flow.model_events import Fit, Metric, Predict, Resample
from nbalign.evidence.flow.rows import Rows
from nbalign.evidence.model import Fact, Kind

_D = "model_training"
NO_HOLD_OUT = Kind("no_hold_out", _D, "fault", -1.2, "Models are measured on the rows they learn from; no row is kept.")
TRAINED_ON_TEST = Kind(
    "trained_on_test_rows",
    _D,
    "fault",
    -1.2,
    "A split is made, but the model that is measured learned from the test rows.",
)
SERIES_AT_RANDOM = Kind(
    "series_split_at_random",
    _D,
    "fault",
    -1.2,
    "Rows of a series in time are parted at random, so the future is known.",
)
RESAMPLED_FIRST = Kind(
    "resampled_before_split",
    _D,
    "fault",
    -1.2,
    "Rows are copied or made before the split, so copies stand on both sides.",
)
TRAINING_FAILED = Kind("training_failed", _D, "fault", -1.2, "Every fit stands in a cell that failed at or before it.")
UNFIT_MODEL = Kind(
    "unfit_model",
    _D,
    "fault",
    -1.0,
    "Only models of numbers where the prompt asks for classes, or the other way round.",
)
NOT_TRAINED = Kind("nothing_trained", _D, "fault", -1.2, "The prompt asks for a model and no code trains one.")

FAULT_KINDS = (
    NO_HOLD_OUT, TRAINED_ON_TEST, SERIES_AT_RANDOM, CHOSEN_ON_TEST, RESAMPLED_FIRST, TRAINING_FAILED, UNFIT_MODEL,
    NOT_TRAINED,
)  # fmt: skip

_RANDOM_SPLITS = {"train_test_split", "sample", "random_split", "randomSplit", "permutation", "mask"}
_PARTED = re.compile(
    r"(?:^|_)(?:test|tst|te|val|valid|validation|hold_?out|oos|dev|eval|fold)(?:_|\d|$)|test$", re.IGNORECASE
)
_PARTING = re.compile(r"split|fold|cross_?val|holdout|hold_out|backtest|bootstrap|_cv$|^cv$", re.IGNORECASE)
_TRAINS = re.compile(
    r"^(?:fit\w*|partial_fit|train\w*|compare_models|create_model|auto_?ml|AutoML|backward|setup|learn\w*|optimize|"
    r"minimize|lstsq|polyfit|curve_fit|solve|fmin\w*|ols|OLS|lm|glm|run\w*|main|train_on_batch|trainer)$"
)
_CLASS_METRICS = {
    "accuracy_score", "f1_score", "precision_score", "recall_score", "classification_report", "confusion_matrix",
    "balanced_accuracy_score",
}  # fmt: skip
_NUMBER_METRICS = {
    "mean_squared_error", "root_mean_squared_error", "mean_absolute_error", "r2_score", "rmse", "mae", "mse",
    "mean_absolute_percentage_error", "mape",
}  # fmt: skip


def faults(models: Models, asked: Asked) -> list[Fact]:
    """All faults of training.

    Args:
        models: What the notebook does with models.
        asked: What the prompt asks for.
    """
    failed = _failed(models)
    found = [*_untrained(models, asked), *failed]
    if not failed:
        found += [*_unheld(models), *_series(models, asked), *chosen_on_test(models), *_resampled(models)]
        found += _unfit(models, asked)
    return found


def _failed(models: Models) -> list[Fact]:
    fits = models.real or models.fits
    if not fits or not all(models.failed(fit) for fit in fits):
        return []
    names = ", ".join(models.names[:3]) or "the model"
    return [
        TRAINING_FAILED.fact(f"training fails in the saved outputs: {names} is never fitted", (f.at.cell for f in fits))
    ]


def _untrained(models: Models, asked: Asked) -> list[Fact]:
    """Nothing that could train anything; any name that might keeps this silent."""
    if not asked.training or models.fits or models.trace.of(Fit) or models.crossed:
        return []
    if models.code.unread or not models.trace.complete or any(_TRAINS.match(name) for name in models.called):
        return []
    if any(s.text.startswith(("python", "bash", "sh ", "run ")) for c in models.code.cells for s in c.shell):
        return []
    return [NOT_TRAINED.fact("the prompt asks for a model, but no cell trains one")]


def _unheld(models: Models) -> list[Fact]:
    """Measured on rows that were learned from."""
    trace, tree = models.trace, models.trace.tree
    own: list[tuple[Metric, Fit]] = []
    clean = 0
    for metric in trace.of(Metric):
        fit = models.made_by.get(id(metric))
        if fit is None or not metric.rows or not fit.rows:
            clean += metric.model is None or not metric.rows
            continue
        if tree.role(metric.rows) in ("train", "fold train"):
            continue
        if tree.includes(fit.rows, metric.rows):
            own.append((metric, fit))
        else:
            clean += 1
    split = models.first_split
    if split is not None:
        return _ignored(models, split, [(m, f) for m, f in own if models.tested(m.rows)], own, clean)
    if clean or models.folds or models.crossed or not models.real:
        return []
    if any(fit.estimator.role == "search" for fit in models.fits) or any(_PARTED.search(n) for n in models.stored):
        return []
    if any(_PARTING.search(name) for name in models.called):
        return []
    if not own:
        fitted = [f for f in models.real if f.rows and tree.role(f.rows) == "all"]
        if trace.of(Metric) or not fitted or len(fitted) < len(models.real) or not trace.complete or models.code.unread:
            return []
        if measured_otherwise(models.source):
            return []
        text = f"no rows are held out and nothing is measured: {_name(fitted[-1])} is fitted on all rows"
        return [NO_HOLD_OUT.fact(text, {f.at.cell for f in fitted})]
    metric, fit = own[-1]
    text = f"no rows are held out: {_name(fit)} is measured ({metric.name}) on rows it was fitted on"
    return [NO_HOLD_OUT.fact(text, {fit.at.cell, metric.at.cell})]


def _ignored(
    models: Models, split: Split, tested: list[tuple[Metric, Fit]], own: list[tuple[Metric, Fit]], clean: int
) -> list[Fact]:
    """A split that does not keep its test rows out of the fits."""
    tree = models.trace.tree
    if tested:
        honest = [
            m
            for m in models.measured
            if (fit := models.made_by.get(id(m))) is not None and fit.rows and not tree.includes(fit.rows, m.rows)
        ]
        if not honest:
            metric, fit = tested[-1]
            text = f"{_name(fit)} is fitted on rows that include the test rows it is then measured on ({metric.name})"
            return [TRAINED_ON_TEST.fact(text, {fit.at.cell, metric.at.cell, split.at.cell})]
        return []
    after = [f for f in models.real if f.rows]
    if clean or not own or models.crossed or any(f.estimator.role == "search" for f in after):
        return []
    if after and all(tree.includes(f.rows, split.test) for f in after):
        text = f"the split is made and then ignored: {_name(after[-1])} is fitted on all rows"
        return [TRAINED_ON_TEST.fact(text, {split.at.cell, *(f.at.cell for f in after)})]
    return []


def _name(fit: Fit) -> str:
    model = fit.estimator.model
    return model.name if model is not None else fit.estimator.name


def random_splits(models: Models) -> list[Split]:
    """Splits that part rows at random, not by time or group."""
    return [
        s
        for s in models.splits
        if s.how in _RANDOM_SPLITS
        and s.shuffled is True
        and not s.by_time
        and not s.grouped
        and not _is_new(models, s.of)
    ]


def _is_new(models: Models, rows: Rows) -> bool:
    return models.role(rows) == "new"


def _series(models: Models, asked: Asked) -> list[Fact]:
    splits = [s for s in random_splits(models) if s.how != "mask"]
    if not splits or not models.series(asked.series):
        return []
    if any(s.by_time and models.tested(s.test) for s in models.splits):
        return []  # a split by time keeps the rows for the end; the random one parts what is left of it
    used = {f.at.cell for f in models.real}
    text = f"a series in time is split at random ({splits[-1].how}), so the model learns from rows after the test rows"
    if models.time_columns:
        text = (
            f"rows of a series ({models.time_columns[0]!r}) are split at random ({splits[-1].how}): "
            "later rows stand in training"
        )
    return [SERIES_AT_RANDOM.fact(text, {splits[-1].at.cell, *sorted(used)[:1]})]


def _resampled(models: Models) -> list[Fact]:
    events, tree = models.trace.events, models.trace.tree
    for index, event in enumerate(events):
        if not isinstance(event, Resample) or tree.role(event.rows) != "all":
            continue
        later = (s for s in models.splits if models.position[id(s)] > index and models.tested(s.test))
        split = next(later, None)
        if split is None or not tree.overlap(split.of, event.rows):
            continue
        how = event.how
        text = f"rows are resampled ({how}) before the split in [{split.at.cell}]: copies can stand on both sides"
        if "Under" in how or how in ("NearMiss", "TomekLinks", "ClusterCentroids"):
            text = f"rows are left out to balance classes ({how}) before the split in [{split.at.cell}]"
        return [RESAMPLED_FIRST.fact(text, {event.at.cell, split.at.cell})]
    return _split_again(models)


def _split_again(models: Models) -> list[Fact]:
    """Training rows are resampled and then split once more, and rows among the copies are measured on."""
    for split in models.splits:
        made = [
            c for c in in_order(split.carried) if c.what == "resample" and models.trace.tree.overlap(c.rows, split.of)
        ]
        if made and models.tested(split.test) and any(m.rows == split.test for m in models.measured):
            text = f"rows are resampled ({made[0].how}) and then split again: copies can stand on both sides"
            return [RESAMPLED_FIRST.fact(text, {made[0].at.cell, split.at.cell})]
    return []


def _unfit(models: Models, asked: Asked) -> list[Fact]:
    real = models.real
    if not real or not models.trace.of(Predict):
        return []
    metrics = {m.name for m in models.trace.of(Metric) if not m.baseline}
    cells = {f.at.cell for f in real}
    if asked.classes and all(is_regressor(f.estimator) for f in real) and metrics & _CLASS_METRICS:
        return [UNFIT_MODEL.fact(f"{_name(real[-1])} predicts numbers, but the prompt asks for classes", cells)]
    numbers = metrics and metrics <= _NUMBER_METRICS
    if asked.series and numbers and all(is_classifier(f.estimator) for f in real):
        text = f"{_name(real[-1])} is a classifier, but the prompt asks for a forecast of numbers"
        return [UNFIT_MODEL.fact(text, cells)]
    return []
