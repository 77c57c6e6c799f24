"""Events of the models: they are fitted, applied, measured, chosen, kept and shown."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.learned import Carried
from nbalign.evidence.flow.rows import NO_ROWS, Rows


@dataclass(frozen=True, slots=True)
class Fit(Event):
    """An estimator is fitted.

    Attributes:
        estimator: Which.
        rows: Rows of X.
        carried: What was learned before and is in X or y.
        columns: Columns of X, where known.
        target: Name of the target column, where known.
        has_target: Whether a y was given.
        again: Whether it had been fitted before.
        validation: Rows given for validation (eval_set, validation_data); empty when none.
        without: Columns that were dropped from X on the way, where known.
        added: Columns that the notebook itself made or changed and that are in X, where known.
    """

    estimator: EstimatorNote
    rows: Rows
    carried: Carried
    columns: tuple[str, ...]
    target: str
    has_target: bool
    again: bool
    validation: Rows = NO_ROWS
    without: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Transform(Event):
    """A fitted transformer is applied.

    Attributes:
        estimator: Which.
        rows: Rows it is applied to.
        fitted_on: Rows it was fitted on; empty when not known.
        carried: What was learned before and is in the data.
    """

    estimator: EstimatorNote
    rows: Rows
    fitted_on: Rows
    carried: Carried


@dataclass(frozen=True, slots=True)
class Predict(Event):
    """A model predicts.

    Attributes:
        estimator: Which.
        method: `predict`, `predict_proba`, `decision_function`, `forecast`, …
        rows: Rows of X; empty for forecasts and for rows written down in the notebook.
        new: Whether the rows are new: written down in the notebook, or read from elsewhere than training data.
        fitted_on: Rows the model was fitted on; empty when not known.
        carried: What was learned before and is in X.
        through: Estimators that X went through, in order.
    """

    estimator: EstimatorNote
    method: str
    rows: Rows
    new: bool
    fitted_on: Rows
    carried: Carried
    through: tuple[EstimatorNote, ...]


@dataclass(frozen=True, slots=True)
class CrossValidate(Event):
    """Cross-validation by a function, such as `cross_val_score`.

    Attributes:
        how: Function name.
        estimator: Which; None when it is not known.
        rows: Rows of X.
        carried: What was learned before and is in X.
        splitter: Class of the splitter or `k` for a number; empty for the default.
        scoring: Scoring where it is a constant.
    """

    how: str
    estimator: EstimatorNote | None
    rows: Rows
    carried: Carried
    splitter: str
    scoring: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resample(Event):
    """Rows are made or left out to balance classes.

    Attributes:
        how: `SMOTE`, `RandomOverSampler`, `resample`, `sample with replacement`, …
        rows: Rows it is learned from.
    """

    how: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Metric(Event):
    """A metric is computed.

    Attributes:
        name: `accuracy_score`, `rmse`, `r2_score`, `score`, `classification_report`, `confusion_matrix`, …
        rows: Rows of the truth (of X for `score`).
        model: Which model's predictions; None when it is not known.
        swapped: Whether predictions stand where the truth should.
        carried: What was learned before and is in the data.
        baseline: Whether what is measured is a baseline (a dummy, the mean, the last value).
    """

    name: str
    rows: Rows
    model: EstimatorNote | None
    swapped: bool
    carried: Carried
    baseline: bool = False


@dataclass(frozen=True, slots=True)
class Choice(Event):
    """One of several is chosen by what was measured on some rows (the best model, threshold, setting).

    Attributes:
        how: `max`, `sort`, `if`, `argmax`, `idxmax`, `manual`, ….
        rows: Rows that were measured.
    """

    how: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Seed(Event):
    """A random seed is set for all that follows.

    Attributes:
        how: `numpy.random.seed`, `torch.manual_seed`, …
    """

    how: str


@dataclass(frozen=True, slots=True)
class Save(Event):
    """Something is written to a file or registry.

    Attributes:
        how: `joblib.dump`, `pickle.dump`, `mlflow.sklearn.log_model`, `to_csv`, `save`, …
        estimator: What, if it is an estimator.
    """

    how: str
    estimator: EstimatorNote | None


@dataclass(frozen=True, slots=True)
class Load(Event):
    """A model is read back.

    Attributes:
        how: `joblib.load`, `mlflow.pyfunc.load_model`, …
        estimator: What it is, where that is known (from the save before).
    """

    how: str
    estimator: EstimatorNote | None


@dataclass(frozen=True, slots=True)
class Show(Event):
    """Predictions are shown: printed, displayed, plotted or left as the last value of a cell.

    Attributes:
        rows: Rows that were predicted.
        estimator: By which model; None when it is not known.
        new: Whether they are predictions for new rows.
    """

    rows: Rows
    estimator: EstimatorNote | None
    new: bool
