"""Arms against each other, paired by notebook on the same resamples, with a correction for looking many times."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from nbalign.evaluate.experiment.bootstrap import Column, Draws
from nbalign.evaluate.experiment.model import MACRO, Difference

SIGNIFICANT = 0.05

Errors = Mapping[tuple[str, str], Mapping[str, float]]  # (arm, dimension) -> notebook -> absolute error


def holm(p_values: Sequence[float]) -> list[float]:
    """Adjusts p-values of a family of tests for their number.

    The i-th smallest of m (i from 1) is multiplied by m - i + 1, made no smaller than the ones before it, and capped
    at 1. Rejecting what is then below 5% holds the chance of any false rejection below 5%, however the tests hang
    together. Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian Journal of
    Statistics 6 (1979) 65-70.

    Args:
        p_values: 0..1, in any order; may be empty.

    Returns:
        The adjusted ones, in the same order.
    """
    adjusted = [1.0] * len(p_values)
    floor = 0.0
    for rank, n in enumerate(sorted(range(len(p_values)), key=lambda n: p_values[n])):
        floor = max(floor, (len(p_values) - rank) * p_values[n])
        adjusted[n] = min(1.0, floor)
    return adjusted


def gains(errors: Errors, arm: str, against: str, dimensions: Sequence[str]) -> list[Column]:
    """What one arm gains over another on every notebook that both scored on the levels, one column a dimension.

    Args:
        errors: Absolute errors of ordinal pairs; see `Errors`.
        arm: The arm looked at.
        against: The arm it is compared with.
        dimensions: Of the columns, in order.

    Returns:
        Columns of error of `against` minus error of `arm`: above 0 where `arm` is nearer to the truth.
    """
    columns: list[Column] = []
    for dimension in dimensions:
        mine, theirs = errors.get((arm, dimension), {}), errors.get((against, dimension), {})
        columns.append([(nb, theirs[nb] - mine[nb]) for nb in sorted(mine.keys() & theirs.keys())])
    return columns


def differences(
    draws: Draws, first: int, columns: Sequence[Column], arm: str, against: str, dimensions: Sequence[str]
) -> list[Difference]:
    """The paired comparison of two arms in every dimension and over all of them.

    Args:
        draws: Resampled means; they hold the columns of `gains` one after the other.
        first: Where in the draws the first of these columns stands.
        columns: The columns themselves.
        arm: The arm looked at.
        against: The arm it is compared with.
        dimensions: Of the columns.

    Returns:
        One a dimension with common pairs, corrected over these dimensions, then the macro mean; nothing where the
        arms have no pair in common. The macro mean is one question asked once: its p-value needs no correction.
    """
    used = [n for n, column in enumerate(columns) if column]
    if not used:
        return []
    places = [first + n for n in used]
    own = Draws(draws.values[places], draws.means[:, places], draws.units[places])
    p_values = own.p_values()
    macro = own.macro(range(len(used)))
    (p_macro,) = macro.p_values()
    figures = zip(
        [*(dimensions[n] for n in used), MACRO],
        [*(len(columns[n]) for n in used), sum(len(columns[n]) for n in used)],
        [*own.intervals(), *macro.intervals()],
        [*p_values, p_macro],
        [*holm(p_values), p_macro],
        strict=True,
    )
    return [
        Difference(arm, against, dimension, pairs, gain, p, adjusted, adjusted < SIGNIFICANT)
        for dimension, pairs, gain, p, adjusted in figures
        if gain is not None
    ]
