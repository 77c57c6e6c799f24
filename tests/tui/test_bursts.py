"""Keys that arrive faster than the screen deals with them, as after a pause of a busy machine."""

from __future__ import annotations

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from nbalign.errors import StoreError
from nbalign.tui.clerk import Clerk
from nbalign.tui.opening import Reader
from nbalign.tui.why_area import WhyArea
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, sample
from tests.tui.driving import opened, rest, screen_text, sheet

NAMES = ("affairs-024", "affairs-046")
FIRST = "library_installation"


@pytest.fixture
def workspace(build: Builder) -> Workspace:
    return build(*(sample(name) for name in NAMES))


def burst(pilot: Pilot[None], *keys: str) -> None:
    """Sends keys without waiting between them."""
    for key in keys:
        character = {"space": " ", "slash": "/"}.get(key, key if len(key) == 1 else None)
        pilot.app.post_message(events.Key(key, character))


async def test_everything_typed_right_after_the_key_of_a_field_belongs_to_the_field(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        burst(pilot, "e", *"3us", "space")
        await rest(pilot)
        assert pilot.app.screen.query_one(WhyArea).text == "3us "
        assert not workspace.labels(notebook=NAMES[0], rater="ann")
        burst(pilot, "escape", "n", "e", *"2x", "escape", "slash", *"3usq")
        await rest(pilot)
        dimensions = [d.id for d in sheet(pilot).rubric.dimensions]
        assert [sheet(pilot).words_of(d).text for d in dimensions[:2]] == ["3us", "2x"]
        assert pilot.app.screen.query_one("#search", Input).value == "3usq"
        assert not workspace.labels(notebook=NAMES[0], rater="ann")
        assert not sheet(pilot).labels


async def test_quitting_right_after_a_key_keeps_that_key(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        burst(pilot, "e", *"half", "ctrl+q")
        await rest(pilot)
    async with opened(workspace) as pilot:
        assert sheet(pilot).words_of(FIRST).text == "half"


async def test_quitting_stays_open_and_says_so_when_the_last_save_fails(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full", "Free some space.")

    async with opened(workspace) as pilot:
        monkeypatch.setattr(workspace, "save_draft", full)
        burst(pilot, "e", *"half", "ctrl+q")
        await rest(pilot)
        assert not pilot.app._exit
        notices = " ".join(n.message for n in pilot.app._notifications)
        assert "the disk is full" in notices and "stays open" in notices
        burst(pilot, "ctrl+q")
        await rest(pilot)
        assert pilot.app._exit


async def test_the_clerk_is_finished_only_when_every_answer_was_given() -> None:
    told: list[object] = []
    clerk = Clerk(told.append)

    def broken() -> None:
        raise StoreError("the disk is full", "Free some space.")

    clerk.hand(broken, told.append, lambda error: told.append(str(error)))
    clerk.hand(lambda: 1, lambda n: clerk.hand(lambda: n + 1, told.append, told.append), told.append)
    await clerk.finish()
    clerk.close()
    assert len(told) == 2 and told[1] == 2
    assert clerk.failures == 1


async def test_a_score_that_goes_nowhere_says_why(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Reader, "start", lambda *_: None)
    async with opened(workspace) as pilot:
        burst(pilot, "3", "9")
        await rest(pilot)
        notices = [n.message for n in pilot.app._notifications]
        assert notices == ["still loading: nothing was scored", "9 is not on the scale: press 0-3"]


async def test_the_bar_names_the_keys_that_count_while_writing(workspace: Workspace) -> None:
    async with opened(workspace) as pilot:
        burst(pilot, "e")
        await rest(pilot)
        bar = screen_text(pilot).splitlines()[-1]
        assert bar.strip() == "Esc leave and save · F1 help"
        burst(pilot, "escape")
        await rest(pilot)
        assert "0-3 score" in screen_text(pilot).splitlines()[-1]
