"""Events of the data: tables come in, are looked at, filled, cut, changed and split."""

from __future__ import annotations

from dataclasses import dataclass

from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.learned import NOTHING, Carried, Learned
from nbalign.evidence.flow.rows import NO_ROWS, Rows


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
