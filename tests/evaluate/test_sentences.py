from __future__ import annotations

import pytest

from nbalign.evaluate.agreement import Agreement, agreement
from nbalign.evaluate.sentences import summary
from tests.evaluate.cases import RUBRIC, judged, label

Scores = list[tuple[int, int]]  # judge, truth


def compared(first: Scores, second: Scores | None = None, raters: Scores | None = None) -> Agreement:
    judgements, truth, labels = [], {}, []
    for dimension, pairs in (("first", first), ("second", second or [])):
        for n, (a, b) in enumerate(pairs):
            judgements.append(judged(f"n{n}", a, dimension))
            truth[f"n{n}", dimension] = b
    for n, (a, b) in enumerate(raters or []):
        labels += [label(f"n{n}", a, "ann"), label(f"n{n}", b, "bob")]
    return agreement(RUBRIC, judgements, labels, truth)


def test_nothing_to_compare() -> None:
    words = summary(compared([]))
    assert words.startswith(f"No notebook has both a judgement and a settled score under the rubric {RUBRIC.id}:")
    assert "noise floor between raters is unknown" in words


def test_too_few_pairs_to_tell() -> None:
    words = summary(compared([(3, 3)] * 4, raters=[(3, 3)] * 4))
    assert "in only 4 pairs, too few to tell how good the judge is" in words
    assert "in only 4 pairs, too few to tell the noise floor" in words
    assert "lenient" not in words
    assert "median" not in words


def test_one_pair_is_one_pair() -> None:
    assert "only 1 pair," in summary(compared([(3, 3)]))


def test_pairs_of_not_applicable_alone_are_too_few() -> None:
    words = summary(compared([(0, 1)] * 9))
    assert "only 0 pairs" in words
    assert "In 9 of 9 pairs only one side says N/A (judge 9, raters 0)" in words


def test_a_judge_that_beats_the_median() -> None:
    words = summary(compared([(3, 3)] * 5 + [(1, 1)] * 4, raters=[(3, 2)] + [(3, 3)] * 9))
    assert "Over 9 pairs the judge is 0.00 off on average, nearer to the raters than always giving the median" in words
    assert "neither lenient nor strict (bias 0.00)" in words
    assert "Raters are 0.10 apart from each other" in words


def test_a_judge_that_the_median_beats_is_called_too_lenient() -> None:
    words = summary(compared([(3, 1)] * 6))
    assert "2.00 off on average, farther from the raters than always giving the median (0.00)" in words
    assert "too lenient (bias +2.00)" in words


def test_a_strict_judge() -> None:
    assert "too strict (bias -1.00)" in summary(compared([(2, 3)] * 6))


def test_a_judge_that_is_the_median() -> None:
    words = summary(compared([(3, 3)] * 6 + [(3, 1)]))
    assert "0.29 off on average, no nearer to the raters than always giving the median (0.29)" in words


def test_the_worst_dimension_is_named_where_it_can_be_told() -> None:
    assert "worst at Second Thing (MAE 1.00)" in summary(compared([(3, 3)] * 6, [(2, 3)] * 6))
    assert "worst at" not in summary(compared([(3, 3)] * 6, [(2, 3)] * 4))  # four pairs tell nothing
    assert "worst at" not in summary(compared([(2, 3)] * 6, [(2, 3)] * 6))  # all alike
    assert "worst at" not in summary(compared([(2, 3)] * 6))


def test_like_is_compared_with_like_where_a_dimension_has_no_constant() -> None:
    # One truth in `second` leaves nothing to take a median of, so the comparison is about `first` alone.
    words = summary(compared([(3, 3)] * 5 + [(1, 3)], [(1, 3)]))
    assert "the judge is 1.17 off on average" in words
    assert "farther from the raters than always giving the median (0.33 against 0.00 in the 1 dimension" in words


@pytest.mark.parametrize("pairs", [[(3, 3)] * 10, [(3, 3)] * 19 + [(0, 1)]])
def test_little_one_sided_not_applicable_is_not_spoken_of(pairs: Scores) -> None:
    assert "N/A" not in summary(compared(pairs))


def test_many_one_sided_not_applicable_are_spoken_of() -> None:
    words = summary(compared([(3, 3)] * 8 + [(0, 1), (1, 0)]))
    assert "In 2 of 10 pairs only one side says N/A (judge 1, raters 1)" in words
