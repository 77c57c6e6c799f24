"""Measures of agreement over `Pairs`, each with its formula and source.

Errors are in the scale's own digits: 1.0 is the distance from a 2 to a 3. What averages looks at ordinal pairs alone
and is None where there are none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nbalign.evaluate.pairs import IntArray, Pairs

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class NaAgreement:
    """How two sides agree on what is not applicable, over all pairs.

    Attributes:
        both: Pairs that both sides call N/A.
        only_a: Pairs that `a` alone calls N/A.
        only_b: Pairs that `b` alone calls N/A.
        neither: Pairs that both sides scored on the ordinal levels.
        share: (both + neither) / n, 0..1; None without pairs or where the scale has no N/A.
        kappa: Cohen's kappa of "N/A or not", at most 1; None where undefined (each side always or never says N/A,
            and the same).
    """

    both: int
    only_a: int
    only_b: int
    neither: int
    share: float | None
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything about how two sides agree on one set of pairs.

    Attributes:
        n: All pairs, N/A included.
        ordinal: Pairs that both sides scored on the ordinal levels: what the four measures below are about.
        mae: Mean absolute error, in digits of the scale; None without ordinal pairs, as the next two.
        bias: Mean of a minus b: above 0 where `a` gives higher scores.
        exact: Share of equal scores, 0..1.
        kappa: Quadratic weighted kappa, -1..1; None where undefined.
        na: Agreement on N/A.
        confusion: Counts, rows `b`, columns `a`, both in the order of `scale.values`.
    """

    n: int
    ordinal: int
    mae: float | None
    bias: float | None
    exact: float | None
    kappa: float | None
    na: NaAgreement
    confusion: Matrix


def compare(pairs: Pairs) -> Comparison:
    """All measures at once."""
    return Comparison(
        n=pairs.n,
        ordinal=int(pairs.ordinal.sum()),
        mae=mae(pairs),
        bias=bias(pairs),
        exact=exact(pairs),
        kappa=quadratic_kappa(pairs),
        na=na_agreement(pairs),
        confusion=confusion(pairs),
    )


def mae(pairs: Pairs) -> float | None:
    """Mean absolute error: the mean of |a - b| over ordinal pairs."""
    a, b = pairs.scored()
    return float(np.abs(a - b).mean()) if a.size else None


def bias(pairs: Pairs) -> float | None:
    """Signed error: the mean of a - b over ordinal pairs; positive where `a` is the more lenient side."""
    a, b = pairs.scored()
    return float((a - b).mean()) if a.size else None


def exact(pairs: Pairs) -> float | None:
    """Share of ordinal pairs with a = b, 0..1."""
    a, b = pairs.scored()
    return float((a == b).mean()) if a.size else None


def quadratic_kappa(pairs: Pairs) -> float | None:
    """Cohen's kappa with quadratic weights over the scale's levels.

    With O the k x k counts of ordinal pairs, E the counts expected from the two margins alone (their outer product
    over n) and w[i, j] = (i - j)^2 over the positions of the levels: kappa = 1 - sum(w O) / sum(w E).
    Source: J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968) 213-220.

    Returns:
        -1..1, 1 for equal columns, about 0 for chance; None without ordinal pairs and where both columns are one and
        the same constant, so that nothing can be said about chance.
    """
    a, b = pairs.scored()
    levels = np.asarray(pairs.scale.levels)
    observed = _counts(b, a, levels)
    position = np.arange(levels.size)
    weights = (position[:, None] - position[None, :]) ** 2
    by_chance = int((weights * np.outer(observed.sum(axis=1), observed.sum(axis=0))).sum())
    if by_chance == 0:
        return None
    return 1.0 - int(a.size) * int((weights * observed).sum()) / by_chance


def confusion(pairs: Pairs) -> Matrix:
    """Counts over all pairs and all values of the scale, N/A included: rows `b`, columns `a`, as `scale.values`."""
    counts = _counts(pairs.b, pairs.a, np.asarray(pairs.scale.values))
    return tuple(tuple(int(count) for count in row) for row in counts)


def na_agreement(pairs: Pairs) -> NaAgreement:
    """Agreement on "N/A or not", as counts, share and Cohen's kappa.

    With p the share of pairs on which both sides agree and e the share expected from how often each side says N/A:
    kappa = (p - e) / (1 - e). Source: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
    Psychological Measurement 20 (1960) 37-46.
    """
    n, both, only_a, only_b = pairs.n, pairs.both_na, pairs.only_a_na, pairs.only_b_na
    neither = n - both - only_a - only_b
    by_chance = (both + only_a) * (both + only_b) + (neither + only_b) * (neither + only_a)  # n^2 times e
    return NaAgreement(
        both=both,
        only_a=only_a,
        only_b=only_b,
        neither=neither,
        share=(both + neither) / n if n and pairs.scale.not_applicable is not None else None,
        kappa=(n * (both + neither) - by_chance) / (n * n - by_chance) if n * n > by_chance else None,
    )


def _counts(rows: IntArray, columns: IntArray, values: IntArray) -> IntArray:
    """Counts of (row value, column value), shape (len(values), len(values)); `values` ascending."""
    table: IntArray = np.zeros((values.size, values.size), dtype=np.int64)
    np.add.at(table, (np.searchsorted(values, rows), np.searchsorted(values, columns)), 1)
    return table
