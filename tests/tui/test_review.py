from __future__ import annotations

import pytest
from textual.pilot import Pilot

from nbalign.errors import StoreError
from nbalign.labels.model import Label
from nbalign.tui.review.keys import ACTIONS, bindings
from nbalign.tui.review.screen import ReviewRoom
from nbalign.tui.why_area import WhyArea
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, rest, screen_text, sheet
from tests.tui.judging import judge
from tests.tui.test_keys import SWALLOWED

NAMES = ("affairs-024", "affairs-046", "anes-006")
FIRST, SECOND = "library_installation", "data_exploration"


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    """ann scored three pairs: far from the judge, near it, and the same; bo scored one of these and one more."""
    ws = build(*(sample(name) for name in NAMES))
    ws.set_label(NAMES[0], FIRST, 3, rater="ann", cells=[2])
    ws.set_label(NAMES[0], SECOND, 2, rater="ann", justification="a plot is missing")
    ws.set_label(NAMES[1], FIRST, 3, rater="ann")
    ws.set_label(NAMES[1], FIRST, 1, rater="bo", justification="bo on the shared one", cells=[4])
    ws.set_label(NAMES[2], FIRST, 1, rater="bo", justification="bo alone")
    judge(ws, NAMES[0], FIRST, 3, rationale="All [b]imported[/b] in [3].")
    judge(ws, NAMES[0], SECOND, 3)
    judge(ws, NAMES[1], FIRST, 1, rationale="Nothing pinned, see [2].")
    judge(ws, NAMES[2], FIRST, 2, rationale="a secret")
    return ws


def room(pilot: Pilot[None]) -> ReviewRoom:
    found = pilot.app.screen
    assert isinstance(found, ReviewRoom)
    return found


async def review(pilot: Pilot[None], *keys: str) -> None:
    await press(pilot, "f3")
    await press(pilot, *keys)


def saved(workspace: Workspace, name: str = NAMES[1], dimension: str = FIRST) -> Label:
    (label,) = workspace.labels(notebook=name, dimension=dimension, rater="ann", role="rater")
    return label


def listed(pilot: Pilot[None]) -> list[str]:
    names = {info.sha256: info.name.removesuffix(".ipynb") for info in room(pilot).workspace.notebooks()}
    return [f"{names[sha]} {dimension}" for sha, dimension in room(pilot).pairs]


def test_ids_and_keys_are_unique_not_swallowed_and_every_action_has_a_method() -> None:
    table = bindings()
    assert len({b.id for b in table}) == len(table)
    keys = [key for b in table for key in b.key.split(",")]
    assert len(set(keys)) == len(keys)
    assert not set(keys) & SWALLOWED
    for action in ACTIONS:
        if not action.name.startswith("app."):
            assert hasattr(ReviewRoom, f"action_{action.name.partition('(')[0]}"), action.id


async def test_the_worst_comes_first_and_what_is_not_scored_never_shows(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f3")
        assert listed(pilot) == [f"{NAMES[1]} {FIRST}", f"{NAMES[0]} {SECOND}", f"{NAMES[0]} {FIRST}"]
        text = screen_text(pilot)
        assert "2 of 3 differ · 1 without words" in text
        assert "3·1 ‼" in text and "2·3 ≠" in text and "3·3 =" in text
        assert "Nothing pinned, see [2]." in text and "bo on the shared one" in text
        assert "≠ you say 3, the judge 1" in text
        for key in ("j", "j", "G", "g"):
            await press(pilot, key)
            shown = screen_text(pilot)
            assert "a secret" not in shown and "bo alone" not in shown and NAMES[2] not in shown
        await press(pilot, "G")
        assert "All [b]imported[/b] in [3]." in screen_text(pilot), "nothing is read as markup"


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (300, 100)])
async def test_score_judge_words_and_cells_are_in_view_at_every_size(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    async with opened(workspace, size=size) as pilot:
        await press(pilot, "f3")
        text = screen_text(pilot)
        assert text.splitlines()[0].strip().startswith("≡ Review ·")
        assert "3 ✔" in text and "judge: tiny@123456" in text and "1 bad · 75% sure" in text
        assert "[2]" in text and "cited by the judge" in text


async def test_words_are_written_in_place_and_saved_with_the_same_score(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "e", *"pins03ynl", "escape")
        label = saved(workspace)
        assert (label.score, label.justification) == (3, "pins03ynl")
        assert "1 of 3 differ" not in screen_text(pilot)
        assert "2 of 3 differ · 0 without words" in screen_text(pilot)
        assert workspace.label_history(notebook=NAMES[1], rater="ann")[-1].source == "tui"
        await press(pilot, "u")
        assert saved(workspace).justification == ""
        await press(pilot, "U")
        assert saved(workspace).justification == "pins03ynl"


async def test_digits_change_the_score_and_undo_brings_it_back_while_the_list_stays_in_order(
    workspace: Workspace,
) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "1")
        assert saved(workspace).score == 1
        assert listed(pilot)[0] == f"{NAMES[1]} {FIRST}", "a row does not run away under the hands"
        assert "1·1 =" in screen_text(pilot) and "1 ✔" in screen_text(pilot)
        await press(pilot, "9")
        assert saved(workspace).score == 1
        await press(pilot, "j", "k", "u")
        assert saved(workspace).score == 3
        await press(pilot, "ctrl+r")
        assert saved(workspace).score == 1


async def test_when_the_score_itself_is_undone_judge_and_others_are_hidden_again(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "u")
        text = screen_text(pilot)
        assert workspace.labels(notebook=NAMES[1], rater="ann") == []
        assert "Nothing pinned" not in text and "bo on the shared one" not in text and "3·1" not in text
        assert "not scored this any more" in text and "cited by the judge" not in text
        await press(pilot, "2")
        assert saved(workspace).score == 2
        assert "Nothing pinned" in screen_text(pilot)


async def test_a_score_that_cannot_be_saved_says_so(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **named: object) -> None:
        raise StoreError("the disk is full", "Free some space.")

    async with opened(workspace) as pilot:
        await press(pilot, "f3")
        with monkeypatch.context() as broken:
            broken.setattr(workspace, "set_label", full)
            await press(pilot, "2")
            assert "2 ✗ NOT saved" in screen_text(pilot)
        await press(pilot, "2")
        assert "✗ NOT saved" not in screen_text(pilot)
        assert saved(workspace).score == 2


async def test_words_are_kept_when_the_screen_is_left_by_another_room_by_quitting_or_by_a_kill(
    workspace: Workspace,
) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "e", *"one", "f2")
        await press(pilot, "f3")
        assert saved(workspace).justification == "one"
        await press(pilot, "e", *"two", "ctrl+q")
    assert saved(workspace).justification == "onetwo"
    workspace.save_draft(saved(workspace).notebook, workspace.rubric().id, FIRST, "ann", "typed before the kill")
    async with opened(workspace) as pilot:
        await press(pilot, "f3")
        assert "NOT saved" in screen_text(pilot) and "typed before the kill" in screen_text(pilot)
        await press(pilot, "e", "escape")
        assert saved(workspace).justification == "typed before the kill"
        assert workspace.drafts("ann", workspace.rubric().id) == {}


async def test_a_pause_in_typing_keeps_a_draft(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "e", *"half")
        pilot.app.screen.query_one(WhyArea)._paused()
        await rest(pilot)
        assert [text for text, _ in workspace.drafts("ann", workspace.rubric().id).values()] == ["half"]


async def test_filters_narrow_the_list_and_escape_shows_all_again(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "y")
        assert listed(pilot) == [f"{NAMES[1]} {FIRST}", f"{NAMES[0]} {SECOND}"]
        await press(pilot, "l")
        assert listed(pilot) == [f"{NAMES[1]} {FIRST}"]
        await press(pilot, "escape")
        assert len(listed(pilot)) == 3
        await press(pilot, "n", "n")
        assert listed(pilot) == [f"{NAMES[0]} {SECOND}"]
        await press(pilot, "n")
        assert "No pair fits." in screen_text(pilot) and "Esc shows all 3" in screen_text(pilot)
        await press(pilot, "p", "p", "p", "slash", *"024", "enter")
        assert listed(pilot) == [f"{NAMES[0]} {SECOND}", f"{NAMES[0]} {FIRST}"]
        await press(pilot, "slash", "escape")
        assert len(listed(pilot)) == 3


async def test_cited_cells_are_walked_through_and_lead_to_the_labelling_room(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "enter")
        assert "▶─[2]" in screen_text(pilot)
        await press(pilot, "j")
        assert "▶─[4]" in screen_text(pilot) and "cited by bo" in screen_text(pilot)
        await press(pilot, "c")
        assert saved(workspace).cells == (4,)
        await press(pilot, "escape", "enter", "j", "enter")
        assert board(pilot).queue.info.name == f"{NAMES[1]}.ipynb"
        assert (sheet(pilot).dimension.id, board(pilot).cells.current) == (FIRST, 4)


async def test_the_mouse_chooses_rows_keys_filters_words_and_cells(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "f3")
        await pilot.click("#rows", offset=(5, 2))
        await rest(pilot)
        assert room(pilot).at == 2
        head = next(line for line in screen_text(pilot).splitlines() if "[ ] differ" in line)
        await pilot.click("#head", offset=(head.index("[ ] differ"), 0))
        await rest(pilot)
        assert len(listed(pilot)) == 2
        await pilot.click("KeyBar", offset=(screen_text(pilot).splitlines()[-1].index("e why"), 0))
        await rest(pilot)
        assert pilot.app.screen.query_one(WhyArea).writing
        await press(pilot, "x")
        await pilot.click("#rows", offset=(5, 0))
        await rest(pilot)
        assert saved(workspace, NAMES[0], SECOND).justification == "a plot is missingx", "a click elsewhere saves"
        lines = screen_text(pilot).splitlines()
        y = next(n for n, line in enumerate(lines) if "── you: why?" in line)
        await pilot.click(offset=(lines[y].index("you"), y))
        await rest(pilot)
        assert pilot.app.screen.query_one(WhyArea).writing
        await press(pilot, "escape")
        lines = screen_text(pilot).splitlines()
        y = next(n for n, line in enumerate(lines) if "cited by bo" in line)
        await pilot.click(offset=(lines[y].index("cited by bo"), y))
        await rest(pilot)
        assert "▶─[4]" in screen_text(pilot), "a first click brings the cell into focus"
        await pilot.click(offset=(lines[y].index("cited by bo"), y))
        await rest(pilot)
        assert board(pilot).cells.current == 4


async def test_another_judge_is_put_beside(workspace: Workspace) -> None:
    judge(workspace, NAMES[0], FIRST, 1, by="other@654321")
    async with opened(workspace) as pilot:
        await press(pilot, "f3")
        assert listed(pilot) == [f"{NAMES[0]} {FIRST}"]
        assert "other@654321 (1 of 2)" in screen_text(pilot)
        await press(pilot, "t")
        assert "tiny@123456 (2 of 2)" in screen_text(pilot)
        assert len(listed(pilot)) == 3


async def test_agreement_without_scores_or_without_a_judge_says_what_is_missing(build: Builder) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        await press(pilot, "f3", "tab")
        text = " ".join(screen_text(pilot).split())
        assert "You have scored nothing yet." in text and "how near a judge comes to your scores" in text
        assert "MAE" not in text
    workspace.set_label("affairs-024", "model_use", 2, rater="ann")
    async with opened(workspace) as pilot:
        await press(pilot, "f3", "tab")
        text = " ".join(screen_text(pilot).split())
        assert "No judge has scored anything yet" in text and "raters: nobody else scored these" in text
        assert "against you" not in text


async def test_agreement_is_told_of_what_the_rater_scored_alone(workspace: Workspace) -> None:
    async with opened(workspace, size=(90, 60)) as pilot:
        await review(pilot, "tab")
        text = screen_text(pilot)
        assert "On the 3 pairs" in text
        rows = [line.split() for line in text.splitlines() if line.strip().startswith("Library Installation")]
        assert rows[0][2:] == ["2", "1.00", "-1.00", "50%", "0.00"], "against ann"
        assert rows[2][2:6] == ["1", "2.00", "0%", "0.00"], "of bo only the pair that ann scored too"
        await press(pilot, "3")
        assert saved(workspace).score == 3, "digits score nothing while no pair is in view"
        await press(pilot, "tab")
        assert "judge: tiny@123456" in screen_text(pilot)


async def test_a_decision_shows_beside_the_scores(workspace: Workspace) -> None:
    workspace.set_label(NAMES[1], FIRST, 2, rater="eve", justification="a pin is missing", role="decision")
    async with opened(workspace, size=(120, 60)) as pilot:
        await press(pilot, "f3")
        assert "2 average by eve" in screen_text(pilot) and "a pin is missing" in screen_text(pilot)


async def test_what_is_scored_elsewhere_in_the_meantime_is_there_on_coming_back(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await review(pilot, "f2")
        workspace.set_label(NAMES[2], FIRST, 1, rater="ann")
        await press(pilot, "f3")
        assert f"{NAMES[2]} {FIRST}" in listed(pilot)
        assert room(pilot).pair is not None


async def test_the_labelling_room_knows_what_was_scored_and_said_here(workspace: Workspace) -> None:
    async with opened(workspace, notebook=NAMES[1]) as pilot:
        assert sheet(pilot).labels[FIRST].score == 3
        await review(pilot, "1", "e", *"why", "escape", "f2")
        assert (sheet(pilot).labels[FIRST].score, sheet(pilot).words_of(FIRST).text) == (1, "why")
        assert not sheet(pilot).is_draft(FIRST)


async def test_hostile_words_are_shown_as_they_are(workspace: Workspace) -> None:
    workspace.set_label(NAMES[1], FIRST, 1, rater="b[red]o", justification="[link=x]\n[/bold] tail")
    async with opened(workspace) as pilot:
        await press(pilot, "f3")
        assert "b[red]o" in screen_text(pilot) and "[/bold] tail" in screen_text(pilot)


async def test_the_empty_states_say_what_is_missing(build: Builder) -> None:
    ws = build(sample(NAMES[0]))
    async with opened(ws) as pilot:
        await press(pilot, "f3")
        assert "You have scored nothing yet." in screen_text(pilot) and "F2" in screen_text(pilot)
        await press(pilot, "e", "3", "u", "U", "j", "G", "enter", "escape", "c", "t", "n", "y", "l", "tab", "tab", "r")
        assert ws.labels() == []
    ws.set_label(NAMES[0], FIRST, 3, rater="ann")
    async with opened(ws) as pilot:
        await press(pilot, "f3")
        assert "No judge has scored anything yet." in screen_text(pilot)
    judge(ws, NAMES[0], SECOND, 1)
    async with opened(ws) as pilot:
        await press(pilot, "f3")
        assert "scored nothing in common" in screen_text(pilot)
