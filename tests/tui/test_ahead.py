from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.errors import StoreError
from nbalign.notebooks.model import Notebook
from nbalign.tui.adjudicate.screen import AdjudicateRoom
from nbalign.tui.ahead import KeysAhead
from nbalign.tui.room import Room
from nbalign.tui.why_area import WhyArea
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, code, notebook_file
from tests.tui.driving import board, opened, press, rest, sheet


class Gate:
    """Lets readers through once it is open."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.error: Exception | None = None

    def wait(self) -> None:
        assert self.open.wait(20)
        if self.error is not None:
            raise self.error


@pytest.fixture
def gate() -> Iterator[Gate]:
    made = Gate()
    yield made
    made.open.set()


@pytest.fixture
def workspace(build: Builder, tmp_path: Path) -> Workspace:
    cells = [code(f"x = {n}") for n in range(5)]
    made = build(*(notebook_file(tmp_path / f"{n}.ipynb", [*cells, code(n)]) for n in "abc"))
    first = made.rubric().dimensions[0].id
    for name in "abc":
        made.set_label(name, first, 2, rater="ann")
        made.set_label(name, first, 0, rater="ben")
    return made


def shut(monkeypatch: pytest.MonkeyPatch, workspace: Workspace, gate: Gate) -> None:
    """Notebooks are read when the gate opens."""
    read = workspace.notebook

    def later(reference: str) -> Notebook:
        gate.wait()
        return read(reference)

    monkeypatch.setattr(workspace, "notebook", later)


async def type_ahead(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)


async def test_keys_pressed_while_a_notebook_is_opened_act_when_it_is_there(
    workspace: Workspace, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as pilot:
        before = sheet(pilot).focus
        shut(monkeypatch, workspace, gate)
        await type_ahead(pilot, "right_square_bracket", "j", "j", "n", "c", "e", *"no j k", "escape")
        assert board(pilot).scoring.sheet is None
        gate.open.set()
        await rest(pilot)
        found = sheet(pilot)
        assert board(pilot).cells.current == 3
        assert found.notebook.name == "b.ipynb" and found.focus == before + 1
        words = found.words_of(found.dimension.id)
        assert words.cells == (3,) and words.text == "no j k"
        assert not board(pilot).query_one(WhyArea).writing


async def test_no_score_falls_on_a_notebook_that_nobody_has_seen(
    workspace: Workspace, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as pilot:
        shut(monkeypatch, workspace, gate)
        await type_ahead(pilot, "right_square_bracket", "3")
        assert any("still loading b.ipynb: nothing was scored" in n.message for n in pilot.app._notifications)
        await type_ahead(pilot, "n", "3", "u")
        gate.open.set()
        await rest(pilot)
        said = [n.message for n in pilot.app._notifications]
        assert "3 came too early, while it was still loading: nothing was changed" in said
        assert "u came too early, while it was still loading: nothing was changed" in said
    assert len(workspace.labels(rater="ann")) == 3


async def test_going_on_to_the_next_notebook_waits_for_none(
    workspace: Workspace, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as pilot:
        shut(monkeypatch, workspace, gate)
        await type_ahead(pilot, "right_square_bracket", "right_square_bracket")
        assert board(pilot).queue.info.name == "c.ipynb"
        gate.open.set()
        await rest(pilot)
        assert sheet(pilot).notebook.name == "c.ipynb"


async def test_what_cannot_be_opened_drops_what_waits_and_the_next_notebook_opens(
    workspace: Workspace, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as pilot:
        with monkeypatch.context() as patched:
            shut(patched, workspace, gate)
            gate.error = StoreError("the disk is gone", "Look for it.")
            await type_ahead(pilot, "right_square_bracket", "j", "right_square_bracket")
            gate.open.set()
            await rest(pilot)
        assert board(pilot).queue.info.name == "b.ipynb"
        assert board(pilot).no_sheet == "not read"
        await press(pilot, "3", "right_square_bracket", "j")
        assert any("b.ipynb cannot be read: nothing was scored" in n.message for n in pilot.app._notifications)
        assert sheet(pilot).notebook.name == "c.ipynb" and board(pilot).cells.current == 2


@pytest.mark.parametrize("key", ["f3", "f4", "f5", "f6", "f8"])
async def test_in_every_room_keys_wait_until_its_first_reading_is_over(
    workspace: Workspace, gate: Gate, key: str
) -> None:
    async with opened(workspace) as pilot:
        app = board(pilot).room_app
        app.reader.hand(gate.wait, lambda _: None, app.unexpected)  # what the room reads comes after this
        await type_ahead(pilot, key)
        room = app.screen
        assert isinstance(room, Room) and room.unread
        seen: list[str] = []

        async def act(event: object) -> None:
            seen.append(getattr(event, "key", ""))

        app.keys_ahead = KeysAhead(app.keys_of, act)
        await type_ahead(pilot, "j", "k", "z")
        assert seen == []
        gate.open.set()
        await rest(pilot)
        assert not room.unread
        assert seen == ["j", "k", "z"]


async def test_keys_act_on_the_row_they_were_meant_for_and_decide_nothing_unseen(
    workspace: Workspace, gate: Gate
) -> None:
    async with opened(workspace) as pilot:
        app = board(pilot).room_app
        app.reader.hand(gate.wait, lambda _: None, app.unexpected)
        await type_ahead(pilot, "f4", "j", "1")
        gate.open.set()
        await rest(pilot)
        room = app.screen
        assert isinstance(room, AdjudicateRoom)
        assert len(room.pairs) == 3 and room.pair == room.pairs[1]
    assert not workspace.labels(role="decision")


async def test_leaving_the_room_drops_what_waits_there(workspace: Workspace, gate: Gate) -> None:
    async with opened(workspace) as pilot:
        app = board(pilot).room_app
        app.reader.hand(gate.wait, lambda _: None, app.unexpected)
        await type_ahead(pilot, "f5", "2", "f2", "j")
        assert board(pilot).cells.current == 2, "keys of the room in view act at once"
        gate.open.set()
        await rest(pilot)
        assert board(pilot).cells.current == 2
