"""Two opinions of one notebook: the judge with a memory speaks where the calibration is nearly undecided."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.align.blend import MOST, blended, share_of, weight
from nbalign.align.calibrate import Estimate, fit
from nbalign.judge.decide import decide
from tests.align.calibrate_cases import examples, noisy_view
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


LEVELS = st.lists(st.floats(0, 1), min_size=3, max_size=3).filter(lambda p: sum(p) > 0.01)


@given(LEVELS, LEVELS)
def test_a_judge_with_a_memory_carries_a_score_only_where_the_calibration_is_nearly_undecided(
    one: list[float], two: list[float]
) -> None:
    """However wrong its words make it: a side to which the calibration gives less than a third is never taken."""
    a, b = ({v: p / sum(levels) for v, p in enumerate(levels, 1)} for levels in (one, two))
    alone = decide(a, SCALE)
    score = blended(Estimate(a, 2.0, alone), b, 1 - MOST, SCALE).score
    if score != alone:
        side = sum(p for v, p in a.items() if (v >= score if score > alone else v <= score))
        assert side >= 1 / 3 - 1e-6


@pytest.mark.parametrize(("own", "other", "score"), [(0.7, 0.0, 0), (0.6, 0.0, 3), (0.3, 1.0, 3), (0.4, 1.0, 0)])
def test_the_same_holds_for_not_applicable(own: float, other: float, score: int) -> None:
    mine, theirs = {0: own, 3: 1 - own}, {0: other, 3: 1 - other}
    assert blended(Estimate(mine, 3.0, decide(mine, SCALE)), theirs, 1 - MOST, SCALE).score == score


@pytest.mark.parametrize("right", [True, False])
def test_a_judge_with_a_memory_never_counts_for_more_than_a_quarter(right: bool) -> None:
    rng = np.random.default_rng(0)
    scores = [1 + n % 3 for n in range(24)]
    said = [score if right else 1 + (score + n) % 3 for n, score in enumerate(scores)]
    taught = examples([noisy_view(n, rng, judged={v: 1.0}) for n, v in enumerate(said)], scores)
    share = share_of(fit(taught, SCALE, ("judged", "counts")), taught, SCALE)
    assert 1 - MOST <= share < 1
    assert share_of(fit(taught[:4], SCALE, ("judged",)), taught[:4], SCALE) == 1 - MOST  # too few to fit anything
