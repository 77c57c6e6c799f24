"""The room `align`: its sections, what would be learned, what to settle first, and the alignment beside it."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.jobs.choosing import choose_model
from nbalign.jobs.model import JobSpec
from nbalign.progress import Progress
from nbalign.tui.adjudicate.screen import AdjudicateRoom
from nbalign.tui.align.actions import ACTIONS, BARS, SECTIONS, SHORT
from nbalign.tui.align.screen import AlignRoom
from nbalign.tui.app import LabelApp
from nbalign.workspace import Workspace
from tests.tui.align_study import (
    IMPUTING,
    TRAINING,
    FakeJobs,
    Study,
    click,
    hear,
    make_study,
    page,
    room,
    said,
    section,
)
from tests.tui.conftest import Builder
from tests.tui.driving import opened, press, rest, screen_text
from tests.tui.test_keys import SWALLOWED


@pytest.fixture
def study(build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    hear(monkeypatch)
    return make_study(build, tmp_path)


def fake_jobs(pilot: Pilot[None]) -> FakeJobs:
    app, jobs = pilot.app, FakeJobs()
    assert isinstance(app, LabelApp)
    app._jobs = jobs  # type: ignore[assignment]
    return jobs


def test_ids_and_keys_are_unique_reach_the_program_and_have_methods() -> None:
    assert len({a.id for a in ACTIONS}) == len(ACTIONS)
    keys = [key for a in ACTIONS for key in a.keys.split(",")]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & set(SWALLOWED)
    own = [a for a in ACTIONS if not a.name.startswith("app.")]
    assert all(hasattr(AlignRoom, f"action_{a.name.partition('(')[0]}") for a in own)
    short = {a.id for a in ACTIONS if a.short}
    assert {each for bar in BARS.values() for each in bar} <= short
    assert all(set(words) <= set(BARS[name]) for name, words in SHORT.items())


async def test_sections_are_reached_by_number_by_tab_and_by_a_click(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5")
        for n, (name, title, _) in enumerate(SECTIONS, 1):
            await press(pilot, str(n))
            assert name == section(pilot).NAME
            assert f"▶{n} {title}" in screen_text(pilot)
        await press(pilot, "tab")
        assert section(pilot).NAME == "state"
        await press(pilot, "shift+tab")
        assert section(pilot).NAME == "versions"
        await click(pilot, "2 Guidelines")
        assert section(pilot).NAME == "guidelines"
        assert "a accept · x reject" in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (200, 60)])
async def test_an_empty_workspace_says_in_each_section_what_is_missing(
    build: Builder, size: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(monkeypatch)
    async with opened(build(), size=size) as pilot:
        for keys, words in (
            ("f5", "F2 Label"),
            ("2", "A guideline is a sentence"),
            ("3", "No memory yet."),
            ("4", "A memory is one unchangeable version"),
        ):
            await press(pilot, keys)
            assert words in page(pilot)
        await press(pilot, "j", "enter", "escape", "G", "R", "space")
        await press(pilot, "2", "a", "x", "p", "e", "u", "enter", "f", "d")
        await press(pilot, "1", "A")
        assert "nothing is settled yet" in said(pilot)


async def test_state_says_what_would_be_learned_by_dimension_and_follows_the_focus(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5")
        assert "2 settled scores would be learned from: 3 labels, 3 with words." in screen_text(pilot)
        assert "Missing of the judge: 2 opinions" in screen_text(pilot)
        await click(pilot, "Model Training")
        assert room(pilot).dimension == TRAINING
        assert "2 settled scores" in screen_text(pilot)
        await press(pilot, "k", "k")
        assert room(pilot).dimension == IMPUTING
        assert "Nothing is settled here yet" in screen_text(pilot)
        await press(pilot, "2")
        assert "Data Imputation · all states · 1 of 3" in screen_text(pilot)
        await press(pilot, "d", "1")
        assert section(pilot).at == 4


async def test_noise_that_the_rater_has_not_scored_is_hidden_until_asked_for_and_leads_to_adjudication(
    study: Study,
) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5")
        text = screen_text(pilot)
        assert "Settle first: 1 case where raters" in text
        assert "1 of them hidden" in text
        assert "three.ipynb" not in text
        assert "dora" not in text
        await press(pilot, "R")
        assert "three.ipynb · Data Imputation · carl 1, dora 3" in page(pilot)
        await press(pilot, "enter", "enter")
        assert "≡ Adjudicate" in screen_text(pilot)
        await press(pilot, "f5")
        await click(pilot, "three.ipynb")
        assert "≡ Adjudicate" in screen_text(pilot)


async def test_a_case_of_noise_opens_in_adjudicate_itself_and_says_so_when_it_is_settled_by_now(study: Study) -> None:
    for rater, score in (("ann", 1), ("ben", 3)):  # a conflict that stands before the others there
        study.workspace.set_label("one.ipynb", IMPUTING, score, rater=rater, rubric=study.workspace.rubric().id)
    study.workspace.set_label("three.ipynb", IMPUTING, 1, rater="ann", rubric=study.workspace.rubric().id)
    async with opened(study.workspace) as pilot:
        await press(pilot, "f4")
        assert conflict(pilot) == (study.hashes["one"], IMPUTING)
        await press(pilot, "f5", "enter", "j", "enter")
        assert conflict(pilot) == (study.hashes["three"], IMPUTING)
        await press(pilot, "f5")
        await click(pilot, "one.ipynb")
        assert conflict(pilot) == (study.hashes["one"], IMPUTING)
        await press(pilot, "f5")
        study.workspace.set_label("three.ipynb", IMPUTING, 1, rater="dora", rubric=study.workspace.rubric().id)
        await click(pilot, "three.ipynb")
        assert conflict(pilot) == (study.hashes["one"], IMPUTING)
        assert "the raters agree there by now" in said(pilot)


def conflict(pilot: Pilot[None]) -> tuple[str, str] | None:
    screen = pilot.app.screen
    assert isinstance(screen, AdjudicateRoom)
    return screen.pair


async def test_a_page_stays_where_it_was_scrolled_to_while_an_alignment_goes_on(study: Study) -> None:
    async with opened(study.workspace, size=(80, 24)) as pilot:
        jobs = fake_jobs(pilot)
        await press(pilot, "f5")
        jobs.start(JobSpec("align", study.workspace.path, {}, "align"))
        for done in (1, 2):
            state = jobs.change(1, phase="running", progress=Progress("judging", done, 9, "notebooks"))
            room(pilot).job_changed(state)
            await rest(pilot)
            if done == 1:
                await press(pilot, "space")
                place = section(pilot).page.scroll_offset.y
                assert place
        assert section(pilot).page.scroll_offset.y == place
        assert "2/9 notebooks" in page(pilot)


async def test_noise_that_the_rater_has_scored_too_is_named(study: Study) -> None:
    study.workspace.set_label("three.ipynb", IMPUTING, 2, rater="ann", rubric="ml-notebook")
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5")
        assert "three.ipynb · Data Imputation" in page(pilot)


async def test_what_is_not_learned_from_and_what_is_new_since_the_latest_memory_is_told(study: Study) -> None:
    memory = study.memory()
    study.workspace.unalign(notebooks=["three.ipynb"])
    async with opened(study.workspace, size=(160, 40)) as pilot:
        await press(pilot, "f5")
        text = page(pilot)
        assert f"The latest memory is {memory.version}" in text
        assert "Since then: 1 new label, 0 gone or changed; 2 it knows." in text
        assert "Not learned from: three.ipynb" in text
        assert "No raters are more than half of the scale apart." in text


# -- alignment


async def test_an_alignment_is_asked_about_started_followed_stopped_and_what_it_made_is_read(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        jobs = fake_jobs(pilot)
        await press(pilot, "f5", "A")
        assert "Let the judges learn?" in screen_text(pilot)
        await press(pilot, "escape")
        assert not jobs.all
        await press(pilot, "2", "A", "enter")
        (state,) = jobs.states()
        assert (state.spec.kind, state.spec.workspace) == ("align", study.workspace.path)
        assert state.spec.arguments == {"rubric": "ml-notebook"}
        assert section(pilot).NAME == "state"
        assert "waits for other work to end" in screen_text(pilot)
        step = Progress("judging two.ipynb", 30, 120, "tokens")
        room(pilot).job_changed(jobs.change(1, phase="running", progress=step, rate=15.0, eta=6.0))
        await rest(pilot)
        assert "25 % · 30/120 tokens · 15 tokens/s · ETA 6 s" in page(pilot)
        await press(pilot, "A")
        assert "an alignment is under way" in said(pilot)
        await press(pilot, "x")
        assert jobs.stopped == [1]
        memory = study.memory()
        room(pilot).job_changed(jobs.change(1, phase="done", summary="memory made"))
        await rest(pilot)
        text = page(pilot)
        assert "align: done · memory made" in text
        assert f"The latest memory is {memory.version}" in text
        await press(pilot, "x")
        assert jobs.stopped == [1]


async def test_one_dimension_is_aligned_with_the_model_that_the_others_were_aligned_with(study: Study) -> None:
    study.memory()
    async with opened(study.workspace) as pilot:
        jobs = fake_jobs(pilot)
        await press(pilot, "f5")
        await click(pilot, "Model Training")
        await click(pilot, "A align ·")
        assert "Model: that of the latest memory, tiny" in screen_text(pilot)
        await click(pilot, "Model Training alone")
        (state,) = jobs.states()
        assert state.spec.arguments == {"rubric": "ml-notebook", "dimensions": [TRAINING], "model": "tiny"}
        assert state.spec.title == "align Model Training"


async def test_the_model_that_was_chosen_is_named_before_one_aligns(study: Study) -> None:
    choose_model(study.workspace, "some-model")
    async with opened(study.workspace) as pilot:
        fake_jobs(pilot)
        await press(pilot, "f5", "A")
        assert "Model: some-model (chosen in Models)." in screen_text(pilot)


async def test_a_failed_alignment_says_why_and_what_to_do(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        jobs = fake_jobs(pilot)
        await press(pilot, "f5", "A", "enter")
        failed = jobs.change(1, phase="failed", error="there is no model [bold]x", hint="Pull one.")
        room(pilot).job_changed(failed)
        await rest(pilot)
        text = screen_text(pilot)
        assert "align: failed" in text
        assert "there is no model [bold]x" in text
        assert "Pull one." in text


async def test_a_job_on_another_workspace_or_of_another_kind_is_not_taken_for_an_alignment_here(
    study: Study, tmp_path: Path
) -> None:
    other = Workspace.create(tmp_path / "other")
    other.close()
    async with opened(study.workspace) as pilot:
        jobs = fake_jobs(pilot)
        await press(pilot, "f5", "A", "enter")
        spec = jobs.all[0].spec
        for changed in (
            type(spec)("judge", spec.workspace, {}, "judge"),
            type(spec)("align", tmp_path / "other", {}, "elsewhere"),
        ):
            number = jobs.start(changed)
            room(pilot).job_changed(jobs.change(number, phase="running"))
            await rest(pilot)
            shown = screen_text(pilot).split("\n", 1)[1]
            assert "waits for other work to end" in shown
            assert "elsewhere" not in shown
