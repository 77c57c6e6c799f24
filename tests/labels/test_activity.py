"""Time at work: what counts of it, how it is kept, and what follows from it."""

from __future__ import annotations

import pytest

from nbalign.labels.activity import ActivityStore
from nbalign.labels.attention import Attention, Visit
from nbalign.labels.pace import left, pace, spell
from tests.labels.conftest import Desk


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


def work(clock: Clock, attention: Attention, *gaps: float) -> None:
    for gap in gaps:
        clock.time += gap
        attention.noticed()


def test_gaps_count_in_full_up_to_a_minute_and_longer_ones_as_a_minute(clock: Clock) -> None:
    attention = Attention(clock)
    attention.turn_to("a")
    work(clock, attention, 10, 59, 600)
    assert attention.spent == 10 + 59 + 60
    clock.time += 3600
    ended = attention.turn_to("b")
    assert ended is not None
    assert (ended.notebook, ended.number, ended.seconds) == ("a", 1, 10 + 59 + 60 + 60)
    assert attention.seconds == ended.seconds


def test_nothing_counts_while_no_notebook_is_in_view(clock: Clock) -> None:
    attention = Attention(clock)
    work(clock, attention, 30, 30)
    attention.turn_to("a")
    work(clock, attention, 20)
    attention.turn_to("")
    work(clock, attention, 30)
    assert attention.seconds == 20
    assert attention.visit() is None


def test_passing_through_is_no_visit(clock: Clock) -> None:
    attention = Attention(clock)
    attention.turn_to("a")
    clock.time += 0.5
    assert attention.turn_to("b") is None


def test_time_since_a_break_begins_anew_after_five_minutes_away(clock: Clock) -> None:
    attention = Attention(clock)
    attention.turn_to("a")
    work(clock, attention, *[50] * 60)
    assert attention.unbroken == 3000
    work(clock, attention, 301, 40)
    assert attention.unbroken == 40


def test_two_sessions_never_share_an_id() -> None:
    assert Attention().session != Attention().session


def visit(notebook: str, seconds: float, number: int = 1, day: str = "2025-01-01", session: str = "s") -> Visit:
    return Visit(session, number, notebook, f"{day}T12:00:00+00:00", f"{day}T12:30:00+00:00", seconds)


def test_a_later_state_of_a_visit_takes_the_place_of_the_earlier_one(desk: Desk) -> None:
    activity = ActivityStore(desk.store)
    for seconds in (20, 40):
        activity.keep("ann", "ml", visit(desk.a, seconds))
    activity.keep("ann", "ml", visit(desk.a, 5, 2))
    activity.keep("bob", "ml", visit(desk.a, 70, session="t"))
    assert activity.seconds("ann", "ml") == {desk.a: 45}
    assert [spent.visit.seconds for spent in activity.visits("ml", "ann")] == [40, 5]
    assert activity.seconds("ann", "other") == {}


def test_the_median_of_done_notebooks_says_how_long_the_open_ones_take() -> None:
    assert left([60, 60], 9, 9) is None
    assert left([60, 120, 600], 9, 9) == 120
    assert left([60, 120, 600], 12, 9) == pytest.approx(160), "a begun notebook counts by what is open in it"


def test_pace_counts_what_is_done_and_how_long_it_took(desk: Desk) -> None:
    activity = ActivityStore(desk.store)
    for dimension in ("alpha", "beta", "gamma"):
        at = "2025-01-01T12:10:00+00:00"
        desk.labels.set(desk.a, desk.rubric, dimension, "ann", 2, source="tui", at=at)
    desk.labels.set(desk.b, desk.rubric, "alpha", "ann", 3, source="tui", at="2025-01-02T12:10:00+00:00")
    desk.labels.set(desk.b, desk.rubric, "beta", "ann", 3, source="cli", at="2025-01-02T12:10:00+00:00")
    desk.labels.set(desk.b, desk.rubric, "alpha", "bob", 3, source="import")
    activity.keep("ann", "ml", visit(desk.a, 900))
    activity.keep("ann", "ml", visit(desk.b, 900, day="2025-01-02", session="t"))
    labels = desk.labels.current()
    in_terminal = {label.event for label in labels if label.rater == "ann"} - {labels[-2].event}
    ann, bob = pace(desk.rubric, labels, in_terminal, activity.visits("ml"), 2)
    assert (ann.rater, ann.done, ann.labels, ann.timed) == ("ann", 1, 5, 1)
    assert ann.seconds == 1800
    assert ann.notebook_seconds == 900
    assert ann.labels_per_hour == 8, "the four given in the terminal, in half an hour"
    assert [(d.day, d.sessions, d.seconds, d.notebooks, d.labels) for d in ann.days] == [
        ("2025-01-01", 1, 900, 1, 3),
        ("2025-01-02", 1, 900, 1, 1),
    ]
    assert (bob.labels, bob.seconds, bob.notebook_seconds, bob.labels_per_hour, bob.days) == (1, 0, None, None, ())
    assert [p.rater for p in pace(desk.rubric, labels, in_terminal, [], 2, "ann")] == ["ann"]


def test_decisions_are_no_labels_of_a_rater(desk: Desk) -> None:
    desk.labels.set(desk.a, desk.rubric, "alpha", "ann", 2, role="decision")
    assert pace(desk.rubric, desk.labels.current(), set(), [], 2) == []


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "under a minute"), (60, "1 min"), (3540, "59 min"), (3599, "1 h"), (6000, "1 h 40"), (93_600, "26 h")],
)
def test_stretches_of_time_are_spelled_as_people_say_them(seconds: float, words: str) -> None:
    assert spell(seconds) == words
