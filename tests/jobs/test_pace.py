"""Rates and times left, on a clock of our own."""

from __future__ import annotations

import pytest

from nbalign.jobs.pace import Pace, duration, pace_words
from nbalign.progress import Progress


def step(done: float, total: float = 100.0, skipped: float = 0.0, unit: str = "tokens") -> Progress:
    return Progress("judging", done, total, unit, skipped=skipped)


def test_a_rate_is_fresh_work_over_time_and_tells_what_is_left() -> None:
    pace = Pace()
    pace.step(step(0), 10.0)
    assert (pace.rate, pace.eta) == (0.0, None)
    pace.step(step(20), 14.0)
    assert (pace.rate, pace.eta) == (5.0, 16.0)
    pace.step(step(100), 30.0)
    assert pace.eta is None


def test_what_was_there_already_makes_no_rate() -> None:
    pace = Pace()
    pace.step(step(0), 0.0)
    pace.step(step(60, skipped=60), 1.0)
    assert pace.rate == 0.0
    pace.step(step(70, skipped=60), 2.0)
    assert (pace.rate, pace.eta) == (5.0, 6.0)


def test_loading_and_other_work_before_count_for_nothing() -> None:
    pace = Pace()
    pace.step(step(0, total=0), 0.0)
    pace.step(step(0), 60.0)
    pace.step(step(10), 61.0)
    assert pace.rate == 10.0
    pace.step(step(1, unit="notebooks"), 62.0)
    assert pace.rate == 0.0


def test_the_pace_of_long_ago_is_forgotten_but_two_steps_always_count() -> None:
    pace = Pace()
    pace.step(step(0, 1000), 0.0)
    pace.step(step(500, 1000), 5.0)
    pace.step(step(510, 1000), 1005.0)
    assert pace.rate == 10 / 1000
    assert pace.eta == pytest.approx(49_000)


def test_words() -> None:
    assert [pace_words(rate, "tokens") for rate in (0, 45.2, 1.25, 0.02, 0.0005)] == [
        "",
        "45 tokens/s",
        "1.2 tokens/s",
        "1.2 tokens/min",
        "1.8 tokens/h",
    ]
    assert pace_words(2.5e6, "bytes") == "2.5 MB/s"
    assert [duration(s) for s in (-1, 40, 700, 6000)] == ["0 s", "40 s", "12 min", "1 h 40 min"]
