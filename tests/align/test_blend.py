"""Two opinions of one notebook, weighed by how far each errs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.align.blend import blended, weight
from nbalign.align.calibrate import Estimate
from tests.judge.conftest import scale_of

SCALE = scale_of([1, 2, 3], 0)
SHARES = st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(lambda p: sum(p) > 0.01)


def test_the_one_that_errs_less_counts_more() -> None:
    assert weight(0.5, 0.5) == pytest.approx(0.5)
    assert weight(0.25, 0.5) == pytest.approx(0.8)
    assert weight(1.0, 0.5) == pytest.approx(0.2)
    assert 0.5 < weight(0.0, 0.1) < 1.0  # an error of nothing on few labels is not to be trusted


@given(st.floats(0, 3), st.floats(0, 3))
def test_weights_are_shares(a: float, b: float) -> None:
    assert 0 < weight(a, b) < 1
    assert weight(a, b) + weight(b, a) == pytest.approx(1)


@given(SHARES, SHARES, st.floats(0, 1))
def test_a_blend_is_a_distribution_between_both(one: list[float], two: list[float], share: float) -> None:
    a = {v: p / sum(one) for v, p in enumerate(one)}
    b = {v: p / sum(two) for v, p in enumerate(two)}
    mixed = blended(Estimate(a, 2.0, 2), b, share, SCALE)
    assert sum(mixed.probabilities.values()) == pytest.approx(1)
    assert mixed.score in SCALE.values
    assert 1 <= mixed.expected <= 3
    for v in SCALE.values:
        low, high = sorted((a[v], b[v]))
        assert low - 1e-9 <= mixed.probabilities[v] <= high + 1e-9


def test_the_whole_share_is_the_one_opinion() -> None:
    mine = Estimate({0: 0.0, 1: 0.1, 2: 0.2, 3: 0.7}, 2.6, 3)
    theirs = {0: 0.0, 1: 1.0, 2: 0.0, 3: 0.0}
    assert blended(mine, theirs, 1.0, SCALE).score == 3
    assert blended(mine, theirs, 0.0, SCALE) == Estimate(theirs, 1.0, 1)
    assert blended(mine, {}, 0.0, SCALE).probabilities == mine.probabilities  # nothing to blend with
