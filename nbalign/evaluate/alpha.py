"""Krippendorff's alpha: how far several raters can be relied on, where each of them scored only some of the things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import permutations

import numpy as np

from nbalign.rubrics.model import Scale


def ordinal_alpha(units: Iterable[Sequence[int]], scale: Scale) -> float | None:
    """Krippendorff's alpha for ordinal data.

    With o[c, k] the coincidences (each ordered pair of scores of one thing counts 1 / (scores of that thing - 1)),
    n[c] their margins, n their sum and d[c, k] = (the sum of n[g] from c to k, less half of n[c] + n[k])^2:
    alpha = 1 - (n - 1) sum(o d) / sum(n[c] n[k] d).
    Source: K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", University of Pennsylvania (2011).

    Args:
        units: The scores of each thing that was scored, one a rater. "Not applicable" is no level and left out; things
            with fewer than two scores left say nothing.
        scale: The scale.

    Returns:
        1 for perfect agreement, about 0 for chance, below it where raters differ on purpose; None where nothing can be
        said: no thing with two scores, or one and the same score everywhere.
    """
    levels = scale.levels
    place = {level: n for n, level in enumerate(levels)}
    together = np.zeros((len(levels), len(levels)))
    for unit in units:
        scores = [place[score] for score in unit if score in place]
        if len(scores) > 1:
            for (a, b), times in Counter(permutations(scores, 2)).items():
                together[a, b] += times / (len(scores) - 1)
    margins = together.sum(axis=1)
    upto = np.cumsum(margins)
    middle = upto - margins / 2  # the sum from c to k less half of both ends is the distance of their middles
    distance = (middle[:, None] - middle[None, :]) ** 2
    by_chance = float((np.outer(margins, margins) * distance).sum())
    if by_chance == 0:
        return None
    return 1.0 - (float(margins.sum()) - 1.0) * float((together * distance).sum()) / by_chance
