"""Evidence alone as a judge: a score a dimension by a rule that anybody can add up."""

from __future__ import annotations

from collections.abc import Sequence

from nbalign.evidence.model import Fact, RuleScore

_START = 2.0


def rule_score(dimension: str, facts: Sequence[Fact]) -> RuleScore | None:
    """The rule score of one dimension.

    A dimension is not applicable when a fact says so and none is a fault. Otherwise the score is 2 plus the points of
    all facts, kept within 1 to 3 and rounded; halves go towards 2.

    Args:
        dimension: Dimension id.
        facts: Facts of this dimension.

    Returns:
        The score; None when there are no facts at all, so that nothing is known of the dimension.
    """
    if not facts:
        return None
    moved = tuple(sorted((f for f in facts if f.kind.polarity != "neutral"), key=lambda f: -f.strength))
    silent = any(f.kind.polarity == "n/a" for f in facts)
    if silent and not any(f.kind.polarity == "fault" for f in facts):
        return RuleScore(dimension, 0, None, tuple(f for f in moved if f.kind.polarity == "n/a"))
    points = _START + sum(f.points for f in facts)
    score = 3 if points > 2.5 else 1 if points < 1.5 else 2
    return RuleScore(dimension, score, points, tuple(f for f in moved if f.kind.polarity != "n/a"))
