"""What the mouse does where it is not a row, a cell or a key at the bottom."""

from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot
from textual.widgets import Input

from nbalign.jobs.planning import JudgePlan
from nbalign.tui.models.judge_dialog import JudgeDialog
from nbalign.tui.why_area import WhyArea
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, rest, screen_text
from tests.tui.judging import judge

NAME = "digits-030"
FIRST = "library_installation"


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(sample(NAME), sample("diabetes-031"))


async def click_on(pilot: Pilot[None], words: str) -> None:
    lines = screen_text(pilot).splitlines()
    y = next((n for n, line in enumerate(lines) if words in line), -1)
    assert y >= 0, f"{words!r} is not to be seen:\n{screen_text(pilot)}"
    await pilot.click(offset=(cell_len(lines[y][: lines[y].index(words)]), y))
    await rest(pilot)


def scores(workspace: Workspace, rater: str = "ann") -> list[int]:
    return [label.score for label in workspace.labels(rater=rater)]


async def test_a_click_on_a_line_of_the_help_does_what_the_line_says(workspace: Workspace) -> None:
    async with opened(workspace, size=(120, 100)) as pilot:
        await press(pilot, "3", "u")
        assert scores(workspace) == []
        await click_on(pilot, "? help")
        assert "Help: a click on a line does it" in screen_text(pilot)
        await click_on(pilot, "redo")
        assert board(pilot).is_current and scores(workspace) == [3]
        await click_on(pilot, "? help")
        await click_on(pilot, "somebody else sits here now")
        assert "Who sits here now?" in screen_text(pilot)


async def test_the_help_over_a_text_field_leaves_it_saved_before_it_acts(workspace: Workspace) -> None:
    async with opened(workspace, size=(120, 100)) as pilot:
        await press(pilot, "3", "p", "e", *"why", "f1")
        await click_on(pilot, "next dimension")
        assert not pilot.app.screen.query_one(WhyArea).writing
        assert [label.justification for label in workspace.labels(rater="ann")] == ["why"]


async def test_a_new_name_is_entered_by_a_click(workspace: Workspace) -> None:
    async with opened(workspace, rater=None) as pilot:
        await click_on(pilot, "[Enter]")
        assert "Type a name first." in screen_text(pilot)
        pilot.app.screen.query_one(Input).value = "bo"
        await click_on(pilot, "[Enter]")
        assert "rater: bo" in screen_text(pilot)


async def test_a_click_on_the_rater_asks_who_sits_here_now(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await click_on(pilot, "rater: ann")
        assert "Who sits here now?" in screen_text(pilot)


async def test_a_click_shows_the_judge_once_it_may_be_seen_and_hides_it(workspace: Workspace) -> None:
    judge(workspace, NAME, FIRST, 1)
    async with opened(workspace, size=(120, 60)) as pilot:
        assert "shows the judge" not in screen_text(pilot)
        await press(pilot, "3", "p")
        await click_on(pilot, "shows the judge")
        assert "◀ judge" in screen_text(pilot)
        await click_on(pilot, "r hides")
        assert "◀ judge" not in screen_text(pilot)


async def test_a_click_on_a_level_scores_in_review(workspace: Workspace) -> None:
    judge(workspace, NAME, FIRST, 1)
    workspace.set_label(NAME, FIRST, 3, rater="ann")
    async with opened(workspace, size=(120, 60)) as pilot:
        await press(pilot, "f3")
        await click_on(pilot, "2 average  ")
        assert scores(workspace) == [2]


async def test_clicks_decide_with_a_cited_cell_in_adjudicate(workspace: Workspace) -> None:
    workspace.set_label(NAME, FIRST, 3, rater="ann", cells=[2])
    workspace.set_label(NAME, FIRST, 1, rater="bo", cells=[3])
    async with opened(workspace, size=(140, 60)) as pilot:
        await press(pilot, "f4")
        await click_on(pilot, "2 average  ")
        assert pilot.app.screen.query_one(WhyArea).writing, "a decision asks for its reason"
        await press(pilot, *"so")
        await click_on(pilot, "Esc leave and save")
        await click_on(pilot, "cited by bo")
        assert "▶─[3]" in screen_text(pilot)
        await click_on(pilot, "c cite")
        (decision,) = workspace.labels(role="decision")
        assert (decision.score, decision.justification, decision.cells) == (2, "so", (3,))
        await click_on(pilot, "cited by bo")
        assert board(pilot).cells.current == 3


async def test_a_click_asks_the_judge_for_reasons(workspace: Workspace) -> None:
    plan = JudgePlan("tiny", "", "", ("a",), frozenset("a"), frozenset("a"), None, 0.0)
    async with opened(workspace) as pilot:
        pilot.app.push_screen(JudgeDialog(plan, None, "w", ["J"]))
        await rest(pilot)
        await click_on(pilot, "☐ r")
        assert "☑ r" in screen_text(pilot)
