"""What a comparison can see, against the exact power of the paired t-test."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestPower

from nbalign.suite.compare.power import cases_needed, detectable, foreseen, observed, student
from nbalign.suite.compare.tallies import tally
from tests.suite.scored_made import NA, scored


def power(effect: float, cases: int, alpha: float) -> float:
    """The exact power, from the noncentral t."""
    return float(TTestPower().power(effect, cases, alpha, alternative="two-sided"))


@pytest.mark.parametrize("p", [0.8, 0.975, 0.9972, 0.9995])
@pytest.mark.parametrize("freedom", [10, 19, 51, 500])
def test_quantiles_are_those_of_student(p: float, freedom: int) -> None:
    assert student(p, freedom) == pytest.approx(stats.t.ppf(p, freedom), rel=0.01)
    assert student(1 - p, freedom) == pytest.approx(-student(p, freedom))


@pytest.mark.parametrize("cases", [12, 24, 52, 200])
@pytest.mark.parametrize("alpha", [0.05, 0.05 / 9])
def test_the_detectable_change_is_that_of_a_paired_t_test(cases: int, alpha: float) -> None:
    found = detectable(0.7, cases, alpha)
    assert found is not None
    assert power(found / 0.7, cases, alpha) == pytest.approx(0.8, abs=0.04)


def test_the_cases_needed_are_those_of_a_paired_t_test() -> None:
    cases = cases_needed(0.6, 0.2, 0.05 / 9)
    assert cases is not None and power(0.2 / 0.6, cases, 0.05 / 9) == pytest.approx(0.8, abs=0.02)


@given(st.floats(0.05, 2), st.floats(0.05, 1), st.sampled_from([0.05, 0.05 / 3, 0.05 / 9]))
def test_with_the_cases_needed_the_change_is_detectable_and_with_one_less_it_is_not(
    spread: float, change: float, alpha: float
) -> None:
    cases = cases_needed(spread, change, alpha)
    assert cases is not None
    assert (detectable(spread, cases, alpha) or 9.0) <= change
    fewer = detectable(spread, cases - 1, alpha)
    assert fewer is None or fewer > change


def test_too_few_cases_see_nothing_of_any_size() -> None:
    assert detectable(0.1, 1) is None
    assert detectable(0.1, 5) is None  # 2 / 2^5 is above 5%
    assert detectable(0.1, 6) is not None
    assert cases_needed(0.5, 0.0) is None
    assert cases_needed(10.0, 0.001) is None


def test_equal_differences_are_not_taken_for_perfect_sight() -> None:
    found = observed([0.0] * 16, tests=9, max_drop=0.2)
    assert found is not None and found.spread == 0.25 and "at least" in found.basis
    assert found.detectable is not None and found.detectable > 0.1
    assert observed([1.0], tests=1) is None


def test_repeats_tell_the_spread_of_a_run_to_come() -> None:
    run = scored("a", {"eda": {f"c{n}": [1 + n % 3, 1 + (n + n % 2) % 3] for n in range(20)}})
    found = foreseen(tally(run), "eda", tests=9, max_drop=0.2)
    assert found is not None and found.needed is not None
    squares = sum((a - b) ** 2 / 2 for a, b in [(1 + n % 3, 1 + (n + n % 2) % 3) for n in range(20)]) / 20
    assert found.spread == pytest.approx((2 * squares / 2) ** 0.5)
    assert "between the 2 notebooks of a case" in found.basis


def test_without_repeats_the_assumption_is_stated() -> None:
    run = scored("a", {"eda": {f"c{n}": [1 + n % 3] for n in range(21)} | {"na": [NA]}})
    found = foreseen(tally(run), "eda", tests=1)
    assert found is not None
    assert found.cases == 21 and found.needed is None
    assert found.spread == pytest.approx((2 * 14 / 20) ** 0.5)
    assert "assumption" in found.basis
