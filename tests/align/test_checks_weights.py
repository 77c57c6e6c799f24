"""A check's weight is a ridge slope: never surprising with few labels, and equal to what scikit-learn finds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import Ridge

from nbalign.align.checks import Check, weights
from nbalign.align.checks.weights import STRENGTH, logit

CHECK = Check("0123456789ab", "one", "Is it so?", True, "level 3")
PAIRS = st.lists(st.tuples(st.floats(0, 1), st.integers(1, 9)), min_size=3, max_size=40)


def weigh(pairs: list[tuple[float, int]], not_applicable: int | None = None) -> float:
    answers = {f"n{i}": p for i, (p, _) in enumerate(pairs)}
    scores = {f"n{i}": score for i, (_, score) in enumerate(pairs)}
    return weights([CHECK], {CHECK.id: answers}, scores, not_applicable)[CHECK.id]


@given(PAIRS)
@settings(max_examples=60, deadline=None)
def test_it_is_the_slope_of_a_ridge_regression(pairs: list[tuple[float, int]]) -> None:
    x = np.array([[logit(p)] for p, _ in pairs])
    y = np.array([score for _, score in pairs], dtype=float)
    assert weigh(pairs) == pytest.approx(float(Ridge(alpha=STRENGTH).fit(x, y).coef_[0]), abs=1e-9)


def test_each_check_stands_alone() -> None:
    other = Check("ba9876543210", "one", "Is it not so?", False, "level 1")
    answers = {CHECK.id: {"a": 0.9, "b": 0.2, "c": 0.7}, other.id: {"a": 0.1, "b": 0.8, "c": 0.3}}
    scores = {"a": 3, "b": 1, "c": 2}
    both = weights([CHECK, other], answers, scores)
    assert both[CHECK.id] > 0 > both[other.id]
    assert weights([CHECK], answers, scores)[CHECK.id] == both[CHECK.id]


def test_few_labels_weigh_little_and_many_weigh_more() -> None:
    pairs = [(0.9, 3), (0.1, 1), (0.5, 2)]
    few, many = weigh(pairs), weigh(pairs * 20)
    assert 0 < few < many < 1 / logit(0.9)  # the last is the slope of the line through the points


def test_answers_that_hardly_differ_weigh_next_to_nothing() -> None:
    assert abs(weigh([(0.50, 1), (0.51, 3), (0.50, 1), (0.51, 3)])) < 0.01


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [(0.9, 3)],
        [(0.9, 3), (0.1, 1)],
        [(0.5, 1), (0.5, 3), (0.5, 2)],
        [(0.1, 2), (0.5, 2), (0.9, 2)],
        [(math.nan, 1)] * 5,
    ],
)
def test_without_anything_to_learn_from_a_check_weighs_nothing(pairs: list[tuple[float, int]]) -> None:
    assert weigh(pairs) == 0.0


def test_not_applicable_is_no_level() -> None:
    pairs = [(0.9, 3), (0.1, 1), (0.5, 2)]
    assert weigh([*pairs, (0.99, 0), (0.98, 0)], not_applicable=0) == weigh(pairs)


def test_notebooks_without_an_answer_or_a_score_are_left_out() -> None:
    answers = {CHECK.id: {"a": 0.9, "b": 0.1, "c": 0.5, "unlabelled": 0.99}}
    scores = {"a": 3, "b": 1, "c": 2, "unasked": 1}
    assert weights([CHECK], answers, scores)[CHECK.id] == weigh([(0.9, 3), (0.1, 1), (0.5, 2)])
    assert weights([CHECK], {}, scores) == {CHECK.id: 0.0}


def test_certain_answers_have_a_finite_weight() -> None:
    assert math.isfinite(weigh([(0.0, 1), (1.0, 3), (1.0, 3), (0.0, 1)]))
    assert logit(0.0) == pytest.approx(-logit(1.0))
