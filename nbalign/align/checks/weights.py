"""What the labels believe of each check, for people: one shrunken slope a check.

This is not what calibration fits: that weighs all checks, facts and the judge against each other. Here each check
stands alone, so that its number can be read alone: by how many levels the experts' score goes up where the odds of
"yes" are e times as high.

For check c with logits x (of the notebooks that have both an answer and a score) and scores y, both centred,

    w = sum(x * y) / (sum(x ** 2) + STRENGTH)

which is ridge regression with an unpenalised intercept in one variable (Hoerl and Kennard 1970): the posterior mean of
a slope that is 0 beforehand. STRENGTH is the ratio of the variance of a score around the line to that of slopes
beforehand: scores scatter by about 0.6 of a level, and slopes beyond 0.2 levels per unit would surprise, so it is
0.36 / 0.04. A check with few answers, or whose answers hardly differ, stays near 0.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

from nbalign.align.checks.model import Check

STRENGTH = 9.0
_CLIP = 1e-3  # P(yes) is kept away from 0 and 1: logits stay within 7
_FEWEST = 3  # notebooks: two points always lie on a line


def weights(
    checks: Iterable[Check],
    answers: Mapping[str, Mapping[str, float]],
    scores: Mapping[str, int],
    not_applicable: int | None = None,
) -> Mapping[str, float]:
    """The shrunken slope of the score in the logit of P(yes), for each check.

    Args:
        checks: Of one dimension.
        answers: Check id -> notebook -> P(yes), 0..1; notebooks may differ between checks.
        scores: Notebook -> settled score of that dimension.
        not_applicable: The digit that means N/A: such notebooks are left out, since N/A is no level.

    Returns:
        Check id -> levels per unit of logit; above 0 where "yes" goes with higher scores. 0 where fewer than three
        notebooks have both, or nothing varies.
    """
    levels = {notebook: score for notebook, score in scores.items() if score != not_applicable}
    return {check.id: _slope(answers.get(check.id, {}), levels) for check in checks}


def logit(probability: float) -> float:
    """ln(p / (1 - p)) with p kept within 0.001..0.999."""
    p = min(max(probability, _CLIP), 1 - _CLIP)
    return math.log(p / (1 - p))


def _slope(answers: Mapping[str, float], scores: Mapping[str, int]) -> float:
    pairs = [(logit(p), scores[n]) for n, p in answers.items() if n in scores and math.isfinite(p)]
    if len(pairs) < _FEWEST:
        return 0.0
    mean_x = math.fsum(x for x, _ in pairs) / len(pairs)
    mean_y = math.fsum(y for _, y in pairs) / len(pairs)
    both = math.fsum((x - mean_x) * (y - mean_y) for x, y in pairs)
    return both / (math.fsum((x - mean_x) ** 2 for x, _ in pairs) + STRENGTH)
