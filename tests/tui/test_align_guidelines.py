"""Guidelines in the terminal: what an expert decides and writes, where they come from, and what stays hidden."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.align.model import Guideline
from nbalign.errors import StoreError
from nbalign.tui.align.deciding import Decisions, Drafts, expected_state
from nbalign.tui.align.experts import GuidelineSection
from tests.tui.align_study import (
    FOLDS,
    GAPS,
    IMPUTING,
    LEAK,
    RUBRIC,
    TRAINING,
    Study,
    click,
    hear,
    make_study,
    page,
    propose,
    room,
    said,
    section,
)
from tests.tui.conftest import Builder
from tests.tui.driving import board, opened, press, rest, screen_text, sheet


@pytest.fixture
def study(build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Study:
    hear(monkeypatch)
    return make_study(build, tmp_path)


def guidelines(pilot: Pilot[None]) -> GuidelineSection:
    found = section(pilot)
    assert isinstance(found, GuidelineSection)
    return found


def current(pilot: Pilot[None]) -> Guideline:
    found = guidelines(pilot).current
    assert found is not None
    return found


async def go_to(pilot: Pilot[None], text: str) -> None:
    """Brings a guideline into focus; they stand in the order of the rubric's dimensions, the strongest first."""
    await press(pilot, "f5", "2", "g", *"j" * (GAPS, LEAK, FOLDS).index(text))
    assert current(pilot).text == text


# -- decisions


async def test_decisions_are_stored_by_key_shown_as_saved_and_taken_back_one_by_one(study: Study) -> None:
    async with opened(study.workspace, size=(160, 40)) as pilot:
        await press(pilot, "f5", "2")
        first = current(pilot)
        assert first.text == GAPS  # the rubric's order of dimensions
        await press(pilot, "a")
        assert study.states()[GAPS] == "accepted"
        assert "✔ accepted" in page(pilot)
        assert "✔ saved" in page(pilot)
        await press(pilot, "j", "x", "p", "p")
        second = current(pilot).text
        assert study.states()[second] == "accepted"  # pinned, and unpinned again
        history = study.workspace.guideline_history(current(pilot).id)
        assert [(e.action, e.who) for e in history[1:]] == [("reject", "ann"), ("pin", "ann"), ("unpin", "ann")]
        for state in ("pinned", "rejected", "proposed"):
            await press(pilot, "u")
            assert study.states()[second] == state
        await press(pilot, "u")
        assert study.states()[GAPS] == "proposed"
        assert current(pilot).text == GAPS
        await press(pilot, "u")
        assert "you have decided nothing in this session" in said(pilot)
        assert set(study.states().values()) == {"proposed"}


async def test_decisions_by_mouse(study: Study) -> None:
    async with opened(study.workspace, size=(160, 40)) as pilot:
        await press(pilot, "f5", "2")
        await click(pilot, LEAK[:20])
        assert current(pilot).text == LEAK
        await click(pilot, "x reject")
        assert study.states()[LEAK] == "rejected"
        await click(pilot, "u undo")
        assert study.states()[LEAK] == "proposed"
        await click(pilot, "all states")
        assert "proposed · 3 of 3" in screen_text(pilot)


async def test_a_burst_under_a_filter_decides_on_one_guideline_after_the_other(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "2", "f")
        rows = [row.text for row in guidelines(pilot)._rows if isinstance(row, Guideline)]
        for key in ("a", "x"):
            await pilot.press(key)
        await rest(pilot)
        assert [study.states()[text] for text in rows] == ["accepted", "rejected", "proposed"]
        assert current(pilot).text == rows[2]
        await press(pilot, "a")
        assert "No guideline fits" in page(pilot)


async def test_what_somebody_else_decided_since_is_not_taken_back(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        await press(pilot, "a")
        study.workspace.decide_guidelines("pin", [study.guideline(FOLDS).id], "eve")
        await press(pilot, "u")
        assert "not the latest one" in said(pilot)
        assert study.states()[FOLDS] == "pinned"


async def test_a_decision_that_cannot_be_saved_says_so_and_shows_what_stands(
    study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> list[Guideline]:
        raise StoreError("the disk is full", "Make room.")

    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "2")
        monkeypatch.setattr(study.workspace, "decide_guidelines", fail)
        await press(pilot, "x")
        assert "is NOT saved. the disk is full" in said(pilot)
        assert "your decision is NOT saved" in page(pilot)
        assert "○ proposed" in page(pilot)
        monkeypatch.undo()
        await press(pilot, "x")
        assert "✗ rejected" in page(pilot)
        assert "✔ saved" in page(pilot)


def test_the_state_that_shows_before_the_store_has_answered_is_the_one_it_will_have(study: Study) -> None:
    decisions = Decisions(study.workspace, RUBRIC, "ann")
    ref = study.guideline(FOLDS).id
    for action in (
        "reject",
        "accept",
        "pin",
        "unpin",
        "reject",
        "accept",
        "edit",
        "accept",
        "pin",
        "edit",
        "reject",
        "pin",
    ):
        before = study.workspace.guideline(ref)[0].state
        if action == "edit":
            decisions.edit(ref, f"Other words than {before}.")
        else:
            decisions.decide(action, ref)  # type: ignore[arg-type]
        assert study.workspace.guideline(ref)[0].state == expected_state(action, before), action


# -- sources


async def test_sources_that_the_rater_has_not_scored_are_hidden_until_asked_for(study: Study) -> None:
    async with opened(study.workspace, size=(160, 40)) as pilot:
        await go_to(pilot, LEAK)
        text = page(pilot)
        assert "From 3 labels" in text
        assert "one.ipynb · ben: 1 bad [2] Everything is scaled at once." in text
        assert "one.ipynb · ann: 1 bad [2-3] The test rows leak." in text
        assert "hidden: a notebook that you have not scored here" in text
        assert "two.ipynb" not in text
        assert "Secret" not in screen_text(pilot)
        await press(pilot, "enter", "G", "enter")
        assert "hidden, since you have not scored it" in said(pilot)
        await press(pilot, "R")
        assert "two.ipynb · ben: 1 bad [3] Secret words of ben." in page(pilot)
        await press(pilot, "R", "escape", "escape")
        assert "Secret" not in page(pilot)


async def test_what_is_shown_on_purpose_is_shown_for_one_guideline_alone(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, LEAK)
        await press(pilot, "R")
        assert "Secret" in page(pilot)
        await press(pilot, "escape")
        await go_to(pilot, FOLDS)
        assert "Secret" not in page(pilot)


async def test_a_source_shows_once_the_rater_has_scored_its_notebook(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        assert "Secret" not in page(pilot)
        study.workspace.set_label("two.ipynb", TRAINING, 2, rater="ann", rubric=RUBRIC)
        await press(pilot, "f2", "f5")
        assert "two.ipynb · ben: 1 bad [3] Secret words of ben." in page(pilot)


async def test_a_source_leads_to_its_notebook_dimension_and_cell(study: Study) -> None:
    async with opened(study.workspace, notebook="three.ipynb") as pilot:
        await go_to(pilot, LEAK)
        await press(pilot, "enter", "enter")
        assert board(pilot).queue.info.name == "one.ipynb"
        assert sheet(pilot).dimension.id == TRAINING
        assert board(pilot).cells.current == 2
        await press(pilot, "f5")
        await click(pilot, "one.ipynb · ann")
        assert board(pilot).queue.info.name == "one.ipynb"


async def test_a_label_that_was_changed_since_is_marked(study: Study) -> None:
    study.workspace.set_label("one.ipynb", TRAINING, 2, rater="ben", rubric=RUBRIC)
    async with opened(study.workspace) as pilot:
        await go_to(pilot, LEAK)
        assert "ben: 1 bad [2] · no longer stands" in page(pilot)


async def test_words_of_others_are_never_parsed(study: Study) -> None:
    made = study.workspace.set_label(
        "one.ipynb", TRAINING, 1, rater="b[red]en", justification="[bold]x[/]", rubric=RUBRIC
    )
    study.events["hostile"] = made.event
    text = "[red]Score 1[/] when \x1b]0;title\x07 brackets [@click=app.quit]here[/]."
    propose(study, (TRAINING, text, ("hostile",)))
    async with opened(study.workspace, size=(160, 40)) as pilot:
        await press(pilot, "f5", "2", "G", "enter", "R")
        shown = page(pilot)
        assert "[red]Score 1[/] when �]0;title� brackets [@click=app.quit]here[/]." in shown
        assert "b[red]en: 1 bad [bold]x[/]" in shown
        assert "\x1b" not in screen_text(pilot)


# -- words


async def test_other_words_are_entered_and_taken_back(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        for key in ("e", "ctrl+u", *"Folds: 3 good.", "enter"):
            await pilot.press(key)
        await rest(pilot)
        found = study.guideline("Folds: 3 good.")
        assert found.state == "edited"
        assert not guidelines(pilot).field.writing
        await press(pilot, "u")
        assert study.states()[FOLDS] == "proposed"


async def test_words_that_say_nothing_or_too_much_stay_in_the_field_and_are_not_lost(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        await press(pilot, "e", "ctrl+u", *"123", "enter")
        assert "a guideline says what to look for" in said(pilot)
        assert guidelines(pilot).field.text == "123"
        await press(pilot, "escape")
        assert "a draft of other words is kept" in page(pilot)
        assert study.states()[FOLDS] == "proposed"


async def test_a_draft_is_kept_over_a_restart_and_forgotten_once_it_is_entered(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        await press(pilot, "e", *" more", "escape")
        assert study.states()[FOLDS] == "proposed"
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        assert "a draft of other words is kept" in page(pilot)
        await press(pilot, "e")
        assert guidelines(pilot).field.text == f"{FOLDS} more"
        await press(pilot, "enter")
        assert f"{FOLDS} more" in study.states()
    assert Drafts(study.workspace, RUBRIC, "ann").all() == {}


@pytest.mark.parametrize("away", ["f2", "quit"])
async def test_what_is_being_written_is_kept_when_one_leaves(study: Study, away: str) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        for key in ("e", *" x"):
            await pilot.press(key)
        if away == "quit":
            await pilot.app.action_quit()
        else:
            await press(pilot, away)
            assert board(pilot)
    assert list(Drafts(study.workspace, RUBRIC, "ann").all().values()) == [f"{FOLDS} x"]


async def test_a_new_guideline_is_written_for_the_dimension_in_focus_and_is_in_focus_then(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5")
        await click(pilot, "Data Imputation")
        await press(pilot, "2", "n", *"Say what goes.", "enter")
        found = study.guideline("Say what goes.")
        assert (found.dimension, found.state) == (IMPUTING, "written")
        assert current(pilot).id == found.id
        await press(pilot, "u")
        assert "Say what goes." not in study.states()
        assert "the new one is gone" in said(pilot)


async def test_without_a_dimension_in_focus_one_is_asked_which(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "2", "n")
        assert "A new guideline for which dimension?" in screen_text(pilot)
        await press(pilot, "escape", "n")
        await click(pilot, "MLflow Logging")
        await press(pilot, *"Name runs.", "escape")
        assert "Name runs." not in study.states()
        await press(pilot, "n")
        await click(pilot, "MLflow Logging")
        await press(pilot, "enter")
        assert study.states()["Name runs."] == "written"


# -- the list


async def test_the_list_is_narrowed_by_dimension_state_and_words(study: Study) -> None:
    study.workspace.decide_guidelines("pin", [study.guideline(FOLDS).id])
    async with opened(study.workspace, size=(160, 40)) as pilot:
        await press(pilot, "f5", "2")
        assert "all dimensions · all states · 3 of 3" in screen_text(pilot)
        await press(pilot, "f", "f")
        assert "pinned · 1 of 3" in screen_text(pilot)
        await press(pilot, "f", "slash", *"group", "enter")
        assert "1 of 3 · “group”" in screen_text(pilot)
        assert current(pilot).text == FOLDS
        await press(pilot, "escape")
        assert "3 of 3" in screen_text(pilot)
        await press(pilot, "slash", *"zzz", "escape")
        assert "3 of 3" in screen_text(pilot)
        assert room(pilot).focused is None


async def test_rows_move_past_headings_and_stay_at_the_ends(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await press(pilot, "f5", "2", "k", "up")
        assert current(pilot).text == GAPS
        seen = [current(pilot).text]
        for key in ("j", "down", "j"):
            await press(pilot, key)
            seen.append(current(pilot).text)
        assert sorted(set(seen)) == sorted([GAPS, LEAK, FOLDS])
        assert seen[2] == seen[3]
        await press(pilot, "g")
        assert current(pilot).text == GAPS
        await press(pilot, "G")
        assert current(pilot).text == seen[3]


async def test_words_are_entered_and_left_by_a_click_on_the_bar_too(study: Study) -> None:
    async with opened(study.workspace) as pilot:
        await go_to(pilot, FOLDS)
        await press(pilot, "e", *" a")
        await click(pilot, "Esc leave,")
        assert not guidelines(pilot).field.writing
        assert study.states()[FOLDS] == "proposed"
        await press(pilot, "e")
        await click(pilot, "Enter enter it")
        assert study.states()[f"{FOLDS} a"] == "edited"
