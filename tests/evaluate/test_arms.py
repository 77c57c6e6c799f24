"""Arms beside each other: only what all of them scored is compared, with the figures that each has alone."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.errors import NotFound
from nbalign.evaluate.agreement import agreement
from nbalign.evaluate.arms import Arms, arms, only_dimensions
from nbalign.judge.model import Judgement
from nbalign.labels.model import Label
from tests.evaluate.cases import RUBRIC, judged, label

TRUTH = {("a", "first"): 3, ("b", "first"): 1, ("c", "first"): 2, ("d", "first"): 2, ("a", "second"): 2}


def compared(scores: Mapping[str, list[Judgement]]) -> Arms:
    labels: list[Label] = [label(notebook, score, dimension=d) for (notebook, d), score in TRUTH.items()]
    return arms(RUBRIC, scores, labels, TRUTH)


def kind() -> list[Judgement]:
    return [judged(n, 3, judge="kind") for n in "abcd"] + [judged("a", 3, "second", judge="kind")]


def careful() -> list[Judgement]:
    """Right wherever it scores; N/A at c, nothing at d."""
    return [judged("a", 3, judge="careful"), judged("b", 1, judge="careful"), judged("c", 0, judge="careful")]


def test_arms_are_compared_on_what_all_of_them_scored() -> None:
    result = compared({"kind": kind(), "careful": careful()})
    first, second = result.rows
    assert result.names == ("kind", "careful")
    assert first.pairs == 2  # c and d would have been hard for the careful one too
    assert first.mae == (1.0, 0.0)
    assert (second.pairs, second.mae, second.constant_mae) == (0, (None, None), None)
    assert (result.mean.pairs, result.mean.mae) == (2, (1.0, 0.0))
    assert result.left_out == 3


def test_each_arm_alone_is_its_whole_agreement() -> None:
    result = compared({"kind": kind(), "careful": careful()})
    assert [one.judge for one in result.alone] == ["kind", "careful"]
    assert [one.macro.ordinal for one in result.alone] == [5, 2]
    assert result.alone[1].macro.na_only_judge == 1


def test_the_constant_learns_from_all_and_predicts_what_is_compared() -> None:
    result = compared({"kind": kind(), "careful": careful()})
    alone = agreement(RUBRIC, [judged("a", 3), judged("b", 1)], [], TRUTH)
    assert result.rows[0].constant_mae == alone.rows[0].constant_mae == 1.0


def test_the_latest_score_of_an_arm_counts() -> None:
    later = judged("b", 0, judge="kind", at="2025-02-01T00:00:00+00:00")
    assert compared({"kind": [later, *kind()], "careful": careful()}).rows[0].pairs == 1


def test_nothing_in_common_is_no_error() -> None:
    result = compared({"kind": kind(), "absent": []})
    assert result.mean.mae == (None, None)
    assert result.mean.pairs == 0
    assert result.left_out == 5
    assert compared({}).rows[0].mae == ()


def test_some_dimensions() -> None:
    result = only_dimensions(compared({"kind": kind(), "same": kind()}), ["second"])
    assert [row.dimension for row in result.rows] == ["second"]
    assert result.mean.mae == (1.0, 1.0)
    assert [one.macro.ordinal for one in result.alone] == [1, 1]
    with pytest.raises(NotFound, match="third"):
        only_dimensions(result, ["third"])


@given(
    st.dictionaries(
        st.sampled_from("abcd"), st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), max_size=4
    )
)
def test_an_arm_beside_others_is_what_agreement_says_of_the_same_pairs(cases: dict[str, tuple[int, int, int]]) -> None:
    truth: dict[tuple[str, str], int | None] = {(n, "first"): t for n, (_, _, t) in cases.items()}
    one = [judged(n, a, judge="one") for n, (a, _, _) in cases.items()]
    two = [judged(n, b, judge="two") for n, (_, b, _) in cases.items()]
    result = arms(RUBRIC, {"one": one, "two": two}, [], truth)
    shared = {n for n, triple in cases.items() if 0 not in triple}
    for n, scores in enumerate((one, two)):
        alone = agreement(RUBRIC, [j for j in scores if j.notebook in shared], [], truth)
        assert result.rows[0].mae[n] == alone.rows[0].judge.mae
        assert result.rows[0].constant_mae == alone.rows[0].constant_mae
    assert result.rows[0].pairs == len(shared)
