"""From a distribution over the scale to one score."""

from __future__ import annotations

from collections.abc import Mapping

from nbalign.rubrics.model import Scale


def expected(probabilities: Mapping[int, float], scale: Scale) -> float:
    """Mean of the ordinal levels, N/A left out and the rest renormalised.

    Args:
        probabilities: Value -> probability over all values of the scale.
        scale: The scale.

    Returns:
        A number between the lowest and the highest level; the middle level where all mass is on N/A.
    """
    levels = scale.levels
    mass = sum(probabilities.get(level, 0.0) for level in levels)
    if mass <= 0:
        return float(levels[len(levels) // 2])
    mean = sum(level * probabilities.get(level, 0.0) for level in levels) / mass
    return min(max(mean, float(levels[0])), float(levels[-1]))  # rounding must not carry it over an end


def decide(probabilities: Mapping[int, float], scale: Scale) -> int:
    """The score a judge stands by: N/A first, then the level with the least expected absolute error.

    N/A is decided first, at a probability of one half or more, because it is no point on the scale and must not be
    averaged with one. Among the levels the least expected absolute error is reached by the weighted median; of two
    levels that are equally good the lower is taken, since judges err on the kind side.

    Args:
        probabilities: Value -> probability over all values of the scale.
        scale: The scale.
    """
    not_applicable = scale.not_applicable
    if not_applicable is not None and probabilities.get(not_applicable, 0.0) >= 0.5:
        return not_applicable

    def error(level: int) -> float:
        return sum(abs(level - other) * probabilities.get(other, 0.0) for other in scale.levels)

    return min(scale.levels, key=lambda level: (round(error(level), 12), level))
