from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.labels.steps import Step
from nbalign.tui.adjudicate.screen import AdjudicateRoom
from nbalign.tui.history_dialog import HistoryDialog
from nbalign.tui.history_words import what, when
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, code, notebook_file
from tests.tui.driving import board, opened, press, rest, screen_text, sheet


@pytest.fixture
def workspace(build: Builder, tmp_path: Path) -> Workspace:
    return build(*(notebook_file(tmp_path / f"{n}.ipynb", [code(f"{n} = 1"), code("x")]) for n in ("alpha", "beta")))


def history(pilot: Pilot[None]) -> HistoryDialog:
    dialog = pilot.app.screen
    assert isinstance(dialog, HistoryDialog)
    return dialog


def score(workspace: Workspace, name: str, dimension: int, value: int, words: str = "", rater: str = "ann") -> None:
    workspace.set_label(name, workspace.rubric().dimensions[dimension].id, value, rater=rater, justification=words)


async def test_the_last_steps_are_listed_over_all_notebooks_and_enter_goes_there(workspace: Workspace) -> None:
    score(workspace, "beta", 4, 2, "no [b]seed[/b]")
    score(workspace, "alpha", 0, 3, "theirs", rater="bob")
    async with opened(workspace) as pilot:
        await press(pilot, "3", "p", "1", "f")
        await press(pilot, "H")
        text = screen_text(pilot)
        assert [what(step) for step in history(pilot).steps] == ["⚑ flagged", "3 → 1", "3", "2"]
        assert "3 → 1" in text and "⚑ flagged" in text
        assert "no [b]seed[/b]" in text
        assert "theirs" not in text, "it is this rater's history alone"
        await press(pilot, "down", "j", "j", "enter")
        assert board(pilot).queue.info.name == "beta.ipynb"
        assert sheet(pilot).focus == 4


async def test_enter_on_a_decision_goes_to_where_it_was_taken(workspace: Workspace) -> None:
    for rater, value in (("ann", 3), ("bob", 1)):
        score(workspace, "alpha", 1, value, rater=rater)
        score(workspace, "beta", 4, value, rater=rater)
    dimension = workspace.rubric().dimensions[4].id
    workspace.set_label("beta", dimension, 2, rater="ann", role="decision", justification="between both")
    async with opened(workspace) as pilot:
        await press(pilot, "H", "enter")
        room = pilot.app.screen
        assert isinstance(room, AdjudicateRoom)
        assert room.pair == (workspace.notebook("beta").sha256, dimension)
        assert "between both" in screen_text(pilot)


async def test_one_step_is_taken_back_from_the_list_in_another_notebook_its_words_kept(workspace: Workspace) -> None:
    score(workspace, "beta", 4, 2, "long thought")
    async with opened(workspace) as pilot:
        await press(pilot, "3", "H")
        await press(pilot, "j", "u")
        assert workspace.labels(notebook="beta", rater="ann") == []
        assert "taken back:" in screen_text(pilot)
        assert [what(step) for step in history(pilot).steps] == ["undo: 2 → none", "3", "2"]
        assert len(workspace.labels(notebook="alpha", rater="ann")) == 1, "no other step is touched"
        await press(pilot, "escape")
        assert "beta 0/9" in " ".join(screen_text(pilot).split())
        await press(pilot, "right_square_bracket")
        dimension = workspace.rubric().dimensions[4].id
        assert sheet(pilot).words_of(dimension).text == "long thought"


async def test_a_step_of_the_notebook_in_view_is_taken_back_on_the_sheet_too(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "3", "2", "p", "p", "1", "f", "H")
        await press(pilot, "u")
        assert workspace.flags("ann") == {}
        await press(pilot, "j", "u")
        await press(pilot, "escape")
        first, second = (d.id for d in workspace.rubric().dimensions[:2])
        assert {d: label.score for d, label in sheet(pilot).labels.items()} == {first: 3, second: 2}
        assert "flagged" not in screen_text(pilot)


async def test_what_cannot_be_taken_back_says_why(workspace: Workspace) -> None:
    score(workspace, "alpha", 0, 3)
    score(workspace, "alpha", 0, 2)
    async with opened(workspace) as pilot:
        await press(pilot, "H")
        await press(pilot, "j", "u")
        assert "cannot be taken back: this label was changed again after it" in screen_text(pilot)
        await press(pilot, "k", "u", "u")
        await press(pilot, "u")
        assert "cannot be taken back: it was taken back already" in screen_text(pilot)
        await press(pilot, "k", "u")
        assert "cannot be taken back: it is an undo" in screen_text(pilot)
        assert [label.score for label in workspace.labels(rater="ann")] == [3]


async def test_a_change_from_outside_since_the_list_was_read_stops_the_undo(workspace: Workspace) -> None:
    score(workspace, "alpha", 0, 3)
    async with opened(workspace) as pilot:
        await press(pilot, "H")
        score(workspace, "alpha", 0, 1)
        await press(pilot, "u")
        assert [label.score for label in workspace.labels(rater="ann")] == [1]
        assert len(history(pilot).steps) == 2, "the list is read again"
        assert any("NOT taken back" in n.message for n in pilot.app._notifications)


async def test_more_than_ten_steps_scroll(workspace: Workspace) -> None:
    for value in (1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3):
        score(workspace, "alpha", 0, value, f"words {value}")
    async with opened(workspace, size=(80, 24)) as pilot:
        await press(pilot, "H")
        assert history(pilot).query_one("#history").size.height == 10
        await press(pilot, "space", "j", "j")
        assert "12 of 12" in screen_text(pilot)
        await press(pilot, "u")
        assert "12 of 12" in screen_text(pilot)


async def test_the_mouse_chooses_a_row_goes_there_and_takes_back(workspace: Workspace) -> None:
    score(workspace, "beta", 3, 2)
    score(workspace, "alpha", 0, 3)
    async with opened(workspace) as pilot:
        await press(pilot, "H")
        await pilot.click("#history", offset=(20, 1))
        await rest(pilot)
        assert history(pilot).at == 1
        lines = screen_text(pilot).splitlines()
        row = next(n for n, line in enumerate(lines) if "u take back" in line)
        await pilot.click(offset=(lines[row].index("u take back"), row))
        await rest(pilot)
        assert workspace.labels(notebook="beta") == []
        await pilot.click("#history", offset=(20, 1))
        await rest(pilot)
        await pilot.click("#history", offset=(20, 1))
        await rest(pilot)
        assert board(pilot).queue.info.name == "alpha.ipynb"


async def test_without_steps_it_says_what_will_stand_here(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "H")
        assert "Nothing yet." in screen_text(pilot)
        await press(pilot, "u", "enter", "j", "H")
        assert board(pilot).queue.info.name == "alpha.ipynb"


def test_times_are_short_and_tell_the_day_when_it_is_another() -> None:
    now = datetime(2025, 3, 12, 15, 0, tzinfo=UTC)
    assert when("2025-03-12T14:03:00+00:00", now) == "14:03"
    assert when("2025-03-11T14:03:00+00:00", now) == "11 Mar 14:03"
    assert when("2024-03-11T14:03:00+00:00", now) == "11 Mar 2024"


def test_decisions_and_words_are_told_as_such() -> None:
    assert what(Step("scored", 1, "", "ann", "n", "d", "decision", None, 2)) == "decided 2"
    assert what(Step("worded", 1, "", "ann", "n", "d", "rater", 2, 2)) == "2, words"
    assert what(Step("cleared", 1, "", "ann", "n", "d", "rater", 2, None)) == "2 → none"
