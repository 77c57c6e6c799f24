from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.evaluate.experiment.bootstrap import Draws, draw
from nbalign.evaluate.experiment.compare import differences, gains, holm
from nbalign.evaluate.experiment.model import MACRO, Difference

NAMES = [f"n{i:02}" for i in range(30)]
p_values = st.lists(st.floats(0, 1), max_size=12)


def test_holm_by_hand() -> None:
    # Four tests: 0.005 x 4 = 0.02; 0.01 x 3 = 0.03; 0.03 x 2 = 0.06; 0.04 x 1 = 0.04, but no less than 0.06.
    assert holm([0.01, 0.04, 0.03, 0.005]) == [pytest.approx(p) for p in (0.03, 0.06, 0.06, 0.02)]
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([0.02]) == [0.02]
    assert holm([]) == []


@given(p_values)
def test_holm_lies_between_no_correction_and_bonferroni_and_keeps_the_order(p: list[float]) -> None:
    found = holm(p)
    assert all(raw <= adjusted <= min(1.0, len(p) * raw) for raw, adjusted in zip(p, found, strict=True))
    pairs = sorted(zip(p, found, strict=True))
    assert [adjusted for _, adjusted in pairs] == sorted(found)


@given(p_values)
def test_holm_rejects_what_stepping_down_rejects(p: list[float]) -> None:
    rejected = set()
    for rank, n in enumerate(sorted(range(len(p)), key=lambda n: p[n])):
        if p[n] * (len(p) - rank) >= 0.05:
            break
        rejected.add(n)
    assert {n for n, adjusted in enumerate(holm(p)) if adjusted < 0.05} == rejected


def test_gains_are_taken_where_both_arms_have_an_error() -> None:
    errors = {
        ("arm", "x"): {"a": 0.0, "b": 1.0, "c": 2.0},
        ("base", "x"): {"b": 2.0, "c": 2.0, "d": 0.0},
        ("arm", "y"): {"a": 1.0},
    }
    assert gains(errors, "arm", "base", ["x", "y"]) == [[("b", 1.0), ("c", 0.0)], []]
    assert gains(errors, "base", "arm", ["x", "y"]) == [[("b", -1.0), ("c", 0.0)], []]


def compared(better: int, worse: int, same: int) -> list[Difference]:
    errors = {("base", "x"): {}, ("arm", "x"): {}, ("base", "y"): {}, ("arm", "y"): {}, ("base", "z"): {NAMES[0]: 1.0}}
    for n, name in enumerate(NAMES):
        gain = 1.0 if n < better else -1.0 if n < better + worse else 0.0
        for dimension, one in (("x", gain), ("y", 0.0)):
            errors["base", dimension][name] = 1.0
            errors["arm", dimension][name] = 1.0 - one
        if n + 1 == better + worse + same:
            break
    dimensions = ["x", "y", "z"]
    columns = gains(errors, "arm", "base", dimensions)
    draws = draw([[(NAMES[0], 5.0)], *columns], NAMES, None, 2000, 0)  # another column stands before them
    return differences(draws, 1, columns, "arm", "base", dimensions)


def test_a_clear_gain_is_significant_and_none_is_not() -> None:
    x, y, macro = compared(20, 1, 9)
    assert [d.dimension for d in (x, y, macro)] == ["x", "y", MACRO]
    assert (x.arm, x.against, x.pairs, y.pairs, macro.pairs) == ("arm", "base", 30, 30, 60)
    assert x.gain.value == pytest.approx(19 / 30)
    assert 0 < x.gain.low < x.gain.value < x.gain.high < 1
    assert (x.p, x.significant) == (2 / 2001, True)
    assert x.adjusted == pytest.approx(4 / 2001)
    assert (y.gain.value, y.gain.low, y.gain.high) == (0.0, 0.0, 0.0)
    assert (y.p, y.adjusted, y.significant) == (1.0, 1.0, False)
    assert macro.gain.value == pytest.approx(19 / 60)
    assert (macro.p, macro.adjusted, macro.significant) == (2 / 2001, 2 / 2001, True)


def test_a_loss_is_a_negative_gain_and_significant_too() -> None:
    x, _, macro = compared(1, 20, 9)
    assert x.gain.high < 0
    assert x.significant
    assert macro.gain.value == pytest.approx(-19 / 60)


def test_three_notebooks_that_all_gain_prove_nothing() -> None:
    x, _, macro = compared(3, 0, 0)
    assert (x.pairs, x.p, x.significant, macro.significant) == (3, 0.25, False, False)


def test_arms_without_a_common_notebook_are_not_compared() -> None:
    columns = gains({("arm", "x"): {"a": 1.0}, ("base", "x"): {"b": 1.0}}, "arm", "base", ["x"])
    draws = draw(columns, ["a", "b"], None, 100, 0)
    assert differences(draws, 0, columns, "arm", "base", ["x"]) == []
    nothing = Draws(np.empty(0), np.empty((10, 0)), np.empty(0, dtype=np.int64))
    assert differences(nothing, 0, [], "arm", "base", []) == []
