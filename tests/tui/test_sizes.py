"""Every room in small, usual and huge terminals, and while they are resized."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.pilot import Pilot
from textual.widgets import Tooltip
from textual.widgets._toast import ToastRack

from nbalign.tui.actions import ROOMS
from nbalign.tui.app import LabelApp
from nbalign.tui.bars import KeyBar, TopBar
from nbalign.tui.cell_view import CellView
from nbalign.tui.rubric_panel import RubricPanel
from tests.tui.conftest import Builder, sample
from tests.tui.driving import board, opened, press, rest, screen_text

SIZES = ((80, 24), (300, 100), (40, 12), (120, 40))


def overlapping(pilot: Pilot[None]) -> list[str]:
    """Pairs of neighbours of which one lies upon the other."""
    seen = pilot.app.screen._compositor.visible_widgets
    shown = {
        widget: region.intersection(clip)
        for widget, (region, clip) in seen.items()
        if widget.visible and not isinstance(widget, (ToastRack, Tooltip))
    }
    return [
        f"{one!r} and {other!r}"
        for one, other in combinations(shown, 2)
        if one.parent is other.parent and shown[one].area and shown[other].area and shown[one].overlaps(shown[other])
    ]


async def resize(pilot: Pilot[None], width: int, height: int) -> None:
    await pilot.resize_terminal(width, height)
    await rest(pilot)


@pytest.mark.parametrize("names", [(), ("affairs-024", "anes-063")], ids=["empty", "with notebooks"])
@pytest.mark.parametrize("room", ROOMS, ids=[room.id for room in ROOMS])
async def test_a_room_fits_every_size_and_every_change_of_it(
    build: Builder, names: tuple[str, ...], room: object
) -> None:
    entry = next(each for each in ROOMS if each == room)
    async with opened(build(*map(sample, names)), size=(120, 40)) as pilot:
        await press(pilot, entry.key)
        for width, height in SIZES:
            await resize(pilot, width, height)
            app = pilot.app
            assert isinstance(app, LabelApp) and app.failure is None and len(app.screen_stack) == 1
            bars = [app.screen.query_one(bar).region for bar in (TopBar, KeyBar)]
            assert [(bar.x, bar.y, bar.width, bar.height) for bar in bars] == [
                (0, 0, width, 1),
                (0, height - 1, width, 1),
            ]
            assert overlapping(pilot) == [], f"{width}x{height}"
            lines = screen_text(pilot).splitlines()
            assert lines[0].startswith(f" ≡ {entry.title}")
            assert "is small" in lines[1] if width < 60 else "is small" not in lines[1]


async def test_a_usual_terminal_shows_cells_and_the_question_side_by_side(build: Builder) -> None:
    async with opened(build(sample("affairs-024")), size=(80, 24)) as pilot:
        cells, panel = board(pilot).query_one(CellView).region, board(pilot).query_one(RubricPanel).region
        assert cells.width >= 40 and panel.width >= 36 and cells.y <= panel.bottom
        text = screen_text(pilot)
        assert "Exploratory Data Analysis" in text, "names of dimensions are not cut"
        assert "── rubric ──" in text and "3 good" in text


async def test_in_a_tiny_terminal_cells_lie_above_the_question_and_everything_works(build: Builder) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace, size=(50, 20)) as pilot:
        cells, panel = board(pilot).query_one(CellView).region, board(pilot).query_one(RubricPanel).region
        assert cells.width >= 48 and panel.width == 50 and cells.bottom <= panel.y
        assert "50x20 is small: 80x24 and more is comfortable" in screen_text(pilot)
        await press(pilot, "3", "e", *"why", "escape", "b", "b", "j")
        assert [label.score for label in workspace.labels(rater="ann")] == [3]
        assert board(pilot).cells.current == 2


async def test_the_menu_of_rooms_opens_by_a_click_on_the_place(build: Builder) -> None:
    async with opened(build(sample("affairs-024"))) as pilot:
        await pilot.click(TopBar, offset=(3, 0))
        await rest(pilot)
        lines = screen_text(pilot).splitlines()
        row = next(n for n, line in enumerate(lines) if "F4  Adjudicate" in line)
        await pilot.click(offset=(lines[row].index("Adjudicate"), row))
        await rest(pilot)
        assert "≡ Adjudicate ·" in screen_text(pilot)


async def test_a_level_of_the_rubric_scores_by_a_click(build: Builder) -> None:
    workspace = build(sample("affairs-024"))
    async with opened(workspace) as pilot:
        lines = screen_text(pilot).splitlines()
        row = next(n for n, line in enumerate(lines) if "2 average" in line)
        await pilot.click(offset=(lines[row].index("2 average") + 3, row))
        await rest(pilot)
        assert [label.score for label in workspace.labels(rater="ann")] == [2]
