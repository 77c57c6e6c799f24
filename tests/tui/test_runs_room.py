"""The room of runs: the list, one run, comparisons, blind cells, and what changes runs or the queue."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from nbalign.errors import NotFound
from nbalign.suite.compare import comparing
from nbalign.suite.runs.model import JudgeError, Run
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.page import Page
from nbalign.tui.runs import reading
from nbalign.tui.runs.keys import ACTIONS
from nbalign.tui.runs.notebook_dialog import NotebookDialog
from nbalign.tui.runs.run_view import RunView
from nbalign.tui.runs.screen import RunsRoom
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, rest, screen_text
from tests.tui.runs_made import begin
from tests.tui.test_sizes import overlapping

SIZES = [(80, 24), (130, 40)]
FIRST, SECOND, USE = "library_installation", "data_exploration", "model_use"
CASES = 12
WHY_BEFORE, WHY_AFTER = "It pins no version in [1].", "All versions are pinned in [1]."


def all_dimensions(workspace: Workspace, score: int, **others: int) -> dict[str, int]:
    return {dimension.id: score for dimension in workspace.rubric().dimensions} | others


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with a notebook in the queue and two runs."""
    folder = tmp_path_factory.mktemp("runs")
    with Workspace.create(folder / "study") as workspace:
        workspace.import_notebooks([sample("affairs-024")])
        two_runs(workspace)
    return folder / "study"


@pytest.fixture
def study(kept: Path, tmp_path: Path) -> Iterator[Workspace]:
    """A copy of it, to be changed."""
    shutil.copytree(kept, tmp_path / "study")
    with Workspace.open(tmp_path / "study") as workspace:
        yield workspace


def made_by(workspace: Workspace, run: str) -> dict[str, str]:
    """Case -> content hash of its notebook."""
    return {made.case: made.notebook for made in workspace.scored_run(run).productions if made.notebook}


def two_runs(workspace: Workspace) -> None:
    """`first`, then `second`, which is higher in every case; one case of the first was not made."""
    scores = {f"case-{n}": all_dimensions(workspace, 1 if n % 2 else 2, **{USE: 0}) for n in range(CASES)}
    better = {case: {d: s if d == USE else s + 1 for d, s in given.items()} for case, given in scores.items()}
    better["case-0"][USE] = 3
    begin(
        workspace,
        "first",
        scores,
        failed={"lost": "the program ended with 1"},
        reasons={("case-1", FIRST): WHY_BEFORE},
        note="as it was",
        at="2026-01-01T00:00:00+00:00",
    )
    begin(workspace, "second", better, reasons={("case-1", FIRST): WHY_AFTER}, at="2026-01-02T00:00:00+00:00")


def room(pilot: Pilot[None]) -> RunsRoom:
    screen = pilot.app.screen
    assert isinstance(screen, RunsRoom)
    return screen


def run_view(pilot: Pilot[None]) -> RunView:
    view = room(pilot).view
    assert isinstance(view, RunView)
    return view


def flat(pilot: Pilot[None]) -> str:
    """What is to be seen, however it is wrapped; borders of dialogs left out."""
    return " ".join(screen_text(pilot).replace("│", " ").split())


def told(pilot: Pilot[None]) -> str:
    """Every notice."""
    return "\n".join(notice.message for notice in pilot.app._notifications)


def page(pilot: Pilot[None]) -> str:
    """All that is told of what is in focus, in and out of view."""
    return " ".join(room(pilot).query_one(Page).text.split())


def row_of(pilot: Pilot[None], words: str) -> str:
    return next(line for line in screen_text(pilot).splitlines() if words in line)


async def click(pilot: Pilot[None], words: str, last: bool = False) -> None:
    lines = screen_text(pilot).splitlines()
    found = [n for n, line in enumerate(lines) if words in line]
    assert found, f"{words!r} is not to be seen:\n{screen_text(pilot)}"
    y = found[-1 if last else 0]
    await pilot.click(offset=(cell_len(lines[y][: lines[y].index(words)]), y))
    await rest(pilot)


# -- without runs


@pytest.mark.parametrize("size", [(80, 24), (300, 100)])
async def test_without_runs_the_room_says_what_it_is_for_and_what_brings_one(
    build: Builder, size: tuple[int, int]
) -> None:
    async with opened(build(), size=size) as pilot:
        await press(pilot, "f7")
        text = flat(pilot)
        assert "There are no runs here yet" in text
        for command in ("nbalign suite list", "nbalign run tabular --generator local --name first"):
            assert command in text
        await press(pilot, "enter", "c", "t", "R", "L", "X", "H", "slash", "escape", "right_square_bracket", "n")
        assert "There are no runs here yet" in flat(pilot)


async def test_its_words_scroll_where_there_is_little_room_and_name_keys_as_they_are(build: Builder) -> None:
    async with opened(build(), size=(60, 16), keymap={"room.evaluate": "f9"}) as pilot:
        await press(pilot, "f7")
        assert "Evaluate" not in screen_text(pilot)
        await press(pilot, *["j"] * 20)
        assert "(Evaluate, F9)" in flat(pilot)
        assert "no runs here yet" not in screen_text(pilot)


def test_every_action_has_a_method() -> None:
    for action in ACTIONS:
        if not action.name.startswith("app."):
            assert hasattr(RunsRoom, f"action_{action.name.partition('(')[0]}"), action.id


# -- the list


@pytest.mark.parametrize("size", SIZES)
async def test_runs_are_listed_the_latest_first_with_how_far_they_are_and_what_they_scored(
    study: Workspace, size: tuple[int, int]
) -> None:
    workspace = study
    async with opened(workspace, size=size) as pilot:
        await press(pilot, "f7")
        lines = screen_text(pilot).splitlines()
        second, first = (next(n for n, line in enumerate(lines) if line.strip().startswith(w)) for w in ("sec", "fir"))
        assert second < first
        # Eight dimensions of 2 or 3 each in turn, and one N/A in all but one case.
        assert "12/12" in lines[second] and "2.56" in lines[second]
        assert "12/13" in lines[first] and "1.50" in lines[first]
        await press(pilot, "j")
        text = flat(pilot)
        assert "run 2/2" in text and "as it was" in text
        assert "1 notebook not made: the program ended with 1" in text
        assert "1,200 tokens read and 240 written by the local model" in text


async def test_a_run_that_nobody_has_judged_is_shown_as_such(build: Builder) -> None:
    workspace = build()
    begin(workspace, "raw", {"a": {}, "b": {}}, cases=["a", "b", "c"])
    async with opened(workspace, size=(80, 24)) as pilot:
        await press(pilot, "f7")
        assert "0/3" in row_of(pilot, "raw") and "–" in row_of(pilot, "raw")
        await press(pilot, "enter")
        assert "not judged yet" in flat(pilot) and "·" in row_of(pilot, "▶ a")
        assert "not yet" in row_of(pilot, "  c ")
        await press(pilot, "t")
        assert "Library Installation: not judged" in flat(pilot)
        await press(pilot, "escape", "escape", "c", "C", "plus", "plus")
        assert "≡ Runs" in screen_text(pilot)


async def test_a_part_of_a_name_finds_runs_and_cases(study: Workspace) -> None:
    workspace = study
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "slash", *"FIRST", "enter", "enter")
        assert run_view(pilot).run.name == "first"
        await press(pilot, "slash", *"lost", "enter")
        assert [case for case, _ in run_view(pilot).rows] == ["lost"]
        assert "No notebook could be made: the program ended with 1" in flat(pilot)
        await press(pilot, "escape")
        assert len(run_view(pilot).rows) == 13
        await press(pilot, "escape", "escape")
        assert [run.name for run in room(pilot).shelf.runs] == ["second", "first"]


async def test_hostile_names_notes_and_reasons_are_shown_as_text_and_nothing_of_them_acts(build: Builder) -> None:
    workspace = build()
    evil = "[red]x[/red]\x1b[2J\u202e\n@click=app.quit"
    begin(
        workspace,
        evil,
        {evil: all_dimensions(workspace, 2)},
        reasons={(evil, FIRST): f"{evil} cites [1]"},
        failed={f"{evil}2": evil},
        note=evil,
        generator=evil,
        suite=evil,
        identity={evil: evil},
        model=evil,
    )
    begin(workspace, "plain", {evil: all_dimensions(workspace, 3)})
    async with opened(workspace) as pilot:
        await press(pilot, "f7")
        assert "[red]x[/red]" in screen_text(pilot)
        for keys in (["G", "enter"], ["t"], ["t", "j"], ["escape", "c", "k", "c"], ["t"], ["t", "G"], ["enter"]):
            await press(pilot, *keys)
            text = screen_text(pilot)
            assert "\x1b" not in text and "\u202e" not in text
        assert "[red]x[/red]" in screen_text(pilot)
        await press(pilot, "escape", "escape", "j", "L", "escape", "X")
        assert "\x1b" not in screen_text(pilot) and "delete [red]x" in screen_text(pilot)


# -- one run


@pytest.mark.parametrize("size", SIZES)
async def test_a_run_shows_cases_by_dimensions_and_why_by_keys(study: Workspace, size: tuple[int, int]) -> None:
    workspace = study
    async with opened(workspace, size=size) as pilot:
        await press(pilot, "f7", "j", "enter")
        assert row_of(pilot, "▶ case-0").split()[2:] == ["2", "2", "2", "2", "2", "N/A", "2", "2", "2", "ok"]
        assert row_of(pilot, "  mean ").split()[1:8] == ["1.50"] * 5 + ["–", "1.50"]
        assert row_of(pilot, "  N/A ").split()[1:8] == ["0"] * 5 + ["12", "0"]
        await press(pilot, "j")
        text = flat(pilot)
        assert "case-1 · Library Installation: 1" in text and WHY_BEFORE in text and "Do case-1." in text
        await press(pilot, "n", "right", "p")
        assert "case-1 · Exploratory Data Analysis: 1" in flat(pilot)
        assert "No reason was asked for: nbalign runs judge first --rationale" in flat(pilot)
        await press(pilot, "G")
        assert "✘ not made" in row_of(pilot, "▶ lost")
        assert "No notebook could be made: the program ended with 1" in flat(pilot)
        await press(pilot, "enter")
        assert not isinstance(pilot.app.screen, NotebookDialog)
        await press(pilot, "t", *["space"] * 3)
        assert room(pilot).view.whole
        await press(pilot, "left_square_bracket")
        assert run_view(pilot).run.name == "second"
        await press(pilot, "escape")
        assert room(pilot).view is room(pilot).shelf


async def test_a_click_goes_to_a_cell_and_another_one_opens_its_notebook(study: Workspace) -> None:
    workspace = study
    async with opened(workspace, size=(130, 40)) as pilot:
        await press(pilot, "f7")
        await click(pilot, "  first")
        await click(pilot, "  first")
        assert run_view(pilot).run.name == "first"
        lines = screen_text(pilot).splitlines()
        y = next(n for n, line in enumerate(lines) if "  case-3 " in line)
        x = next(line.index("2 Explora") for line in lines if "2 Explora" in line)
        await pilot.click(offset=(x, y))
        await rest(pilot)
        assert "case-3 · Exploratory Data Analysis: 1" in flat(pilot)
        await pilot.click(offset=(x, y))
        await rest(pilot)
        assert isinstance(pilot.app.screen, NotebookDialog)
        assert "print('first case-3')" in screen_text(pilot)
        await click(pilot, "[x]")
        assert run_view(pilot).at == 3


async def test_a_notebook_of_a_run_is_read_without_coming_into_any_queue(study: Workspace) -> None:
    workspace = study
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "enter", "enter")
        dialog = pilot.app.screen
        assert isinstance(dialog, NotebookDialog) and "to be read only" in screen_text(pilot)
        await press(pilot, "j", "3", "G", "g", "j", "space", "o", "greater_than_sign")
        assert dialog.cells.current == 2
        await press(pilot, "escape")
        assert len(workspace.notebooks()) == 1 and not workspace.labels(rater="ann")


async def test_a_run_of_a_thousand_notebooks_draws_what_is_seen_of_it(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = build()
    begin(workspace, "large", {"a": all_dimensions(workspace, 2)}, cases=["a", *(f"c-{n:03}" for n in range(999))])
    drawn: list[int] = []
    line = RunView.line

    def counted(view: RunView, index: int, width: int) -> object:
        drawn.append(index)
        return line(view, index, width)

    async with opened(workspace, size=(80, 24)) as pilot:
        await press(pilot, "f7", "enter")
        monkeypatch.setattr(RunView, "line", counted)
        await press(pilot, "j", "G")
        assert run_view(pilot).at == 999 and "c-998" in screen_text(pilot)
        assert len(set(drawn)) < 60


async def test_figures_of_many_runs_are_read_one_after_the_other_and_whoever_opens_one_waits_for_it_alone(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = build()
    for n in range(5):
        begin(workspace, f"run-{n}", {"a": {FIRST: 2}}, at=f"2026-01-0{n + 1}T00:00:00+00:00")
    read: list[str] = []
    kept = Workspace.scored_run

    def counted(self: Workspace, name: str) -> object:
        read.append(name)
        return kept(self, name)

    monkeypatch.setattr(Workspace, "scored_run", counted)
    async with opened(workspace) as pilot:
        await press(pilot, "f7")
        assert read == [f"run-{n}" for n in (4, 3, 2, 1, 0)]
        await press(pilot, "j", "j", "k")
        assert len(read) == 5


async def test_a_run_that_cannot_be_read_says_why_and_keeps_no_other_from_being_read(
    study: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Workspace.scored_run

    def broken(self: Workspace, name: str) -> object:
        if name == "second":
            raise NotFound("its rubric is gone", "Take it in again.")
        return kept(self, name)

    monkeypatch.setattr(Workspace, "scored_run", broken)
    async with opened(study) as pilot:
        await press(pilot, "f7")
        assert "its rubric is gone. Take it in again." in page(pilot)
        assert "✘" in row_of(pilot, "  second ") and "12/13" in row_of(pilot, "  first ")
        await press(pilot, "enter")
        assert "its rubric is gone" in flat(pilot) + told(pilot)


async def test_keys_pressed_before_anything_is_read_act_when_it_is(study: Workspace) -> None:
    async with opened(study, size=(130, 40)) as pilot:
        for key in ("f7", "j", "enter", "n", "j", "c", "right_square_bracket", "left_square_bracket", "c", "j"):
            pilot.app.simulate_key(key)
        for _ in range(4):
            await rest(pilot)
        assert "second is judged higher than first" in flat(pilot)
        assert "Library Installation: ▲ higher" in page(pilot)


@pytest.mark.parametrize("size", [(40, 12), (60, 16), (300, 100)])
async def test_every_view_fits_small_and_huge_terminals(study: Workspace, size: tuple[int, int]) -> None:
    begin(study, "third", {"case-1": {FIRST: 2}}, repeats=2, at="2025-01-01T00:00:00+00:00")
    async with opened(study, size=size) as pilot:
        for keys in (["f7"], ["enter"], ["t"], ["t", "escape", "c", "j", "c"], ["G"], ["escape", "G", "plus"], ["c"]):
            await press(pilot, *keys)
            assert overlapping(pilot) == [], keys
            lines = screen_text(pilot).splitlines()
            assert lines[0].startswith(" ≡ Runs") and "Enter open" in lines[-1]


# -- blind first


async def test_what_waits_in_the_queue_for_the_raters_own_score_neither_shows_nor_counts(study: Workspace) -> None:
    workspace, made = study, made_by(study, "first")
    workspace.queue_run("first")
    workspace.set_label(made["case-0"], FIRST, 3, rater="ann")
    async with opened(workspace, size=(130, 40)) as pilot:
        await press(pilot, "f7", "j")
        assert "2.00?" in row_of(pilot, "  first ")
        await press(pilot, "enter")
        assert row_of(pilot, "▶ case-0").split()[2:5] == ["2", "?", "?"]
        assert row_of(pilot, "  case-1 ").split()[1:4] == ["?", "?", "?"]
        assert row_of(pilot, "  mean ").split()[1:3] == ["2.00", "–"]
        text = flat(pilot)
        assert "107 scores hidden (?) and in no figure until you score the same (R shows all)" in text
        await press(pilot, "j")
        text = flat(pilot)
        assert "case-1 · Library Installation: ?" in text and "blind first" in text and WHY_BEFORE not in text
        await press(pilot, "t")
        assert WHY_BEFORE not in screen_text(pilot) and "1.50" not in screen_text(pilot)
        await press(pilot, "R")
        assert "shown on purpose" in flat(pilot) and run_view(pilot).at == 1
        assert row_of(pilot, "▶ case-1").split()[2:4] == ["1", "1"]
        await press(pilot, "R")
        assert row_of(pilot, "▶ case-1").split()[2:4] == ["?", "?"]
        # Left and opened again, what was shown on purpose is hidden again.
        await press(pilot, "R", "t", "escape", "enter")
        assert row_of(pilot, "  case-1 ").split()[1:4] == ["?", "?", "?"]


async def test_another_rater_sees_what_that_rater_has_scored(study: Workspace) -> None:
    workspace, made = study, made_by(study, "first")
    workspace.queue_run("first")
    workspace.set_label(made["case-0"], FIRST, 3, rater="ann")
    async with opened(workspace, rater="bob", size=(130, 40)) as pilot:
        await press(pilot, "f7", "j", "enter")
        assert row_of(pilot, "▶ case-0").split()[2:4] == ["?", "?"]


async def test_a_score_given_in_the_labelling_room_uncovers_the_judges(study: Workspace) -> None:
    workspace = study
    workspace.queue_run("first")
    async with opened(workspace, size=(130, 40), notebook="first.case-0.1") as pilot:
        await press(pilot, "f7", "j", "enter", "f2", "3", "f7")
        assert row_of(pilot, "▶ case-0").split()[2:4] == ["2", "?"]


async def test_hidden_scores_are_in_no_comparison_and_are_not_called_missing(study: Workspace) -> None:
    workspace, made = study, made_by(study, "first")
    workspace.queue_run("first")
    for n in range(1, CASES):
        for dimension in workspace.rubric().dimensions:
            workspace.set_label(made[f"case-{n}"], dimension.id, 2, rater="ann")
    async with opened(workspace, size=(130, 60)) as pilot:
        await press(pilot, "f7", "j", "c", "k", "c")
        text = flat(pilot)
        assert "9 scores hidden (?)" in text and "11 cases" in text
        assert "case-0" not in text
        await press(pilot, "t")
        text = flat(pilot)
        assert "not judged yet" not in text and "counterpart" not in text and "first lacks 1 of 13" in text
        await press(pilot, "R")
        assert "12 cases" in flat(pilot)


async def test_runs_of_which_everything_is_hidden_say_so_instead_of_blaming_the_judge(study: Workspace) -> None:
    workspace = study
    workspace.queue_run("first")
    workspace.queue_run("second")
    async with opened(workspace, size=(80, 24)) as pilot:
        await press(pilot, "f7", "c", "j", "c")
        text = flat(pilot)
        assert "second and first cannot be compared" in text
        assert "most scores are hidden from you" in text
        await press(pilot, "R")
        assert "cannot be compared" not in flat(pilot)


# -- comparing


@pytest.mark.parametrize("size", SIZES)
async def test_two_runs_are_compared_dimension_by_dimension_and_by_what_changed_most(
    study: Workspace, size: tuple[int, int]
) -> None:
    workspace = study
    async with opened(workspace, size=size) as pilot:
        await press(pilot, "f7", "j", "c")
        assert "◆ first" in screen_text(pilot)
        await press(pilot, "k", "c")
        text = flat(pilot)
        assert "second is judged higher than first" in text and "more than chance explains" in text
        row = row_of(pilot, " Library Installation").split()
        assert [word for word in row if word in ("1.50", "2.50", "▲", "12/0/0")] == ["1.50", "2.50", "▲", "12/0/0"]
        assert "(+1.00" in row
        await press(pilot, "j")
        text = flat(pilot)
        assert "Library Installation: ▲ higher by more than chance explains" in text
        assert "The judge's error was not measured here" in text
        await press(pilot, "G")
        assert "8 levels" in row_of(pilot, "case-11 ")
        await press(pilot, "escape")
        assert room(pilot).view is room(pilot).shelf
        assert "◆ first" in screen_text(pilot), "the next one is compared with the same run"


async def test_changed_notebooks_show_both_scores_and_reasons_and_either_opens(study: Workspace) -> None:
    workspace = study
    async with opened(workspace, size=(130, 60)) as pilot:
        await press(pilot, "f7", "j", "c", "k", "c")
        assert "12 notebooks changed, the most changed first" in screen_text(pilot)
        await click(pilot, "case-1 ")
        text = flat(pilot)
        assert "Library Installation: 1 → 2" in text
        assert f"first: {WHY_BEFORE}" in text and f"second: {WHY_AFTER}" in text
        assert "Do case-1." in text
        await click(pilot, "case-1 ")
        await press(pilot, "j", "enter")
        assert "print('second case-1')" in screen_text(pilot)
        await press(pilot, "escape")
        await click(pilot, "case-0 ")
        assert "Model Use: N/A → 3" in flat(pilot) and "1 change between a score and N/A" in flat(pilot)
        await press(pilot, "g")
        await press(pilot, *["j"] * 10)
        assert room(pilot).view.at == 11, "the line between dimensions and notebooks is passed over"
        await press(pilot, "k")
        assert room(pilot).view.at == 9
        await press(pilot, "enter")
        assert room(pilot).is_current


async def test_the_judges_error_widens_what_is_said_of_the_true_change(
    study: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = study
    pairs = tuple((f"n{n}", 1 + n % 3, min(3, 1 + (n + n % 2) % 3)) for n in range(40))
    error = JudgeError("e1", "full", {dimension.id: pairs for dimension in workspace.rubric().dimensions})

    def measured(self: Workspace, run: Run) -> JudgeError:
        return error

    monkeypatch.setattr(Workspace, "judge_error", measured)
    async with opened(workspace, size=(300, 60)) as pilot:
        await press(pilot, "f7", "j", "c", "k", "c", "j")
        assert "With the judge's error in it, the true change is about" in page(pilot)
        row = row_of(pilot, " Library Installation  ")
        assert row.partition("│")[0].count("(") == 4, "both means, the judged and the true change with intervals"
        await press(pilot, "t")
        assert "measured on 40 labelled notebooks" in page(pilot)


async def test_three_marked_runs_make_a_leaderboard_from_which_a_pair_opens(study: Workspace) -> None:
    workspace = study
    begin(workspace, "third", {f"case-{n}": all_dimensions(workspace, 1) for n in range(CASES)})
    async with opened(workspace, size=(130, 40)) as pilot:
        await press(pilot, "f7", "plus", "j", "plus")
        await press(pilot, "j", "c")
        text = flat(pilot)
        assert "second is the best of these 3" in text
        assert "▼" in row_of(pilot, "2 first") and "▼" in row_of(pilot, "3 third")
        await press(pilot, "G")
        assert "by more than chance explains" in flat(pilot)
        await press(pilot, "t")
        assert "1 Library Installation" in flat(pilot)
        await press(pilot, "t", "enter")
        assert "second is judged higher than third" in flat(pilot)
        await press(pilot, "escape")
        await press(pilot, "g", "enter")
        assert run_view(pilot).run.name == "second"
        await press(pilot, "escape", "escape", "escape")
        assert not room(pilot).shelf.marked


async def test_marks_are_taken_away_again_and_one_run_is_no_comparison(study: Workspace) -> None:
    workspace = study
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "c")
        assert room(pilot).shelf.marked == ["second"]
        await press(pilot, "c")
        assert room(pilot).shelf.marked == [] and room(pilot).view is room(pilot).shelf
        await press(pilot, "plus", "j", "plus", "plus")
        assert room(pilot).shelf.marked == ["second"]
        await press(pilot, "escape")
        assert room(pilot).shelf.marked == []


async def test_runs_of_different_judges_are_compared_only_when_that_is_wanted(study: Workspace) -> None:
    workspace = study
    begin(
        workspace,
        "other",
        {f"case-{n}": all_dimensions(workspace, 1) for n in range(CASES)},
        judge="other@1",
        at="2025-01-01T00:00:00+00:00",
    )
    async with opened(workspace, size=(130, 60)) as pilot:
        await press(pilot, "f7", "c", "j", "j", "c")
        assert "Compare across judges?" in screen_text(pilot)
        await press(pilot, "enter")
        assert room(pilot).view is room(pilot).shelf
        await press(pilot, "c", "j", "enter", "t")
        text = flat(pilot)
        assert "Different judges gave these scores" in text


async def test_runs_that_share_no_case_say_why_they_cannot_be_compared(build: Builder) -> None:
    workspace = build()
    begin(workspace, "one", {"a": {FIRST: 2}})
    begin(workspace, "two", {"b": {FIRST: 2}})
    async with opened(workspace, size=(80, 24)) as pilot:
        await press(pilot, "f7", "c", "j", "c")
        assert "cannot be compared" in flat(pilot) and "no judged case in common" in flat(pilot)
        await press(pilot, "enter", "t", "H", "j", "escape", "escape")
        assert room(pilot).view is room(pilot).shelf


async def test_a_comparison_that_takes_long_can_be_given_up(study: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    workspace = study
    go_on = threading.Event()
    kept = comparing.compare

    def slow(*args: object, **options: object) -> object:
        go_on.wait(30)
        return kept(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(reading, "compare", slow)
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "c", "j")
        await pilot.press("c")
        await pilot.pause()
        assert "comparing second and first …" in flat(pilot)
        await pilot.press("escape")
        await pilot.pause()
        assert "comparing" not in flat(pilot)
        go_on.set()
        await rest(pilot)
        assert room(pilot).view is room(pilot).shelf
        await press(pilot, "enter")
        assert run_view(pilot).run.name == "first"


# -- the queue, deleting, writing


async def test_putting_a_run_into_the_queue_asks_first_and_the_labelling_room_lists_it_at_once(
    study: Workspace,
) -> None:
    workspace = study
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "L")
        assert "Let raters score these notebooks?" in flat(pilot) and "not blind any more" in flat(pilot)
        await press(pilot, "enter")
        assert len(workspace.notebooks()) == 1
        await press(pilot, "L", "j", "enter")
        assert len(workspace.notebooks()) == 13
        await press(pilot, "f2")
        assert "second.case-0.1" in screen_text(pilot) and "0/13 labelled" in screen_text(pilot)


@pytest.mark.parametrize("empty", [False, True])
async def test_from_a_notebook_one_goes_on_to_score_it_through_the_queue(
    study: Workspace, empty: bool, tmp_path: Path
) -> None:
    workspace = study
    if empty:
        workspace = Workspace.create(tmp_path / "empty")
        begin(workspace, "second", {f"case-{n}": {FIRST: 2} for n in range(2)})
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "enter", "j", "n", "enter", "j", "enter")
        assert "this one is not" in flat(pilot)
        await press(pilot, "j", "enter")
        assert board(pilot).queue.info.name == "second.case-1.1.ipynb"
        assert board(pilot).cells.current == 2
        await press(pilot, "3")
        assert [(label.dimension, label.score) for label in workspace.labels(rater="ann")] == [(SECOND, 3)]
        # In the queue now, another one of the run opens without a question.
        await press(pilot, "f7", "k", "enter", "L")
        assert isinstance(pilot.app.screen, LabelScreen)
        assert board(pilot).queue.info.name == "second.case-0.1.ipynb"


async def test_deleting_a_run_says_what_goes_and_asks_first(study: Workspace) -> None:
    workspace, made = study, made_by(study, "first")
    workspace.set_label(made["case-0"], FIRST, 3, rater="bob")
    async with opened(workspace, size=(80, 24)) as pilot:
        await press(pilot, "f7", "j", "enter", "X")
        text = flat(pilot)
        assert "Delete this run?" in text and "What goes" in text and "What stays" in text
        await press(pilot, "enter")
        assert workspace.run_names() == ["second", "first"]
        await press(pilot, "delete", "j", "enter")
        assert workspace.run_names() == ["second"]
        assert room(pilot).view is room(pilot).shelf and "run 1/1" in screen_text(pilot)
        left = {info.sha256 for info in workspace.notebooks(everything=True)}
        assert made["case-0"] in left and made["case-1"] not in left
        await press(pilot, "X")
        await click(pilot, "delete second")
        assert "There are no runs here yet" in flat(pilot)


async def test_a_run_that_is_deleted_elsewhere_is_left(study: Workspace) -> None:
    workspace = study
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "enter", "f2")
        workspace.remove_run("second")
        await press(pilot, "f7")
        assert room(pilot).view is room(pilot).shelf and "run 1/1" in screen_text(pilot)


@pytest.mark.parametrize(
    ("keys", "name"), [(("j", "H"), "run-first.html"), (("j", "c", "k", "c", "H"), "compare-first-second.html")]
)
async def test_pages_are_written_into_the_workspaces_reports(
    study: Workspace, keys: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    workspace = study
    async with opened(workspace, size=(130, 40)) as pilot:
        await press(pilot, "f7", *keys)
        page = (workspace.path / "reports" / name).read_text(encoding="utf-8")
        assert WHY_BEFORE in page
        assert str(workspace.path / "reports" / name) in told(pilot).replace("\n", "")


async def test_a_page_that_cannot_be_written_says_why(study: Workspace) -> None:
    workspace = study
    (workspace.path / "reports").write_text("a file")
    async with opened(workspace) as pilot:
        await press(pilot, "f7", "H")
        assert "The page could not be written" in flat(pilot) + told(pilot)


# -- the bar


async def test_the_bar_names_keys_as_they_are_and_can_be_clicked(study: Workspace) -> None:
    workspace = study
    async with opened(workspace, size=(130, 40), keymap={"runs.compare": "f9"}) as pilot:
        await press(pilot, "f7")
        assert "F9 marks one" in flat(pilot)
        await click(pilot, "F9 compare", last=True)
        await press(pilot, "j")
        await click(pilot, "F9 compare", last=True)
        assert "first is judged lower than second" in flat(pilot)
        await click(pilot, "Esc back", last=True)
        await click(pilot, "Enter open", last=True)
        assert run_view(pilot).run.name == "first"
