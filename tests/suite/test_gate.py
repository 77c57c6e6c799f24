"""The gate: what fails, what does not, and what cannot be told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from nbalign.errors import UsageError
from nbalign.suite.compare.gate_model import Check, Verdict
from nbalign.suite.compare.gating import gate
from nbalign.suite.runs.model import ScoredRun
from tests.suite.scored_made import NA, judge_error, one_dimension, scored

CASES = [f"c{n:02}" for n in range(24)]


def check(verdict: Verdict, dimension: str = "eda") -> Check:
    return next(one for one in verdict.checks if one.dimension == dimension)


def steady(name: str, drop: int = 0, **over: object) -> ScoredRun:
    """A run of two dimensions; `drop` cases lose a level of the first."""
    return scored(
        name,
        {
            "eda": {case: [3 - (n < drop)] for n, case in enumerate(CASES)},
            "metrics": {case: [2 + n % 2] for n, case in enumerate(CASES)},
        },
        **over,
    )


def test_the_same_scores_pass() -> None:
    found = gate(steady("b"), steady("a"), None, 0.3, resamples=300)
    assert [one.state for one in found.checks] == ["pass", "pass", "pass"]  # two dimensions and their mean
    assert (found.exit_code, found.headline) == (0, "Pass.")


def test_a_certain_and_large_drop_is_a_regression() -> None:
    found = gate(steady("b", 16), steady("a"), None, 0.3, resamples=2000)
    assert check(found).state == "regression"
    assert check(found, "metrics").state == "pass"
    assert found.exit_code == 1
    assert "regression in Exploratory Data Analysis" in found.headline
    assert "Drops by 0.67 levels" in check(found).sentence and "adjusted p 0.003" in check(found).sentence


def test_a_certain_drop_that_is_small_enough_passes() -> None:
    found = gate(steady("b", 10), steady("a"), None, 0.5, resamples=2000)
    assert check(found).adjusted < 0.05
    assert check(found).state == "pass"
    assert "less than 0.50" in check(found).sentence
    assert found.exit_code == 0


def test_a_drop_that_chance_may_have_made_is_noise_and_fails_only_when_strict() -> None:
    a = one_dimension("a", [3, 1, 3, 1, 3, 2, 3, 1, 2, 3, 2, 2])
    b = one_dimension("b", [1, 3, 1, 3, 2, 1, 3, 2, 1, 2, 2, 2])
    loose, strict = (gate(b, a, None, 0.2, strict=strict, resamples=500) for strict in (False, True))
    assert check(loose).state == check(strict).state == "noise"
    assert (loose.exit_code, strict.exit_code) == (0, 3)
    assert "cases would show a drop of 0.20" in check(loose).sentence
    assert "may be noise" in loose.headline


def test_a_suite_that_is_too_small_is_blind() -> None:
    a = one_dimension("a", [3, 1, 2, 3, 1, 2, 3, 1])
    b = one_dimension("b", [1, 3, 2, 3, 2, 3, 1, 1])
    found = gate(b, a, None, 0.2, strict=True, resamples=500)
    assert check(found).state == "blind"
    assert found.exit_code == 3
    assert "8 cases" in check(found).sentence


@pytest.mark.parametrize("cases", [1, 4])
def test_of_so_few_cases_that_no_drop_could_be_told_no_interval_is_believed(cases: int) -> None:
    a, b, better = (one_dimension(name, [level] * cases) for name, level in (("a", 2), ("b", 2), ("c", 3)))
    same = check(gate(b, a, None, 0.2, resamples=500))
    assert same.change is not None and same.change.low == same.change.high == 0  # the interval has no width
    assert same.state == "blind"
    assert "no drop of any size" in same.sentence
    assert check(gate(better, a, None, 0.2, resamples=500)).state == "pass"


def test_a_certain_improvement_is_not_called_blind() -> None:
    a = one_dimension("a", [1, 2, 1, 1, 2, 1, 2, 1, 1, 2, 1, 1])
    b = one_dimension("b", [3, 2, 3, 2, 3, 3, 3, 1, 3, 3, 2, 3])
    found = check(gate(b, a, None, 0.2, resamples=500))
    assert found.power is not None and found.power.detectable is not None and found.power.detectable > 0.2
    assert found.state == "pass"  # its interval rules a drop out


def test_the_least_mean_fails_only_with_the_whole_interval_below() -> None:
    run = one_dimension("b", [1, 2] * 10)
    assert check(gate(run, None, None, min_score=1.6, resamples=500)).state == "pass"
    low = gate(run, None, None, min_score=2.5, resamples=500)
    assert (check(low).state, low.exit_code) == ("too low", 1)
    assert "below 2.50" in check(low).sentence
    assert check(gate(run, one_dimension("a", [1, 2] * 10), None, 0.5, 2.5, resamples=500)).state == "too low"


def test_what_was_not_judged_cannot_pass() -> None:
    a = steady("a")
    b = scored("b", {"eda": {case: [None] for case in CASES}, "metrics": {case: [2] for case in CASES}})
    found = gate(b, a, None, 5.0, resamples=100)
    assert check(found).state == "not judged"
    assert found.exit_code == 3


def test_scores_that_all_became_na_cannot_pass_but_na_in_both_runs_may() -> None:
    gone = scored("b", {"eda": {case: [NA] for case in CASES}, "metrics": {case: [2] for case in CASES}})
    found = gate(gone, steady("a"), None, 5.0, resamples=100)
    assert check(found).state == "not judged"
    assert "24 went from a score to N/A" in check(found).sentence
    both = gate(gone, replace(gone, run=replace(gone.run, name="a")), None, 1.0, resamples=100)
    assert check(both).state == "pass" and "nothing to fall behind" in check(both).sentence
    assert both.exit_code == 0


def test_who_escapes_into_na_in_most_cases_cannot_pass() -> None:
    a = one_dimension("a", [3] * 24)
    b = one_dimension("b", [NA] * 13 + [3] * 11)
    found = gate(b, a, None, 0.5, resamples=500)
    assert check(found).state == "not judged" and found.exit_code == 3
    assert check(gate(a, b, None, 0.5, resamples=500)).state == "pass"  # the other way round is no loss


LEVELS = st.lists(st.sampled_from([NA, 1, 2, 3]), min_size=8, max_size=14)


@settings(max_examples=60, phases=[Phase.generate])
@given(LEVELS, LEVELS, st.sampled_from([0.1, 0.3, 1.0]))
def test_a_state_is_what_its_figures_say(x: list[int], y: list[int], max_drop: float) -> None:
    a, b = one_dimension("a", x), one_dimension("b", y)
    try:
        found = check(gate(b, a, None, max_drop, resamples=1000))
    except UsageError:
        return
    if found.state in ("regression", "noise"):
        assert found.change is not None and found.change.value <= -max_drop + 1e-9
        assert (found.adjusted < 0.05) is (found.state == "regression")
    elif found.change is not None and found.state != "not judged":
        assert found.change.value > -max_drop
    if found.state == "blind":
        assert found.power is None or found.power.detectable is None or found.power.detectable > max_drop
    assert found.sentence.endswith(".") and "  " not in found.sentence


def test_missing_notebooks_are_told_and_fail_where_asked() -> None:
    lost = {(case, 1) for case in CASES[:3]}
    a, b = steady("a"), steady("b", failed=lost)
    told = gate(b, a, None, 0.5, resamples=100)
    assert (told.missing, told.baseline_missing, told.exit_code) == (3, 0, 0)
    assert "b lacks 3 of 24 notebooks" in " ".join(told.notes)
    assert gate(b, a, None, 0.5, max_missing=3, resamples=100).exit_code == 0
    failed = gate(b, a, None, 0.5, max_missing=2, resamples=100)
    assert failed.too_many_missing and failed.exit_code == 1
    assert "3 notebooks missing" in failed.headline


def test_a_small_drop_everywhere_fails_by_the_mean() -> None:
    dimensions = [f"d{n}" for n in range(9)]
    random = np.random.default_rng(4)
    a = {d: {case: [int(random.integers(2, 4))] for case in CASES} for d in dimensions}
    b = {d: {case: [max(1, s[0] - int(random.random() < 0.3))] for case, s in a[d].items()} for d in dimensions}
    found = gate(scored("b", b), scored("a", a), None, 0.2, resamples=2000)
    assert check(found, "").state == "regression"


def test_the_true_change_is_told_with_a_regression() -> None:
    error = judge_error({"eda": [(1, 1), (2, 2), (3, 3), (3, 2)] * 20, "metrics": [(2, 2), (3, 3)] * 40})
    found = gate(steady("b", 16), steady("a"), error, 0.3, resamples=500)
    assert "the true change is about -0." in check(found).sentence


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        ({}, "asks for nothing"),
        ({"max_drop": 0.0}, "drop of 0"),
        ({"max_drop": float("nan")}, "drop of nan"),
        ({"min_score": 4.0}, "not on the scale"),
        ({"max_missing": -1}, "cannot lack"),
    ],
)
def test_a_gate_that_makes_no_sense_is_refused(bounds: dict[str, float], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        gate(steady("b"), steady("a"), None, resamples=50, **bounds)  # type: ignore[arg-type]


def test_a_run_is_no_baseline_of_itself() -> None:
    with pytest.raises(UsageError, match="its own baseline"):
        gate(steady("a"), steady("a"), None, 0.2, resamples=50)


def test_an_unchanged_generator_seldom_fails() -> None:
    """Two runs of the same generator, two dimensions and their mean: at most about one gate of twenty fails."""
    random = np.random.default_rng(11)
    failed = 0
    for world in range(150):
        a, b = (
            scored(name, {d: {case: [int(random.integers(1, 4))] for case in CASES} for d in ("eda", "metrics")})
            for name in "ab"
        )
        failed += gate(b, a, None, 0.01, resamples=400, seed=world).exit_code == 1
    assert failed / 150 < 0.05 + 3 * (0.05 * 0.95 / 150) ** 0.5
