"""The constant predictor: the yardstick that every judge has to beat.

For each notebook it gives the median of the true scores of all *other* notebooks in the same dimension. It is left
out one notebook at a time so that it never sees the score it predicts. (That is slightly hard on it: leaving a score
out moves the median away from that very score. Where two levels are equally frequent, it is always wrong.) It never
predicts N/A.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nbalign.rubrics.model import Scale


def leave_one_out(truth: Mapping[str, int | None], scale: Scale) -> dict[str, int]:
    """Predicts each notebook of one dimension from the others.

    Args:
        truth: Notebook -> true score in this dimension; N/A and None (unresolved) teach nothing.
        scale: Its scale.

    Returns:
        Notebook -> lower median of the ordinal scores of the other notebooks, for every notebook in `truth`. A
        notebook is missing when no other notebook has an ordinal score.
    """
    levels = scale.levels
    counts = dict.fromkeys(levels, 0)
    for score in truth.values():
        if score in counts:
            counts[score] += 1
    predicted = {}
    for notebook, score in truth.items():
        others = dict(counts)
        if score in others:
            others[score] -= 1
        median = _lower_median(others)
        if median is not None:
            predicted[notebook] = median
    return predicted


def constant_mae(truth: Mapping[str, int | None], notebooks: Iterable[str], scale: Scale) -> float | None:
    """Mean absolute error of the constant predictor on given notebooks of one dimension.

    Args:
        truth: Notebook -> true score, as for `leave_one_out`; all of it is learned from.
        notebooks: The notebooks to predict, for instance those that a judge is compared on. Those without an ordinal
            true score, or without any other notebook to learn from, are left out.
        scale: The scale.

    Returns:
        The mean of |prediction - truth| in digits of the scale; None when nothing is left to predict.
    """
    predicted = leave_one_out(truth, scale)
    levels = set(scale.levels)
    errors = []
    for notebook in notebooks:
        score = truth.get(notebook)
        if score is not None and score in levels and notebook in predicted:
            errors.append(abs(predicted[notebook] - score))
    return sum(errors) / len(errors) if errors else None


def _lower_median(counts: Mapping[int, int]) -> int | None:
    """The lower median of a multiset given as value -> count; None when it is empty."""
    middle = (sum(counts.values()) + 1) // 2
    below = 0
    for value in sorted(counts):
        below += counts[value]
        if below >= middle > 0:
            return value
    return None
