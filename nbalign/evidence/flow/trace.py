"""What the data-flow reading found: one list of events in the order in which the notebook does them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeVar

from nbalign.evidence.flow.rows import NO_ROWS, Rows, RowTree

Role = Literal["model", "transformer", "resampler", "selector", "search", "pipeline", "splitter", "other"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where something happens.

    Attributes:
        cell: Cell number of the statement that runs (the call of a function, not its definition).
        line: Line in that cell.
        within: Names of the notebook's own functions it happens inside of, the outermost first.
        loop: How many loops it is inside of.
        defined: Cell in which the text of it stands: differs from `cell` inside functions.
    """

    cell: int
    line: int
    within: tuple[str, ...] = ()
    loop: int = 0
    defined: int = 0


@dataclass(frozen=True, slots=True)
class Learned:
    """Something that was learned from rows and then put into data.

    Attributes:
        id: Unique.
        what: `fill`, `scale`, `encode`, `target encode`, `select`, `decompose`, `vectorize`, `bin`, `resample`,
            `statistic`, `model` or `transform` when it is not known which.
        how: `median`, `StandardScaler`, `get_dummies`, …
        rows: Rows it was learned from.
        columns: Columns it was learned from, where known.
        uses_target: Whether the target was used to learn it.
        at: Where.
    """

    id: int
    what: str
    how: str
    rows: Rows
    columns: tuple[str, ...]
    uses_target: bool
    at: Place


Carried = frozenset[Learned]
NOTHING: Carried = frozenset()


@dataclass(eq=False, slots=True)
class EstimatorNote:
    """What is known of one estimator (or transformer, pipeline, search, splitter).

    Attributes:
        id: Unique in the notebook.
        name: Class name, such as `RandomForestClassifier`.
        full: Dotted name, such as `sklearn.ensemble.RandomForestClassifier`.
        role: What it is.
        steps: Parts of a pipeline or column transformer, or the estimator inside a search, in order.
        params: Keyword arguments that are constants or that were named: value, or None when it is not a constant.
        columns: For the parts of a column transformer: the columns each works on, where known.
        at: Where it was made.
        variable: Name it was first bound to; empty when none.
        loaded: Whether it was read from a file or registry.
    """

    id: int
    name: str
    full: str
    role: Role
    steps: tuple[EstimatorNote, ...] = ()
    params: dict[str, object] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    at: Place = Place(0, 0)
    variable: str = ""
    loaded: bool = False

    def parts(self) -> tuple[EstimatorNote, ...]:
        """Itself and everything inside it."""
        return (self, *(inner for step in self.steps for inner in step.parts()))

    @property
    def model(self) -> EstimatorNote | None:
        """The predicting part: itself, or the last model inside a pipeline or search."""
        return next((p for p in reversed(self.parts()) if p.role == "model"), None)


@dataclass(frozen=True, slots=True)
class Event:
    """Anything that happens; see the subclasses.

    Attributes:
        at: Where.
    """

    at: Place


@dataclass(frozen=True, slots=True)
class Read(Event):
    """A table comes in.

    Attributes:
        name: File, data set or function it comes from.
        rows: Its rows.
    """

    name: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class Look(Event):
    """Data is looked at.

    Attributes:
        what: Method or function: `head`, `shape`, `info`, `describe`, `isnull`, `value_counts`, `hist`, `corr`,
            `groupby`, `plot`, …
        columns: Columns it looks at, where known; empty means all or not known.
        rows: Rows.
        target: Whether the target column is among them; None when the target is not known.
    """

    what: str
    columns: tuple[str, ...]
    rows: Rows
    target: bool | None = None


@dataclass(frozen=True, slots=True)
class Fill(Event):
    """Missing values are filled.

    Attributes:
        columns: Columns, where known; empty for all or not known.
        how: `mean`, `median`, `mode`, `constant`, `ffill`, `bfill`, `interpolate`, `group mean`, `SimpleImputer`,
            `KNNImputer`, …
        learned: What the value was learned from; None for constants.
        rows: Rows that are filled.
        value: The constant, where it is one.
    """

    columns: tuple[str, ...]
    how: str
    learned: Learned | None
    rows: Rows
    value: object = None


@dataclass(frozen=True, slots=True)
class DropRows(Event):
    """Rows are left out.

    Attributes:
        how: `dropna`, `drop_duplicates`, `filter` (a condition; outliers, for instance), `notna`.
        columns: Columns that decide, where known.
        rows: Rows before.
        kept: Rows after. Their role in the tree becomes `train` or `test` where the filter was in fact a split.
    """

    how: str
    columns: tuple[str, ...]
    rows: Rows
    kept: Rows = NO_ROWS


@dataclass(frozen=True, slots=True)
class DropColumns(Event):
    """Columns are left out.

    Attributes:
        columns: Their names.
        rows: Rows of the table.
    """

    columns: tuple[str, ...]
    rows: Rows


@dataclass(frozen=True, slots=True)
class Replace(Event):
    """Values are replaced by others, such as a placeholder by NaN.

    Attributes:
        columns: Columns, where known.
        old: Constants that are replaced.
        new: What takes their place: a constant, or the string `nan` for NaN, None or pd.NA.
        rows: Rows.
    """

    columns: tuple[str, ...]
    old: tuple[object, ...]
    new: object
    rows: Rows


@dataclass(frozen=True, slots=True)
class Assign(Event):
    """A column is made or changed.

    Attributes:
        column: Its name.
        sources: Columns it is computed from, itself included where it is.
        how: Last method or function of the expression, such as `fillna`, `map`, `shift`; `arithmetic`; or empty.
        rows: Rows.
        new: Whether the column was not known before.
        learned: What was learned on the way.
    """

    column: str
    sources: tuple[str, ...]
    how: str
    rows: Rows
    new: bool
    learned: Carried = NOTHING


@dataclass(frozen=True, slots=True)
class Window(Event):
    """A value is taken from other rows by their order.

    Attributes:
        how: `shift`, `rolling`, `expanding`, `ewm`, `diff`, `pct_change`, `cumsum`, …
        column: Column, where known.
        amount: Periods or window size where it is a constant.
        centered: Whether a rolling window is centred.
        past_only: Whether it was shifted into the past (shift of 1 or more before or after): the present row is left
            out.
        within: Whether it runs within groups (`groupby(…).shift`).
        of_target: Whether the column is the target; None when that is not known.
        rows: Rows.
    """

    how: str
    column: str
    amount: float | None
    centered: bool
    past_only: bool
    within: bool
    of_target: bool | None
    rows: Rows


@dataclass(frozen=True, slots=True)
class Split(Event):
    """Rows are split into parts.

    Attributes:
        how: `train_test_split`, `slice`, `mask`, `sample`, `index`, `files`, `KFold`, `StratifiedKFold`,
            `TimeSeriesSplit`, `GroupKFold`, `random_split`, `randomSplit`, …
        of: Rows that are split.
        train: Rows to learn from.
        test: Rows to test on.
        carried: What was learned before and is in the data that is split.
        stratified: Whether by class.
        grouped: Whether by group.
        shuffled: False when order is kept; True when it is random; None when it cannot be told.
        by_time: Whether rows are parted by time or order.
        seeded: Whether a random state is given; None where it does not matter.
        test_size: Share or number of test rows, where it is a constant.
        columns: Columns of the data that is split, where known.
    """

    how: str
    of: Rows
    train: Rows
    test: Rows
    carried: Carried
    stratified: bool
    grouped: bool
    shuffled: bool | None
    by_time: bool
    seeded: bool | None
    test_size: float | None
    columns: tuple[str, ...] = ()


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


_E = TypeVar("_E", bound=Event)


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole reading.

    Attributes:
        events: In the order in which the notebook does them, loops once or a few times.
        tree: All sets of rows.
        target: Name of the target column; empty when it is not known.
        columns: Columns that the notebook names, in order of first use.
        complete: Whether the reading came to its end; False when the notebook is too long to follow to the end.
    """

    events: tuple[Event, ...]
    tree: RowTree
    target: str = ""
    columns: tuple[str, ...] = ()
    complete: bool = True

    def of(self, kind: type[_E]) -> tuple[_E, ...]:
        """The events of one kind, in order."""
        return tuple(event for event in self.events if isinstance(event, kind))
