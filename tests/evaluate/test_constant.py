from __future__ import annotations

import statistics

from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.evaluate.constant import constant_mae, leave_one_out
from nbalign.rubrics.model import Scale

NINE = Scale({3: "Good.", 2: "Average.", 1: "Bad.", 0: "N/A"}, 0)
_truths = st.dictionaries(st.text("abcdef", min_size=1, max_size=3), st.sampled_from([None, 0, 1, 2, 3]), max_size=20)


@settings(deadline=None)
@given(_truths)
def test_the_prediction_is_the_lower_median_of_the_others(truth: dict[str, int | None]) -> None:
    predicted = leave_one_out(truth, NINE)
    for notebook in truth:
        others = [s for other, s in truth.items() if other != notebook and s is not None and s != 0]
        if others:
            assert predicted[notebook] == statistics.median_low(others)
        else:
            assert notebook not in predicted


@settings(deadline=None)
@given(_truths, st.sampled_from([1, 2, 3, 0]))
def test_a_prediction_never_sees_its_own_notebook(truth: dict[str, int | None], other: int) -> None:
    for notebook in truth:
        assert leave_one_out(truth, NINE).get(notebook) == leave_one_out({**truth, notebook: other}, NINE).get(notebook)


@settings(deadline=None)
@given(_truths)
def test_not_applicable_is_never_predicted(truth: dict[str, int | None]) -> None:
    assert 0 not in leave_one_out(truth, NINE).values()


def test_the_error_is_that_of_the_notebooks_asked_for() -> None:
    truth: dict[str, int | None] = {"a": 3, "b": 3, "c": 3, "d": 1, "e": 0, "f": None}
    assert constant_mae(truth, ["a", "b", "c"], NINE) == 0.0
    assert constant_mae(truth, ["a", "d"], NINE) == 1.0
    assert constant_mae(truth, ["e", "f", "unknown"], NINE) is None
    assert constant_mae(truth, [], NINE) is None


def test_with_two_equally_frequent_levels_leaving_one_out_is_always_wrong() -> None:
    assert constant_mae({"a": 1, "b": 1, "c": 2, "d": 2}, "abcd", NINE) == 1.0
    assert constant_mae({"a": 1, "b": 2}, "ab", NINE) == 1.0


def test_one_notebook_alone_cannot_be_predicted() -> None:
    assert constant_mae({"a": 3}, ["a"], NINE) is None
