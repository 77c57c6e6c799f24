"""Evidence beside the rubric."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from nbalign.evidence import Evidence, Fact, Kind, read_evidence
from nbalign.evidence.model import Polarity
from nbalign.notebooks.model import Notebook
from nbalign.tui import fact_reader
from nbalign.tui.fact_list import FactList
from nbalign.tui.fact_walk import FactWalk
from nbalign.tui.help import HelpDialog
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.rubric_panel import RubricPanel
from nbalign.tui.why_area import WhyArea
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, Facts, sample
from tests.tui.driving import board, opened, press, rest, screen_text, sheet

NAMES = ("affairs-024", "affairs-046", "anes-006")
FIRST = "library_installation"
POINTS: dict[Polarity, float] = {"good": 0.37, "gap": -0.37, "fault": -1.37, "neutral": 0.0, "n/a": 0.0}


def fact(text: str, *cells: int, polarity: Polarity = "gap", dimension: str = FIRST) -> Fact:
    return Kind("kind", dimension, polarity, POINTS[polarity], "x").fact(text, cells)


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(*(sample(name) for name in NAMES))


@pytest.fixture
def three(facts: Facts) -> None:
    facts[NAMES[0]] = (
        fact("lightgbm is absent", 3, 7, polarity="fault"),
        fact("no requirements file"),
        fact("imports stand together", 5, polarity="good"),
    )


def words(pilot: Pilot[None]) -> str:
    """What the panel on the right says, blanks joined."""
    region = board(pilot).query_one(RubricPanel).region
    lines = screen_text(pilot).splitlines()[region.y : region.bottom]
    return " ".join(" ".join(line[region.x :] for line in lines).split())


def is_loading(screen: LabelScreen) -> bool:
    return screen.scoring.sheet is None


async def until(pilot: Pilot[None], holds: Callable[[], bool]) -> None:
    """Lets the screen go on until something holds; for what cannot come to rest yet."""
    for _ in range(500):
        if holds():
            return
        await pilot.pause(0.02)
    raise AssertionError("it never came to hold")


# -- the walk


@given(st.lists(st.lists(st.integers(1, 99), unique=True, max_size=3), min_size=1, max_size=5))
def test_a_walk_sees_every_cell_of_every_fact_in_order_and_comes_back_the_same_way(cells: list[list[int]]) -> None:
    walk = FactWalk()
    walk.take("n", FIRST, tuple(fact(f"f{n}", *found) for n, found in enumerate(cells)))
    way = [(n, cell) for n, found in enumerate(cells) for cell in (*sorted(found),) or (None,)]
    seen = []
    for _ in way:
        walk.step(1)
        seen.append((walk.at, walk.cell))
    assert seen == way
    walk.step(1)
    assert (walk.at, walk.cell) == way[0], "it goes round the end"
    back = []
    for _ in way:
        walk.step(-1)
        back.append((walk.at, walk.cell))
    assert back == way[::-1]


def test_a_walk_without_facts_stands_still() -> None:
    walk = FactWalk()
    walk.step(1)
    walk.choose(0)
    assert (walk.at, walk.fact, walk.cell) == (-1, None, None)


def test_a_walk_begins_anew_in_another_dimension_or_notebook_and_goes_on_in_the_same() -> None:
    found = (fact("a", 1), fact("b", 2))
    walk = FactWalk()
    for about in [("n", "d"), ("n", "e"), ("m", "e")]:
        walk.take(*about, found)
        assert walk.at == -1
        walk.step(1)
        walk.take(*about, found)
        assert walk.at == 0


# -- the screen


async def test_facts_stand_with_sign_cells_and_words_but_without_points(workspace: Workspace, three: None) -> None:
    async with opened(workspace) as pilot:
        shown = words(pilot)
        assert "evidence: 3 facts" in shown
        assert "! [3] [7] lightgbm is absent" in shown
        assert "- no requirements file" in shown
        assert "+ [5] imports stand together" in shown
        assert "37" not in shown, "facts, not scores"


async def test_a_key_walks_through_the_cells_of_each_fact_and_brings_them_into_view(
    workspace: Workspace, three: None
) -> None:
    async with opened(workspace) as pilot:
        cells = board(pilot).cells
        seen = []
        for _ in range(5):
            await press(pilot, "v")
            seen.append((board(pilot).walk.at, cells.current))
        assert seen == [(0, 3), (0, 7), (1, 7), (2, 5), (0, 3)], "a fact without cells leaves the view alone"
        assert "evidence 1/3 · [3]" in words(pilot)
        assert "▶! [3] [7] lightgbm is absent" in words(pilot)
        assert "▶─[3]" in screen_text(pilot)
        await press(pilot, "V")
        assert (board(pilot).walk.at, cells.current) == (2, 5)
        await press(pilot, "c")
        assert sheet(pilot).words_of(FIRST).cells == (5,)


async def test_each_dimension_has_its_own_facts_and_says_so_when_there_are_none(
    workspace: Workspace, facts: Facts
) -> None:
    facts[NAMES[0]] = (fact("of the first", 2), fact("of the second", 4, dimension="data_exploration"))
    async with opened(workspace) as pilot:
        await press(pilot, "v", "n")
        assert "of the second" in words(pilot) and "of the first" not in words(pilot)
        assert board(pilot).walk.at == -1
        await press(pilot, "n")
        assert "no facts were read off the code for this dimension" in words(pilot)
        await press(pilot, "v", "V")
        assert board(pilot).cells.current == 2, "there is nowhere to go"


async def test_a_click_on_a_fact_goes_to_its_cell_and_a_second_one_to_the_next(
    workspace: Workspace, three: None
) -> None:
    async with opened(workspace) as pilot:
        cells = board(pilot).cells
        await pilot.click("#facts", offset=(8, 0))
        await rest(pilot)
        assert cells.current == 3
        await pilot.click("#facts", offset=(8, 0))
        await rest(pilot)
        assert cells.current == 7
        await pilot.click("#facts", offset=(8, 2))
        await rest(pilot)
        assert (board(pilot).walk.at, cells.current) == (2, 5)
        await pilot.click("#facts-title", offset=(4, 0))
        await rest(pilot)
        assert (board(pilot).walk.at, cells.current) == (0, 3)


async def test_a_click_on_a_fact_leaves_the_words_being_written_alone(workspace: Workspace, three: None) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "e", "v", "V", "h")
        await pilot.click("#facts", offset=(8, 0))
        await press(pilot, "x")
        assert board(pilot).query_one(WhyArea).text == "vVhx"
        assert board(pilot).cells.current == 3


async def test_a_rater_who_wants_no_evidence_sees_and_reads_none_until_it_is_wanted(
    workspace: Workspace, three: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "h")
        assert "evidence hidden" in words(pilot) and "lightgbm is absent" not in words(pilot)
        await press(pilot, "v")
        assert board(pilot).cells.current == 1 and "lightgbm is absent" not in words(pilot)
    reads = []

    def counted(notebook: Notebook) -> Evidence:
        reads.append(notebook.name)
        return Evidence(notebook.sha256, (fact("lightgbm is absent"),))

    monkeypatch.setattr(fact_reader, "read_evidence", counted)
    async with opened(workspace) as pilot:
        assert "evidence hidden" in words(pilot), "it is remembered"
        assert reads == []
        await press(pilot, "h")
        assert "lightgbm is absent" in words(pilot)
    async with opened(workspace, rater="bob") as pilot:
        assert "lightgbm is absent" in words(pilot), "what one rater hides is there for another"


async def test_evidence_of_one_rater_hidden_is_still_shown_again_after_a_restart(
    workspace: Workspace, three: None
) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "h")
        await press(pilot, "h")
    async with opened(workspace) as pilot:
        assert "lightgbm is absent" in words(pilot)


async def test_the_screen_never_waits_for_facts_and_never_shows_those_of_a_notebook_left_behind(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, reads = threading.Event(), []

    def slow(notebook: Notebook) -> Evidence:
        reads.append(notebook.name)
        assert go_on.wait(30)
        return Evidence(notebook.sha256, (fact(f"read off {notebook.name}", 2),))

    monkeypatch.setattr(fact_reader, "read_evidence", slow)
    names = [f"{name}.ipynb" for name in NAMES]
    async with opened(workspace, resting=False) as pilot:
        try:
            await until(pilot, lambda: isinstance(pilot.app.screen, LabelScreen) and bool(reads))
            await until(pilot, lambda: "evidence: reading" in words(pilot))
            await pilot.press("3", "v")
            await board(pilot).room_app.clerk.finish()
            assert workspace.labels(notebook=NAMES[0], rater="ann")[0].score == 3
            for name in names[1:]:
                await pilot.press("]")
                await until(pilot, lambda: not is_loading(board(pilot)) and "evidence: reading" in words(pilot))
                assert sheet(pilot).notebook.name == name
        finally:
            go_on.set()
        await rest(pilot)
        assert reads == [names[0], names[2]], "a notebook left before its turn is not read"
        assert f"read off {names[2]}" in words(pilot) and names[0] not in words(pilot)
        await press(pilot, "]", "p")  # its first dimension is scored by now
        assert f"read off {names[0]}" in words(pilot)
        assert reads == [names[0], names[2]], "and one that was read is not read again"


async def test_a_fault_in_reading_facts_costs_the_facts_alone(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(notebook: Notebook) -> Evidence:
        raise RecursionError("a [bold]fault[/]")

    monkeypatch.setattr(fact_reader, "read_evidence", broken)
    async with opened(workspace) as pilot:
        assert isinstance(pilot.app.screen, LabelScreen)
        assert "evidence: could not be read" in words(pilot)
        assert "tui.log" in words(pilot)
        await press(pilot, "v", "3", "]")
        # In two goes: a notebook that is left before its turn is not read.
        await press(pilot, "[")
        assert workspace.labels(notebook=NAMES[0], rater="ann")[0].score == 3
        log = (workspace.path / "tui.log").read_text(encoding="utf-8")
        assert log.count("RecursionError: a [bold]fault[/]") == 2, "once for each notebook opened"


async def test_hostile_facts_are_shown_as_plain_text_on_their_lines(workspace: Workspace, facts: Facts) -> None:
    facts[NAMES[0]] = (fact("a\x1b[31m [bold]b[/]\n\u202e語語" + "y" * 300, 999), fact("", 1))
    async with opened(workspace) as pilot:
        assert "\x1b" not in screen_text(pilot) and "\u202e" not in screen_text(pilot)
        assert "[999] a�[31m [bold]b[/] �語語" in words(pilot)
        await press(pilot, "v")
        assert board(pilot).cells.current == len(sheet(pilot).notebook.cells)


async def test_code_that_could_not_be_read_is_named(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    def partly(notebook: Notebook) -> Evidence:
        return Evidence(notebook.sha256, (), ((4, "no Python"), (0, "too long to follow"), (4, "again")))

    monkeypatch.setattr(fact_reader, "read_evidence", partly)
    async with opened(workspace) as pilot:
        assert "no facts were read" in words(pilot)
        assert "code that could not be read: [4] too long to follow" in words(pilot)


@pytest.mark.parametrize("size", [(80, 24), (110, 34), (130, 42), (200, 60)])
async def test_many_facts_leave_room_for_the_rubric_and_the_words(
    workspace: Workspace, facts: Facts, size: tuple[int, int]
) -> None:
    long = "fillna(median) learned from all rows of every column, before the split " * 2
    facts[NAMES[0]] = tuple(fact(f"{n} {long}", *range(1, 9)) for n in range(15))
    async with opened(workspace, size=size) as pilot:
        screen = board(pilot)
        panel = screen.query_one(RubricPanel).region
        text = screen_text(pilot)
        assert "evidence: 15 facts (v)" in text
        assert screen.query_one(FactList).display == (size[1] >= 30), "a low screen folds them to one line"
        for _ in range(9):
            await press(pilot, "v")
        assert "▶- [1]" in screen_text(pilot)
        assert screen.query_one("#rubric").size.height >= 3
        await press(pilot, "e", "x")
        area = screen.query_one(WhyArea)
        assert area.region.height >= 5 and area.region.bottom <= panel.bottom
        assert screen.query_one("#rubric").size.height >= 3
        assert "evidence 2/15 · [1]" in screen_text(pilot)


async def test_the_list_scrolls_no_further_than_the_fact_in_focus_needs(workspace: Workspace, facts: Facts) -> None:
    many = [fact(f"fact {n} of the second", 2, dimension="data_exploration") for n in range(20)]
    facts[NAMES[0]] = (fact("only one", 1), *many)
    async with opened(workspace) as pilot:
        await pilot.press("n", "v", "v")  # at once: the longer list is not laid out yet
        await rest(pilot)
        assert "fact 0 of the second" in words(pilot)
        for _ in range(18):
            await press(pilot, "v")
        assert "▶- [2] fact 19 of the second" in words(pilot)
        await press(pilot, "p", "n")
        assert "fact 0 of the second" in words(pilot), "and begins at its top again"


async def test_a_list_that_was_small_while_words_were_written_shows_what_it_showed_before(
    workspace: Workspace, facts: Facts
) -> None:
    facts[NAMES[0]] = tuple(fact(f"fact {n} is told in a sentence of two lines", 2) for n in range(8))
    async with opened(workspace, size=(110, 40)) as pilot:
        await press(pilot, "v", "v", "v")
        before = words(pilot)
        assert "fact 0" in before
        await press(pilot, "e")
        assert "fact 0" not in words(pilot) and "fact 2" in words(pilot)
        await press(pilot, "escape")
        assert words(pilot) == before


async def test_facts_fold_and_unfold_as_the_terminal_changes(workspace: Workspace, three: None) -> None:
    async with opened(workspace, size=(100, 40)) as pilot:
        assert "lightgbm is absent" in words(pilot)
        await pilot.resize_terminal(100, 24)
        await rest(pilot)
        assert "evidence: 3 facts" in words(pilot) and "lightgbm is absent" not in words(pilot)
        await press(pilot, "v")
        assert "lightgbm is absent" in words(pilot) and "no requirements file" not in words(pilot)
        await pilot.resize_terminal(180, 40)
        await rest(pilot)
        assert "no requirements file" in words(pilot)
        assert board(pilot).query_one(RubricPanel).size.width > 50, "a wide terminal has a wide panel"
        assert board(pilot).cells.size.width >= 80, "but code comes first"


async def test_the_help_and_the_palette_know_the_evidence(workspace: Workspace, three: None) -> None:
    async with opened(workspace, size=(120, 60)) as pilot:
        assert "v fact" in screen_text(pilot).splitlines()[-1]
        await press(pilot, "question_mark")
        assert isinstance(pilot.app.screen, HelpDialog)
        assert "next fact of the evidence" in screen_text(pilot)
        await press(pilot, "escape", "ctrl+p")
        await press(pilot, *"hide", "space", *"the", "space", *"evidence")
        await press(pilot, "enter")
        assert "evidence hidden" in words(pilot)


async def test_real_notebooks_are_read(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fact_reader, "read_evidence", read_evidence)
    async with opened(workspace) as pilot:
        sha256 = sheet(pilot).notebook.sha256
        evidence = board(pilot).fact_reader.known(sha256)
        assert evidence is not None and evidence.notebook == sha256
        assert not board(pilot).fact_reader.broken(sha256)
