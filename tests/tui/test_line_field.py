from __future__ import annotations

import pytest

from nbalign.tui.cell_view import CellView
from nbalign.tui.line_field import LineField
from nbalign.tui.queue_find import QueueFind
from nbalign.tui.search_bar import JumpBar, SearchBar
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, sheet

_OPENS = {"slash": SearchBar, "colon": JumpBar, "F": QueueFind}


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(sample("affairs-024"))


@pytest.mark.parametrize("key", _OPENS)
async def test_a_field_left_by_a_click_beside_it_is_closed_and_takes_no_more_keys(
    workspace: Workspace, key: str
) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, key)
        field = board(pilot).query_one(_OPENS[key])
        assert field.is_open and pilot.app.focused is field
        await pilot.click("#cells", offset=(5, 5))
        await press(pilot, "j")
        assert not field.is_open
        assert not field.display
        assert "j" not in field.value


@pytest.mark.parametrize("key", _OPENS)
async def test_a_field_that_is_opened_again_at_once_stays_open(workspace: Workspace, key: str) -> None:
    async with opened(workspace) as pilot:
        field = board(pilot).query_one(_OPENS[key])
        for pressed in (key, "escape", key):  # a burst
            pilot.app.simulate_key(pressed)
        await press(pilot, "1")
        assert isinstance(field, LineField)
        assert field.is_open and pilot.app.focused is field and field.value == "1"
        await press(pilot, "escape")
        assert not field.is_open and isinstance(pilot.app.focused, CellView)


async def test_keys_that_come_in_one_burst_with_enter_are_the_rooms_again(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        for pressed in ("colon", "3", "enter", "c"):
            pilot.app.simulate_key(pressed)
        await press(pilot)
        assert board(pilot).cells.current == 3
        assert not board(pilot).query_one(JumpBar).is_open
        assert sheet(pilot).words_of(sheet(pilot).dimension.id).cells  # `c` was a key of the room
