from __future__ import annotations

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import cohen_kappa_score, confusion_matrix, mean_absolute_error

from nbalign.evaluate.metrics import bias, compare, confusion, exact, mae, na_agreement, quadratic_kappa
from nbalign.evaluate.pairs import Pairs
from nbalign.rubrics.model import Scale

NINE = Scale({3: "Good.", 2: "Average.", 1: "Bad.", 0: "N/A"}, 0)
FIVE = Scale(dict.fromkeys(range(1, 6), "level"), None)
ODD = Scale({9: "N/A", 0: "a", 2: "b", 5: "c"}, 9)  # gaps, and N/A above the levels


@st.composite
def some_pairs(draw: st.DrawFn) -> Pairs:
    scale = draw(st.sampled_from([NINE, FIVE, ODD]))
    value = st.sampled_from(scale.values)
    return Pairs.of(draw(st.lists(st.tuples(value, value), max_size=60)), scale)


def ordinal(pairs: Pairs) -> tuple[list[int], list[int]]:
    na = pairs.scale.not_applicable
    kept = [(a, b) for a, b in zip(pairs.a.tolist(), pairs.b.tolist(), strict=True) if na not in (a, b)]
    return [a for a, _ in kept], [b for _, b in kept]


def sklearn_kappa(a: list[int], b: list[int], labels: list[int], weights: str | None) -> float:
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        return float(cohen_kappa_score(a, b, labels=labels, weights=weights))


@settings(deadline=None)
@given(some_pairs())
def test_errors_are_those_of_scikit_learn(pairs: Pairs) -> None:
    a, b = ordinal(pairs)
    if not a:
        assert (mae(pairs), bias(pairs), exact(pairs), quadratic_kappa(pairs)) == (None, None, None, None)
        return
    assert mae(pairs) == pytest.approx(mean_absolute_error(b, a))
    assert bias(pairs) == pytest.approx(sum(a) / len(a) - sum(b) / len(b))
    assert exact(pairs) == pytest.approx(sum(x == y for x, y in zip(a, b, strict=True)) / len(a))


@settings(deadline=None)
@given(some_pairs())
def test_quadratic_kappa_is_that_of_scikit_learn(pairs: Pairs) -> None:
    a, b = ordinal(pairs)
    if not a:
        return
    expected = sklearn_kappa(a, b, list(pairs.scale.levels), "quadratic")
    mine = quadratic_kappa(pairs)
    if len(set(a + b)) == 1:
        assert mine is None
    else:
        assert mine is not None
        assert mine == pytest.approx(expected)
        assert -1 <= mine <= 1


@settings(deadline=None)
@given(some_pairs())
def test_the_confusion_matrix_is_that_of_scikit_learn(pairs: Pairs) -> None:
    matrix = np.asarray(confusion(pairs))
    labels = list(pairs.scale.values)
    if not pairs.n:
        assert matrix.shape == (len(labels), len(labels))
        assert not matrix.any()
        return
    assert (matrix == confusion_matrix(pairs.b, pairs.a, labels=labels)).all()


@settings(deadline=None)
@given(some_pairs())
def test_agreement_on_not_applicable_is_that_of_scikit_learn(pairs: Pairs) -> None:
    na = na_agreement(pairs)
    a = [score == pairs.scale.not_applicable for score in pairs.a.tolist()]
    b = [score == pairs.scale.not_applicable for score in pairs.b.tolist()]
    both = list(zip(a, b, strict=True))
    assert [na.both, na.only_a, na.only_b, na.neither] == [
        both.count((True, True)),
        both.count((True, False)),
        both.count((False, True)),
        both.count((False, False)),
    ]
    if not both or pairs.scale.not_applicable is None:
        assert na.share is None
    else:
        assert na.share == pytest.approx(sum(x == y for x, y in both) / len(both))
    if len(set(a + b)) < 2:
        assert na.kappa is None
    else:
        assert na.kappa == pytest.approx(sklearn_kappa([*map(int, a)], [*map(int, b)], [0, 1], None))


@settings(deadline=None)
@given(some_pairs())
def test_no_pair_is_lost(pairs: Pairs) -> None:
    whole = compare(pairs)
    assert whole.n == pairs.n == whole.ordinal + whole.na.both + whole.na.only_a + whole.na.only_b
    assert sum(map(sum, whole.confusion)) == pairs.n
    assert whole.ordinal == whole.na.neither


@settings(deadline=None)
@given(some_pairs())
def test_swapping_the_sides_turns_the_bias_and_nothing_else(pairs: Pairs) -> None:
    there, back = compare(pairs), compare(Pairs(pairs.b, pairs.a, pairs.scale))
    assert (there.mae, there.exact, there.ordinal) == (back.mae, back.exact, back.ordinal)
    assert (there.na.only_a, there.na.only_b) == (back.na.only_b, back.na.only_a)
    assert (there.bias is None) == (back.bias is None)
    if there.bias is not None and back.bias is not None:
        assert there.bias == -back.bias
    assert (there.kappa is None) == (back.kappa is None)
    if there.kappa is not None and back.kappa is not None:
        assert math.isclose(there.kappa, back.kappa, abs_tol=1e-12)


def test_a_case_worked_by_hand() -> None:
    whole = compare(Pairs.of([(3, 3), (3, 1), (2, 3), (0, 0), (0, 2), (1, 0)], NINE))
    assert (whole.n, whole.ordinal) == (6, 3)
    assert whole.mae == 1.0
    assert whole.bias == pytest.approx(1 / 3)
    assert whole.exact == pytest.approx(1 / 3)
    # Observed 3-3, 1-3 (truth 1), 3-2: sum(wO) = 0 + 4 + 1; margins truth {1: 1, 3: 2}, judge {2: 1, 3: 2}.
    # sum(wE) * n = 1*1*1 + 1*2*4 + 2*1*1 + 2*2*0 = 11, so kappa = 1 - 3 * 5 / 11.
    assert whole.kappa == pytest.approx(1 - 15 / 11)
    assert (whole.na.both, whole.na.only_a, whole.na.only_b, whole.na.neither) == (1, 1, 1, 3)
    assert whole.na.share == pytest.approx(4 / 6)
    assert whole.confusion == ((1, 1, 0, 0), (0, 0, 0, 1), (1, 0, 0, 0), (0, 0, 1, 1))


def test_not_applicable_never_counts_as_a_distance() -> None:
    assert mae(Pairs.of([(3, 0), (0, 1), (2, 2)], NINE)) == 0.0


def test_scores_off_the_scale_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\[4\] are not on the scale"):
        Pairs.of([(4, 1)], NINE)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        Pairs(np.array([1, 2]), np.array([1]), NINE)
