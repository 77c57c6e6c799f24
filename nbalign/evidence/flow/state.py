"""What the reading has found so far: events, rows, what each estimator was fitted on, and where we are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from nbalign.evidence.flow.estimator_notes import EstimatorNote, Role
from nbalign.evidence.flow.event import Event, Place
from nbalign.evidence.flow.learned import Carried, Learned
from nbalign.evidence.flow.rows import Rows, RowTree
from nbalign.evidence.flow.things import Thing

MOST_STEPS = 150_000  # expressions that are followed in one notebook
MOST_EVENTS = 20_000
MOST_DEPTH = 7  # calls of the notebook's own functions inside each other

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_TRAIN = {"train", "trn", "tr", "training", "xtrain", "ytrain", "trainx", "trainy", "fit", "insample", "xtr", "ytr"}
_TEST = {"test", "tst", "te", "testing", "holdout", "heldout", "oos", "xtest", "ytest", "testx", "testy", "hold",
         "xte", "yte"}  # fmt: skip
_VALID = {
    "val",
    "dev",
    "valid",
    "validation",
    "validate",
    "xval",
    "yval",
    "cv",
    "va",
    "eval",
    "xvalid",
    "yvalid",
    "calib",
    "calibration",
}


class OutOfSteps(Exception):
    """The notebook is too long to follow to the end."""


def part_of(name: str) -> str:
    """Which part of a split a name speaks of: `train`, `test`, `validation`, or an empty string."""
    words = [word.lower() for word in _WORDS.findall(name)]
    for wanted, role in ((_VALID, "validation"), (_TEST, "test"), (_TRAIN, "train")):
        if any(word in wanted for word in words):
            return role
    return ""


@dataclass(eq=False, slots=True)
class State:
    """The reading so far.

    Attributes:
        tree: All sets of rows.
        events: All events.
        fitted: Estimator id -> rows it was fitted on last.
        knows: Estimator id -> what it learned, to be put into whatever it transforms.
        saved: File name -> thing that was saved there.
        subsets: (rows, text of the condition) -> part; so that X[mask] and y[mask] are the same rows.
        inputs: Estimator id -> transformers that its training data went through.
    """

    tree: RowTree = field(default_factory=RowTree)
    events: list[Event] = field(default_factory=list)
    fitted: dict[int, Rows] = field(default_factory=dict)
    knows: dict[int, Learned] = field(default_factory=dict)
    saved: dict[str, Thing] = field(default_factory=dict)
    subsets: dict[tuple[Rows, str], Rows] = field(default_factory=dict)
    inputs: dict[int, tuple[EstimatorNote, ...]] = field(default_factory=dict)
    named: dict[int, tuple[Carried, Place]] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)
    columns: dict[str, None] = field(default_factory=dict)
    cell: int = 0
    line: int = 0
    defined: int = 0
    within: tuple[str, ...] = ()
    loops: int = 0
    steps: int = 0
    ids: int = 0

    def step(self) -> None:
        """Counts one expression.

        Raises:
            OutOfSteps: When there were too many.
        """
        self.steps += 1
        if self.steps > MOST_STEPS or len(self.events) > MOST_EVENTS:
            raise OutOfSteps

    @property
    def place(self) -> Place:
        """Where we are."""
        return Place(self.cell, self.line, self.within, self.loops, self.defined or self.cell)

    def next_id(self) -> int:
        """A number that was not used before."""
        self.ids += 1
        return self.ids

    def emit(self, event: Event) -> None:
        """Adds an event."""
        self.events.append(event)

    def learn(
        self, what: str, how: str, rows: Rows, columns: Iterator[str] | tuple[str, ...] = (), uses_target: bool = False
    ) -> Learned:
        """Something was learned from rows, here."""
        return Learned(self.next_id(), what, how, rows, tuple(columns), uses_target, self.place)

    def note(self, name: str, full: str, role: Role, **more: object) -> EstimatorNote:
        """A new estimator, made here."""
        return EstimatorNote(self.next_id(), name, full, role, at=self.place, **more)  # type: ignore[arg-type]

    def subset(self, rows: Rows, text: str, origin: str) -> Rows:
        """A part of some rows; the same condition gives the same part."""
        key = (rows, f"{origin} {text}")
        if key not in self.subsets:
            self.subsets[key] = self.tree.branch(rows, "subset", origin, text[:40], self.cell)
        return self.subsets[key]

    def use_column(self, *names: str) -> None:
        """Remembers names of columns."""
        for name in names:
            self.columns.setdefault(name)

    @contextmanager
    def inside(self, name: str, defined: int) -> Iterator[None]:
        """Within a function of the notebook."""
        before = self.within, self.defined, self.line
        self.within, self.defined = (*self.within, name), defined
        try:
            yield
        finally:
            self.within, self.defined, self.line = before

    @contextmanager
    def looping(self) -> Iterator[None]:
        """Within a loop."""
        self.loops += 1
        try:
            yield
        finally:
            self.loops -= 1
