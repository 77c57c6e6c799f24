from __future__ import annotations

import pytest
from textual.pilot import Pilot

from nbalign.labels.model import Label
from nbalign.tui.adjudicate.keys import ACTIONS, bindings
from nbalign.tui.adjudicate.screen import AdjudicateRoom
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
    """ann and bo differ a little on one pair and much on another; a third, of bo and cy alone, ann has not scored."""
    ws = build(*(sample(name) for name in NAMES))
    for rater, score, words, cells in (("ann", 3, "fine to me", [2]), ("bo", 2, "one gap", [4])):
        ws.set_label(NAMES[0], FIRST, score, rater=rater, justification=words, cells=cells)
    for rater, score, words, cells in (("ann", 3, "all good", [3]), ("bo", 1, "not at all", [2, 3])):
        ws.set_label(NAMES[1], FIRST, score, rater=rater, justification=words, cells=cells)
    for rater, score, words in (("bo", 3, "bo's secret"), ("cy", 1, "cy's secret")):
        ws.set_label(NAMES[2], SECOND, score, rater=rater, justification=words)
    for rater in ("ann", "bo"):
        ws.set_label(NAMES[2], FIRST, 2, rater=rater)
    judge(ws, NAMES[1], FIRST, 2, rationale="The judge's words about [5].")
    return ws


def room(pilot: Pilot[None]) -> AdjudicateRoom:
    found = pilot.app.screen
    assert isinstance(found, AdjudicateRoom)
    return found


async def adjudicate(pilot: Pilot[None], *keys: str) -> None:
    await press(pilot, "f4")
    await press(pilot, *keys)


def decisions(workspace: Workspace, name: str = NAMES[1]) -> list[Label]:
    return workspace.labels(notebook=name, role="decision")


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
            assert hasattr(AdjudicateRoom, f"action_{action.name.partition('(')[0]}"), action.id


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (300, 100)])
async def test_scores_and_words_stand_beside_each_other_the_furthest_apart_first(
    workspace: Workspace, size: tuple[int, int]
) -> None:
    async with opened(workspace, size=size) as pilot:
        await adjudicate(pilot)
        assert listed(pilot)[:2] == [f"{NAMES[1]} {FIRST}", f"{NAMES[0]} {FIRST}"]
        text = screen_text(pilot)
        assert "2 open · 0 decided · 1 covered" in text
        assert "‼ 3·1" in text and "≠ 3·2" in text
        assert "ann (you)  3 good" in text and "bo  1 bad" in text
        assert "all good" in text and "not at all" in text and "cited by bo" in text
        side_by_side = any("ann (you)" in line and "bo  1 bad" in line for line in text.splitlines())
        assert side_by_side == (size[0] > 80)


async def test_the_judge_stays_hidden_until_it_is_decided_or_asked_for(workspace: Workspace) -> None:
    async with opened(workspace, size=(120, 60)) as pilot:
        await adjudicate(pilot)
        assert "The judge's words" not in screen_text(pilot) and "[5]" not in screen_text(pilot)
        await press(pilot, "r")
        assert "The judge's words" in screen_text(pilot) and "cited by the judge" in screen_text(pilot)
        await press(pilot, "r")
        assert "The judge's words" not in screen_text(pilot)
        await press(pilot, "2", "escape")
        assert "The judge's words" in screen_text(pilot)


async def test_a_digit_decides_and_asks_for_the_reason(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "2")
        assert pilot.app.screen.query_one(WhyArea).writing
        assert [(d.score, d.rater, d.justification) for d in decisions(workspace)] == [(2, "ann", "")]
        await press(pilot, *"so3", "escape")
        assert [(d.score, d.justification) for d in decisions(workspace)] == [(2, "so3")]
        assert workspace.label_history(notebook=NAMES[1], rater="ann")[-1].source == "tui"
        assert "✔ 3·1→2" in screen_text(pilot) and "1 open · 1 decided" in screen_text(pilot)
        assert [label.score for label in workspace.labels(notebook=NAMES[1], rater="ann", role="rater")] == [3]


async def test_a_decision_without_a_reason_is_saved_and_marked(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "2", "escape")
        assert [d.score for d in decisions(workspace)] == [2]
        assert "? 3·1→2" in screen_text(pilot) and "? without a reason" in screen_text(pilot)
    async with opened(workspace) as pilot:
        await adjudicate(pilot)
        assert listed(pilot)[-1] == f"{NAMES[1]} {FIRST}", "what is decided comes last"


async def test_undo_and_redo_take_decisions_alone_and_go_where_they_were(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "2", *"why", "escape", "]", "3", "escape", "k")
        await press(pilot, "u")
        assert decisions(workspace, NAMES[0]) == []
        assert room(pilot).at == 1, "the focus goes where the undo happened"
        await press(pilot, "u")
        assert [(d.score, d.justification) for d in decisions(workspace)] == [(2, "")]
        await press(pilot, "u", "u", "u")
        assert decisions(workspace) == []
        assert len(workspace.labels(rater="ann", role="rater")) == 3, "scores are not touched"
        await press(pilot, "U", "ctrl+r", "U")
        assert [(d.score, d.justification) for d in decisions(workspace)] == [(2, "why")]
        assert [d.score for d in decisions(workspace, NAMES[0])] == [3]


async def test_a_reason_before_the_decision_is_a_draft_of_its_own_and_joins_it(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "e", *"because", "escape")
        assert "· draft" in screen_text(pilot)
        assert decisions(workspace) == []
    async with opened(workspace, notebook=NAMES[1]) as pilot:
        assert sheet(pilot).words_of(FIRST).text == "all good", "it is not taken for the words of the score"
        await adjudicate(pilot)
        assert "because" in screen_text(pilot)
        await press(pilot, "2", "escape")
        assert [(d.score, d.justification) for d in decisions(workspace)] == [(2, "because")]
        assert workspace.drafts("ann", workspace.rubric().id, "decision") == {}


async def test_a_reason_being_written_is_saved_when_one_leaves_or_quits(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "2", *"one", "f3")
        assert decisions(workspace)[0].justification == "one"
        await adjudicate(pilot, "g", "G", "e", *"two", "ctrl+q")
    assert decisions(workspace)[0].justification == "onetwo"


async def test_what_one_has_not_scored_stays_covered_until_asked_for(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "G")
        assert listed(pilot)[2] == f"{NAMES[2]} {SECOND}"
        text = screen_text(pilot)
        assert "secret" not in text and "3·1" in text and "◌ ?" in text and "you have not scored it" in text
        await press(pilot, "2", "e", "r", "c")
        assert decisions(workspace, NAMES[2]) == []
        assert not pilot.app.screen.query_one(WhyArea).writing
        await press(pilot, "R")
        assert "bo's secret" in screen_text(pilot) and "covered" not in screen_text(pilot).splitlines()[0]
        await press(pilot, "R")
        assert "secret" not in screen_text(pilot)
        await press(pilot, "enter")
        assert (sheet(pilot).notebook.name, sheet(pilot).dimension.id) == (f"{NAMES[2]}.ipynb", SECOND)
        await press(pilot, "2")
        await adjudicate(pilot)
        assert "2·3·1" in screen_text(pilot), "once it is scored it shows"


async def test_one_who_only_decides_uncovers_all_and_decides(workspace: Workspace) -> None:
    async with opened(workspace, rater="eve") as pilot:
        await adjudicate(pilot)
        assert "0 open · 0 decided · 3 covered" in screen_text(pilot)
        assert "not at all" not in screen_text(pilot)
        await press(pilot, "R", "g")
        assert listed(pilot)[-1] == f"{NAMES[0]} {FIRST}"
        await press(pilot, "1", *"so", "escape", "R")
        assert "1 decided · 2 covered" in screen_text(pilot), "what one has decided stays in view"


async def test_cited_cells_lead_to_the_labelling_room_and_can_be_cited_for_the_decision(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "2", *"x", "escape", "enter", "j")
        assert "▶─[3]" in screen_text(pilot) and "cited by ann (you) · bo" in screen_text(pilot)
        await press(pilot, "c")
        assert decisions(workspace)[0].cells == (3,)
        await press(pilot, "enter")
        assert board(pilot).queue.info.name == f"{NAMES[1]}.ipynb"
        assert (sheet(pilot).dimension.id, board(pilot).cells.current) == (FIRST, 3)


async def test_brackets_and_rows_move_between_conflicts(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await adjudicate(pilot, "enter", "]")
        assert (room(pilot).at, room(pilot).pane) == (1, "pairs")
        await press(pilot, "[", "[")
        assert room(pilot).at == 0
        await press(pilot, "j", "down")
        assert room(pilot).at == 2


async def test_the_mouse_works_on_rows_keys_the_reason_the_judge_and_cells(workspace: Workspace) -> None:
    async with opened(workspace, size=(120, 60)) as pilot:
        await adjudicate(pilot)
        await pilot.click("#rows", offset=(5, 1))
        await rest(pilot)
        assert room(pilot).at == 1
        await pilot.click("#rows", offset=(5, 0))
        await click_on(pilot, "r shows it")
        assert "The judge's words" in screen_text(pilot)
        await click_on(pilot, "── decision")
        assert pilot.app.screen.query_one(WhyArea).writing
        await press(pilot, *"hm", "escape")
        await click_on(pilot, "show what you have not scored")
        assert "covered" not in screen_text(pilot).splitlines()[0]
        await click_on(pilot, "cited by bo")
        await click_on(pilot, "cited by bo")
        assert board(pilot).cells.current == 2


async def click_on(pilot: Pilot[None], words: str) -> None:
    lines = screen_text(pilot).splitlines()
    y = next(n for n, line in enumerate(lines) if words in line)
    await pilot.click(offset=(lines[y].index(words) + 1, y))
    await rest(pilot)


async def test_another_ones_decision_counts_until_a_later_one_and_a_new_score_is_noticed(workspace: Workspace) -> None:
    workspace.set_label(NAMES[1], FIRST, 1, rater="eve", justification="a rule", role="decision")
    workspace.set_label(NAMES[1], FIRST, 2, rater="bo", justification="I was too strict")
    async with opened(workspace, size=(120, 60)) as pilot:
        await adjudicate(pilot, "G", "k")
        if "a rule" not in screen_text(pilot):
            await press(pilot, "G")
        text = screen_text(pilot)
        assert "1 bad by eve" in text and "a rule" in text and "scored this again" in text
        await press(pilot, "2", *"no", "escape")
        text = screen_text(pilot)
        assert "an earlier one:" in text and "scored this again" not in text and "→2" in text


async def test_the_empty_states_say_what_is_missing(build: Builder) -> None:
    ws = build(*(sample(name) for name in NAMES[:2]))
    async with opened(ws) as pilot:
        await adjudicate(pilot)
        assert "Nobody has scored anything yet." in screen_text(pilot)
        await press(pilot, "2", "e", "u", "U", "]", "[", "j", "G", "enter", "escape", "c", "r", "R", "space")
        assert ws.labels() == []
    ws.set_label(NAMES[0], FIRST, 3, rater="ann")
    async with opened(ws) as pilot:
        await adjudicate(pilot)
        text = " ".join(screen_text(pilot).split())
        assert "Only one rater so far: ann." in text and "nbalign tui --rater NAME" in text
    ws.set_label(NAMES[1], FIRST, 3, rater="bo")
    async with opened(ws) as pilot:
        await adjudicate(pilot)
        assert "scored nothing in common" in screen_text(pilot)
    ws.set_label(NAMES[0], FIRST, 3, rater="bo")
    async with opened(ws) as pilot:
        await adjudicate(pilot)
        assert "No conflicts" in screen_text(pilot)


async def test_undo_in_the_labelling_room_leaves_decisions_alone(workspace: Workspace) -> None:
    async with opened(workspace, notebook=NAMES[1]) as pilot:
        await adjudicate(pilot, "2", "escape", "f2")
        await press(pilot, "u")
        assert [d.score for d in decisions(workspace)] == [2]
        assert workspace.labels(notebook=NAMES[1], rater="ann", role="rater") == []
