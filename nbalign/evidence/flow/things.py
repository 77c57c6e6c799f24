"""Abstract values: what is known of a value in a notebook without running it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from nbalign.evidence.flow.estimator_notes import EstimatorNote
from nbalign.evidence.flow.learned import NOTHING, Carried, Learned
from nbalign.evidence.flow.rows import NO_ROWS, Rows

if TYPE_CHECKING:
    from nbalign.evidence.flow.scope import Scope

NOT_CONSTANT: Final = object()


@dataclass(eq=False, slots=True)
class Thing:
    """One value.

    Attributes:
        kind: `unknown`, `constant`, `library`, `function`, `class`, `object`, `table`, `column`, `array`, `scalar`,
            `mask`, `index`, `group`, `window`, `list`, `dict`, `estimator`, `method`, `builder` (a model that holds
            its data, as in statsmodels), `loader` (batches of rows).
        rows: Rows it stands for.
        learned: What was learned from rows and is in it, its columns' included.
        sources: Columns it is computed from.
        name: Dotted library name; name of a function, class, method or window; statistic of a scalar.
        value: A constant; `NOT_CONSTANT` otherwise.
        items: Elements of a list, tuple or set, where known.
        entries: Values of a dict by key, attributes of an object, changed columns of a table.
        note: The estimator it is.
        made_by: The model that predicted it.
        predicted: Whether it is a prediction, or holds some.
        through: Transformers it went through.
        measured: Rows that were measured by the metric it holds.
        missing: Whether it says where values are missing: `yes`, or `no` for the opposite.
        error: Rows of the truth where it is the difference of truth and prediction.
        against: The model whose error that is.
        columns: All columns of a table, where they are known.
        without: Columns that were dropped.
        node: Syntax of a function, lambda or class.
        scope: Where that was defined.
        base: What a method is bound to, or what a group or window is taken from.
        new: Whether it was written down in the notebook as rows of its own.
        aggregate: Learned if it is mapped or merged back into rows: an aggregate by groups.
        defined: Cell where a function stands.
        split: Which part of a split an index is for.
    """

    kind: str = "unknown"
    rows: Rows = NO_ROWS
    learned: Carried = NOTHING
    sources: frozenset[str] = frozenset()
    name: str = ""
    value: object = NOT_CONSTANT
    items: list[Thing] | None = None
    entries: dict[object, Thing] = field(default_factory=dict)
    note: EstimatorNote | None = None
    made_by: EstimatorNote | None = None
    predicted: bool = False
    through: tuple[EstimatorNote, ...] = ()
    measured: Rows = NO_ROWS
    missing: str = ""
    error: Rows | None = None
    against: EstimatorNote | None = None
    columns: tuple[str, ...] | None = None
    without: frozenset[str] = frozenset()
    node: ast.AST | None = None
    scope: Scope | None = None
    base: Thing | None = None
    new: bool = False
    aggregate: Learned | None = None
    defined: int = 0
    split: int = -1

    @property
    def all_learned(self) -> Carried:
        """What is in it and in its changed columns or elements."""
        found = self.learned
        if self.kind in ("table", "list", "dict"):
            for inner in (*self.entries.values(), *(self.items or ())):
                if inner is not self:
                    found |= inner.learned
        return found

    @property
    def text(self) -> str | None:
        """The string it is, if it is one."""
        return self.value if isinstance(self.value, str) else None

    @property
    def number(self) -> float | None:
        """The number it is, if it is one."""
        return float(self.value) if isinstance(self.value, int | float) and not isinstance(self.value, bool) else None

    @property
    def is_data(self) -> bool:
        """Whether it stands for rows of data."""
        return self.kind in DATA

    def texts(self) -> tuple[str, ...]:
        """The strings it holds: itself, or those in a list; empty when they are not known."""
        if self.text is not None:
            return (self.text,)
        return tuple(t.text for t in self.items or () if t.text is not None)

    def like(self, **changes: object) -> Thing:
        """A copy with changes; dictionaries and lists are copied too."""
        made = replace(self, **changes)  # type: ignore[arg-type]  # the caller names fields
        if made.entries is self.entries:
            made.entries = dict(self.entries)
        if made.items is self.items and self.items is not None:
            made.items = list(self.items)
        return made


DATA: Final = frozenset({"table", "column", "array", "mask", "group", "window", "builder", "loader"})
UNKNOWN: Final = Thing()


def constant(value: object) -> Thing:
    """A constant."""
    return Thing("constant", value=value)


def library(name: str) -> Thing:
    """Something imported."""
    return Thing("library", name=name)


def sequence(items: Iterable[Thing]) -> Thing:
    """A list, tuple or set whose elements are known."""
    found = list(items)
    return Thing("list", items=found, measured=union_rows(t.measured for t in found))


def union_rows(parts: Iterable[Rows]) -> Rows:
    """All rows of several things."""
    return frozenset().union(*parts)


def combine(things: Iterable[Thing], kind: str = "unknown") -> Thing:
    """What can be said of something that is computed from several things in a way that is not known."""
    found = [t for t in things if t.kind not in ("library", "function", "class")]
    data = [d for t in found for d in _holding_rows(t)]
    made_by = next((t.made_by for t in found if t.made_by), None)
    return Thing(
        kind if kind != "unknown" else (data[0].kind if data and data[0].kind in ("column", "array") else "unknown"),
        rows=data[0].rows if data else NO_ROWS,
        learned=frozenset().union(*(t.all_learned for t in found)),
        sources=frozenset().union(*(t.sources for t in found)),
        made_by=made_by,
        predicted=any(t.predicted for t in found),
        through=max((t.through for t in found), key=len, default=()),
        measured=union_rows(t.measured for t in found),
        error=next((t.error for t in found if t.error is not None), None),
        against=next((t.against for t in found if t.against), None),
        new=bool(found) and any(t.new for t in found) and not data,
    )


def _holding_rows(thing: Thing, depth: int = 3) -> list[Thing]:
    """What holds rows: the thing itself or, in lists, what is in them."""
    if thing.rows or not depth:
        return [thing] if thing.rows else []
    return [d for t in (thing.items or ())[:50] for d in _holding_rows(t, depth - 1)]


def gathered(thing: Thing) -> Thing:
    """A list that a loop filled with rows, as data."""
    if thing.kind != "list" or not thing.items:
        return thing
    made = combine(thing.items)
    if made.rows:
        made.kind = "array"
    return made if made.rows else thing


def merge(a: Thing, b: Thing) -> Thing:
    """What is known when a value is one of two, as after a branch."""
    if a is b:
        return a
    if a.kind in ("unknown", "constant") and b.kind not in ("unknown", "constant"):
        a, b = b, a
    if a.kind != b.kind or a.kind in ("function", "class", "library", "estimator", "object", "dict", "list"):
        return a
    return a.like(
        rows=a.rows | b.rows if a.rows and b.rows else a.rows or b.rows,
        learned=a.learned | b.learned,
        sources=a.sources | b.sources,
        made_by=a.made_by or b.made_by,
        predicted=a.predicted or b.predicted,
        measured=a.measured | b.measured,
        value=a.value if a.value == b.value else NOT_CONSTANT,
        columns=a.columns if a.columns == b.columns else None,
        entries={**b.entries, **a.entries},
    )
