from __future__ import annotations

import pytest
from textual.content import Content
from textual.widgets import Button, DataTable, Input, OptionList

from nbalign.tui.actions import ROOMS
from nbalign.tui.focus_help import focus_words
from nbalign.tui.help import HelpDialog
from nbalign.tui.line_list import LineList
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import opened, press, rest, screen_text


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(sample("affairs-024"))


async def test_what_has_the_focus_comes_first_then_the_room_then_its_keys(workspace: Workspace) -> None:
    async with opened(workspace, size=(120, 100)) as pilot:
        await press(pilot, "question_mark")
        text = screen_text(pilot)
        places = [text.index(words) for words in ("In focus: the notebook", "Label: score each", "Scores", "Cells")]
        assert places == sorted(places)
        assert "PgUp  PgDn" in text and "cite the current cell" in text


async def test_in_a_text_field_f1_tells_its_keys_and_the_field_goes_on_where_it_was(workspace: Workspace) -> None:
    async with opened(workspace, size=(120, 60)) as pilot:
        await press(pilot, "e", "a", "f1")
        text = screen_text(pilot)
        assert "In focus: the field for your justification" in text
        assert text.index("leave and save") < text.index("Label: score each")
        await press(pilot, "escape", "b", "escape", "3")
        assert [label.justification for label in workspace.labels(rater="ann")] == ["ab"]


@pytest.mark.parametrize("room", ROOMS, ids=[room.id for room in ROOMS])
async def test_every_room_says_what_it_is_for(workspace: Workspace, room: object) -> None:
    entry = next(each for each in ROOMS if each == room)
    async with opened(workspace, size=(120, 100)) as pilot:
        await press(pilot, entry.key, "question_mark")
        assert isinstance(pilot.app.screen, HelpDialog)
        text = screen_text(pilot)
        assert f"{entry.title}: " in text
        assert "menu of rooms" in text


async def test_over_a_dialog_f1_tells_what_the_dialog_has(workspace: Workspace) -> None:
    async with opened(workspace, rater=None) as pilot:
        await press(pilot, "f1")
        text = screen_text(pilot)
        assert "In focus: a line to type in" in text
        assert "leave this dialog" in text
        await press(pilot, "f1", *"bob", "enter")
        assert "rater: bob" in screen_text(pilot)


async def test_it_closes_by_esc_q_its_own_key_and_by_mouse(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        for key in ("escape", "q", "question_mark", "f1"):
            await press(pilot, "question_mark", key)
            assert not isinstance(pilot.app.screen, HelpDialog), key
        await press(pilot, "question_mark")
        lines = screen_text(pilot).splitlines()
        row = next(n for n, line in enumerate(lines) if "[x]" in line)
        await pilot.click(offset=(lines[row].index("[x]") + 1, row))
        await rest(pilot)
        assert not isinstance(pilot.app.screen, HelpDialog)
        await press(pilot, "question_mark")
        await pilot.click(offset=(0, 20))
        await rest(pilot)
        assert not isinstance(pilot.app.screen, HelpDialog)


async def test_in_a_narrow_terminal_words_wrap_beside_their_keys(workspace: Workspace) -> None:
    async with opened(workspace, size=(50, 100)) as pilot:
        await press(pilot, "question_mark")
        lines = screen_text(pilot).splitlines()
        row = next(n for n, line in enumerate(lines) if "score the dimension and" in line)
        at = lines[row].index("score the dimension")
        assert lines[row + 1][at:].startswith("to the next open one")
        assert not lines[row + 1][:at].strip(" │┃▌▶┌")


def test_a_widget_may_say_itself_what_it_is_and_kinds_are_known() -> None:
    class Own(Input):
        HELP = "where the year is typed"

    assert focus_words(Own())[0] == "where the year is typed"
    rows = LineList(lambda _: Content(""))
    for widget in (Input(), OptionList(), DataTable[str](), Button("x"), rows):
        words, keys = focus_words(widget)
        assert words and keys
