"""Work under way beside the screen: told in every room, listed, stopped, and not lost by quitting."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.jobs.model import JobSpec, JobState
from nbalign.progress import Progress
from nbalign.tui.app import LabelApp
from nbalign.tui.bars import TopBar
from nbalign.tui.jobs import words, working
from nbalign.tui.jobs.dialog import JobsDialog, LeaveDialog
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.line_list import LineList
from tests.tui.conftest import Builder, sample
from tests.tui.driving import opened, press, rest, screen_text
from tests.tui.fakes import FakeJobs

HOSTILE = "evil [red]\x1b[31m\u202e"


@pytest.fixture(autouse=True)
def fake_jobs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "real" not in request.node.name:
        monkeypatch.setattr(working, "Jobs", FakeJobs)


def app_of(pilot: Pilot[None]) -> LabelApp:
    assert isinstance(pilot.app, LabelApp)
    return pilot.app


def fake(pilot: Pilot[None]) -> FakeJobs:
    jobs: object = app_of(pilot).jobs
    assert isinstance(jobs, FakeJobs)
    return jobs


def top(pilot: Pilot[None]) -> str:
    return screen_text(pilot).splitlines()[0]


def judging(title: str = "judge 52 notebooks") -> JobSpec:
    return JobSpec("judge", Path("study"), {}, title)


def step(done: float = 17_000, stage: str = "judging churn.ipynb (12 of 52)") -> Progress:
    return Progress(stage, done, 50_000, "tokens")


async def test_every_room_tells_of_the_work_under_way_and_of_its_end(build: Builder, said: list[str]) -> None:
    async with opened(build(sample("affairs-024")), size=(140, 40)) as pilot:
        assert "⏳" not in top(pilot)
        jobs = fake(pilot)
        jobs.start(judging())
        await rest(pilot)
        assert "⏳ judging" in top(pilot)
        jobs.tell(1, progress=step(), rate=45.2, eta=700.0)
        await rest(pilot)
        assert "⏳ judging 12/52 · 45 tokens/s · ETA 12 min" in top(pilot)
        await press(pilot, "f7")  # a room that was not opened before
        assert "⏳ judging 12/52" in top(pilot)
        jobs.tell(1, phase="done", summary="450 new scores")
        await rest(pilot)
        assert "⏳" not in top(pilot)
        assert said == ["✔ judge 52 notebooks: 450 new scores"]
        await press(pilot, "f2")
        assert "⏳" not in top(pilot)


async def test_where_there_is_little_room_the_work_is_cut_first(build: Builder) -> None:
    async with opened(build(sample("affairs-024")), size=(80, 24)) as pilot:
        before = top(pilot)
        fake(pilot).start(judging())
        fake(pilot).tell(1, progress=step(), rate=45.2, eta=700.0)
        await rest(pilot)
        assert top(pilot).split("⏳")[0].rstrip() == before.split("  ")[0]
        assert top(pilot).rstrip().endswith("0/1 labelled") and "⏳ judging" in top(pilot)
        await pilot.resize_terminal(48, 24)
        await rest(pilot)
        assert "labelled" in top(pilot) and "⏳ judging" not in top(pilot)


async def test_the_list_shows_jobs_in_full_and_stops_the_one_in_focus(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        jobs = fake(pilot)
        jobs.start(judging())
        jobs.start(JobSpec("evaluate", Path("study"), {}, "compare arms"))
        jobs.tell(1, progress=step(), rate=45.2, eta=700.0, seconds=90.0)
        await press(pilot, "w")
        text = screen_text(pilot)
        for words_ in (
            "judge 52 notebooks",
            "compare arms",
            "34 %",
            "█",
            "17,000 tokens of 50,000 tokens",
            "45 tokens/s",
        ):
            assert words_ in text, words_
        assert "ETA 12 min" in text and "judging churn.ipynb (12 of 52)" in text and "for 2 min" in text
        await press(pilot, "j")
        assert "begins when the work before it has ended" in screen_text(pilot)
        await press(pilot, "x")
        assert jobs.stopped == [2]
        await press(pilot, "k", "x")
        assert jobs.stopped == [2, 1]
        assert "Stopping" in screen_text(pilot)
        jobs.tell(1, phase="failed", error="no room", hint="Make some.")
        await rest(pilot)
        text = screen_text(pilot)
        assert "✘ failed" in text and "no room" in text and "Make some." in text
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, LabelScreen)
        assert pilot.app.screen.rater == "ann"


async def test_the_mouse_opens_the_list_chooses_and_stops(build: Builder) -> None:
    async with opened(build(sample("affairs-024")), size=(140, 40)) as pilot:
        jobs = fake(pilot)
        jobs.start(judging())
        jobs.start(JobSpec("align", Path("study"), {}, "align all"))
        await rest(pilot)
        await pilot.click(TopBar, offset=(top(pilot).index("⏳") + 4, 0))
        await rest(pilot)
        assert isinstance(pilot.app.screen, JobsDialog)
        await pilot.click(LineList, offset=(5, 1))
        await rest(pilot)
        assert "begins when the work before it has ended" in screen_text(pilot)
        lines = screen_text(pilot).splitlines()
        y = next(n for n, line in enumerate(lines) if "x stop ·" in line)
        await pilot.click(offset=(lines[y].index("x stop ·") + 2, y))
        await rest(pilot)
        assert jobs.stopped == [2]


async def test_without_work_the_list_says_what_it_is_for(build: Builder) -> None:
    async with opened(build(sample("affairs-024")), size=(80, 24)) as pilot:
        await press(pilot, "w")
        text = " ".join(screen_text(pilot).replace("│", " ").split())
        assert "Models (F8)" in text and "Align (F5)" in text and "Evaluate (F6)" in text
        await press(pilot, "x", "j", "k", "w")
        assert isinstance(pilot.app.screen, LabelScreen)


async def test_quitting_amid_work_asks_and_staying_is_the_first_answer(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        jobs = fake(pilot)
        jobs.start(judging())
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, LeaveDialog)
        assert "what is finished is kept" in screen_text(pilot)
        for answer in ("enter", "escape"):
            await press(pilot, answer)
            assert isinstance(pilot.app.screen, LabelScreen) and not jobs.closed
            await press(pilot, "q")
        await press(pilot, "j", "enter")
        await rest(pilot)
        assert jobs.closed and not pilot.app.is_running


async def test_with_all_work_ended_quitting_asks_nothing(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        jobs = fake(pilot)
        jobs.start(judging())
        jobs.tell(1, phase="done", summary="done")
        await press(pilot, "q")
        await rest(pilot)
        assert jobs.closed and not pilot.app.is_running


async def test_an_app_that_ends_otherwise_closes_its_jobs_too(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        jobs = fake(pilot)
        jobs.start(judging())
    assert jobs.closed


async def test_hostile_words_of_jobs_stay_words(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        jobs = fake(pilot)
        jobs.start(judging(HOSTILE))
        jobs.tell(1, progress=step(stage=HOSTILE))
        await press(pilot, "w")
        jobs.tell(1, phase="failed", error=HOSTILE, hint=HOSTILE)
        await rest(pilot)
        text = screen_text(pilot)
        assert "evil [red]" in text and "\x1b" not in text and "\u202e" not in text


async def test_a_fault_in_one_room_is_told_and_the_others_still_hear(
    build: Builder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: LabelScreen, state: JobState) -> None:
        raise KeyError("odd")

    async with opened(build(sample("affairs-024"))) as pilot:
        await press(pilot, "f7")
        monkeypatch.setattr(LabelScreen, "job_changed", broken)
        fake(pilot).start(judging())
        await rest(pilot)
        assert "KeyError" in screen_text(pilot)
        await press(pilot, "escape")
        assert "⏳ judging" in top(pilot)


async def test_a_real_experiment_runs_beside_the_labelling(build: Builder, said: list[str]) -> None:
    workspace = build(sample("affairs-024"), sample("wine-027"))
    for notebook, score in (("affairs-024", 1), ("wine-027", 3)):
        workspace.set_label(notebook, "model_training", score, rater="ann")
    arguments = {"arms": ["constant"], "folds": 2, "bootstrap": 100, "dimensions": ["model_training"]}
    async with opened(workspace) as pilot:
        jobs = app_of(pilot).jobs
        jobs.start(JobSpec("evaluate", workspace.path, arguments, "compare"))
        await press(pilot, "2")
        while not jobs.states()[0].ended:
            await pilot.pause(0.1)
        await rest(pilot)
        (state,) = jobs.states()
        assert state.phase == "done", state
        assert [notice[:21] for notice in said] == ["✔ compare: experiment"]
    assert workspace.experiments().get(str(state.result["experiment"])).arms == ("constant",)
    assert len(workspace.labels(rater="ann")) == 3


def state(**fields: object) -> JobState:
    return JobState(1, judging(), "running", **fields)  # type: ignore[arg-type]


def test_how_far_work_is_told_by_what_is_known() -> None:
    assert words.brief(()) == ""
    assert words.brief([state()]) == "⏳ judging"
    assert words.brief([state(progress=Progress("fitting", 1, 4, "fits"))]) == "⏳ judging 25 %"
    assert words.brief([state(progress=Progress("asking", 3, 4, "notebooks"))]) == "⏳ judging 3/4"
    assert words.brief([state(progress=Progress("loading", 0, 0, "tokens"))]) == "⏳ judging"
    assert words.brief([state(), JobState(2, judging(), "waiting")]) == "⏳ judging · 1 more"
    assert words.brief([JobState(1, judging(), "stopping", step())]) == "⏳ judging: stopping"
    assert words.brief([JobState(1, judging(), "done"), JobState(2, judging(), "failed")]) == ""
