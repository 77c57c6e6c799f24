from __future__ import annotations

import json
import math
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nbalign.errors import NotFound, UsageError
from nbalign.evaluate.agreement import Agreement, agreement, only
from tests.evaluate.cases import RUBRIC, judged, label


def whole() -> Agreement:
    """Five notebooks: a to c compared, d unresolved, e judged only, f labelled only."""
    return agreement(
        RUBRIC,
        [
            judged("a", 3, expected=2.5),
            judged("b", 3),
            judged("c", 0),
            judged("d", 2),
            judged("e", 2),
            judged("a", 1, "second"),
        ],
        [
            label("a", 3),
            label("a", 2, "bob"),
            label("a", 3, "cy", role="decision"),
            label("b", 1),
            label("b", 1, "bob"),
            label("c", 1),
            label("d", 1),
            label("d", 3, "bob"),
            label("f", 2),
            label("f", 0, "bob"),
            label("a", 2, dimension="second"),
        ],
        {
            ("a", "first"): 3,
            ("b", "first"): 1,
            ("c", "first"): 1,
            ("d", "first"): None,
            ("f", "first"): None,
            ("a", "second"): 2,
        },
    )


def test_the_judge_is_compared_where_the_truth_is_settled() -> None:
    row = whole().rows[0]
    assert (row.judge.n, row.judge.ordinal) == (3, 2)
    assert row.judge.mae == 1.0
    assert row.judge.bias == 1.0
    assert row.judge.exact == 0.5
    assert (row.judge.na.both, row.judge.na.only_a, row.judge.na.only_b) == (0, 1, 0)
    assert row.judge.confusion == ((0, 0, 0, 0), (1, 0, 0, 1), (0, 0, 0, 0), (0, 0, 0, 1))
    assert row.expected_mae == pytest.approx((0.5 + 2.0) / 2)


def test_what_is_not_compared_is_counted() -> None:
    row = whole().rows[0]
    assert (row.unresolved, row.unlabelled, row.unjudged) == (1, 1, 1)


def test_the_constant_is_measured_on_the_pairs_of_the_judge() -> None:
    # Truth 3, 1, 1: without a the others say 1 (off by 2); without b they say 1 (lower median of 3 and 1, right).
    assert whole().rows[0].constant_mae == 1.0
    assert whole().rows[1].constant_mae is None


def test_raters_are_compared_with_each_other_wherever_two_scored() -> None:
    raters = whole().rows[0].raters
    assert (raters.n, raters.ordinal) == (4, 3)
    assert raters.mae == pytest.approx((1 + 0 + 2) / 3)
    assert raters.exact == pytest.approx(1 / 3)
    assert (raters.na.only_a, raters.na.only_b) == (0, 1)


def test_three_raters_of_a_notebook_are_three_pairs() -> None:
    labels = [label("a", 1, "x"), label("a", 2, "y"), label("a", 3, "z")]
    raters = agreement(RUBRIC, [], labels, {}).rows[0].raters
    assert raters.n == 3
    assert raters.mae == pytest.approx(4 / 3)
    assert raters.bias == pytest.approx(-4 / 3)  # by name: x before y before z


def test_the_judge_is_compared_with_each_rater() -> None:
    by_rater = whole().rows[0].by_rater
    assert list(by_rater) == ["ann", "bob"]
    assert by_rater["ann"].n == 4
    assert by_rater["bob"].mae == pytest.approx((1 + 2 + 1) / 3)


def test_means_give_every_dimension_the_same_weight() -> None:
    result = whole()
    assert result.macro.dimensions == 2
    assert (result.macro.n, result.macro.ordinal) == (4, 3)
    assert result.macro.mae == 1.0
    assert result.macro.bias == 0.0  # +1 and -1
    assert result.macro.exact == 0.25
    assert result.macro.constant_mae == 1.0
    assert result.macro.na_only_judge == 1
    assert (result.judge, result.raters, result.notebooks) == ("tiny", ("ann", "bob"), 3)
    assert (result.judgements, result.labels) == (6, 10)


def test_a_dimension_without_ordinal_pairs_does_not_weigh() -> None:
    result = agreement(
        RUBRIC,
        [judged("a", 3), judged("a", 0, "second")],
        [],
        {("a", "first"): 2, ("a", "second"): 1},
    )
    assert result.macro.dimensions == 1
    assert result.macro.mae == 1.0


def test_nothing_at_all_is_an_agreement_too() -> None:
    result = agreement(RUBRIC, [], [], {})
    assert (result.judge, result.macro.n, result.macro.mae, result.notebooks) == ("", 0, None, 0)
    assert [row.dimension for row in result.rows] == ["first", "second"]


def test_judgements_of_two_judges_are_refused() -> None:
    with pytest.raises(UsageError, match="2 judges: tiny, vast"):
        agreement(RUBRIC, [judged("a", 1), judged("b", 1, judge="vast")], [], {})


def test_the_latest_judgement_counts() -> None:
    late, early = judged("a", 3, at="2025-02-01T00:00:00+00:00"), judged("a", 1)
    result = agreement(RUBRIC, [late, early], [], {("a", "first"): 3})
    assert result.rows[0].judge.mae == 0.0
    assert result.judgements == 1


def test_judgements_of_another_text_of_the_rubric_are_counted() -> None:
    result = agreement(RUBRIC, [judged("a", 3, sha256="0" * 64), judged("b", 3)], [], {})
    assert result.other_text == 1


def test_scores_and_dimensions_the_rubric_lacks_are_left_out_and_counted() -> None:
    result = agreement(
        RUBRIC,
        [judged("a", 7), judged("a", 1, "third")],
        [label("a", 5), label("a", 1, dimension="third"), label("a", 1, rubric="other")],
        {("a", "first"): 5, ("a", "third"): 1},
    )
    assert result.not_in_rubric == 4
    assert result.macro.n == 0


def test_an_expected_score_that_is_no_number_falls_back_to_the_score() -> None:
    result = agreement(RUBRIC, [judged("a", 3, expected=math.nan)], [], {("a", "first"): 1})
    assert result.rows[0].expected_mae == 2.0


def test_some_dimensions_only() -> None:
    part = only(whole(), ["second"])
    assert [row.dimension for row in part.rows] == ["second"]
    assert part.macro.mae == 1.0
    assert part.macro.n == 1
    with pytest.raises(NotFound, match="no dimension 'third'"):
        only(whole(), ["first", "third"])


_scores = st.sampled_from([0, 1, 2, 3])
_keys = st.tuples(st.sampled_from("abcdef"), st.sampled_from(["first", "second"]))


@settings(deadline=None)
@given(
    st.dictionaries(_keys, _scores),
    st.dictionaries(st.tuples(_keys, st.sampled_from(["ann", "bob", "cy"])), _scores),
    st.dictionaries(_keys, _scores | st.none()),
)
def test_every_judgement_is_compared_or_counted_and_all_of_it_is_json(
    judgements: dict[tuple[str, str], int],
    labels: dict[tuple[tuple[str, str], str], int],
    truth: dict[tuple[str, str], int | None],
) -> None:
    result = agreement(
        RUBRIC,
        [judged(notebook, score, dimension) for (notebook, dimension), score in judgements.items()],
        [label(notebook, score, rater, dimension) for ((notebook, dimension), rater), score in labels.items()],
        truth,
    )
    counted = sum(row.judge.n + row.unresolved + row.unlabelled for row in result.rows)
    assert counted == len(judgements) == result.judgements
    assert sum(row.unjudged for row in result.rows) == len(truth.keys() - judgements.keys())
    json.dumps(asdict(result), allow_nan=False)
    assert result.summary
    for row in result.rows:
        if row.judge.mae is not None:
            assert row.expected_mae == pytest.approx(row.judge.mae)
