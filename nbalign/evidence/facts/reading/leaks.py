"""Which of the things that a notebook learned reach rows that it tests on."""

from __future__ import annotations

from nbalign.evidence.flow.data_events import Split
from nbalign.evidence.flow.event import Event
from nbalign.evidence.flow.learned import Learned, in_order
from nbalign.evidence.flow.model_events import CrossValidate, Fit, Metric
from nbalign.evidence.flow.rows import TESTED, TRAINED, Rows
from nbalign.evidence.flow.trace import Trace

_EVERYTHING = ("all", "mixed")


def leaks(trace: Trace) -> dict[int, tuple[Learned, Event]]:
    """What was learned from rows that are later tested on, and is in the data when they are.

    What was learned from training rows alone is never among them, even where folds are cut from those rows later:
    raters do not hold that against a notebook. A file that is called train is no such set of training rows where the
    notebook measures on a part of it alone.

    Returns:
        Id of what was learned -> it and the first split, cross-validation, fit or metric that shows the leak.
    """
    found: dict[int, tuple[Learned, Event]] = {}
    reader = _Reader(trace)
    for event in trace.events:
        if isinstance(event, Split | CrossValidate | Fit | Metric):
            for learned in in_order(event.carried):
                if learned.id not in found and reader.shows(event, learned):
                    found[learned.id] = (learned, event)
        if isinstance(event, Metric) and trace.tree.role(event.rows) in TESTED:
            reader.measured = True
    return found


class _Reader:
    """Judges events in their order.

    Attributes:
        measured: Whether something was measured on test rows before.
    """

    def __init__(self, trace: Trace) -> None:
        self.tree = trace.tree
        self.measured = False
        self._below: dict[Rows, bool] = {}
        self._metrics = [m.rows for m in trace.of(Metric)]
        # A test file that is measured on is the test; without one, the part that is cut off the train file is.
        self._apart = any(self._source_role(rows) in TESTED for rows in self._metrics)

    def shows(self, event: Event, learned: Learned) -> bool:
        """Whether an event shows that something was learned from rows that are tested on."""
        tree = self.tree
        if not learned.rows:
            return False
        role = tree.role(learned.rows)
        if role == "train" and self._is_file(learned.rows):
            return self._within_file(event, learned)
        if role in ("train", "fold train", "new"):
            return False
        if isinstance(event, Split):
            if role not in TESTED and tree.includes(learned.rows, event.test):
                return True
            # Learned from some of the rows that are then parted at random: some of those are test rows.
            at_random = event.shuffled is True or event.how in ("KFold", "StratifiedKFold")
            return at_random and role == "all" and tree.includes(event.of, learned.rows)
        if role not in _EVERYTHING:
            return False
        if isinstance(event, CrossValidate):
            return tree.includes(learned.rows, event.rows) or (
                role == "all" and tree.includes(event.rows, learned.rows)
            )
        if isinstance(event, Metric):
            return tree.role(event.rows) in TESTED and tree.includes(learned.rows, event.rows)
        if isinstance(event, Fit):
            return self._fitted(event, learned)
        return False

    def _fitted(self, event: Fit, learned: Learned) -> bool:
        tree = self.tree
        if not tree.includes(learned.rows, event.rows):
            return False
        role = tree.role(event.rows)
        if is_search(event) and role in _EVERYTHING and not self.measured:
            return True  # the folds of the search are cut from rows that all had their say
        if role not in TRAINED:
            return False
        if learned.rows not in self._below:
            # A filter of the same table as the test rows is no proof: the test rows must lie below what was learned.
            named = any(tree.nodes[i].role in TESTED for i in learned.rows)
            self._below[learned.rows] = named or bool(tree.below(learned.rows))
        return self._below[learned.rows]

    def _within_file(self, event: Event, learned: Learned) -> bool:
        """Whether a part of the file called train, from which something was learned, is what the notebook tests on."""
        tree = self.tree
        if self._apart:
            return False
        if isinstance(event, Split) and event.how != "files":
            measured = any(tree.includes(event.test, rows) for rows in self._metrics)
            return measured and tree.includes(learned.rows, event.test)
        return isinstance(event, CrossValidate) and tree.includes(learned.rows, event.rows)

    def _is_file(self, rows: Rows) -> bool:
        return all(self.tree.nodes[i].parent is None for i in rows)

    def _source_role(self, rows: Rows) -> str:
        return next((self.tree.path(i)[-1].role for i in sorted(rows)), "")


def is_search(event: Event) -> bool:
    """Whether an event is the fit of a search, which cross-validates."""
    return isinstance(event, Fit) and event.estimator.role == "search"


def where_tested(event: Event) -> str:
    """How a leak shows, for the end of a sentence: `before the split in [7]`."""
    if isinstance(event, Split):
        return f"before the split in [{event.at.cell}]"
    if isinstance(event, CrossValidate):
        return f"before the cross-validation in [{event.at.cell}]"
    if is_search(event):
        return f"before the search in [{event.at.cell}]"
    return f"test rows included, for [{event.at.cell}]"
