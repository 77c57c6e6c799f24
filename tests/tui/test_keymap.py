from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot
from textual.widgets import OptionList

from nbalign.__main__ import main
from nbalign.errors import UsageError
from nbalign.tui.actions import EVERYWHERE, ROOMS
from nbalign.tui.dialog_keys import dialog_actions
from nbalign.tui.key_names import SWALLOWED, character_of, key_from, key_name
from nbalign.tui.keymap import find_keymap, read_keymap
from nbalign.tui.keymap_lines import line_of
from nbalign.tui.keymap_template import keymap_template
from nbalign.tui.rooms import actions_of
from nbalign.tui.why_area import WhyArea
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, screen_text


@pytest.fixture
def keys_file(tmp_path: Path) -> Path:
    return tmp_path / "keys.toml"


def read(file: Path, text: str) -> Mapping[str, str]:
    file.write_text(text, encoding="utf-8")
    return read_keymap(file)


def wrong(file: Path, text: str) -> str:
    with pytest.raises(UsageError) as caught:
        read(file, text)
    assert caught.value.exit_code == 2
    return caught.value.message


# -- names of keys


@pytest.mark.parametrize(
    ("text", "key"),
    [
        *(("x", "x"), ("X", "X"), ("?", "?"), ("question_mark", "?"), ("slash", "/"), ("/", "/"), ("+", "+")),
        *((",", "comma"), ("comma", "comma"), (" ", "space"), ("Space", "space"), ("Esc", "escape"), ("F9", "f9")),
        *(
            ("PgUp", "pageup"),
            ("↓", "down"),
            ("Ctrl+O", "ctrl+o"),
            ("alt+x", "alt+x"),
            ("shift+ctrl+up", "ctrl+shift+up"),
        ),
        *(("é", "é"), ("", None), ("foo", None), ("f99", None), ("shift+a", None), ("ctrl+?", None), ("\x1b", None)),
        *(("hyper+x", None), ("ctrl+ctrl+x", None), ("ctrl+", None), ("<any>", None)),
    ],
)
def test_a_key_may_be_written_as_people_write_it(text: str, key: str | None) -> None:
    assert key_from(text) == key


@given(st.text(max_size=12))
def test_no_text_breaks_the_reading_of_a_key_and_one_spelling_stays_itself(text: str) -> None:
    key = key_from(text)
    if key is not None:
        assert key_from(key) == key
        assert "," not in key


def test_keys_are_shown_as_people_read_them() -> None:
    assert [key_name(k) for k in ("slash", "question_mark", "enter", "f3", "ctrl+r", "minus", "space", "x")] == [
        *("/", "?", "Enter", "F3", "ctrl+r", "-", "Space", "x")
    ]
    assert character_of("backslash") == "\\" and character_of("enter") is None


# -- the template


def test_the_template_is_a_keymap_that_changes_nothing_and_names_every_action(keys_file: Path) -> None:
    text = keymap_template()
    assert read(keys_file, text) == {}
    for room in ROOMS:
        for action in actions_of(room.id):
            assert f'"{action.id}" = ' in text
            assert action.words in text


def test_the_template_names_the_keys_of_dialogs_too_each_once() -> None:
    text = keymap_template()
    for _, actions in dialog_actions():
        for action in actions:
            assert text.count(f'"{action.id}" = ') == 1
            assert action.words in text


def test_dialogs_give_each_key_to_one_action_and_each_id_means_one_thing() -> None:
    rooms = {action.id for room in ROOMS for action in actions_of(room.id)}
    for title, actions in dialog_actions():
        keys = [key.strip() for action in actions for key in action.keys.split(",")]
        assert len(set(keys)) == len(keys), title
        assert not set(keys) & SWALLOWED.keys(), title
        assert not {action.id for action in actions} & rooms, title


def test_two_actions_of_a_dialog_on_one_key_are_told(keys_file: Path) -> None:
    message = wrong(keys_file, '[keys]\n"history.undo" = "j"\n')
    assert "in the dialog “Your last steps”, j is the key of history.next, too" in message


async def test_keys_of_dialogs_are_remapped_and_the_help_shows_them(build: Builder) -> None:
    async with opened(build(sample("affairs-024")), keymap={"dialog.next": "x", "dialog.leave": "y"}) as pilot:
        await press(pilot, "m")
        rooms = pilot.app.screen.query_one("#rooms", OptionList)
        await press(pilot, "j")
        assert rooms.highlighted == 0
        await press(pilot, "x")
        assert rooms.highlighted == 1
        await press(pilot, "f1")
        words = " ".join(screen_text(pilot).split())
        assert "x row down" in words and "y leave this dialog" in words
        await press(pilot, "y", "y")
        assert pilot.app.screen is board(pilot)


async def test_what_is_said_names_the_keys_as_they_are(build: Builder) -> None:
    keymap = {"score.0": "a", "score.3": "+", "app.help": "ctrl+o"}
    async with opened(build(sample("affairs-024")), keymap=keymap) as pilot:
        await press(pilot, "9")
        assert [n.message for n in pilot.app._notifications] == ["9 is not on the scale: press a 1 2 +"]
        await press(pilot, "e")
        assert "ctrl+o help" in screen_text(pilot)


def test_the_template_can_be_edited(keys_file: Path) -> None:
    edited = keymap_template().replace('"cell.next" = "j"', '"cell.next" = ["x", "ctrl+n"]')
    assert read(keys_file, edited) == {"cell.next": "x,ctrl+n"}


def test_the_command_prints_the_template_without_a_terminal_or_a_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["tui", "--keys-template"]) == 0
    assert capsys.readouterr().out == keymap_template()


# -- what a file says


def test_one_key_or_several_quoted_names_or_tables(keys_file: Path) -> None:
    text = '[keys]\n"cell.next" = "x"\nlabel.cite = ["y", "F9"]\n[keys.notebook]\nflag = ","\n'
    assert read(keys_file, text) == {"cell.next": "x", "label.cite": "y,f9", "notebook.flag": "comma"}


def test_an_empty_file_changes_nothing(keys_file: Path) -> None:
    assert read(keys_file, "") == {}
    assert read(keys_file, "[keys]\n") == {}


def test_keys_may_change_places(keys_file: Path) -> None:
    assert read(keys_file, '[keys]\n"cell.next" = "k"\n"cell.previous" = "j"\n') == {
        "cell.next": "k",
        "cell.previous": "j",
    }


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('"cell.nxt" = "x"', "there is no action “cell.nxt”; did you mean cell.next?"),
        ('"cell.next" = "foo"', "“foo” is no key"),
        ('"cell.next" = "shift+a"', "“shift+a” is no key"),
        ('"cell.next" = 3', "a key is text in quotes"),
        ('"cell.next" = []', "cell.next needs a key; without its line it keeps j"),
        ('"cell.next" = ["x", 1]', "a key is text in quotes"),
        ('"cell.next" = {}', "a key is text in quotes"),
        ('"cell.next" = "Enter"', "Enter is taken: it opens what is in focus everywhere"),
        ('"cell.next" = "k"', "in the room Label, k is the key of cell.previous, too"),
        ('"cell.next" = "q"', "q is the key of app.quit, too"),
        ('"room.menu" = "0"', "in the room Label, 0 is the key of score.0, too"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(keys_file: Path, line: str, said: str) -> None:
    message = wrong(keys_file, f"# mine\n\n[keys]\n{line}\n")
    assert f"{keys_file}:4: " in message
    assert said in message


@pytest.mark.parametrize("key", SWALLOWED)
def test_keys_that_never_arrive_are_refused_with_the_reason(keys_file: Path, key: str) -> None:
    assert f"{key} does not reach a program: {SWALLOWED[key]}" in wrong(keys_file, f'[keys]\n"cell.next" = "{key}"\n')


def test_everything_wrong_is_told_at_once_in_order(keys_file: Path) -> None:
    message = wrong(keys_file, 'a = 1\n[keys]\n"cell.next" = "foo"\n[other]\n')
    assert [line.partition(" ")[0] for line in message.splitlines()[1:]] == [f"{keys_file}:{n}:" for n in (1, 3, 4)]


def test_an_action_keeps_the_keys_that_only_it_may_have(keys_file: Path) -> None:
    assert read(keys_file, '[keys]\n"search.next" = ["enter", "x"]\n') == {"search.next": "enter,x"}


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"[keys\n", "not TOML"),
        (b'[keys]\n"cell.next" = "\xff"\n', "not UTF-8"),
        (b"keys = 1\n", "[keys] is no table"),
        (b"x = " + b"[" * 5000, "not TOML"),
        (b"#" * 1_000_001, "too long"),
    ],
)
def test_a_broken_file_is_told_and_is_no_traceback(keys_file: Path, raw: bytes, said: str) -> None:
    keys_file.write_bytes(raw)
    with pytest.raises(UsageError) as caught:
        read_keymap(keys_file)
    assert said in caught.value.message and str(keys_file) in caught.value.message


@given(st.binary(max_size=200))
def test_no_file_crashes_the_reading(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    file = tmp_path_factory.getbasetemp() / "any.toml"
    file.write_bytes(b"[keys]\n" + raw)
    try:
        read_keymap(file)
    except UsageError as error:
        assert str(file) in str(error)


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="there is no keymap file"):
        read_keymap(tmp_path)
    with pytest.raises(UsageError, match="there is no keymap file"):
        read_keymap(tmp_path / "none.toml")


def test_the_nearest_file_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    study, users = tmp_path / "study", tmp_path / "config" / "nbalign" / "keys.toml"
    study.mkdir()
    assert find_keymap(None, study) is None
    users.parent.mkdir(parents=True)
    users.write_text("[keys]\n")
    assert find_keymap(None, study) == users
    (study / "keys.toml").write_text("[keys]\n")
    assert find_keymap(None, study) == study / "keys.toml"
    assert find_keymap(tmp_path / "named.toml", study) == tmp_path / "named.toml"


def test_lines_are_found_however_an_entry_is_written() -> None:
    text = "# x\n[keys]\n'a.b' = 1\na . c=1\n[keys.d]\n\"e\" = [\n '=',\n]\n"
    assert [line_of(text, ("keys", *name)) for name in (("a.b",), ("a", "c"), ("d", "e"), ("f",))] == [3, 4, 6, 0]


# -- in use


async def test_remapped_keys_work_the_old_ones_do_not_and_all_places_name_the_new_ones(
    build: Builder, keys_file: Path
) -> None:
    workspace = build(sample("affairs-024"))
    keymap = read(keys_file, '[keys]\nlabel.justify = "w"\njob.show = "ü"\n"score.3" = "F9"\n"cell.next" = "ctrl+n"\n')
    async with opened(workspace, keymap=keymap) as pilot:
        assert "0 1 2 F9 score" in screen_text(pilot) and "w why" in screen_text(pilot)
        await press(pilot, "3", "f9", "ctrl+n", "j")
        assert [label.score for label in workspace.labels(rater="ann")] == [3]
        assert board(pilot).cells.current == 2
        await press(pilot, "question_mark")
        assert "0 1 2 F9" in screen_text(pilot)
        await press(pilot, "escape", "ctrl+p", *"say why")
        assert "say why (Esc leaves and saves)  w" in screen_text(pilot)


@pytest.mark.parametrize("key", ["é", "-", "\\", "@"])
async def test_a_key_of_every_room_remapped_to_a_character_can_still_be_typed(
    build: Builder, keys_file: Path, key: str
) -> None:
    keymap = read(keys_file, f"[keys]\nroom.review = '{key}'\n")
    async with opened(build(sample("affairs-024")), keymap=keymap) as pilot:
        await press(pilot, "e", "a", key, "b")
        assert pilot.app.screen.query_one(WhyArea).text == f"a{key}b"
        await press(pilot, "escape", key)
        assert "≡ Review ·" in screen_text(pilot)


async def test_the_help_closes_by_the_key_that_opened_it_wherever_that_was_put(build: Builder, keys_file: Path) -> None:
    keymap = read(keys_file, '[keys]\n"app.help" = "é"\n"room.menu" = "ö"\n')
    async with opened(build(sample("affairs-024")), keymap=keymap) as pilot:
        for key in "éö":
            await press(pilot, key)
            assert dialogs(pilot) == 1
            await press(pilot, key)
            assert dialogs(pilot) == 0


def dialogs(pilot: Pilot[None]) -> int:
    return len(pilot.app.screen_stack) - 1


def test_every_action_of_every_room_is_in_the_table_of_everywhere_or_of_its_room() -> None:
    for room in ROOMS:
        ids = [action.id for action in actions_of(room.id)]
        assert len(ids) == len(set(ids)), room.id
        assert {action.id for action in EVERYWHERE} <= set(ids), room.id
