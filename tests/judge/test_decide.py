"""From a distribution to a score, held against the definition for every kind of scale."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.judge.decide import decide, expected
from nbalign.rubrics.model import Scale
from tests.judge.conftest import scale_of


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    digits = draw(st.permutations(range(10)))
    count = draw(st.integers(2, 9))
    return scale_of(sorted(digits[:count]), digits[9] if draw(st.booleans()) else None)


@st.composite
def judged(draw: st.DrawFn) -> tuple[dict[int, float], Scale]:
    scale = draw(scales())
    weights = [draw(st.integers(0, 100)) for _ in scale.values]
    weights[draw(st.integers(0, len(weights) - 1))] += 1
    return {v: w / sum(weights) for v, w in zip(scale.values, weights, strict=True)}, scale


@given(judged())
def test_a_score_has_the_least_expected_absolute_error(case: tuple[dict[int, float], Scale]) -> None:
    probabilities, scale = case
    score = decide(probabilities, scale)
    assert score in scale.values
    if scale.not_applicable is not None and probabilities[scale.not_applicable] >= 0.5:
        assert score == scale.not_applicable
        return
    assert score in scale.levels
    errors = {a: sum(abs(a - b) * probabilities[b] for b in scale.levels) for a in scale.levels}
    assert errors[score] == pytest.approx(min(errors.values()), abs=1e-9)
    equally_good = [level for level, error in errors.items() if error <= min(errors.values()) + 1e-13]
    assert score <= min(equally_good)


@given(judged())
def test_the_mean_leaves_not_applicable_out(case: tuple[dict[int, float], Scale]) -> None:
    probabilities, scale = case
    found = expected(probabilities, scale)
    assert scale.levels[0] <= found <= scale.levels[-1] or found == pytest.approx(scale.levels[0])
    mass = sum(probabilities[level] for level in scale.levels)
    if mass:
        assert found == pytest.approx(sum(level * probabilities[level] / mass for level in scale.levels))
    doubled = {v: p * (1 if v == scale.not_applicable else 0.5) for v, p in probabilities.items()}
    assert expected(doubled, scale) == pytest.approx(found)


def test_not_applicable_is_taken_from_one_half_on() -> None:
    scale = scale_of([1, 2, 3], 0)
    assert decide({0: 0.5, 1: 0.5, 2: 0.0, 3: 0.0}, scale) == 0
    assert decide({0: 0.49, 1: 0.17, 2: 0.17, 3: 0.17}, scale) == 2
    assert decide({0: 1.0}, scale) == 0
    assert expected({0: 1.0}, scale) == 2.0


def test_not_applicable_is_no_point_on_the_scale_wherever_its_digit_lies() -> None:
    assert decide({9: 0.4, 1: 0.6, 2: 0.0}, scale_of([1, 2], 9)) == 1
    assert decide({5: 0.45, 4: 0.1, 6: 0.45}, scale_of([4, 6], 5)) == 6
    assert expected({9: 0.4, 1: 0.6, 2: 0.0}, scale_of([1, 2], 9)) == 1.0


def test_of_two_equally_good_levels_the_lower_is_taken() -> None:
    assert decide({1: 0.5, 2: 0.5}, scale_of([1, 2])) == 1
    assert decide({1: 0.1 + 0.2, 2: 0.2, 3: 0.2, 4: 0.3}, scale_of([1, 2, 3, 4])) == 2
