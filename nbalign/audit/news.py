"""What is new among the labels since the latest memory was made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nbalign.audit.model import News
from nbalign.labels.model import Label

if TYPE_CHECKING:
    from nbalign.audit.learned import Learned

Key = tuple[str, str, str, str]  # notebook, dimension, rater, role


def key_of(label: Label) -> Key:
    """What a label is about, whoever changes it."""
    return (label.notebook, label.dimension, label.rater, label.role)


def news(labels: Sequence[Label], memory: Learned | None, learned: Mapping[int, Key]) -> News:
    """Compares the labels that stand with those that a memory learned from.

    Args:
        labels: Current labels of the rubric that may be learned from.
        memory: The latest memory; None where nothing was ever aligned.
        learned: Event id -> key of every label event that the memory learned from.
    """
    labelled = len({label.notebook for label in labels})
    if memory is None:
        return News("", "", 0, len(labels), 0, 0, labelled, labelled)
    now = {key_of(label): label for label in labels}
    taught = {key: event for event, key in sorted(learned.items())}
    changed = [key for key, event in taught.items() if key in now and now[key].event != event]
    gone = [key for key in taught if key not in now]
    if taught:
        # A label that was there already and was not learned from (no settled score) is no news.
        until = max(learned)
        new = [key for key, label in now.items() if key not in taught and label.event > until]
    else:
        new = [key for key, label in now.items() if label.at > memory.at]
    touched = {key[0] for key in (*new, *changed, *gone)}
    return News(memory.version, memory.at, len(taught), len(new), len(changed), len(gone), len(touched), labelled)
