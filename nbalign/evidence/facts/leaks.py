"""Which of the things that a notebook learned reach rows that it tests on."""

from __future__ import annotations

from nbalign.evidence.flow.rows import TESTED, TRAINED, Rows, RowTree
from nbalign.evidence.flow.trace import CrossValidate, Event, Fit, Learned, Metric, Split, Trace


def leaks(trace: Trace) -> dict[int, tuple[Learned, Event]]:
    """What was learned from rows that are later tested on, and is in the data when they are.

    What was learned from training rows alone is never among them, even where folds are cut from those rows later:
    raters do not hold that against a notebook.

    Returns:
        Id of what was learned -> it and the first split, cross-validation, fit or metric that shows the leak.
    """
    found: dict[int, tuple[Learned, Event]] = {}
    tree = trace.tree
    tested: dict[Rows, bool] = {}
    for event in trace.events:
        if not isinstance(event, Split | CrossValidate | Fit | Metric):
            continue
        for learned in event.carried:
            if learned.id in found or not learned.rows or tree.role(learned.rows) in ("train", "fold train", "new"):
                continue
            if _shows(event, learned, tree, tested):
                found[learned.id] = (learned, event)
    return found


def _shows(event: Event, learned: Learned, tree: RowTree, tested: dict[Rows, bool]) -> bool:
    """Whether an event shows that something was learned from rows that are tested on."""
    role = tree.role(learned.rows)
    if isinstance(event, Split):
        return role not in TESTED and tree.includes(learned.rows, event.test)
    if isinstance(event, CrossValidate):
        return role in ("all", "mixed") and tree.includes(learned.rows, event.rows)
    if isinstance(event, Metric):
        known = role in ("all", "mixed") and tree.role(event.rows) in TESTED
        return known and tree.includes(learned.rows, event.rows)
    if isinstance(event, Fit):
        if role not in ("all", "mixed") or tree.role(event.rows) not in TRAINED:
            return False
        if learned.rows not in tested:
            # A filter of the same table as the test rows is no proof: the test rows must lie below what was learned.
            tested[learned.rows] = bool(tree.below(learned.rows))
        return tested[learned.rows] and tree.includes(learned.rows, event.rows)
    return False


def where_tested(event: Event) -> str:
    """How a leak shows, for the end of a sentence: `before the split in [7]`."""
    if isinstance(event, Split):
        return f"before the split in [{event.at.cell}]"
    if isinstance(event, CrossValidate):
        return f"before the cross-validation in [{event.at.cell}]"
    return f"test rows included, for [{event.at.cell}]"
