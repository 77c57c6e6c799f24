from __future__ import annotations

from pathlib import Path

import pytest
from textual import events
from textual.pilot import Pilot

from nbalign.errors import StoreError
from nbalign.labels.attention import Attention, Visit
from nbalign.tui.record_board import RecordBoard
from nbalign.tui.stats_dialog import StatsDialog
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, code, notebook_file
from tests.tui.driving import board, opened, press, rest, screen_text

NAMES = ("a", "b", "c", "d", "e")


class Clock:
    def __init__(self) -> None:
        self.time = 1000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def workspace(build: Builder, tmp_path: Path) -> Workspace:
    return build(*(notebook_file(tmp_path / f"{n}.ipynb", [code(f"{n} = 1")]) for n in NAMES))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Time that stands still until a test moves it."""
    made = Clock()
    monkeypatch.setattr("nbalign.tui.record_board.Attention", lambda: Attention(made))
    return made


def spent(workspace: Workspace, rater: str = "ann") -> dict[str, float]:
    names = workspace.names()
    found = workspace.time_spent(rater, workspace.rubric().id)
    return {names[sha].removesuffix(".ipynb"): seconds for sha, seconds in found.items()}


def done(workspace: Workspace, *names: str, seconds: float = 0.0) -> None:
    for name in names:
        for dimension in workspace.rubric().dimensions:
            workspace.set_label(name, dimension.id, 2, rater="ann")
        if seconds:
            sha256, at = workspace.notebook(name).sha256, "2025-01-01T12:00:00+00:00"
            workspace.keep_visit("ann", workspace.rubric().id, Visit(f"before {name}", 1, sha256, at, at, seconds))


async def later(pilot: Pilot[None], clock: Clock, seconds: float, key: str = "j") -> None:
    clock.time += seconds
    await press(pilot, key)


async def test_time_counts_between_keys_for_the_notebook_in_view_and_pauses_as_a_minute(
    workspace: Workspace, clock: Clock
) -> None:
    async with opened(workspace) as pilot:
        await later(pilot, clock, 30)
        await later(pilot, clock, 40, "3")
        await later(pilot, clock, 1000, "right_square_bracket")
        assert spent(workspace) == {"a": 130}, "it is written down when the notebook is left"
        await later(pilot, clock, 20, "q")
    assert spent(workspace) == {"a": 130, "b": 20}, "and on quitting"


async def test_the_visit_under_way_is_written_down_every_so_often(workspace: Workspace, clock: Clock) -> None:
    async with opened(workspace) as pilot:
        await later(pilot, clock, 30)
        board(pilot).keep_time()
        await rest(pilot)
        assert spent(workspace) == {"a": 30}
        await later(pilot, clock, 15)
        board(pilot).keep_time()
        await rest(pilot)
        assert spent(workspace) == {"a": 45}, "the same visit is not counted twice"


async def test_the_mouse_and_dialogs_count_and_other_rooms_do_not(workspace: Workspace, clock: Clock) -> None:
    async with opened(workspace) as pilot:
        clock.time += 50
        # As the terminal sends it; the pilot's own clicks pass the application by.
        pilot.app.post_message(events.MouseScrollDown(None, 50, 9, 0, 1, 0, False, False, False, 50, 9))
        await rest(pilot)
        await later(pilot, clock, 50, "question_mark")
        await later(pilot, clock, 50, "escape")
        await later(pilot, clock, 10, "f7")
        assert spent(workspace) == {"a": 160}
        await later(pilot, clock, 50, "x")
        await later(pilot, clock, 50, "f2")
        await later(pilot, clock, 5, "q")
    assert spent(workspace) == {"a": 165}


async def test_time_that_cannot_be_recorded_is_told_once_and_stops_nobody(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StoreError("the disk is full", "Free some space.")

    monkeypatch.setattr(workspace, "keep_visit", full)
    async with opened(workspace) as pilot:
        for _ in range(2):
            await later(pilot, clock, 30)
            board(pilot).keep_time()
            await rest(pilot)
        told = [n.message for n in pilot.app._notifications if "not recorded" in n.message]
        assert len(told) == 1
        await press(pilot, "3", "q")
        assert pilot.app._exit, "quitting is not held up"
    assert len(workspace.labels(rater="ann")) == 1


async def test_an_eta_shows_once_three_notebooks_are_timed(workspace: Workspace, clock: Clock) -> None:
    done(workspace, "a", "b", seconds=3000)
    done(workspace, "c")
    async with opened(workspace) as pilot:
        assert "ETA" not in screen_text(pilot)
    done(workspace, "c", seconds=3000)
    async with opened(workspace) as pilot:
        assert "3/5 labelled · ETA 1 h 40" in screen_text(pilot)
        await press(pilot, *"333333333")
        assert "4/5 labelled · ETA 50 min" in screen_text(pilot)


async def test_the_session_is_told_with_labels_time_pace_and_what_is_left(workspace: Workspace, clock: Clock) -> None:
    done(workspace, "b", "c", "d", seconds=3000)
    async with opened(workspace) as pilot:
        await press(pilot, *"33333333")
        await later(pilot, clock, 50, "u")
        await later(pilot, clock, 50, "3")
        await later(pilot, clock, 44, "3")
        await press(pilot, "S")
        text = " ".join(screen_text(pilot).split())
        assert isinstance(pilot.app.screen, StatsDialog)
        assert "labels 9 (1 notebook done)" in text
        assert "time at work 2 min" in text
        assert "225 labels an hour" in text
        assert "1 notebook, about 50 min" in text
        assert "4 done, 4 of them timed" in text
        assert "2025-01-01 2 h 30" in text
        await press(pilot, "S")
        assert not isinstance(pilot.app.screen, StatsDialog)


async def test_hints_at_breaks_are_off_until_wanted_and_then_one_line(
    workspace: Workspace, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    hints: list[str] = []
    monkeypatch.setattr(RecordBoard, "notify", lambda _, message, **__: hints.append(message))
    async with opened(workspace) as pilot:
        for _ in range(61):
            clock.time += 50
            board(pilot).noticed()
        board(pilot).keep_time()
        await rest(pilot)
        assert hints == []
        await press(pilot, "S")
        assert "Hints at breaks (B): off" in screen_text(pilot)
        await press(pilot, "B")
        assert "Hints at breaks (B): on" in screen_text(pilot)
        await press(pilot, "escape")
    async with opened(workspace) as pilot:
        board(pilot).keep_time()
        assert hints == []
        for _ in range(61):
            clock.time += 50
            board(pilot).noticed()
        board(pilot).keep_time()
        board(pilot).keep_time()
        assert hints == ["51 min at work without a break: a short one keeps scores even."]
        assert pilot.app.screen is board(pilot)


async def test_the_record_of_time_can_be_turned_off_and_stays_off_for_this_rater(
    workspace: Workspace, clock: Clock
) -> None:
    async with opened(workspace) as pilot:
        await later(pilot, clock, 30)
        await press(pilot, "S")
        assert "Record of time at work (t): on" in screen_text(pilot)
        await press(pilot, "t")
        assert "Record of time at work (t): off" in screen_text(pilot)
        assert spent(workspace) == {"a": 30}, "what was measured until then is kept"
        await press(pilot, "escape")
        await later(pilot, clock, 50, "3")
        await later(pilot, clock, 50, "q")
    async with opened(workspace) as pilot:
        await later(pilot, clock, 50, "S")
        assert "not recorded" in screen_text(pilot)
        await press(pilot, "escape")
        await later(pilot, clock, 50, "q")
    assert spent(workspace) == {"a": 30}
    async with opened(workspace, "ben") as pilot:
        await later(pilot, clock, 20, "q")
    assert spent(workspace, "ben") == {"a": 20}, "another rater's time is recorded as ever"
    async with opened(workspace) as pilot:
        await press(pilot, "S", "t", "escape")
        await later(pilot, clock, 12, "q")
    assert spent(workspace) == {"a": 42}, "turned on again it counts from there"


async def test_an_empty_workspace_has_a_session_too(build: Builder) -> None:
    async with opened(build()) as pilot:
        await press(pilot, "S")
        assert "nothing: all notebooks are labelled" not in screen_text(pilot)
        assert "no notebooks yet" in screen_text(pilot)
