"""What raters score differently, the furthest apart first."""

from __future__ import annotations

import pytest

from nbalign.align.conflicts import apart, conflicts
from nbalign.rubrics.model import Scale
from tests.evaluate.cases import RUBRIC, SCALE, label

NAMES = {"n1": "one", "n2": "two", "n3": "three", "n4": "four"}


@pytest.mark.parametrize(("a", "b", "steps"), [(3, 3, 0), (3, 2, 1), (1, 3, 2), (0, 3, 2), (1, 0, 2), (0, 0, 0)])
def test_scores_are_apart_by_levels_and_not_applicable_stands_far_from_all_of_them(a: int, b: int, steps: int) -> None:
    assert apart(a, b, SCALE) == apart(b, a, SCALE) == steps


def test_levels_count_and_not_their_digits() -> None:
    odd = Scale({1: "low", 3: "middle", 5: "high"}, None)
    assert apart(1, 5, odd) == 2
    assert apart(3, 5, odd) == 1


def test_the_open_ones_come_first_and_of_these_the_furthest_apart() -> None:
    labels = [
        *(label("n1", score, rater) for rater, score in (("ann", 2), ("bo", 3))),
        *(label("n2", score, rater) for rater, score in (("ann", 1), ("bo", 3))),
        *(label("n3", score, rater) for rater, score in (("ann", 1), ("bo", 3))),
        label("n3", 2, "cy", role="decision", event=9),
        *(label("n4", score, rater) for rater, score in (("ann", 2), ("bo", 2))),
    ]
    found = conflicts(labels, RUBRIC, NAMES)
    assert [c.name for c in found.found] == ["two", "one", "three"]
    assert found.raters == ("ann", "bo")
    assert found.compared == 4
    assert found.found[2].decision is not None and found.found[2].decision.rater == "cy"
    assert [label.score for label in found.found[0].labels] == [1, 3]


def test_what_the_middle_score_settles_comes_after_what_it_does_not() -> None:
    three = [label("n1", score, rater) for rater, score in (("ann", 2), ("bo", 3), ("cy", 3))]
    two = [label("n2", score, rater) for rater, score in (("ann", 2), ("bo", 3))]
    found = conflicts([*three, *two], RUBRIC, NAMES).found
    assert [(c.name, c.settled) for c in found] == [("two", None), ("one", 3)]


def test_the_last_of_several_decisions_counts_and_a_later_score_is_noticed() -> None:
    labels = [
        label("n1", 1, "ann", event=1),
        label("n1", 3, "bo", event=2),
        label("n1", 3, "eve", role="decision", event=5),
        label("n1", 2, "cy", role="decision", event=4),
    ]
    (found,) = conflicts(labels, RUBRIC, NAMES).found
    assert found.decision is not None and found.decision.rater == "eve"
    assert not found.scored_since
    (found,) = conflicts([*labels[1:], label("n1", 2, "ann", event=6)], RUBRIC, NAMES).found
    assert found.scored_since


def test_what_the_rubric_does_not_have_is_left_out() -> None:
    labels = [label("n1", 1, "ann"), label("n1", 7, "bo"), label("n1", 1, "ann", "gone"), label("n1", 2, "bo", "gone")]
    assert conflicts(labels, RUBRIC, NAMES).found == ()
    assert conflicts([], RUBRIC, {}).raters == ()
