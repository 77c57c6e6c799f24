"""Two runs against each other: what is paired, counted, averaged and tested."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from scipy import stats

from nbalign.errors import NotFound, UsageError
from nbalign.suite.compare.comparing import UNKNOWN_ERROR, compare
from tests.suite.scored_made import NA, judge_error, one_dimension, scored

CASES = [f"c{n}" for n in range(12)]


def test_a_rise_is_paired_by_case_and_counted() -> None:
    a = scored("a", {"eda": {case: [1 + n % 2] for n, case in enumerate(CASES)}})
    b = scored("b", {"eda": {case: [2 + n % 2] for n, case in enumerate(CASES)}})
    found = compare(a, b, None, resamples=200)
    (row,) = found.rows
    assert row.judged is not None and row.a.mean is not None and row.b.mean is not None
    assert (row.a.mean.value, row.b.mean.value, row.judged.value) == (1.5, 2.5, 1.0)
    assert (row.judged.low, row.judged.high) == (1.0, 1.0)  # every case rose by the same
    assert (row.wins, row.losses, row.ties, row.pairs) == (12, 0, 0, 12)
    assert row.significant and row.adjusted < 0.05
    assert dict(row.a.counts) == {1: 6, 2: 6, 3: 0, NA: 0}
    assert found.macro.judged == row.judged


def test_na_and_levels_are_counted_apart_and_never_averaged() -> None:
    a = scored("a", {"eda": {"c0": [3], "c1": [NA], "c2": [NA], "c3": [2]}})
    b = scored("b", {"eda": {"c0": [NA], "c1": [1], "c2": [NA], "c3": [3]}})
    (row,) = compare(a, b, None, resamples=50).rows
    assert row.judged is not None and row.a.mean is not None and row.b.mean is not None
    assert (row.pairs, row.judged.value, row.to_na, row.from_na) == (1, 1.0, 1, 1)
    assert (row.a.mean.value, row.b.mean.value) == (2.5, 2.0)
    assert row.a.counts[NA] == row.b.counts[NA] == 2


def test_repeats_of_a_case_are_one_figure() -> None:
    a = scored("a", {"eda": {"c0": [1, 3, NA], "c1": [2, 2, 2], "c2": [1, None, None]}})
    b = scored("b", {"eda": {"c0": [3, 3, 3], "c1": [2, NA, 2], "c2": [2, 2, 2]}})
    (row,) = compare(a, b, None, resamples=50).rows
    assert row.judged is not None
    assert row.judged.value == pytest.approx((1 + 0 + 1) / 3)
    assert (row.wins, row.losses, row.ties) == (2, 0, 1)


def test_cases_without_a_counterpart_are_counted_and_named() -> None:
    a = scored("a", {"eda": {"c0": [1], "c1": [1], "c2": [3]}}, failed={("c2", 1)})
    b = scored("b", {"eda": {"c0": [2], "c2": [3], "c9": [3]}})
    found = compare(a, b, None, resamples=50)
    assert found.cases == ("c0",)
    assert (found.only_a, found.only_b) == (("c1",), ("c2", "c9"))
    (row,) = found.rows
    assert row.b.mean is not None and row.b.mean.value == 2.0  # the figures are about the common case alone
    said = " ".join(found.notes)
    assert "c1" in said and "c2 and c9" in said and "a lacks 1 of 3 notebooks" in said


def test_a_task_asked_in_other_words_is_another_task() -> None:
    a = one_dimension("a", [1, 2, 3])
    b = one_dimension("b", [1, 2, 3], prompts={"c001": "Something else."}, suite_sha256="6" * 64)
    found = compare(a, b, None, resamples=20)
    assert found.cases == ("c000", "c002")
    said = " ".join(found.notes)
    assert "different words" in said and "c001" in said and "different versions" in said


@pytest.mark.parametrize(
    ("over", "said"),
    [
        ({"rubric_sha256": "b" * 64}, "different texts of the rubric ml-notebook"),
        ({"rubric": "mine", "rubric_sha256": "b" * 64}, "rubrics ml-notebook and mine"),
        ({"judge": "other", "memory": "m2"}, "different judges.*memory m2"),
        ({"prompts": {f"c{n:03}": f"New {n}" for n in range(3)}}, "no judged case in common"),
    ],
)
def test_what_cannot_be_compared_is_refused_and_it_says_what_differs(over: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        compare(one_dimension("a", [1, 2, 3]), one_dimension("b", [1, 2, 3], **over), None, resamples=20)


def test_across_judges_is_possible_and_no_measured_error_is_claimed() -> None:
    a, b = one_dimension("a", [1, 2, 3]), one_dimension("b", [3, 2, 3], judge="other")
    error = judge_error({"eda": [(1, 1), (2, 2), (3, 3)]})
    found = compare(a, b, error, resamples=20, across_judges=True)
    assert found.error is None and found.rows[0].true is None
    assert "Different judges" in " ".join(found.notes)


def test_runs_without_scores_and_unknown_dimensions_are_told() -> None:
    a = one_dimension("a", [1, 2, 3])
    with pytest.raises(UsageError, match="no scores"):
        compare(a, replace(one_dimension("b", [1, 2, 3]), scores=()), None, resamples=20)
    with pytest.raises(NotFound, match="no dimension style"):
        compare(a, one_dimension("b", [1, 2, 3]), None, resamples=20, dimensions=["style"])


def test_holm_is_over_the_dimensions_compared() -> None:
    random = np.random.default_rng(3)
    levels = {d: {case: [int(random.integers(1, 4))] for case in CASES} for d in ("eda", "model_training", "metrics")}
    other = {**levels, "eda": {case: [min(3, s[0] + (n % 2))] for n, (case, s) in enumerate(levels["eda"].items())}}
    whole = compare(scored("a", levels), scored("b", other), None, resamples=500)
    alone = compare(scored("a", levels), scored("b", other), None, resamples=500, dimensions=["eda"])
    assert alone.rows[0].p == alone.rows[0].adjusted == whole.rows[0].p  # the same resamples, and nothing to correct
    assert whole.rows[0].adjusted == pytest.approx(min(1.0, 3 * whole.rows[0].p))
    assert all(row.adjusted == 1.0 for row in whole.rows[1:])


def test_the_interval_without_judge_error_is_that_of_a_paired_t_test() -> None:
    random = np.random.default_rng(8)
    before = random.integers(1, 4, 60)
    after = np.clip(before + random.integers(-1, 2, 60), 1, 3)
    (row,) = compare(one_dimension("a", before.tolist()), one_dimension("b", after.tolist()), None).rows
    assert row.judged is not None
    theirs = stats.ttest_rel(after, before).confidence_interval()
    assert row.judged.low == pytest.approx(theirs.low, abs=0.03)
    assert row.judged.high == pytest.approx(theirs.high, abs=0.03)
    assert row.p == pytest.approx(stats.ttest_rel(after, before).pvalue, abs=0.03)


def test_where_no_experiment_fits_it_says_so() -> None:
    found = compare(one_dimension("a", [1, 2, 3]), one_dimension("b", [1, 2, 3]), None, resamples=20)
    assert UNKNOWN_ERROR in found.notes
    assert found.error is None and found.macro.true is None


def test_a_dimension_whose_error_was_not_measured_has_no_true_difference() -> None:
    levels = {d: {case: [2] for case in CASES} for d in ("eda", "metrics")}
    error = judge_error({"eda": [(2, 2), (1, 1), (3, 2)] * 8})
    found = compare(scored("a", levels), scored("b", levels), error, resamples=50)
    assert found.rows[0].true is not None and found.rows[1].true is None
    assert found.macro.true is None  # half a mean would be another mean
    assert "not measured in Metrics" in " ".join(found.notes)


def test_the_notebooks_that_changed_most_come_first_with_both_reasons() -> None:
    a = scored("a", {"eda": {"c0": [3], "c1": [1], "c2": [2]}, "metrics": {"c0": [3], "c1": [2], "c2": [NA]}})
    b = scored("b", {"eda": {"c0": [3], "c1": [3], "c2": [2]}, "metrics": {"c0": [2], "c1": [3], "c2": [3]}})
    found = compare(a, b, None, resamples=20).changed
    assert [(one.case, one.levels, one.switches) for one in found] == [("c1", 3, 0), ("c0", 1, 0), ("c2", 0, 1)]
    first = found[0].moves[0]
    assert (first.dimension, first.before, first.after) == ("eda", 1, 3)
    assert (first.rationale_before, first.rationale_after) == ("why 1 (a)", "why 3 (b)")
    assert found[0].notebook_a != found[0].notebook_b


LEVELS = st.lists(st.lists(st.sampled_from([NA, 1, 2, 3]), min_size=1, max_size=3), min_size=1, max_size=6)


@settings(max_examples=40, phases=[Phase.generate])
@given(LEVELS, LEVELS)
def test_whatever_is_compared_the_other_way_round_is_the_opposite(x: list[list[int]], y: list[list[int]]) -> None:
    a = scored("a", {"eda": {f"c{n}": one for n, one in enumerate(x)}})
    b = scored("b", {"eda": {f"c{n}": one for n, one in enumerate(y)}})
    there, back = compare(a, b, None, resamples=60), compare(b, a, None, resamples=60)
    assert there.only_a == back.only_b and there.cases == back.cases
    row, other = there.rows[0], back.rows[0]
    assert (row.wins, row.losses, row.ties) == (other.losses, other.wins, other.ties)
    assert (row.to_na, row.from_na, row.pairs) == (other.from_na, other.to_na, other.pairs)
    assert row.p == other.p and 0 <= row.p <= row.adjusted <= 1
    assert (row.judged is None) == (row.pairs == 0)
    if row.judged is not None and other.judged is not None:
        assert row.judged.low <= row.judged.value + 1e-12 and row.judged.value <= row.judged.high + 1e-12
        assert math.isclose(row.judged.value, -other.judged.value, abs_tol=1e-12)
        assert math.isclose(row.judged.low, -other.judged.high, abs_tol=1e-9)


def test_a_few_cases_among_many_ties_prove_nothing() -> None:
    a = one_dimension("a", [2] * 24)
    for risen, certain in ((4, False), (8, True)):
        (row,) = compare(a, one_dimension("b", [3] * risen + [2] * (24 - risen)), None, resamples=2000).rows
        assert row.p >= stats.binomtest(risen, risen).pvalue
        assert row.significant is certain
