"""One score from several raters: what they agree on, and what somebody must still decide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from nbalign.labels.model import Label
from nbalign.rubrics.model import Scale

How = Literal["decision", "agreed", "median", "unresolved"]


@dataclass(frozen=True, slots=True)
class Consensus:
    """The one score of a notebook and dimension.

    Attributes:
        score: A digit of the scale, or None while it is unresolved.
        how: Where the score comes from; `consensus` says when each applies.
        raters: How many raters' labels it rests on; 0 for a decision without any.
    """

    score: int | None
    how: How
    raters: int


def consensus(labels: Iterable[Label], scale: Scale) -> dict[tuple[str, str], Consensus]:
    """One score for each notebook and dimension. The first rule that fits counts.

    1. `decision`: somebody adjudicated. Of several decisions the latest event wins.
    2. `agreed`: all raters give the same score; a single rater agrees with itself.
    3. "Not applicable" is never averaged with scores. Where some raters say N/A and others score, the majority says
       which it is, and a tie is `unresolved`. An N/A that wins so is `median`, as is what follows.
    4. `median`: the middle one of the ordinal scores. With an even number of them the two middle ones must be equal.
       Where they differ the case is `unresolved`, even where their mean happens to be a level (1 and 3): a score that
       no rater gave is no consensus.

    Args:
        labels: Current labels of one rubric, decisions included, in any order.
        scale: The rubric's scale.

    Returns:
        (notebook, dimension) -> consensus, for every pair that has a label, in order of first appearance.
    """
    grouped: dict[tuple[str, str], list[Label]] = {}
    for label in labels:
        grouped.setdefault((label.notebook, label.dimension), []).append(label)
    return {key: _settle(group, scale) for key, group in grouped.items()}


def _settle(group: Sequence[Label], scale: Scale) -> Consensus:
    scores = sorted(label.score for label in group if label.role == "rater")
    decisions = [label for label in group if label.role == "decision"]
    if decisions:
        return Consensus(max(decisions, key=lambda label: label.event).score, "decision", len(scores))
    if scores[0] == scores[-1]:
        return Consensus(scores[0], "agreed", len(scores))
    ordinal = [score for score in scores if score != scale.not_applicable]
    not_applicable = len(scores) - len(ordinal)
    if not_applicable > len(ordinal):
        return Consensus(scale.not_applicable, "median", len(scores))
    low, high = ordinal[(len(ordinal) - 1) // 2], ordinal[len(ordinal) // 2]
    if not_applicable == len(ordinal) or low != high:
        return Consensus(None, "unresolved", len(scores))
    return Consensus(low, "median", len(scores))
