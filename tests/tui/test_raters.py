"""Another rater sits down: everything is theirs, and nothing of the former stays to be seen."""

from __future__ import annotations

from contextlib import suppress

import pytest
from textual.pilot import WaitForScreenTimeout
from textual.widgets import Input

from nbalign.store.database import Store
from nbalign.tui.app import LabelApp
from nbalign.tui.dialogs import RaterDialog
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, rest, screen_text, sheet, sit_down


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(sample("affairs-024"), sample("anes-063"))


async def test_the_next_rater_sees_nothing_of_the_former_and_scores_under_their_own_name(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "3", "2", "f", "p", "p", "e", *"secret")
        await press(pilot, "escape")
        await press(pilot, "f3")
        await press(pilot, "f5")
        await press(pilot, "W")
        await sit_down(pilot, "bob")
        text = screen_text(pilot)
        assert "≡ Label · study · rater: bob" in text
        assert "secret" not in text and "✔" not in text and "flagged" not in text and "rater: ann" not in text
        assert sheet(pilot).labels == {} and not sheet(pilot).words_of("library_installation")
        await press(pilot, "1", "f3")
        assert "rater: bob" in screen_text(pilot), "the other rooms are theirs, too"
        assert [(label.rater, label.score) for label in workspace.labels(rater="bob")] == [("bob", 1)]
        assert {label.score for label in workspace.labels(rater="ann")} == {3, 2}


async def test_words_being_written_are_saved_for_who_wrote_them(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "2", "p", "e", *"mine", "ctrl+p", *"somebody")
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, RaterDialog)
        await sit_down(pilot, "bob")
        assert "rater: bob" in screen_text(pilot)
        assert [label.justification for label in workspace.labels(rater="ann")] == ["mine"]
        assert list(workspace.labels(rater="bob")) == []


async def test_a_known_rater_is_chosen_from_the_list_by_mouse(workspace: Workspace) -> None:
    workspace.set_label(workspace.notebooks()[0].sha256, "library_installation", 1, rater="vera")
    async with opened(workspace) as pilot:
        await press(pilot, "W")
        lines = screen_text(pilot).splitlines()
        row = next(n for n, line in enumerate(lines) if "vera" in line)
        with suppress(WaitForScreenTimeout):  # the rooms that it waits for go away with the former rater
            await pilot.click(offset=(lines[row].index("vera"), row))
        await rest(pilot)
        assert "rater: vera" in screen_text(pilot)


async def test_leaving_the_question_and_naming_oneself_change_nothing(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "j", "W", "escape", "W", *"ann", "enter")
        assert board(pilot).cells.current == 2
        await press(pilot, "W")
        await pilot.click(offset=(0, 20))
        await rest(pilot)
        assert len(pilot.app.screen_stack) == 1
        assert board(pilot).rater == "ann"


async def test_a_click_beside_the_question_loses_no_name_and_does_not_quit_at_the_start(workspace: Workspace) -> None:
    async with opened(workspace, rater=None) as pilot:
        await pilot.click(offset=(0, 20))
        await rest(pilot)
        assert isinstance(pilot.app.screen, RaterDialog)
        await press(pilot, *"ann", "enter")
        await press(pilot, "W", *"bo")
        await pilot.click(offset=(0, 20))
        await rest(pilot)
        assert isinstance(pilot.app.screen, RaterDialog)
        assert pilot.app.screen.query_one(Input).value == "bo"


async def test_who_cannot_be_saved_stays(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "3", "p", "e", *"why")
        monkeypatch.setattr(Store, "write", _refuses)
        await press(pilot, "ctrl+p", *"somebody")
        await press(pilot, "enter")
        await press(pilot, *"bob", "enter")
        app = pilot.app
        assert isinstance(app, LabelApp) and app.desk is not None and app.desk.rater == "ann"
        assert "rater: ann" in screen_text(pilot)


def _refuses(*_: object, **__: object) -> None:
    raise OSError("no room left")
