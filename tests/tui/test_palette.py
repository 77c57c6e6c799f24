from __future__ import annotations

import pytest
from textual.command import CommandPalette
from textual.pilot import Pilot

from nbalign.tui.actions import ROOMS
from nbalign.tui.app import LabelApp
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, screen_text, sheet


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(sample("affairs-024"), sample("anes-063"))


async def choose(pilot: Pilot[None], query: str) -> None:
    """Opens the palette, types a query, takes the first answer."""
    await press(pilot, "ctrl+p")
    assert isinstance(pilot.app.screen, CommandPalette)
    await press(pilot, *("space" if c == " " else c for c in query))
    await press(pilot, "enter")
    assert not isinstance(pilot.app.screen, CommandPalette)


async def test_a_room_an_action_a_theme_and_a_notebook_are_found_by_their_words_in_any_order(
    workspace: Workspace,
) -> None:
    async with opened(workspace) as pilot:
        await choose(pilot, "differently settle")
        assert "≡ Adjudicate ·" in screen_text(pilot)
        await choose(pilot, "theme nbalign-light")
        assert pilot.app.theme == "nbalign-light"
        await choose(pilot, "anes-063")
        assert board(pilot).queue.info.name == "anes-063.ipynb", "a notebook opens from another room, too"
        await choose(pilot, "unflag")
        assert workspace.flags("ann") == {sheet(pilot).notebook.sha256: {"flagged"}}


async def test_out_of_a_text_field_it_works_and_the_words_are_saved(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "2", "p", "e", *"why")
        await choose(pilot, "open anes-063")
        assert board(pilot).queue.info.name == "anes-063.ipynb"
        assert [label.justification for label in workspace.labels(rater="ann")] == ["why"]
        await press(pilot, "e", *"draft")
        await choose(pilot, "next cell")
        assert board(pilot).cells.current == 2
        await press(pilot, "3")
        assert {label.justification for label in workspace.labels(rater="ann")} == {"why", "draft"}


async def test_before_anything_is_typed_it_lists_every_room(workspace: Workspace) -> None:
    async with opened(workspace, size=(120, 90)) as pilot:
        await press(pilot, "ctrl+p")
        text = screen_text(pilot)
        for room in ROOMS:
            assert f"{room.title}: {room.words}" in text


async def test_words_that_fit_nothing_harm_nothing(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "ctrl+p", *"[/b]zzz", "enter")
        await press(pilot, "escape", "escape", "j")
        app = pilot.app
        assert isinstance(app, LabelApp) and app.failure is None
        assert board(pilot).cells.current == 2
