"""How two judges differ on what both judged."""

from __future__ import annotations

import pytest

from nbalign.audit.drift import MOST, drift
from nbalign.evaluate.experiment.model import MACRO
from tests.evaluate.cases import RUBRIC, judged

CALLED = ("before", "after")


def test_shift_share_and_not_applicable_are_told_by_dimension() -> None:
    first = [judged("a", 3, expected=2.6), judged("b", 2), judged("c", 2), judged("d", 0), judged("only", 1)]
    second = [judged("a", 2, expected=2.1), judged("b", 2), judged("c", 0), judged("d", 1), judged("new", 1)]
    found = drift(RUBRIC, first, second, CALLED, {"a": "a.ipynb"}, resamples=200)
    assert (found.first, found.second) == CALLED
    assert (found.notebooks, found.only_first, found.only_second) == (4, 1, 1)
    row, empty, whole = found.rows
    assert (row.notebooks, row.pairs, row.changed, row.became_na, row.was_na) == (4, 2, 0.75, 1, 1)
    assert row.shift is not None
    assert row.shift.value == pytest.approx(-0.25)
    assert row.shift.low <= -0.25 <= row.shift.high
    assert [(change.notebook, change.before, change.after) for change in row.most] == [
        ("c", 2, 0),
        ("d", 0, 1),
        ("a", 3, 2),
    ]
    assert row.most[-1].name == "a.ipynb"
    assert (empty.notebooks, empty.shift, empty.changed, empty.most) == (0, None, None, ())
    assert (whole.dimension, whole.notebooks, whole.changed) == (MACRO, 4, 0.75)
    assert whole.shift is not None
    assert whole.shift.value == pytest.approx(-0.25)


def test_the_same_judgements_do_not_drift() -> None:
    scores = [judged("a", 3), judged("b", 1, "second")]
    found = drift(RUBRIC, scores, scores, CALLED, {}, resamples=50)
    assert all(row.changed == 0 and row.most == () for row in found.rows)
    assert found.rows[-1].shift is not None
    assert (found.rows[-1].shift.low, found.rows[-1].shift.high) == (0, 0)


def test_nothing_in_common_is_no_error() -> None:
    found = drift(RUBRIC, [judged("a", 3)], [judged("b", 3)], CALLED, {}, resamples=50)
    assert (found.notebooks, found.only_first, found.only_second) == (0, 1, 1)
    assert found.rows[-1].shift is None
    assert drift(RUBRIC, [], [], CALLED, {}, resamples=50).notebooks == 0


def test_only_the_largest_changes_are_named_and_infinite_means_are_replaced() -> None:
    first = [judged(f"n{n}", 3, expected=3.0) for n in range(6)]
    second = [judged(f"n{n}", 3, expected=3 - n / 10) for n in range(5)] + [judged("n5", 1, expected=float("nan"))]
    most = drift(RUBRIC, first, second, CALLED, {}, resamples=50).rows[0].most
    assert len(most) == MOST
    assert [change.notebook for change in most] == ["n5", "n4", "n3"]
    assert most[0].moved == -2
