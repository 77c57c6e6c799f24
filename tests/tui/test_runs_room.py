from __future__ import annotations

import pytest

from tests.tui.conftest import Builder
from tests.tui.driving import opened, press, screen_text


@pytest.mark.parametrize("size", [(80, 24), (300, 100)])
async def test_the_room_says_that_there_are_no_runs_and_what_one_can_do_today(
    build: Builder, size: tuple[int, int]
) -> None:
    async with opened(build(), size=size) as pilot:
        await press(pilot, "f7")
        text = " ".join(screen_text(pilot).split())
        assert "nbalign has no runs yet" in text
        for command in ("nbalign -w NEW import FOLDER", "nbalign -w NEW judge", "nbalign -w NEW agreement"):
            assert command in text


async def test_its_words_scroll_where_there_is_little_room_and_name_keys_as_they_are(build: Builder) -> None:
    async with opened(build(), size=(60, 16), keymap={"room.models": "f9"}) as pilot:
        await press(pilot, "f7")
        assert "agreement" not in screen_text(pilot)
        await press(pilot, *["j"] * 20)
        assert "nbalign -w NEW agreement" in screen_text(pilot)
        assert "no runs yet" not in screen_text(pilot)
        await press(pilot, *["k"] * 3)
        assert "the room Models (F9)" in " ".join(screen_text(pilot).split())
