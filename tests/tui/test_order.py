from __future__ import annotations

from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.store.database import Store
from nbalign.tui.queue_find import QueueFind
from nbalign.tui.room import Room
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, code, notebook_file
from tests.tui.driving import board, opened, press, rest, screen_text, sheet

NAMES = ("alpha", "beta", "gamma", "delta")
TEXTS = ("price house", "price house", "tide moon", "price house moon")


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Short notices as they are given; on the screen they vanish after seconds."""
    told: list[str] = []
    monkeypatch.setattr(Room, "say", lambda self, message: told.append(message))
    return told


@pytest.fixture
def workspace(build: Builder, tmp_path: Path) -> Workspace:
    return build(
        *(notebook_file(tmp_path / f"{n}.ipynb", [code(f"# {n}\n{t}")]) for n, t in zip(NAMES, TEXTS, strict=True))
    )


def queue(pilot: Pilot[None]) -> list[str]:
    return [info.name.removesuffix(".ipynb") for info in board(pilot).queue.infos]


def in_view(pilot: Pilot[None]) -> str:
    return board(pilot).queue.info.name.removesuffix(".ipynb")


def label(workspace: Workspace, name: str, rater: str = "ann", dimensions: int = 9) -> None:
    for dimension in workspace.rubric().dimensions[:dimensions]:
        workspace.set_label(name, dimension.id, 2, rater=rater)


async def test_the_order_is_cycled_said_and_kept_for_the_rater(workspace: Workspace) -> None:
    label(workspace, "alpha")
    async with opened(workspace, size=(180, 40)) as pilot:
        assert queue(pilot) == list(NAMES)
        assert "Queue (as imported)" in screen_text(pilot)
        await press(pilot, "O")
        assert "Queue (random, yours alone)" in screen_text(pilot)
        assert queue(pilot)[-1] == "alpha", "what is done goes last"
        assert in_view(pilot) == "beta", "what is in view stays in view"
        mine = queue(pilot)
        await press(pilot, "O")
        assert "Queue (most informative)" in screen_text(pilot)
        assert queue(pilot)[0] == "gamma", "the one that is unlike what is labelled"
        assert queue(pilot)[-1] == "alpha"
    async with opened(workspace, size=(180, 40)) as pilot:
        assert "Queue (most informative)" in screen_text(pilot)
        assert in_view(pilot) == "gamma"
        assert "why this one: unlike what is labelled" in screen_text(pilot)
        await press(pilot, "O")
        assert queue(pilot) == list(NAMES)
        assert "why this one" not in screen_text(pilot)
        await press(pilot, "O")
        assert queue(pilot) == mine, "random is the same tomorrow"
    async with opened(workspace, rater="bob", size=(180, 40)) as pilot:
        assert "Queue (as imported)" in screen_text(pilot), "each rater has an order of their own"


async def test_a_click_on_the_title_changes_the_order(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await pilot.click("#queue-title", offset=(4, 0))
        await rest(pilot)
        assert "Queue (random" in screen_text(pilot)


async def test_done_notebooks_stay_reachable_and_can_be_changed(workspace: Workspace, said: list[str]) -> None:
    label(workspace, "alpha")
    workspace.set_setting("tui.order:ann", "informative")
    async with opened(workspace) as pilot:
        await press(pilot, "left_square_bracket")
        assert in_view(pilot) == "alpha"
        assert sheet(pilot).scored == 9
        await press(pilot, "3")
        first = workspace.rubric().dimensions[0].id
        assert workspace.labels(notebook="alpha", rater="ann", dimension=first)[0].score == 3
        assert "was 2 → 3 ✔" in screen_text(pilot)
        assert any("was 2, is 3 now" in message for message in said)
        await press(pilot, "u")
        assert "was 2" not in screen_text(pilot)
        assert workspace.labels(notebook="alpha", rater="ann", dimension=first)[0].score == 2


async def test_the_second_annotator_has_the_full_queue(workspace: Workspace) -> None:
    for name in NAMES:
        label(workspace, name)
    workspace.set_setting("tui.order:bob", "informative")
    async with opened(workspace, rater="bob") as pilot:
        assert sorted(queue(pilot)) == sorted(NAMES)
        assert "0/4 labelled" in screen_text(pilot)
        assert sheet(pilot).scored == 0


async def test_after_the_last_score_a_key_goes_to_the_next_open_notebook(workspace: Workspace, said: list[str]) -> None:
    label(workspace, "beta")
    label(workspace, "alpha", dimensions=8)
    async with opened(workspace) as pilot:
        await press(pilot, "3")
        assert any("} next open notebook" in message for message in said)
        assert in_view(pilot) == "alpha", "nothing moves on by itself"
        await press(pilot, "right_curly_bracket")
        assert in_view(pilot) == "gamma"
        label(workspace, "gamma")
        label(workspace, "delta")
    async with opened(workspace) as pilot:
        await press(pilot, "right_curly_bracket")
        assert any("no other notebook is open" in message for message in said)


async def test_reasons_stay_blind(workspace: Workspace) -> None:
    first = workspace.rubric().dimensions[0].id
    workspace.set_label("beta", first, 3, rater="cy", justification="secret words")
    workspace.set_label("beta", first, 1, rater="dee")
    workspace.set_setting("tui.order:ann", "informative")
    async with opened(workspace, notebook="beta", size=(180, 40)) as pilot:
        text = screen_text(pilot)
        assert "why this one: raters differ on 1 dimension" in text
        assert not any(told in text for told in ("secret", "cy", "dee "))


async def test_an_order_that_cannot_be_made_leaves_the_queue_as_it_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(workspace) as pilot:

        def broken(*_: object, **__: object) -> None:
            raise ValueError("a [bold]fault[/]")

        monkeypatch.setattr(workspace, "queue_order", broken)
        await press(pilot, "O")
        assert queue(pilot) == list(NAMES)
        assert "Queue (as imported)" in screen_text(pilot)
        assert any("stays as it was" in n.message for n in pilot.app._notifications)
        await press(pilot, "2")
        assert len(workspace.labels(rater="ann")) == 1


async def test_a_setting_that_makes_no_sense_is_as_imported(workspace: Workspace) -> None:
    workspace.set_setting("tui.order:ann", {"by": "moon"})
    async with opened(workspace) as pilot:
        assert queue(pilot) == list(NAMES)


async def test_a_notebook_that_cannot_be_read_any_more_keeps_its_place_in_the_queue(workspace: Workspace) -> None:
    with Store.open(workspace.path / "nbalign.db") as store, store.write() as db:
        db.conn.execute("UPDATE notebooks SET raw = ? WHERE name = 'beta.ipynb'", (b"{",))
    workspace.set_setting("tui.order:ann", "informative")
    async with opened(workspace) as pilot:
        assert sorted(queue(pilot)) == sorted(NAMES)
        assert "Queue (most informative)" in screen_text(pilot)


async def test_typing_a_part_of_a_name_leaves_the_notebooks_that_contain_it(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "F", *"TA")
        text = screen_text(pilot)
        assert "2 of 4: “TA”" in text
        assert "delta" in text and "gamma" not in text
        assert workspace.labels(rater="ann") == []
        await press(pilot, "down", "enter")
        assert in_view(pilot) == "delta"
        await press(pilot, "right_square_bracket")
        assert in_view(pilot) == "beta", "steps stay among those that show"
        await press(pilot, "3", "escape")
        assert "gamma" in screen_text(pilot)
        assert len(workspace.labels(rater="ann", notebook="beta")) == 1


async def test_a_filter_is_left_by_escape_and_clicks_open_what_they_show(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "F", *"delt")
        await pilot.click("#queue", offset=(5, 0))
        await rest(pilot)
        assert in_view(pilot) == "delta"
        await press(pilot, "F", "escape")
        assert not pilot.app.screen.query_one(QueueFind).display
        assert "alpha" in screen_text(pilot)


async def test_a_name_that_is_nowhere_is_told(workspace: Workspace, said: list[str]) -> None:
    async with opened(workspace, size=(80, 24)) as pilot:
        assert not pilot.app.screen.query_one("#queue-side").display
        await press(pilot, "F", *"zz")
        assert pilot.app.screen.query_one("#queue-side").display, "the queue shows while one types, however narrow"
        assert "0 of 4" in screen_text(pilot)
        await press(pilot, "enter")
        assert any("no notebook's name contains this" in message for message in said)
        await press(pilot, "escape")
        assert in_view(pilot) == "alpha"
        assert not pilot.app.screen.query_one("#queue-side").display


async def test_going_to_another_room_from_the_field_leaves_it(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        await press(pilot, "F", *"ga", "f7")
        assert "≡ Runs ·" in screen_text(pilot)
        await press(pilot, "f2", "2")
        assert len(workspace.labels(rater="ann")) == 1, "keys score again"


async def test_jumping_to_a_notebook_that_the_filter_hides_works(workspace: Workspace) -> None:
    sha256 = next(info.sha256 for info in workspace.notebooks() if info.name == "gamma.ipynb")
    async with opened(workspace) as pilot:
        await press(pilot, "F", *"bet", "enter")
        board(pilot).open_at(sha256)
        await rest(pilot)
        assert in_view(pilot) == "gamma"
        await press(pilot, "right_square_bracket")
        assert in_view(pilot) == "beta"


async def test_an_empty_workspace_has_nothing_to_order_or_to_find(build: Builder) -> None:
    async with opened(build()) as pilot:
        await press(pilot, "O", "F", "right_curly_bracket")
        assert "nbalign import" in screen_text(pilot)
