from __future__ import annotations

import threading
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from nbalign.errors import StoreError
from nbalign.judge.archive import Archive
from nbalign.judge.model import Judgement
from nbalign.labels.model import Label
from nbalign.store.database import Store
from nbalign.tui.dialogs import Notice, RaterDialog
from nbalign.tui.help import HelpDialog
from nbalign.tui.why_area import WhyArea
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, rest, screen_text, sheet
from tests.tui.judging import judge

NAMES = ("affairs-024", "affairs-046", "anes-006")


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(*(sample(name) for name in NAMES))


def saved(workspace: Workspace, name: str = NAMES[0]) -> dict[str, Label]:
    return {label.dimension: label for label in workspace.labels(notebook=name, rater="ann")}


async def write(pilot: Pilot[None], text: str) -> None:
    await press(pilot, "e")
    await press(pilot, *("space" if c == " " else c for c in text))
    await press(pilot, "escape")


async def test_a_notebook_is_labelled_by_keyboard_from_start_to_end_and_all_of_it_is_there_again(
    workspace: Workspace,
) -> None:
    dimensions = [d.id for d in workspace.rubric().dimensions]
    async with opened(workspace) as pilot:
        await press(pilot, *"321032103")
        assert {d: label.score for d, label in saved(workspace).items()} == dict(
            zip(dimensions, (3, 2, 1, 0, 3, 2, 1, 0, 3), strict=True)
        )
        assert "1/3 labelled" in screen_text(pilot)
        await press(pilot, "n", "j", "j", "c")
        first = sheet(pilot).dimension.id
        await write(pilot, "pinned 12")
        assert saved(workspace)[first].justification == "pinned 12"
        assert saved(workspace)[first].cells == (3,)
        await press(pilot, "f", "q")
    async with opened(workspace, notebook=NAMES[0]) as pilot:
        assert sheet(pilot).scored == 9
        assert sheet(pilot).labels[first].justification == "pinned 12"
        assert sheet(pilot).labels[first].cells == (3,)
        text = screen_text(pilot)
        assert "1/3 labelled · 1 flagged" in text
        assert "●⚑ affairs-024" in text


async def test_a_score_moves_on_to_the_next_open_dimension_and_shows_as_saved(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "n", "2")
        assert sheet(pilot).focus == 2
        assert "Exploratory Data Analysis    2 ✔" in screen_text(pilot)
        await press(pilot, "p", "p", "3")
        assert sheet(pilot).focus == 2, "the second dimension is scored already"


async def test_digits_that_are_not_on_the_scale_do_nothing(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "4", "9")
        assert saved(workspace) == {}
        assert sheet(pilot).focus == 0


async def test_undo_and_redo_go_one_step_at_a_time_over_a_restart(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "3", "2", "p", "p", "1")
        assert sorted(label.score for label in saved(workspace).values()) == [1, 2]
        await press(pilot, "u")
        assert saved(workspace)["library_installation"].score == 3
        assert sheet(pilot).focus == 0, "the focus goes where the undo happened"
    async with opened(workspace) as pilot:
        await press(pilot, "u")
        assert set(saved(workspace)) == {"library_installation"}
        await press(pilot, "U")
        assert saved(workspace)["data_exploration"].score == 2
        await press(pilot, "ctrl+r")
        assert saved(workspace)["library_installation"].score == 1
        await press(pilot, "u", "u", "u", "u")
        assert saved(workspace) == {}


async def test_keys_pressed_while_writing_type_and_score_nothing(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "e")
        await press(pilot, *"0123", "question_mark", "left_square_bracket", "q", "u", "f", "slash", "j", "space", "c")
        area = pilot.app.screen.query_one(WhyArea)
        assert area.text == "0123?[quf/j c"
        assert saved(workspace) == {}
        await press(pilot, "escape")
        assert not area.display
        await press(pilot, "3")
        assert saved(workspace)["library_installation"].justification == "0123?[quf/j c"


async def test_words_before_a_score_are_a_draft_that_survives_and_joins_the_score(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "j", "c")
        await write(pilot, "no pins")
        assert saved(workspace) == {}
        assert "· draft" in screen_text(pilot)
    async with opened(workspace) as pilot:
        assert sheet(pilot).words_of("library_installation").text == "no pins"
        await press(pilot, "2")
        label = saved(workspace)["library_installation"]
        assert (label.score, label.justification, label.cells) == (2, "no pins", (2,))
        rubric, sha = workspace.rubric().id, sheet(pilot).notebook.sha256
        assert workspace.draft(sha, rubric, "library_installation", "ann") in (None, ("", ()))


async def test_the_words_of_an_undone_score_stay_as_a_draft(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await write(pilot, "long thought")
        await press(pilot, "2", "u")
        assert saved(workspace) == {}
    async with opened(workspace) as pilot:
        assert sheet(pilot).words_of("library_installation").text == "long thought"


async def test_words_written_after_an_undo_survive_the_redo_on_screen_and_on_disk(workspace: Workspace) -> None:
    first = "library_installation"
    async with opened(workspace) as pilot:
        await press(pilot, "3", "u")
        await write(pilot, "my words")
        await press(pilot, "U")
        assert saved(workspace)[first].score == 3
        assert sheet(pilot).words_of(first).text == "my words"
        assert workspace.draft(sheet(pilot).notebook.sha256, workspace.rubric().id, first, "ann") == ("my words", ())
        await press(pilot, "u", "U")
        assert sheet(pilot).words_of(first).text == "my words"
    async with opened(workspace, notebook=NAMES[0]) as pilot:
        assert sheet(pilot).words_of(first).text == "my words"
        await press(pilot, *("p" if sheet(pilot).focus else ""), "3")
        assert saved(workspace)[first].justification == "my words"


async def test_quitting_in_the_middle_of_a_sentence_keeps_it(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "e", "h", "a", "l", "f")
        await pilot.press("ctrl+q")
    async with opened(workspace) as pilot:
        assert sheet(pilot).words_of("library_installation").text == "half"


async def test_citing_twice_takes_the_citation_back(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "3", "p", "c", "j", "c")
        assert saved(workspace)["library_installation"].cells == (1, 2)
        assert "cited ●" in screen_text(pilot)
        await press(pilot, "c")
        assert saved(workspace)["library_installation"].cells == (1,)


async def test_a_score_that_cannot_be_written_is_shown_as_not_saved_and_can_be_given_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as pilot:

        def full(*_: object, **__: object) -> Label:
            raise StoreError("the disk is full", "Free some space.")

        with monkeypatch.context() as broken:
            broken.setattr(workspace, "set_label", full)
            await press(pilot, "3")
        text = screen_text(pilot)
        assert "3 ✗ NOT saved" in text
        notices = " ".join(n.message for n in pilot.app._notifications)
        assert "the disk is full" in notices and "Free some space." in notices
        assert "✔" not in text
        await press(pilot, "p", "3")
        assert "✗ NOT saved" not in screen_text(pilot)
        assert saved(workspace)["library_installation"].score == 3


async def test_notebooks_are_stepped_through_flagged_and_skipped(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "]")
        assert board(pilot).queue.info.name.startswith("affairs-046")
        await press(pilot, "[", "[")
        assert board(pilot).queue.info.name.startswith("anes-006")
        await press(pilot, "[", "s")
        assert board(pilot).queue.info.name.startswith("anes-006")
        assert "○s affairs-046" in screen_text(pilot)
        await press(pilot, "f")
        assert "1 flagged · 1 skipped" in screen_text(pilot)
        await press(pilot, "f")
        assert "flagged" not in screen_text(pilot)
    async with opened(workspace) as pilot:
        assert "1 skipped" in screen_text(pilot)
        await press(pilot, "]", "3")
        assert "skipped" not in screen_text(pilot), "scoring a skipped notebook is coming back to it"


async def test_the_judge_stays_hidden_until_the_dimension_is_scored(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "r")
        assert not sheet(pilot).shows_judge("library_installation")
        await press(pilot, "3", "p", "r")
        assert "no judge has scored this yet" in screen_text(pilot)
        await press(pilot, "u")
        assert "no judge has scored this yet" not in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_revealed_judgement_is_in_view_with_its_distribution(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    info = workspace.notebooks()[0]
    rubric = workspace.rubric()
    judgement = Judgement(
        key="k" * 64,
        judge="tiny@123456",
        notebook=info.sha256,
        rubric=rubric.id,
        rubric_sha256=rubric.sha256,
        dimension="library_installation",
        probabilities={0: 0.0, 1: 0.75, 2: 0.25, 3: 0.0},
        expected=1.25,
        score=1,
        mass=0.9,
        cut=(),
        tokens=1,
        prefix_tokens=1,
        seconds=0.1,
        at="2026-01-01T00:00:00+00:00",
    )
    with Store.open(workspace.path / "nbalign.db") as store:
        Archive(store).save(judgement)
        Archive(store).save_rationale(judgement.key, "Nothing is [b]pinned[/b] in [2].", judgement.at)
    async with opened(workspace, size=size) as pilot:
        assert "tiny@123456" not in screen_text(pilot)
        await press(pilot, "3", "p", "r")
        shown = screen_text(pilot)
        assert "tiny@123456" in shown
        assert "75%" in shown
        assert "◀ judge" in shown
        if size == (120, 40):
            assert "expected 1.25" in shown
            assert "you say 3, the judge 1" in " ".join(shown.split())
            assert "[b]pinned[/b]" in shown
        await press(pilot, "r")
        assert "tiny@123456" not in screen_text(pilot)


async def test_the_judge_is_shown_as_soon_as_a_score_that_is_on_its_way_is_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(workspace, NAMES[0], "library_installation", 1)
    go_on, kept = threading.Event(), Workspace.set_label

    def slowly(*args: Any, **named: Any) -> Label:
        assert go_on.wait(60)
        return kept(*args, **named)

    monkeypatch.setattr(Workspace, "set_label", slowly)
    async with opened(workspace) as pilot:
        try:
            for key in ("3", "p", "r"):
                await pilot.press(key)
            assert "tiny@123456" not in screen_text(pilot)
        finally:
            go_on.set()
        await rest(pilot)
        assert "tiny@123456" in screen_text(pilot)


async def test_nothing_is_shown_of_the_judge_where_a_score_on_its_way_could_not_be_kept(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge(workspace, NAMES[0], "library_installation", 1)
    go_on = threading.Event()

    def never(*_: Any, **__: Any) -> Label:
        assert go_on.wait(60)
        raise StoreError("the disk is full", "Make room.")

    monkeypatch.setattr(Workspace, "set_label", never)
    async with opened(workspace) as pilot:
        try:
            for key in ("3", "p", "r"):
                await pilot.press(key)
        finally:
            go_on.set()
        await rest(pilot)
        assert "tiny@123456" not in screen_text(pilot)


async def test_the_rater_is_asked_for_and_known_ones_are_listed(workspace: Workspace) -> None:
    workspace.set_label(NAMES[0], "library_installation", 3, rater="bo[b]")
    async with opened(workspace, rater=None) as pilot:
        assert isinstance(pilot.app.screen, RaterDialog)
        assert "bo[b]" in screen_text(pilot)
        pilot.app.screen.query_one("#name", Input).value = "  zoë \x1b[31m x "
        await press(pilot, "enter")
        assert board(pilot).rater == "zoë [31m x"
    async with opened(workspace, rater=None) as pilot:
        await press(pilot, "down", "enter")
        assert board(pilot).rater == "bo[b]"
        assert sheet(pilot).scored == 1


async def test_help_and_palette_open_and_close(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpDialog)
        await press(pilot, "escape", "f1")
        assert isinstance(pilot.app.screen, HelpDialog)
        await press(pilot, "escape", "ctrl+p")
        await press(pilot, *"anes")
        assert "open anes-006.ipynb" in screen_text(pilot)
        await press(pilot, "enter")
        assert board(pilot).queue.info.name.startswith("anes-006")


async def test_the_mouse_works_on_the_queue_the_dimensions_the_cells_and_the_keys(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await pilot.click("#queue", offset=(5, 2))
        await rest(pilot)
        assert board(pilot).queue.info.name.startswith("anes-006")
        await pilot.click("#scores", offset=(5, 4))
        await rest(pilot)
        assert sheet(pilot).focus == 4
        await pilot.click("#cells", offset=(5, 12))
        await rest(pilot)
        assert board(pilot).cells.current == 2
        await pilot.click("KeyBar", offset=(screen_text(pilot).splitlines()[-1].index("e why"), 0))
        await rest(pilot)
        assert pilot.app.screen.query_one(WhyArea).writing
        await press(pilot, "x")
        await pilot.click("#scores", offset=(5, 0))
        await rest(pilot)
        found = sheet(pilot)
        assert found.words_of(found.rubric.dimensions[4].id).text == "x", "a click elsewhere saves what was written"


async def test_an_empty_workspace_says_what_to_do(build: Builder) -> None:
    async with opened(build()) as pilot:
        assert "nbalign import" in screen_text(pilot)
        await press(pilot, "3", "j", "c", "e", "]", "s", "f", "u", "slash", "o", "G", "r")
        assert "nbalign import" in screen_text(pilot)


async def test_a_missing_rubric_is_told_in_words(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(ref: str | None = None) -> None:
        raise StoreError("there is no rubric", "Add one: nbalign rubric add FILE")

    monkeypatch.setattr(workspace, "rubric", none)
    async with opened(workspace) as pilot:
        assert isinstance(pilot.app.screen, Notice)
        assert "nbalign rubric add FILE" in screen_text(pilot)
        await press(pilot, "enter")
    assert pilot.app.return_code == 1


async def test_an_unexpected_error_in_an_action_is_shown_with_the_log_and_the_screen_lives_on(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace, size=(160, 40)) as pilot:

        def broken() -> None:
            raise ValueError("a [bold]fault[/]")

        monkeypatch.setattr(board(pilot).cells, "toggle_outputs", broken)
        await press(pilot, "o")
        assert isinstance(pilot.app.screen, Notice)
        text = screen_text(pilot)
        assert "a [bold]fault[/]" in text and "Everything that shows ✔ is saved." in text
        assert str(workspace.path / "tui.log") in pilot.app.screen.text
        assert "Traceback" not in text
        assert "Traceback" in (workspace.path / "tui.log").read_text(encoding="utf-8")
        await press(pilot, "enter", "3")
        assert saved(workspace)["library_installation"].score == 3
