"""Driving the application in tests: open it, press keys, wait until everything has come to rest."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from textual.pilot import Pilot

from nbalign.tui.app import LabelApp
from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.sheet import Sheet
from nbalign.workspace import Workspace


async def rest(pilot: Pilot[None]) -> None:
    app = pilot.app
    assert isinstance(app, LabelApp)
    for _ in range(3):
        await pilot.pause()
        await app.workers.wait_for_complete()
        await app.clerk.finish()
        await app.reader.finish()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    for key in keys:
        await pilot.press(key)
    await rest(pilot)


@asynccontextmanager
async def opened(
    workspace: Workspace,
    rater: str | None = "ann",
    notebook: str | None = None,
    size: tuple[int, int] = (120, 40),
    resting: bool = True,
    keymap: Mapping[str, str] | None = None,
) -> AsyncIterator[Pilot[None]]:
    app = LabelApp(workspace, rater, notebook=notebook, keymap=keymap)
    async with app.run_test(size=size) as pilot:
        if resting:
            await rest(pilot)
        yield pilot


async def sit_down(pilot: Pilot[None], name: str) -> None:
    """Names the next rater in the open question, and waits until the rooms are theirs.

    The rooms of the former rater go away meanwhile, so this waits for the chair and not for their widgets.
    """
    app = pilot.app
    assert isinstance(app, LabelApp)
    await press(pilot, *name)
    app.simulate_key("enter")
    while app.desk is None or app.desk.rater != name or not isinstance(app.screen, LabelScreen):
        await asyncio.sleep(0.01)
    await rest(pilot)


def board(pilot: Pilot[None]) -> LabelScreen:
    screen = pilot.app.screen
    assert isinstance(screen, LabelScreen)
    return screen


def sheet(pilot: Pilot[None]) -> Sheet:
    found = board(pilot).scoring.sheet
    assert found is not None
    return found


def screen_text(pilot: Pilot[None]) -> str:
    screen = pilot.app.screen
    width, height = pilot.app.size
    strips = screen._compositor.render_strips()
    assert len(strips) == height and width
    return "\n".join(strip.text for strip in strips)
