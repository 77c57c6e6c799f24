from __future__ import annotations

import pytest
from textual.keys import key_to_character
from textual.widgets import Input, TextArea

from nbalign.tui import key_names
from nbalign.tui.actions import ROOMS, Action
from nbalign.tui.key_names import key_from
from nbalign.tui.keys import ACTIONS, bar_items, bindings, scale_keys
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.rooms import actions_of
from nbalign.tui.search_bar import SearchBar
from nbalign.tui.why_area import WhyArea
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, screen_text

SWALLOWED = {*key_names.SWALLOWED, "ctrl+q"}


@pytest.mark.parametrize("room", [room.id for room in ROOMS])
def test_ids_and_keys_of_a_room_are_unique(room: str) -> None:
    table = actions_of(room)
    assert len({action.id for action in table}) == len(table)
    keys = [key_from(key) for action in table for key in action.keys.split(",")]
    assert None not in keys
    assert len(set(keys)) == len(keys), [key for key in keys if keys.count(key) > 1]


@pytest.mark.parametrize("room", [room.id for room in ROOMS])
def test_no_key_is_one_that_terminals_or_tmux_swallow(room: str) -> None:
    assert not {key for action in actions_of(room) for key in action.keys.split(",")} & SWALLOWED


def test_every_action_has_a_method() -> None:
    for action in ACTIONS:
        if not action.name.startswith("app."):
            assert hasattr(LabelScreen, f"action_{action.name}"), action.id


async def test_text_fields_take_printable_keys_and_share_no_other_key_with_the_screen(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        ids = {binding.id for binding in bindings()}
        own = {key for key, found in board(pilot)._bindings.key_to_bindings.items() if found[0].id in ids}
        assert len(own) > 30
        for field in (pilot.app.screen.query_one(WhyArea), pilot.app.screen.query_one(SearchBar)):
            assert isinstance(field, Input | TextArea)
            claimed = {key for base in type(field).__mro__ for key in _keys(base)}
            for key in own:
                character = key_to_character(key)
                if character is not None and character.isprintable():
                    assert field.check_consume_key(key, character), key
                else:
                    # Enter and Escape mean the field while it has the focus, and are not passed on; the keys of the
                    # rooms lead there from everywhere, and what was typed is saved on the way.
                    assert key not in claimed or key in {"enter", "escape", *(room.key for room in ROOMS)}, key


def _keys(base: type) -> set[str]:
    if not issubclass(base, Input | TextArea):
        return set()
    found = base.__dict__.get("BINDINGS", [])
    return {key.strip() for b in found for key in (b.key if hasattr(b, "key") else b[0]).split(",")}


async def test_keys_can_be_remapped_by_their_ids(build: Builder) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        pilot.app.set_keymap({"cell.next": "x", "score.3": "f9"})
        await press(pilot, "x")
        assert board(pilot).cells.current == 2
        await press(pilot, "3", "f9")
        assert [label.score for label in workspace.labels(rater="ann")] == [3]


def test_the_bar_names_the_digits_of_any_scale() -> None:
    assert scale_keys((0, 1, 2, 3)) == "0-3"
    assert scale_keys((1, 2)) == "1 2"
    assert scale_keys((1, 3, 5)) == "1 3 5"
    assert bar_items((0, 1, 2, 3), declared)[0] == ("0-3", "score", "")
    assert all(words for _, words, _ in bar_items((1, 2), declared))


def declared(action: Action) -> list[str]:
    return action.keys.split(",")


async def test_the_bar_and_the_help_name_the_keys_as_they_are_remapped(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        pilot.app.set_keymap({"label.justify": "w"})
        board(pilot).show_keys()
        await press(pilot)
        assert "w why" in screen_text(pilot).splitlines()[-1]
        await press(pilot, "question_mark")
        assert "w             say why" in screen_text(pilot)


async def test_every_room_opens_by_its_key_and_from_the_menu_and_labelling_goes_on_where_it_was(build: Builder) -> None:
    workspace = build(sample("affairs-024"), sample("anes-063"))
    async with opened(workspace) as pilot:
        await press(pilot, "right_square_bracket", "j", "2")
        for room in ROOMS:
            await press(pilot, room.key)
            assert f"≡ {room.title} ·" in screen_text(pilot)
        await press(pilot, "m", "home", "enter")
        assert board(pilot).queue.info.name == "anes-063.ipynb"
        assert board(pilot).cells.current == 2
        assert [label.score for label in workspace.labels(rater="ann")] == [2]


async def test_leaving_for_another_room_saves_what_is_being_written(build: Builder) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        await press(pilot, "2", "p", "e", *"why", "f3")
        assert "≡ Review ·" in screen_text(pilot)
        assert [label.justification for label in workspace.labels(rater="ann")] == ["why"]
