"""The room of experiments: table, chart and cases, blind where the rater has not scored, and experiments as jobs."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from textual.content import Content
from textual.pilot import Pilot
from textual.widget import Widget
from textual.widgets import Input, Static

from nbalign.evaluate.experiment.options import ARMS, ExperimentOptions
from nbalign.evaluate.report.verdict import verdict
from nbalign.jobs import planning
from nbalign.jobs.model import JobState
from nbalign.llm.choose import Choice
from nbalign.llm.library import ModelLibrary
from nbalign.progress import Progress
from nbalign.tui.app import LabelApp
from nbalign.tui.evaluate import looking
from nbalign.tui.evaluate.keys import ACTIONS
from nbalign.tui.evaluate.one_of import OneOf
from nbalign.tui.evaluate.plan import USUAL, WITHOUT_MODEL
from nbalign.tui.evaluate.reading import read_cases
from nbalign.tui.evaluate.screen import EvaluateRoom
from nbalign.tui.evaluate.start_dialog import StartDialog
from nbalign.tui.evaluate.ticks import Ticks
from nbalign.tui.jobs import working
from nbalign.workspace import Workspace
from tests.evaluate.results_made import made
from tests.llm.model_files import card_of, gguf
from tests.tui.conftest import Builder, code, markdown, notebook_file
from tests.tui.driving import board, opened, press, rest, screen_text, sheet
from tests.tui.fakes import FakeJobs
from tests.tui.judging import judge

TRAINING, USE = "model_training", "model_use"
SCORES = (3, 1, 2, 3, 1, 3)  # bob's of `model_training`, notebook by notebook
OWN = (0, 1)  # the notebooks whose training ann scored as well


@pytest.fixture(autouse=True)
def fake_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(working, "Jobs", FakeJobs)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with six notebooks, two raters and one finished experiment."""
    folder = tmp_path_factory.mktemp("evaluated")
    files = [
        notebook_file(folder / f"case-{n}.ipynb", [markdown(f"# Task {n}"), code(f"model.fit(x{n})\n" * (n + 1))])
        for n in range(len(SCORES))
    ]
    with Workspace.create(folder / "study") as workspace:
        workspace.import_notebooks(files)
        for n, score in enumerate(SCORES):
            workspace.set_label(
                f"case-{n}", TRAINING, score, rater="bob", justification=f"bob on training {n}", cells=[2]
            )
            workspace.set_label(f"case-{n}", USE, 4 - score, rater="bob", justification=f"bob on use {n}")
        for n in OWN:
            workspace.set_label(f"case-{n}", TRAINING, SCORES[n], rater="ann", justification=f"ann on training {n}")
        workspace.evaluate(evaluated())
    return folder / "study"


def evaluated(seed: int = 0) -> ExperimentOptions:
    return ExperimentOptions(arms=("constant", "counts"), dimensions=(TRAINING, USE), folds=2, bootstrap=100, seed=seed)


@pytest.fixture
def workspace(kept: Path, tmp_path: Path) -> Iterator[Workspace]:
    shutil.copytree(kept, tmp_path / "study")
    with Workspace.open(tmp_path / "study") as opened_workspace:
        yield opened_workspace


def room(pilot: Pilot[None]) -> EvaluateRoom:
    screen = pilot.app.screen
    assert isinstance(screen, EvaluateRoom)
    return screen


def dialog(pilot: Pilot[None]) -> StartDialog:
    screen = pilot.app.screen
    assert isinstance(screen, StartDialog)
    return screen


def fake(pilot: Pilot[None]) -> FakeJobs:
    assert isinstance(pilot.app, LabelApp)
    jobs: object = pilot.app.jobs
    assert isinstance(jobs, FakeJobs)
    return jobs


def notices(pilot: Pilot[None]) -> str:
    return "\n".join(notice.message for notice in pilot.app._notifications)


def line_with(text: str, *words: str) -> str:
    """The one line of the screen that has all these words."""
    found = [line for line in text.splitlines() if all(word in line for word in words)]
    assert len(found) == 1, (words, text)
    return found[0]


def words_of(widget: Static) -> str:
    assert isinstance(widget.visual, Content)
    return widget.visual.plain


async def click_text(pilot: Pilot[None], text: str, times: int = 1) -> None:
    """Clicks where a text stands on the screen."""
    lines = screen_text(pilot).splitlines()
    y, x = next((y, line.index(text)) for y, line in enumerate(lines) if text in line)
    await pilot.click(offset=(x + 1, y), times=times)
    await rest(pilot)


# -- before there is any


async def test_without_labels_the_room_says_what_an_experiment_is_what_it_costs_and_what_is_missing(
    build: Builder,
) -> None:
    async with opened(build(), size=(100, 30)) as pilot:
        await press(pilot, "f6")
        text = screen_text(pilot)
        assert "does what judges learn from raters bring them nearer" in text
        assert "What it costs." in text and "ask no model" in text
        assert "no scores to learn from yet" in text and "F2" in text and "nbalign label import FILE" in text
        await press(pilot, "E")
        assert isinstance(pilot.app.screen, EvaluateRoom)
        assert "no scores to learn from yet" in notices(pilot)
        # Nothing else has anything to act on, and nothing fails.
        await press(
            pilot, "j", "k", "n", "right", "enter", "t", "R", "H", "right_square_bracket", "x", "escape", "space"
        )
        assert "there is no experiment to write yet" in notices(pilot)


async def test_with_labels_it_says_what_is_here_and_how_to_start(workspace: Workspace) -> None:
    with workspace._store.write() as db:
        db.execute("DELETE FROM experiments")
    async with opened(workspace, size=(100, 30)) as pilot:
        await press(pilot, "f6")
        text = " ".join(screen_text(pilot).split())
        assert "14 scores on 6 notebooks. E starts an experiment" in text


# -- figures


async def test_the_chart_shows_every_arm_with_dot_whisker_and_digits_beside_the_yardsticks(
    workspace: Workspace,
) -> None:
    result = workspace.experiments().latest("ml-notebook")
    assert result is not None
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        text = screen_text(pilot)
        assert verdict(result).headline in text
        assert "experiment 1/1" in text and "2 arms" in text
        for title in ("All dimensions", "Model Training", "Model Use"):
            assert "│" in line_with(text, title, "scores · │")
        row = next(r for r in result.rows if r.arm == "counts" and not r.dimension)
        assert row.mae is not None
        counts = next(line for line in text.splitlines() if "counts " in line and "●" in line)
        assert f"{row.mae.value:.2f}" in counts and f"{row.mae.low:.2f} to {row.mae.high:.2f}" in counts
        assert counts.index("├") <= counts.index("●") <= counts.index("┤")
        assert "● MAE · ├──┤ its 95% interval · │ always the median" in text
        # Two raters scored the training of two notebooks, and the same: their distance is told.
        assert "┊ 0.00" in line_with(text, "Model Training", "scores")
        assert "┊" not in line_with(text, "Model Use", "scores")


async def test_the_table_marks_the_nearest_arm_and_says_in_words_what_marks_mean(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await press(pilot, "t")
        text = screen_text(pilot)
        header = line_with(text, "dimension", "constant", "counts", "raters")
        assert header.index("constant") < header.index("counts") < header.index("raters")
        assert "▸" in line_with(text, "Model Training")
        assert "▸ nearest" in text and "raters: apart from each other" in text
        await press(pilot, "t")
        text = screen_text(pilot)
        assert "What was compared" in text and "the median score of the training folds" in text


async def test_keys_move_among_dimensions_and_arms_and_the_figure_in_focus_is_told_in_words(
    workspace: Workspace,
) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await press(pilot, "g")
        assert "All dimensions · constant:" in screen_text(pilot)
        await press(pilot, "j")
        assert "All dimensions · counts:" in screen_text(pilot)
        await press(pilot, "j")
        assert "Model Training · constant:" in screen_text(pilot)
        await press(pilot, "right")
        told = " ".join(screen_text(pilot).split())
        assert "Model Training · counts:" in told and "off on average (MAE; 95% interval" in told
        assert "over 6 pairs." in told
        await press(pilot, "n")
        assert "Model Use · counts:" in screen_text(pilot)
        await press(pilot, "p", "p", "left")
        assert "All dimensions · constant:" in screen_text(pilot)
        await press(pilot, "t", "j")  # in the table a line is a dimension
        assert "Model Training · constant:" in screen_text(pilot)
        await press(pilot, "G")
        assert "Model Use · constant:" in screen_text(pilot)


async def test_significance_is_told_in_words_beside_its_mark(workspace: Workspace) -> None:
    result = made()
    workspace.experiments().save(result)
    found = next(d for d in result.differences if d.significant and d.dimension and d.against == "base")
    async with opened(workspace, size=(120, 40)) as pilot:
        await press(pilot, "f6")
        await press(pilot, "right_square_bracket")
        shown = room(pilot).shown
        assert shown is not None and shown.figures is not None and shown.result == result
        place = [d for d, _ in shown.figures.dimensions].index(found.dimension)
        await press(pilot, "g", *["n"] * place, *["right"] * result.arms.index(found.arm))
        told = " ".join(screen_text(pilot).split())
        word = "* Significantly better than base" if found.gain.value > 0 else "▼ Significantly worse than base"
        assert word in told and "after Holm's correction" in told
        assert ("*" if found.gain.value > 0 else "▼") in shown.figures.at(found.arm, found.dimension).text


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (300, 100)])
async def test_many_arms_and_dimensions_scroll_at_every_size(workspace: Workspace, size: tuple[int, int]) -> None:
    result = made(8)
    workspace.experiments().save(result)
    async with opened(workspace, size=size) as pilot:
        await press(pilot, "f6")
        await press(pilot, "right_square_bracket")
        await press(pilot, "G", *["right"] * 9)
        last, arm = result.dimensions[-1][1], result.arms[-1]
        text = screen_text(pilot)
        assert f"{last} · {arm}:" in text
        assert any(line.count(arm) and "●" in line for line in text.splitlines())
        if size[0] < 170:
            await press(pilot, "t")
            text = screen_text(pilot)
        # The column in focus and the row in focus are in view, whatever else had to give way.
        assert any(all(word in line for word in ("dimension ", arm, "raters")) for line in text.splitlines())
        assert any(line.lstrip(" │").startswith(last[:10]) for line in text.splitlines()) or size[0] >= 170
        if size[0] >= 220:
            assert "What was compared" in text


async def test_a_click_brings_a_figure_into_focus_and_another_opens_it(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await click_text(pilot, " table ")
        await click_text(pilot, "Model Use  ")
        place = room(pilot).place
        assert room(pilot).in_view == "table" and place.dimension == 2
        header = next(line for line in screen_text(pilot).splitlines() if "dimension " in line)
        row = next(y for y, line in enumerate(screen_text(pilot).splitlines()) if "Model Training" in line)
        await pilot.click(offset=(header.index("constant") + 2, row))
        await rest(pilot)
        assert "Model Training · constant:" in screen_text(pilot)
        await pilot.click(offset=(header.index("constant") + 2, row))
        await rest(pilot)
        cases = room(pilot).cases
        assert cases is not None and (cases.arm, cases.dimension) == ("constant", TRAINING)
        await press(pilot, "escape")
        await click_text(pilot, " chart ")
        await click_text(pilot, "counts    ")
        assert "All dimensions · counts:" in screen_text(pilot)


# -- cases


async def test_only_notebooks_that_the_rater_scored_in_that_dimension_are_listed_until_revealed_on_purpose(
    workspace: Workspace,
) -> None:
    async with opened(workspace, size=(160, 40)) as pilot:
        await press(pilot, "f6")
        await press(pilot, "g", "n", "enter")
        text = screen_text(pilot)
        assert "Model Training · constant: 2 notebooks, worst first" in text
        assert "4 not scored by you are hidden: blind first (R reveals)" in text
        assert "bob on training 0" in text or "bob on training 1" in text  # both sides' words of the one in focus
        for n in range(len(SCORES)):
            assert (f"case-{n}.ipynb" in text) is (n in OWN)
            assert (f"training {n}" in text) <= (n in OWN)
        await press(pilot, "R")
        text = screen_text(pilot)
        assert all(f"case-{n}.ipynb" in text for n in range(len(SCORES)))
        assert "4 cases that you have not scored shown on purpose (R hides)" in text
        assert all((f"◌ case-{n}.ipynb" in text) is (n not in OWN) for n in range(len(SCORES)))
        await press(pilot, "R")
        assert "case-5.ipynb" not in screen_text(pilot)
        await press(pilot, "R")
        await press(pilot, "escape", "n", "enter")  # what was revealed does not carry over to another figure
        text = " ".join(screen_text(pilot).split())
        assert "Model Use · constant: none to show" in text and "6 not scored by you are hidden" in text
        assert "case-" not in text and "bob on" not in text


async def test_the_words_of_the_experiment_tell_nothing_of_single_notebooks(workspace: Workspace) -> None:
    result = workspace.experiments().latest("ml-notebook")
    assert result is not None and result.disagreements
    async with opened(workspace, size=(300, 100)) as pilot:
        await press(pilot, "f6")
        text = screen_text(pilot)
        assert "What was compared" in text
        assert "case-" not in text and "bob on" not in text


async def test_cases_come_worst_first_and_enter_goes_to_the_notebook_the_dimension_and_the_cited_cell(
    workspace: Workspace,
) -> None:
    async with opened(workspace, rater="bob", size=(160, 40)) as pilot:
        await press(pilot, "f6")
        await press(pilot, "g", "n", "enter")
        cases = room(pilot).cases
        assert cases is not None and cases.hidden == 0 and len(cases.shown) == len(SCORES)
        apart = [case.apart for case in cases.shown if case.apart is not None]
        assert apart == sorted(apart, reverse=True) and apart[0] > apart[-1]
        assert {case.name: case.truth for case in cases.shown} == {f"case-{n}.ipynb": s for n, s in enumerate(SCORES)}
        # One that bob alone has scored, and not with what he will change it to.
        own = {f"case-{n}.ipynb" for n in OWN}
        index = next(n for n, case in enumerate(cases.shown) if case.name not in own and case.truth != 2)
        await press(pilot, *["j"] * index)
        case = room(pilot).case
        assert case is not None and case == cases.shown[index]
        assert f"{case.name} · Model Training" in screen_text(pilot)
        await press(pilot, "enter")
        assert board(pilot).queue.info.name == case.name
        assert sheet(pilot).dimension.id == TRAINING
        assert board(pilot).cells.current == 2
        # Back again the same case is in focus; a score given meanwhile is counted.
        workspace.set_label(case.name, TRAINING, 2, rater="bob", justification="changed my mind")
        await press(pilot, "f6")
        after = room(pilot).case
        assert after is not None and after.name == case.name and after.truth == 2
        text = screen_text(pilot)
        assert "changed my mind" in text and "Labels have changed since this experiment" in text


async def test_a_click_on_a_case_shows_it_and_a_second_one_goes_there(workspace: Workspace) -> None:
    async with opened(workspace, rater="bob", size=(160, 40)) as pilot:
        await press(pilot, "f6")
        await press(pilot, "g", "n", "enter")
        cases = room(pilot).cases
        assert cases is not None
        name = cases.shown[3].name
        await click_text(pilot, f"{name}  ")
        case = room(pilot).case
        assert case is not None and case.name == name
        await click_text(pilot, f"{name}  ")
        assert board(pilot).queue.info.name == name


# -- starting, following and stopping


async def test_an_experiment_is_started_as_a_job_with_what_was_chosen(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NBALIGN_MODELS", str(tmp_path / "none"))
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await press(pilot, "E")
        arms = dialog(pilot).query_one("#ev-arms", Ticks)
        assert arms.taken == WITHOUT_MODEL == ("constant", "counts", "evidence")
        assert "Asks no model" in screen_text(pilot)
        await press(pilot, "a")
        assert arms.taken == USUAL
        assert "No model is here to ask: nbalign models pull" in words_of(dialog(pilot).query_one("#ev-cost", Static))
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, StartDialog)
        await press(pilot, "a", "j", "space")  # without `counts`
        await press(pilot, "tab", "space")  # without the first dimension
        await press(pilot, "tab", "3", "tab", "tab", "7", "enter")
        (state,) = fake(pilot).states()
        assert state.spec.kind == "evaluate" and state.spec.workspace == workspace.path
        first, *others = [d.id for d in workspace.rubric().dimensions]
        assert state.spec.arguments == {
            "arms": ["constant", "evidence"],
            "dimensions": others,
            "folds": 3,
            "bootstrap": 10_000,
            "seed": 7,
            "group": "notebook",
            "rubric": "ml-notebook",
        }
        assert first not in others and state.spec.title == "experiment: 2 arms on 6 notebooks"
        assert isinstance(pilot.app.screen, EvaluateRoom)
        assert "▶ experiment · starting" in screen_text(pilot)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A library in which two models are here; `big` has judged in the workspace."""
    folder = tmp_path / "models"
    folder.mkdir()
    data = {"big": gguf(seed=1), "small": gguf(seed=2)}
    cards = tuple(card_of(each, name=name) for name, each in data.items())
    for card in cards:
        (folder / card.file).write_bytes(data[card.name])
    monkeypatch.setattr(ModelLibrary, "default", classmethod(lambda cls: cls([folder], cards)))
    monkeypatch.setattr(planning, "suits_this_machine", lambda present: Choice(cards[0], "big is here and best."))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_dialog_offers_models_and_checks_and_says_what_they_cost(
    workspace: Workspace, models: None, size: tuple[int, int]
) -> None:
    for name in ("case-0", "case-1"):  # 100 tokens a question, 1,000 a notebook, 50 a second
        judge(workspace, name, TRAINING, 2, by="big@123456", tokens=100, prefix_tokens=1000, seconds=2.0)
    async with opened(workspace, size=size) as pilot:
        await press(pilot, "f6")
        await press(pilot, "E", "a")
        cost = dialog(pilot).query_one("#ev-cost", Static)
        # The judge without a memory, and with guidelines, precedents and both, on 6 notebooks and the 2 dimensions in
        # which anything is settled; a memory makes a question longer by up to 200 tokens.
        told = words_of(cost)
        assert "Asks big for at most 48 scores and 72 short checks, and for guidelines" in told
        tokens = 6 * 1000 + 48 * 100 + 36 * 200 + 72 * 26
        assert f"up to {tokens:,} tokens, 7 min at 50 tokens/s as here" in told
        assert "Answers that are kept are not asked again" in told
        await click_text(pilot, "ask yes/no checks")
        assert "The arm checks is nothing but yes/no checks" in words_of(cost)
        dialog(pilot).query_one("#ev-arms").focus()
        await press(pilot, *["j"] * ARMS.index("checks"), "space")
        assert "at most 48 scores, and for guidelines" in words_of(cost)
        await click_text(pilot, "Model: big")
        assert "Asks small for at most 48 scores" in words_of(cost) and "hours on a few cores" in words_of(cost)
        assert "Model: small" in screen_text(pilot) and "2 of 2" in screen_text(pilot)
        await press(pilot, "enter")
        (state,) = fake(pilot).states()
        assert state.spec.arguments["model"] == "small"
        assert (state.spec.arguments["rubric_checks"], state.spec.arguments["guideline_checks"]) == (0, 0)


async def test_the_dialog_names_no_model_where_none_is_asked_and_refuses_the_arm_of_checks_without_checks(
    workspace: Workspace, models: None
) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f6", "E")
        await click_text(pilot, "ask yes/no checks")
        await click_text(pilot, "] checks ")
        assert "is nothing but yes/no checks" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, StartDialog)
        await click_text(pilot, "] checks ")
        dialog(pilot).query_one(OneOf).focus()
        await press(pilot, "right", "left", "space", "enter")
        (state,) = fake(pilot).states()
        assert not {"model", "rubric_checks", "guideline_checks"} & set(state.spec.arguments)


async def test_the_dialog_works_by_mouse_refuses_what_cannot_be_and_is_left_without_a_job(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await click_text(pilot, "E start")
        arms = dialog(pilot).query_one("#ev-arms", Ticks)
        for arm in WITHOUT_MODEL:
            await click_text(pilot, f"] {arm} ")
        assert arms.taken == ()
        assert "Choose at least one arm" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, StartDialog)
        await click_text(pilot, "] constant ")
        await click_text(pilot, "answer the same task")
        dialog(pilot).query_one("#ev-folds", Input).value = "1"
        await rest(pilot)
        assert "Folds: a whole number from 2 to 1000" in screen_text(pilot)
        await press(pilot, "escape")
        assert fake(pilot).states() == ()
        await press(pilot, "E")
        await click_text(pilot, "answer the same task")
        await click_text(pilot, "Start ")
        assert isinstance(pilot.app.screen, StartDialog)  # that was the heading
        start: Widget = dialog(pilot).query_one("#ev-start")
        await pilot.click(start)
        await rest(pilot)
        (state,) = fake(pilot).states()
        assert state.spec.arguments["group"] == "case"


async def test_an_experiment_under_way_shows_how_far_it_is_stops_and_comes_into_view_when_done(
    workspace: Workspace,
) -> None:
    async with opened(workspace, size=(180, 40)) as pilot:
        await press(pilot, "f6")
        await press(pilot, "E")
        await press(pilot, "enter")
        jobs = fake(pilot)
        step = Progress("judging case-1.ipynb", 12, 48, "notebooks")
        jobs.tell(1, progress=step, rate=2.0, eta=90.0)
        await rest(pilot)
        line = line_with(screen_text(pilot), "▶ experiment")
        assert "judging case-1.ipynb" in line and "12/48 notebooks" in line and "2.0 notebooks/s" in line
        assert "ETA 2 min" in line and "x stops" in line
        await press(pilot, "x")
        assert jobs.stopped == [1] and "experiment stopping" in screen_text(pilot)
        jobs.tell(1, phase="stopped")
        await rest(pilot)
        assert "experiment stopped" in screen_text(pilot) and "E goes on" in screen_text(pilot)
        await press(pilot, "x")
        assert jobs.stopped == [1] and "no experiment is under way" in notices(pilot)
        await press(pilot, "E")
        await press(pilot, "enter")
        result = workspace.evaluate(evaluated(seed=5))
        jobs.tell(2, phase="done", summary="two arms", result={"experiment": result.id})
        await rest(pilot)
        text = screen_text(pilot)
        assert "✔ finished · two arms" in text and "/2 " in line_with(text, "≡ Evaluate")
        shown = room(pilot).shown
        assert shown is not None and shown.entry.id == result.id


async def test_an_experiment_that_ends_takes_nobody_away_from_a_case(workspace: Workspace) -> None:
    async with opened(workspace, rater="bob", size=(180, 40)) as pilot:
        await press(pilot, "f6", "E", "enter")
        before = room(pilot).shown
        await press(pilot, "n", "enter", "j")
        case = room(pilot).case
        assert before is not None and case is not None
        result = workspace.evaluate(evaluated(seed=5))
        fake(pilot).tell(1, phase="done", summary="two arms", result={"experiment": result.id})
        await rest(pilot)
        assert room(pilot).case == case and "✔ finished · two arms" in screen_text(pilot)
        await press(pilot, "escape", "[")
        shown = room(pilot).shown
        assert shown is not None and shown.entry.id == result.id != before.entry.id


async def test_notebooks_behind_a_figure_do_not_come_once_it_was_left(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    hold = threading.Event()
    read = read_cases

    def slow(*args: Any, **more: Any) -> Any:
        hold.wait(10)
        return read(*args, **more)

    monkeypatch.setattr(looking, "read_cases", slow)
    async with opened(workspace, rater="bob") as pilot:
        await press(pilot, "f6")
        await pilot.press("enter", "escape")
        hold.set()
        await rest(pilot)
        assert not room(pilot).drilled
        await press(pilot, "enter")
        assert room(pilot).drilled


async def test_a_failed_experiment_says_why_and_what_to_do_and_jobs_of_others_are_no_concern(
    workspace: Workspace, tmp_path: Path
) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await press(pilot, "E")
        await press(pilot, "enter")
        state: JobState = fake(pilot).states()[0]
        fake(pilot).start(replace(state.spec, workspace=tmp_path / "elsewhere"))
        fake(pilot).tell(2, phase="failed", error="not mine")
        await rest(pilot)
        assert "▶ experiment" in screen_text(pilot)
        fake(pilot).tell(1, phase="failed", error="the model [red]is gone\x1b[31m", hint="nbalign models pull NAME")
        await rest(pilot)
        text = screen_text(pilot)
        assert "✗ experiment failed · the model [red]is gone" in text and "nbalign models pull NAME" in text
        assert "\x1b" not in text


# -- pages, lists, hostile data


async def test_the_page_is_written_beside_the_workspace_and_it_is_told_where(workspace: Workspace) -> None:
    result = workspace.experiments().latest("ml-notebook")
    assert result is not None
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await press(pilot, "H")
        path = workspace.path / "reports" / f"experiment-{result.id}.html"
        assert path.read_text(encoding="utf-8").startswith("<!")
        assert str(path) in notices(pilot) and "share it as you would share these" in notices(pilot)


async def test_a_page_that_cannot_be_written_is_told_with_a_way_out(workspace: Workspace) -> None:
    (workspace.path / "reports").write_text("in the way")
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        await press(pilot, "H")
        assert "could not be written" in notices(pilot) and "--html FILE" in notices(pilot)


async def test_experiments_are_gone_through_by_keys_and_mouse_and_the_list_gives_way_on_a_narrow_screen(
    workspace: Workspace,
) -> None:
    other = replace(made(8), at="2020-01-01T00:00:00+00:00")
    workspace.experiments().save(other)
    async with opened(workspace, size=(110, 40)) as pilot:
        await press(pilot, "f6")
        assert "experiment 1/2" in screen_text(pilot)
        await press(pilot, "right_square_bracket")
        assert "experiment 2/2" in screen_text(pilot) and other.id in screen_text(pilot)
        await press(pilot, "right_square_bracket")
        assert "experiment 1/2" in screen_text(pilot)
        await click_text(pilot, "2020-01-01 00:00 · 7 arms")
        assert other.id in screen_text(pilot)
        await press(pilot, "b")
        assert "Experiments, latest first" not in screen_text(pilot)
        await pilot.resize_terminal(80, 24)
        await rest(pilot)
        await press(pilot, "b")
        assert "Experiments, latest first" in screen_text(pilot) and "● MAE" not in screen_text(pilot)
        await press(pilot, "k", "enter")
        assert "experiment 1/2" in screen_text(pilot) and "● MAE" in screen_text(pilot)


async def test_hostile_names_and_damaged_results_are_shown_harmlessly(workspace: Workspace) -> None:
    evil = "evil[red]\x1b[31m\u202e"
    arm = "[b]arm\x07\u4e2d\u6587"
    base = made(8, arms=("base", "constant"))
    rows = tuple(replace(row, arm=arm) if row.arm == "base" else row for row in base.rows)
    hostile = replace(
        base,
        id="aaaaaaaaaaaa",
        at="2030-01-01T00:00:00+00:00",
        model=evil,
        arms=(arm, "constant"),
        rows=rows,
        differences=(),
        dimensions=tuple((d, f"{evil} {title}") for d, title in base.dimensions),
        notes=(evil,),
    )
    workspace.experiments().save(hostile)
    workspace.experiments().save(replace(hostile, id="bbbbbbbbbbbb", at="2031-01-01T00:00:00+00:00"))
    with workspace._store.write() as db:
        db.execute("UPDATE experiments SET result = '{' WHERE id = 'bbbbbbbbbbbb'")
    async with opened(workspace) as pilot:
        await press(pilot, "f6")
        text = " ".join(screen_text(pilot).split())
        assert "This experiment cannot be shown" in text and "damaged" in text
        await press(pilot, "enter", "t", "H", "right_square_bracket")
        for _ in range(3):
            text = screen_text(pilot)
            assert "[red]" in text and not set("\x1b\x07\u202e") & set(text)
            await press(pilot, "t")
        await press(pilot, "enter")
        assert "evil[red]" in screen_text(pilot) or "[b]arm" in screen_text(pilot)


# -- keys


def test_every_action_of_the_room_has_a_method() -> None:
    for action in ACTIONS:
        name = action.name.partition("(")[0]
        if not name.startswith("app."):
            assert hasattr(EvaluateRoom, f"action_{name}"), action.id


async def test_bars_and_words_name_the_keys_as_they_are_remapped(workspace: Workspace) -> None:
    async with opened(workspace, size=(160, 40), keymap={"case.reveal": "y", "experiment.start": "z"}) as pilot:
        await press(pilot, "f6")
        assert "z start" in screen_text(pilot).splitlines()[-1]
        await press(pilot, "g", "n", "enter")
        assert "blind first (y reveals)" in screen_text(pilot)
        await press(pilot, "y")
        assert "shown on purpose (y hides)" in screen_text(pilot)
