"""The judge's error folded in: probabilities that make sense, and intervals that hold what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from nbalign.suite.compare.comparing import compare
from nbalign.suite.compare.imputing import conditional, impute
from nbalign.suite.compare.single import single
from tests.suite.scored_made import NA, judge_error, one_dimension, scored


@given(arrays(np.float64, (2, 4, 4), elements=st.integers(0, 60).map(float)))
def test_every_judged_value_has_a_whole_distribution_without_a_zero(
    counts: np.ndarray[tuple[int, ...], np.dtype[np.float64]],
) -> None:
    p = conditional(counts, 3)
    assert np.allclose(p.sum(-1), 1.0)
    assert (p > 0).all()


def test_many_pairs_speak_for_themselves_and_few_borrow_the_errors_around() -> None:
    counts = np.zeros((4, 4))
    counts[1] = [0, 400, 100, 0]  # judged 2: settled 2 or, one of five times, 3
    counts[2] = [0, 0, 1, 0]  # judged 3: once, rightly
    p = conditional(counts, 3)
    assert p[1] == pytest.approx([0, 0.8, 0.2, 0], abs=0.01)
    assert 0.75 < p[2, 2] < 1 and p[2, 1] < 0.05  # what lies above the scale goes back to where there is room
    assert p[0, 1] == pytest.approx(0.2, abs=0.02)  # never judged 1: off by +1 as often as elsewhere


def test_a_scale_without_na_has_none_in_the_truth() -> None:
    p = conditional(np.eye(3) * 10, 3)
    assert p.shape == (3, 3)
    assert np.allclose(p.sum(-1), 1.0)


def test_a_faultless_judge_leaves_the_judged_difference_nearly_as_it_is() -> None:
    random = np.random.default_rng(5)
    a, b = (
        one_dimension("a", random.integers(1, 4, 40).tolist()),
        one_dimension("b", random.integers(1, 4, 40).tolist()),
    )
    error = judge_error({"eda": [(level, level) for level in (1, 2, 3)] * 200})
    (row,) = compare(a, b, error, resamples=2000).rows
    assert row.judged is not None and row.true is not None
    assert row.true.value == pytest.approx(row.judged.value, abs=0.03)
    assert row.true.high - row.true.low == pytest.approx(row.judged.high - row.judged.low, rel=0.08)


def test_a_judge_that_knows_nothing_finds_no_true_difference_and_says_how_little_it_knows() -> None:
    pairs = [(judged, settled) for judged in (1, 2, 3) for settled in (1, 2, 3)] * 30
    a, b = one_dimension("a", [1] * 30), one_dimension("b", [3] * 30)
    (row,) = compare(a, b, judge_error({"eda": pairs}), resamples=1000).rows
    assert row.judged is not None and row.true is not None
    assert row.judged.value == 2.0
    assert abs(row.true.value) < 0.25
    assert row.true.low < 0 < row.true.high and row.true.high - row.true.low > 0.5


def test_a_judge_known_to_be_kind_is_corrected() -> None:
    run = scored("a", {"eda": {f"c{n}": [3] for n in range(20)}})
    (row,) = single(run, judge_error({"eda": [(3, 2)] * 40}), resamples=500)
    assert row.side.mean is not None and row.true is not None
    assert row.side.mean.value == 3.0
    assert row.true.value == pytest.approx(2.0, abs=0.1)


def test_judged_na_may_hide_a_score_and_the_other_way_round() -> None:
    pairs = [(NA, NA)] * 10 + [(NA, 1)] * 10 + [(2, 2)] * 15 + [(2, NA)] * 5
    run = scored("a", {"eda": {"c0": [NA], "c1": [2]}})
    found = impute([run], ["c0", "c1"], judge_error({"eda": pairs}), resamples=2000, seed=1)
    means = found.means[0][:, 0]
    assert np.isnan(means).any() and np.isfinite(means).any()
    assert np.nanmin(means) == 1.0  # settled on though judged N/A


def test_few_pairs_widen_the_interval() -> None:
    random = np.random.default_rng(9)
    a, b = (
        one_dimension("a", random.integers(1, 3, 60).tolist()),
        one_dimension("b", random.integers(2, 4, 60).tolist()),
    )
    pairs = [(1, 1), (1, 2), (2, 2), (2, 1), (3, 3), (3, 2)]
    widths = []
    for times in (1, 100):
        (row,) = compare(a, b, judge_error({"eda": pairs * times}), resamples=1500).rows
        assert row.true is not None
        widths.append(row.true.high - row.true.low)
    assert widths[0] > 1.2 * widths[1]


def test_the_95_percent_interval_holds_the_true_difference_in_about_95_percent_of_worlds() -> None:
    """Worlds with a known P(settled | judged), in which the true difference of all tasks is known."""
    settled = np.array([[0.75, 0.25, 0.0], [0.15, 0.70, 0.15], [0.0, 0.30, 0.70]])  # rows: judged 1, 2, 3
    shares = np.array([0.4, 0.4, 0.2]), np.array([0.2, 0.4, 0.4])
    levels = np.array([1, 2, 3])
    true = float((shares[1] - shares[0]) @ settled @ levels)
    random = np.random.default_rng(2026)
    worlds, inside, estimates, widths, ideal = 250, 0, [], [], []
    for world in range(worlds):
        judged = [random.choice(levels, 36, p=share) for share in shares]
        pairs = [(int(j), int(random.choice(levels, p=settled[j - 1]))) for j in random.choice(levels, 60)]
        a, b = (one_dimension(name, one.tolist()) for name, one in zip("ab", judged, strict=True))
        (row,) = compare(a, b, judge_error({"eda": pairs}), resamples=300, seed=world).rows
        assert row.true is not None
        inside += row.true.low <= true <= row.true.high
        estimates.append(row.true.value)
        widths.append(row.true.high - row.true.low)
        truths = [np.array([random.choice(levels, p=settled[j - 1]) for j in one]) for one in judged]
        ideal.append(2 * 1.96 * float(np.std(truths[1] - truths[0])) / 6)
    # Three standard errors of a share around 95%.
    assert abs(inside / worlds - 0.95) < 3 * (0.95 * 0.05 / worlds) ** 0.5
    assert np.mean(estimates) == pytest.approx(true, abs=0.05)
    # As wide as with raters' scores for every notebook, and a little wider for what is not known of the judge.
    assert 0.97 < np.mean(widths) / np.mean(ideal) < 1.15
