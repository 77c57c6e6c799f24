from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats  # type: ignore[import-untyped, unused-ignore]

from nbalign.align.calibrate.model import FloatArray
from nbalign.errors import UsageError
from nbalign.evaluate.experiment.bootstrap import Column, draw
from nbalign.evaluate.experiment.model import Interval


def names(n: int) -> list[str]:
    return [f"n{i:04}" for i in range(n)]


def column(figures: FloatArray) -> Column:
    return list(zip(names(len(figures)), figures.tolist(), strict=True))


def interval(found: Interval | None) -> Interval:
    assert found is not None
    return found


figure = st.floats(-5, 5, allow_nan=False)
columns = st.lists(st.lists(st.tuples(st.sampled_from(names(8)), figure), max_size=20), min_size=1, max_size=4)


@settings(deadline=None)
@given(columns, st.integers(0, 2**32), st.integers(1, 60))
def test_resampled_means_are_means_of_what_was_drawn(parts: list[Column], seed: int, resamples: int) -> None:
    draws = draw(parts, names(8), None, resamples, seed)
    # The same draws, told by a column for each notebook that marks how often it was drawn among all.
    often = draw([[(nb, float(nb == one)) for nb in names(8)] for one in names(8)], names(8), None, resamples, seed)
    counts = np.rint(often.means * 8).astype(int)
    assert (counts.sum(axis=1) == 8).all()
    for n, part in enumerate(parts):
        if not part:
            assert np.isnan(draws.values[n])
            continue
        assert draws.values[n] == pytest.approx(sum(f for _, f in part) / len(part), abs=1e-9)
        for row in range(min(resamples, 10)):
            drawn = [f for nb, f in part for _ in range(counts[row, names(8).index(nb)])]
            mine = draws.means[row, n]
            assert np.isnan(mine) if not drawn else mine == pytest.approx(sum(drawn) / len(drawn), abs=1e-9)


@settings(deadline=None)
@given(columns, st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_intervals_in_any_order(parts: list[Column], seed: int) -> None:
    first = draw(parts, names(8), None, 50, seed)
    again = draw([list(reversed(part)) for part in reversed(parts)], names(8)[::-1], None, 50, seed)
    assert np.allclose(first.means, again.means[:, ::-1], equal_nan=True, atol=1e-9)
    shown = [i for i in first.intervals() if i is not None]
    assert all(math.isfinite(end) for i in shown for end in (i.value, i.low, i.high))
    assert all(i.low <= i.high for i in shown)
    assert all(0 < p <= 1 for p in first.p_values())


@pytest.mark.parametrize("seed", range(3))
def test_intervals_are_those_of_scipy(seed: int) -> None:
    figures = np.random.default_rng(seed).integers(0, 3, 52).astype(float)
    mine = interval(draw([column(figures)], names(52), None, 20_000, 1).intervals()[0])
    theirs = stats.bootstrap((figures,), np.mean, n_resamples=20_000, method="percentile", rng=2).confidence_interval
    assert mine.value == pytest.approx(figures.mean())
    # Two runs of either differ by as much: the ends are known to about 2% of the interval's width.
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.05 * (theirs.high - theirs.low))


def test_where_notebooks_differ_in_how_much_they_hold_intervals_are_those_of_a_ratio() -> None:
    random_ = np.random.default_rng(5)
    held = random_.integers(0, 4, 40)
    sums = np.asarray([random_.integers(0, 3, n).sum() for n in held], dtype=float)
    part = [(nb, s / n) for nb, s, n in zip(names(40), sums, held, strict=True) for _ in range(n)]

    def ratio(s: FloatArray, n: FloatArray, axis: int) -> FloatArray:
        return np.asarray(s.sum(axis=axis) / n.sum(axis=axis))

    theirs = stats.bootstrap(
        (sums, held.astype(float)), ratio, paired=True, n_resamples=20_000, method="percentile", rng=2
    ).confidence_interval
    mine = interval(draw([part], names(40), None, 20_000, 1).intervals()[0])
    assert (mine.low, mine.high) == pytest.approx((theirs.low, theirs.high), abs=0.05 * (theirs.high - theirs.low))


def test_groups_are_drawn_whole() -> None:
    figures = np.repeat([0.0, 1.0, 2.0], 4)
    groups = {nb: f"g{i // 4}" for i, nb in enumerate(names(12))}
    draws = draw([column(figures)], names(12), groups, 400, 0)
    possible = {sum(drawn) / 3 for drawn in np.ndindex(3, 3, 3)}
    assert {round(mean, 9) for mean in draws.means[:, 0]} <= {round(mean, 9) for mean in possible}
    assert draws.units.tolist() == [3]
    grouped, alone = interval(draws.intervals()[0]), draw([column(figures)], names(12), None, 400, 0).intervals()[0]
    assert grouped.high - grouped.low > interval(alone).high - interval(alone).low


def test_a_notebook_outside_all_groups_stands_alone() -> None:
    draws = draw([[("a", 0.0), ("b", 1.0)]], ["a", "b"], {"a": "b"}, 100, 0)
    assert draws.units.tolist() == [2]
    assert set(draws.means[:, 0]) == {0.0, 0.5, 1.0}


def test_equal_figures_give_an_interval_of_no_width() -> None:
    part = column(np.full(7, 1.0))
    assert draw([part], names(7), None, 500, 0).intervals() == [Interval(1.0, 1.0, 1.0)]


def test_one_notebook_gives_an_interval_of_no_width_and_proves_nothing() -> None:
    draws = draw([[("n0000", 2.0)]], names(1), None, 500, 0)
    assert draws.intervals() == [Interval(2.0, 2.0, 2.0)]
    assert draws.p_values() == [1.0]


def test_nothing_at_all_has_no_interval() -> None:
    draws = draw([[], []], [], None, 100, 0)
    assert draws.intervals() == [None, None]
    assert draws.p_values() == [1.0, 1.0]
    assert draws.macro([0, 1]).intervals() == [None]
    assert draws.macro([]).intervals() == [None]


def test_a_column_that_some_resamples_miss_is_known_from_the_others() -> None:
    rare: Column = [("n0000", 2.0)]
    common = column(np.asarray([0.0, 0.0, 1.0, 1.0, 0.0]))
    draws = draw([rare, common], names(5), None, 1000, 0)
    missed = np.isnan(draws.means[:, 0])
    assert 0.25 < missed.mean() < 0.4  # (4/5)^5 = 0.33
    assert draws.intervals()[0] == Interval(2.0, 2.0, 2.0)
    macro = draws.macro([0, 1])
    assert macro.values[0] == pytest.approx((2.0 + 0.4) / 2)
    assert macro.means[missed, 0] == pytest.approx(draws.means[missed, 1])
    assert macro.means[~missed, 0] == pytest.approx((2.0 + draws.means[~missed, 1]) / 2)


def test_one_resample_that_misses_a_column_leaves_its_value() -> None:
    seed = next(s for s in range(50) if np.isnan(draw([[("n0000", 2.0)]], names(9), None, 1, s).means).all())
    draws = draw([[("n0000", 2.0)]], names(9), None, 1, seed)
    assert draws.intervals() == [Interval(2.0, 2.0, 2.0)]
    assert draws.p_values() == [1.0]


def test_many_notebooks_are_drawn_in_pieces_of_even_chance() -> None:
    figures = np.zeros(3000)
    figures[:1500] = 1.0
    draws = draw([column(figures)], names(3000), None, 700, 0)  # three pieces
    assert not np.isnan(draws.means).any()
    assert draws.means.std() == pytest.approx(0.5 / math.sqrt(3000), rel=0.15)
    assert len(np.unique(draws.means[:333])) > 50
    assert (draws.means[:333] != draws.means[333:666]).any()


def test_p_is_the_share_of_resamples_at_or_beyond_zero() -> None:
    gains = np.asarray([1.0] * 14 + [0.0] * 20 + [-1.0] * 6)
    draws = draw([column(gains), column(-gains), column(np.zeros(40))], names(40), None, 2000, 3)
    beyond = int((draws.means[:, 0] <= 0).sum())
    assert 0 < beyond < 200
    expected = 2 * (beyond + 1) / 2001
    assert draws.p_values() == [pytest.approx(expected), pytest.approx(expected), 1.0]


def test_a_mean_that_is_zero_but_for_rounding_counts_as_zero() -> None:
    third: Column = [("a", 1.0), ("a", 0.0), ("a", 0.0)]
    assert draw([third, third, [("a", -2.0), *third[1:]]], ["a"], None, 50, 0).macro([0, 1, 2]).p_values() == [1.0]


@pytest.mark.parametrize(("n", "least"), [(1, 1.0), (2, 0.5), (5, 0.0625), (40, 2 / 1001)])
def test_few_notebooks_cannot_prove_more_than_the_signs_of_their_differences(n: int, least: float) -> None:
    assert draw([column(np.ones(n))], names(n), None, 1000, 0).p_values() == [pytest.approx(least)]


def bounds(n: int, low: float, high: float) -> tuple[int, int]:
    """How often something that happens with a chance from `low` to `high` does in n cases, all but once in 10^5."""
    return int(stats.binom.ppf(5e-6, n, low)), int(stats.binom.ppf(1 - 5e-6, n, high))


def test_intervals_hold_the_true_mean_error_about_as_often_as_they_say() -> None:
    """1,500 studies of 60 notebooks; a percentile interval of a mean of 60 covers between 92.5% and 95.5%."""
    chances = np.asarray([0.55, 0.35, 0.10])
    figures = np.random.default_rng(11).choice(3, size=(60, 1500), p=chances)
    true = float(chances @ np.arange(3))
    draws = draw([column(f.astype(float)) for f in figures.T], names(60), None, 1000, 12)
    held = sum(interval(i).low <= true <= interval(i).high for i in draws.intervals())
    low, high = bounds(1500, 0.925, 0.955)
    assert low <= held <= high


def test_intervals_of_a_paired_gain_hold_it_about_as_often_as_they_say() -> None:
    """Two arms of 60 notebooks with errors that hang together: hard notebooks are hard for both."""
    random_ = np.random.default_rng(21)
    hard = random_.random((60, 1500)) < 0.4
    base = hard.astype(int) + (random_.random((60, 1500)) < 0.3)
    arm = (hard & (random_.random((60, 1500)) < 0.5)).astype(int)
    true = 0.4 + 0.3 - 0.4 * 0.5
    draws = draw([column(g.astype(float)) for g in (base - arm).T], names(60), None, 1000, 22)
    held = sum(interval(i).low <= true <= interval(i).high for i in draws.intervals())
    low, high = bounds(1500, 0.925, 0.955)
    assert low <= held <= high


def test_p_values_are_about_uniform_where_nothing_differs() -> None:
    """Of 2,000 pairs of arms that are equally good, about a share of x has a p-value below x."""
    gains = np.random.default_rng(31).choice([-1.0, 0.0, 1.0], size=(80, 2000), p=[0.3, 0.4, 0.3])
    p = np.asarray(draw([column(g) for g in gains.T], names(80), None, 1000, 32).p_values())
    for x in (0.05, 0.1, 0.25, 0.5, 0.75):
        # Not exact: the bootstrap has a little too many small ones, and counts resamples at zero on both sides.
        low, high = bounds(2000, 0.85 * x, 1.25 * x)
        assert low <= (p < x).sum() <= high, x


def test_impossible_calls_are_refused() -> None:
    with pytest.raises(UsageError, match="0 resamples"):
        draw([], ["a"], None, 0, 0)
    with pytest.raises(ValueError, match="not among"):
        draw([[("b", 1.0)]], ["a"], None, 10, 0)
