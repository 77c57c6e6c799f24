"""How unsure a judge is of a notebook, read off its distributions."""

from __future__ import annotations

from collections.abc import Mapping

from nbalign.rubrics.model import Scale


def doubt(probabilities: Mapping[int, float], scale: Scale) -> float:
    """Expected distance between two scores drawn from a distribution: Rao's quadratic entropy.

    With d the distance of two levels over the distance of the outermost ones, and 1 between N/A and any level:
    sum over v, w of p(v) p(w) d(v, w). Unlike the entropy it knows that 1 against 3 is more doubt than 2 against 3.
    Source: C. R. Rao, "Diversity and dissimilarity coefficients: a unified approach", Theoretical Population Biology
    21 (1982) 24-43.

    Args:
        probabilities: Value -> probability; what is off the scale is left out and the rest renormalised.
        scale: The scale.

    Returns:
        0 for a judge that is sure, at most 2/3; the value that "anything is as likely" would give where nothing is
        left.
    """
    shares = {value: max(probabilities.get(value, 0.0), 0.0) for value in scale.values}
    total = sum(shares.values())
    if total <= 0:
        shares, total = dict.fromkeys(scale.values, 1.0), float(len(scale.values))
    shares = {value: share / total for value, share in shares.items()}
    span = max(scale.levels[-1] - scale.levels[0], 1)

    def distance(a: int, b: int) -> float:
        if a == b:
            return 0.0
        return 1.0 if scale.not_applicable in (a, b) else abs(a - b) / span

    return sum(p * q * distance(a, b) for a, p in shares.items() for b, q in shares.items())
