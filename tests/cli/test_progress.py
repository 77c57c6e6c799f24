"""What long work says of its pace: in units that mean something, and of late rather than of hours ago."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.cli.progress import _Clock, duration
from nbalign.progress import Progress


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


def paced(seconds: float, unit: str = "notebooks", step: float = 1, total: float = 100) -> str:
    """What is said after one step that took so long."""
    watch = Watch()
    clock = _Clock(watch)
    clock.words(Progress("work", 0, total, unit))
    watch.now += seconds
    return clock.words(Progress("work", step, total, unit))


@pytest.mark.parametrize(
    ("seconds", "unit", "step", "said"),
    [
        (1, "tokens", 812, "812 tokens/s"),
        (2, "notebooks", 3, "1.5 notebooks/s"),
        (1, "notebooks", 1, "1.0 notebooks/s"),
        (50, "notebooks", 1, "1.2 notebooks/min"),
        (4, "notebooks", 1, "15 notebooks/min"),
        (60, "notebooks", 1, "1.0 notebooks/min"),
        (1200, "notebooks", 1, "3.0 notebooks/h"),
        (36000, "notebooks", 1, "0.1 notebooks/h"),
        (1, "bytes", 25e6, "25.0 MB/s"),
        (10, "bytes", 5e5, "50.0 kB/s"),
    ],
)
def test_a_pace_is_told_in_units_of_which_there_is_one(seconds: float, unit: str, step: float, said: str) -> None:
    assert f" · {said} · ETA" in paced(seconds, unit, step, total=1e9)


@given(st.floats(0.6, 50_000))
def test_no_pace_is_nothing_in_no_time_or_less_than_one(seconds: float) -> None:
    found = re.search(r"([\d.,]+) notebooks/(s|min|h)", paced(seconds))
    assert found is not None
    value, per = float(found[1].replace(",", "")), {"s": 1, "min": 60, "h": 3600}[found[2]]
    assert value >= 1 or per == 3600
    assert value > 0
    assert value * seconds / per == pytest.approx(1, rel=0.06, abs=0.05 * seconds / per)


def test_nothing_is_said_of_a_pace_before_there_is_one(watch: Watch) -> None:
    clock = _Clock(watch)
    assert clock.words(Progress("work", 0, 4, "notebooks")) == "0 of 4 notebooks"
    watch.now += 100
    assert clock.words(Progress("work", 0, 4, "notebooks")) == "0 of 4 notebooks"
    assert clock.words(Progress("work", 2, 4, "notebooks", skipped=2)) == "2 of 4 notebooks"
    assert clock.words(Progress("loading", 0, 0, "texts", detail="a word")) == "a word"


def test_what_was_there_already_takes_no_part(watch: Watch) -> None:
    clock = _Clock(watch)
    clock.words(Progress("work", 0, 100, "notebooks"))
    clock.words(Progress("work", 90, 100, "notebooks", skipped=90))
    watch.now += 30
    assert clock.words(Progress("work", 91, 100, "notebooks", skipped=90)).endswith("2.0 notebooks/min · ETA 4 min")


def test_the_pace_of_the_last_minutes_counts_and_not_that_of_the_hours_before(watch: Watch) -> None:
    clock = _Clock(watch)
    clock.words(Progress("work", 0, 1000, "notebooks"))
    for done in range(1, 101):  # a minute each
        watch.now += 60
        clock.words(Progress("work", done, 1000, "notebooks"))
    assert clock.words(Progress("work", 100, 1000, "notebooks")).endswith("1.0 notebooks/min · ETA 15 h 00 min")
    for done in range(101, 161):  # and then six seconds each
        watch.now += 6
        said = clock.words(Progress("work", done, 1000, "notebooks"))
    assert said.endswith("10 notebooks/min · ETA 1 h 24 min")


def test_work_that_is_slower_than_the_window_still_has_a_pace(watch: Watch) -> None:
    clock = _Clock(watch)
    for done in range(5):
        said = clock.words(Progress("work", done, 10, "notebooks"))
        watch.now += 1800
    assert said.endswith("2.0 notebooks/h · ETA 3 h 00 min")
    # The next one takes half an hour already: the pace falls while it is waited for.
    assert "1.0 notebooks/h" in clock.words(Progress("other words", 4, 10, "notebooks"))


def test_other_work_has_a_pace_of_its_own(watch: Watch) -> None:
    clock = _Clock(watch)
    clock.words(Progress("reading", 0, 10, "notebooks"))
    watch.now += 1
    clock.words(Progress("reading", 10, 10, "notebooks"))
    watch.now += 600
    assert "/" not in clock.words(Progress("asking", 0, 10, "notebooks"))
    watch.now += 60
    assert clock.words(Progress("asking", 1, 10, "notebooks")).endswith("1.0 notebooks/min · ETA 9 min")


def test_lines_come_now_and_then_and_at_the_end(watch: Watch, capsys: pytest.CaptureFixture[str]) -> None:
    clock = _Clock(watch)
    for done in range(101):
        clock.line(Progress("work", done, 100, "notebooks"))
        watch.now += 1
    lines = capsys.readouterr().err.splitlines()
    assert 10 <= len(lines) <= 12
    assert lines[0] == "work: 0 of 100 notebooks"
    assert lines[-1] == "work: 100 of 100 notebooks · 1.0 notebooks/s"


@pytest.mark.parametrize(("seconds", "said"), [(-5, "0 s"), (59.4, "59 s"), (90, "2 min"), (5400, "1 h 30 min")])
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said
