"""How unsure a judge is of a notebook, read off its distributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

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
    return float(doubts([probabilities], scale)[0])


def doubts(distributions: Sequence[Mapping[int, float]], scale: Scale) -> npt.NDArray[np.float64]:
    """The same of many distributions at once, shape (len(distributions),)."""
    given = [[max(shares.get(value, 0.0), 0.0) for value in scale.values] for shares in distributions]
    table = np.asarray(given, dtype=np.float64).reshape(-1, len(scale.values))
    totals = table.sum(axis=1, keepdims=True)
    table = np.where(totals > 0, table / np.where(totals > 0, totals, 1), 1 / len(scale.values))
    found: npt.NDArray[np.float64] = ((table @ _distances(scale)) * table).sum(axis=1)
    return found


def _distances(scale: Scale) -> npt.NDArray[np.float64]:
    values, na = scale.values, scale.not_applicable
    span = max(scale.levels[-1] - scale.levels[0], 1)
    return np.asarray([[0.0 if a == b else 1.0 if na in (a, b) else abs(a - b) / span for b in values] for a in values])
