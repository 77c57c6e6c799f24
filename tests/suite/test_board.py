"""Several runs beside each other, and climbs: a best is named only where there is one."""

from __future__ import annotations

import numpy as np
import pytest

from nbalign.errors import UsageError
from nbalign.suite.compare.board import board
from nbalign.suite.compare.climb import ascend
from nbalign.suite.runs.climbing import Climb, Step
from nbalign.suite.runs.model import ScoredRun
from tests.suite.scored_made import NA, judge_error, one_dimension, scored

CASES = [f"c{n:02}" for n in range(24)]


def run(name: str, eda: int, training: int, changed: int = 24) -> ScoredRun:
    """A run in which `changed` cases have these levels, and the others 2."""
    return scored(
        name,
        {
            "eda": {case: [eda if n < changed else 2] for n, case in enumerate(CASES)},
            "model_training": {case: [training if n < changed else 2] for n, case in enumerate(CASES)},
        },
    )


def climb(*names: str) -> Climb:
    steps = [Step(n, name, f"change {n}", "2026-11-22T09:00:00+00:00") for n, name in enumerate(names, 1)]
    return Climb("prompt", tuple(steps))


def test_runs_are_ranked_by_their_mean_and_the_best_is_named_when_it_is_ahead() -> None:
    found = board([run("low", 1, 2), run("high", 3, 3), run("middle", 2, 2)], None, resamples=300)
    assert [place.run.name for place in found.places] == ["high", "middle", "low"]
    assert found.best == "high"
    assert found.places[0].behind is None and not found.places[0].distinguishable
    behind = found.places[2].behind
    assert behind is not None and behind.value == 1.5
    assert found.places[1].distinguishable and found.places[2].distinguishable
    eda = found.places[0].dimensions["eda"]
    assert eda is not None and eda.value == 3.0


def test_among_equals_no_best_is_named() -> None:
    random = np.random.default_rng(2)
    runs = [one_dimension(name, random.integers(1, 4, 20).tolist()) for name in ("x", "y", "z")]
    found = board(runs, None, resamples=300)
    assert found.best is None
    assert not any(place.distinguishable for place in found.places)


def test_a_board_is_over_the_cases_and_dimensions_of_all() -> None:
    a = scored("a", {"eda": {"c0": [1], "c1": [1]}, "metrics": {"c0": [2], "c1": [2]}})
    b = scored("b", {"eda": {"c0": [3], "c2": [3]}, "metrics": {"c0": [NA], "c2": [NA]}})
    found = board([a, b], None, resamples=50)
    assert found.cases == ("c0",) and found.ranked_by == ("eda",)
    assert found.places[0].mean is not None and found.places[0].mean.value == 3.0
    assert "Metrics" in " ".join(found.notes)


def test_a_run_is_on_a_board_once() -> None:
    with pytest.raises(UsageError, match="at least two different"):
        board([run("a", 1, 1), run("a", 2, 2)], None)


def test_a_board_knows_the_judges_error() -> None:
    pairs = [(1, 1), (2, 2), (3, 3), (2, 3)] * 10
    error = judge_error({"eda": pairs, "model_training": pairs})
    found = board([run("a", 1, 2), run("b", 2, 3), run("c", 2, 2)], error, resamples=200)
    first = found.places[0].true
    assert first is not None and 2.2 < first.value < 3
    assert found.error is not None and found.error.notebooks == 40


def test_a_climb_shows_what_a_variant_gained_and_what_it_paid() -> None:
    runs = {one.run.name: one for one in (run("start", 2, 2), run("second", 3, 1, 12), run("third", 3, 3, 20))}
    found = ascend(climb("start", "second", "third"), runs, {}, resamples=500)
    start, second, third = found.variants
    assert start.sentence == "the start"
    assert second.sentence == "gains 0.50 in Exploratory Data Analysis, pays 0.50 in Model Training"
    assert not second.better and not second.worse
    assert third.against == "start"  # the second was not better than the start
    assert third.better and found.best == "third"
    assert third.from_start is not None and third.from_start.value == pytest.approx(20 / 24)
    assert "third is the best so far" in found.summary
    assert not third.lost


def test_what_the_best_paid_stands_in_the_summary() -> None:
    runs = {one.run.name: one for one in (run("start", 1, 3), run("second", 3, 2))}
    found = ascend(climb("start", "second"), runs, {}, resamples=300)
    assert found.best == "second"
    assert "but it pays 1.00 in Model Training" in found.summary


def test_a_lucky_variant_is_not_the_best_so_far() -> None:
    runs = {one.run.name: one for one in (run("start", 2, 2), run("second", 3, 2, 2))}
    found = ascend(climb("start", "second"), runs, {}, resamples=300)
    assert found.best == "start"
    assert found.variants[1].sentence.startswith("nothing moved")
    assert "No variant is distinguishably better" in found.summary


def test_small_shifts_that_may_be_chance_are_told_apart_from_the_others() -> None:
    runs = {one.run.name: one for one in (run("start", 2, 2), run("second", 3, 2, 4))}
    sentence = ascend(climb("start", "second"), runs, {}, resamples=300).variants[1].sentence
    assert sentence.endswith("may be chance: +0.17 in Exploratory Data Analysis")


def test_a_run_that_is_gone_or_cannot_be_compared_costs_only_its_own_line() -> None:
    other = one_dimension("other", [1, 2, 3], judge="x")
    found = ascend(climb("gone", "start", "other", "third"), {"start": run("start", 2, 2), "other": other,
                   "third": run("third", 3, 3)}, {}, resamples=100)  # fmt: skip
    assert [bool(one.problem) for one in found.variants] == [True, False, True, False]
    assert found.best == "third"


def test_a_climb_of_nothing_says_so() -> None:
    found = ascend(climb("gone"), {}, {})
    assert (found.best, found.suite) == ("", "")
    assert "No run" in found.summary
