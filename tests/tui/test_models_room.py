"""The room of models: what is here, what judges, what the machine has, and judging from here."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.doctor.check import Check
from nbalign.jobs.choosing import choose_model, chosen_model
from nbalign.jobs.model import JobSpec
from nbalign.llm.choose import Choice
from nbalign.llm.library import ModelLibrary
from nbalign.tui.app import LabelApp
from nbalign.tui.jobs import working
from nbalign.tui.line_list import LineList
from nbalign.tui.models import reading
from nbalign.tui.models.judge_dialog import JudgeDialog
from nbalign.tui.models.screen import ModelsRoom
from nbalign.tui.models.verifying import VerifyLine
from nbalign.workspace import Workspace
from tests.cli.conftest import short_rubric
from tests.conftest import SMALL
from tests.llm.model_files import card_of, gguf
from tests.notebooks.build import code, notebook
from tests.tui.conftest import Builder, sample
from tests.tui.driving import opened, press, rest, screen_text
from tests.tui.fakes import FakeJobs

DATA = {"big": gguf(seed=1), "small": gguf(seed=2), "absent": gguf(seed=3)}
CARDS = tuple(card_of(data, name=name) for name, data in DATA.items())


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library that knows three models: `big` and `small` are here, `absent` is not."""
    folder = tmp_path / "models"
    folder.mkdir()
    for card in CARDS[:2]:
        (folder / card.file).write_bytes(DATA[card.name])
    monkeypatch.setenv("NBALIGN_MODELS", str(folder))
    monkeypatch.setattr(ModelLibrary, "default", classmethod(lambda cls: cls([folder], CARDS)))
    for module in (reading, "nbalign.jobs.planning"):
        name = module if isinstance(module, str) else module.__name__
        monkeypatch.setattr(f"{name}.suits_this_machine", lambda present: Choice(CARDS[0], "big is here and best."))
    return folder


@pytest.fixture(autouse=True)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that answers at once, and jobs that tests move along themselves."""
    monkeypatch.setattr(reading, "slow_checks", lambda: (Check("GPU", "warn", "one seen", "Use it."),))
    if not request.node.get_closest_marker("model"):
        monkeypatch.setattr(working, "Jobs", FakeJobs)


def app_of(pilot: Pilot[None]) -> LabelApp:
    assert isinstance(pilot.app, LabelApp)
    return pilot.app


def words(pilot: Pilot[None]) -> str:
    return " ".join(screen_text(pilot).replace("│", " ").split())


def started(pilot: Pilot[None]) -> list[JobSpec]:
    return [state.spec for state in app_of(pilot).jobs.states()]


def row_of(pilot: Pilot[None], name: str) -> str:
    rows = [line for line in screen_text(pilot).splitlines()[2:] if f" {name} " in line[:40]]
    return rows[0] if rows else ""


async def each(pilot: Pilot[None], *keys: str) -> None:
    """Presses keys, each when all that the one before asked for is there."""
    for key in keys:
        await press(pilot, key)


async def until(pilot: Pilot[None], what: str) -> None:
    """Waits for what a thread of its own brings."""
    while what not in words(pilot):
        await pilot.pause(0.05)


async def test_models_are_listed_with_state_size_licence_and_who_judges(build: Builder, library: Path) -> None:
    (library / "my own [b].gguf").write_bytes(gguf(seed=9))
    (library / "broken.gguf").write_bytes(b"no model")
    async with opened(build(sample("affairs-024")), size=(200, 40)) as pilot:
        await each(pilot, "f8")
        assert "4 of 5 models here" not in screen_text(pilot) and "3 of 5 models here" in screen_text(pilot)
        for name, state in (("big", "not verified yet"), ("absent", "not here"), ("broken", "damaged")):
            assert state in row_of(pilot, name), name
        assert "▶" in row_of(pilot, "big") and "Apache-2.0" in row_of(pilot, "big")
        assert "unknown" in row_of(pilot, "my own [b]")
        assert "It judges here: none was chosen. big is here and best." in words(pilot)
        await until(pilot, "GPU one seen")
        assert "Threads" in screen_text(pilot) and "Memory" in screen_text(pilot) and "Use it." in screen_text(pilot)


async def test_a_model_that_is_not_here_tells_the_command_and_cannot_be_chosen(
    build: Builder, library: Path, said: list[str]
) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        await each(pilot, "f8", "j", "j")
        assert "This screen opens no network." in words(pilot) and "nbalign models pull absent" in words(pilot)
        await each(pilot, "enter")
        assert "nbalign models pull absent" in " ".join(said)
        await each(pilot, "y")
    assert chosen_model(workspace) is None


async def test_enter_chooses_who_judges_and_takes_it_back(build: Builder, library: Path, said: list[str]) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        await each(pilot, "f8", "j", "enter")
        assert chosen_model(workspace) == "small" and "▶" in row_of(pilot, "small")
        assert "you chose it" in words(pilot) and "small judges here now" in " ".join(said)
        await each(pilot, "f2", "f8")
        assert "you chose it" in words(pilot)
        await each(pilot, "enter")
        assert chosen_model(workspace) is None and "▶" in row_of(pilot, "big")


async def test_a_click_brings_a_model_into_focus_and_keys_in_the_bar_can_be_clicked(
    build: Builder, library: Path
) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        await each(pilot, "f8")
        await pilot.click(LineList, offset=(4, 1))
        await rest(pilot)
        assert "Enter lets it judge" in words(pilot)
        bar = screen_text(pilot).splitlines()[-1]
        await pilot.click(offset=(bar.index("Enter choose") + 2, 39))
        await rest(pilot)
        assert chosen_model(workspace) == "small"


async def test_a_choice_that_cannot_be_saved_is_told(
    build: Builder, library: Path, monkeypatch: pytest.MonkeyPatch, said: list[str]
) -> None:
    from nbalign.errors import StoreError

    def refuse(*_: object) -> None:
        raise StoreError("the disk is full", "Make room.")

    async with opened(build(sample("affairs-024"))) as pilot:
        await each(pilot, "f8")
        monkeypatch.setattr(Workspace, "set_setting", refuse)
        await each(pilot, "enter")
        assert "NOT saved" in " ".join(said) and "Make room." in " ".join(said)


async def test_verifying_reads_the_file_and_tells_what_it_is(build: Builder, library: Path, said: list[str]) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        await each(pilot, "f8", "y")
        assert "big is what it should be" in " ".join(said)
        assert "here, verified" in words(pilot)
        (library / CARDS[1].file).write_bytes(bytes(len(DATA["small"]) - 4) + b"abcd")
        await each(pilot, "j", "y")
        assert "small is NOT verified" in " ".join(said)
        assert not pilot.app.screen.query_one(VerifyLine).display


async def test_without_any_model_the_room_says_how_to_get_one(build: Builder, library: Path, said: list[str]) -> None:
    for file in library.glob("*.gguf"):
        file.unlink()
    async with opened(build(sample("affairs-024")), size=(80, 24)) as pilot:
        await each(pilot, "f8")
        assert "No model is here yet." in words(pilot) and "nbalign models pull big" in words(pilot)
        await each(pilot, "J")
        assert "nbalign models pull big" in " ".join(said)
        assert not started(pilot)


async def test_judging_what_is_missing_starts_a_job_with_the_model_in_use(build: Builder, library: Path) -> None:
    workspace = build(sample("affairs-024"), sample("wine-027"))
    choose_model(workspace, "small")
    async with opened(workspace) as pilot:
        await each(pilot, "f8", "J")
        assert isinstance(pilot.app.screen, JudgeDialog)
        assert "Judge with small" in words(pilot) and "not judged yet: 2 notebooks" in words(pilot)
        await each(pilot, "enter")
        (spec,) = started(pilot)
        assert (spec.kind, spec.workspace, spec.title) == ("judge", workspace.path, "judge 2 notebooks with small")
        assert spec.arguments == {
            "rubric": workspace.rubric().sha256,
            "model": "small",
            "rationale": False,
            "unaligned": True,
        }
        assert "⏳ judging" in screen_text(pilot).splitlines()[0]


async def test_judging_the_notebook_in_view_with_reasons(build: Builder, library: Path) -> None:
    workspace = build(sample("affairs-024"), sample("wine-027"))
    async with opened(workspace, notebook="wine-027") as pilot:
        await each(pilot, "f8", "J", "r", "j")
        assert "last in view: wine-027.ipynb" in words(pilot) and "☑ r" in screen_text(pilot)
        await each(pilot, "enter")
        (spec,) = started(pilot)
        assert spec.arguments["notebooks"] == [workspace.notebook("wine-027").sha256]
        assert spec.arguments["rationale"] is True and "wine-027" in spec.title


async def test_leaving_the_dialog_starts_nothing_and_no_notebooks_are_told(build: Builder, library: Path) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        await each(pilot, "f8", "J", "escape", "J", "J")
        assert isinstance(pilot.app.screen, ModelsRoom) and not started(pilot)


async def test_without_notebooks_judging_says_what_to_do(build: Builder, library: Path, said: list[str]) -> None:
    async with opened(build()) as pilot:
        await each(pilot, "f8", "J")
        assert "nbalign import" in " ".join(said) and not started(pilot)


@pytest.mark.model
async def test_a_real_model_judges_the_notebook_in_view_beside_the_screen(
    build: Builder, small_model: Path, tmp_path: Path, said: list[str]
) -> None:
    (tmp_path / "tiny.ipynb").write_bytes(notebook(code("df.fillna(0)")))
    workspace = build(tmp_path / "tiny.ipynb")
    workspace.add_rubric(short_rubric(tmp_path / "short.yaml", 1, (1, 2)))
    choose_model(workspace, SMALL)
    async with LabelApp(workspace, "ann", "short").run_test(size=(120, 40)) as pilot:
        await rest(pilot)
        await each(pilot, "f8", "J", "enter")
        jobs = app_of(pilot).jobs
        while not jobs.states()[0].ended:
            await pilot.pause(0.2)
        await rest(pilot)
        (state,) = jobs.states()
        assert state.phase == "done", state
        assert state.result["new"] == 1 and "1 new score" in " ".join(said)
        assert "1 notebook scored here" in words(pilot)
        await each(pilot, "J")
        assert "nothing, all is known" in words(pilot)
    (judgement,) = workspace.judgements("tiny")
    assert judgement.rubric == "short" and judgement.judge.startswith(SMALL)
