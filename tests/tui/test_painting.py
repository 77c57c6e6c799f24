"""What a key paints: no more than it changed, and never less."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.app import App, ComposeResult
from textual.content import Content
from textual.pilot import Pilot
from textual.strip import Strip
from textual.widget import Widget

from nbalign.tui import tidying
from nbalign.tui.cell_canvas import CellCanvas
from nbalign.tui.line_list import LineList
from nbalign.tui.still import Still
from nbalign.tui.tidying import Tidier
from nbalign.workspace import Workspace
from tests.tui.conftest import Builder, code, markdown, notebook_file, sample, stdout
from tests.tui.driving import board, opened, press, rest

_KEYS = {"[": "left_square_bracket", "]": "right_square_bracket"}


def _workspace(build: Builder, tmp_path: Path) -> Workspace:
    text = "some words of a paragraph that is folded " * 5 + "\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    cells = [
        markdown(f"# Part {n}\n\n{text}") if n % 3 else code(f"x = {n}\nprint(x)", stdout("line\n" * 20))
        for n in range(60)
    ]
    return build(notebook_file(tmp_path / "long.ipynb", cells), sample("affairs-024"))


@contextmanager
def _lines_drawn(monkeypatch: pytest.MonkeyPatch, kind: type[Any], id: str) -> Iterator[set[int]]:
    """The lines of a widget that are drawn while the context is open."""
    drawn: set[int] = set()
    before = kind.render_line

    def render_line(self: Widget, y: int) -> Strip:
        if self.id == id:
            drawn.add(y)
        line = before(self, y)
        assert isinstance(line, Strip)
        return line

    with monkeypatch.context() as patch:
        patch.setattr(kind, "render_line", render_line)
        yield drawn


@contextmanager
def _layouts(pilot: Pilot[None]) -> Iterator[list[object]]:
    """An entry for each time that the screen is laid out while the context is open."""
    seen: list[object] = []
    screen = pilot.app.screen
    screen.screen_layout_refresh_signal.subscribe(screen, seen.append)
    yield seen
    screen.screen_layout_refresh_signal.unsubscribe(screen)


def _strips(pilot: Pilot[None]) -> list[Strip]:
    return [strip.simplify() for strip in pilot.app.screen._compositor.render_strips()]


async def test_a_step_to_a_cell_in_view_draws_the_two_cells_alone(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(_workspace(build, tmp_path), notebook="long", size=(120, 90)) as pilot:
        await press(pilot, "j")
        cells = board(pilot).cells
        two = set(range(cells._heights.start(1), cells._heights.start(3)))
        with _lines_drawn(monkeypatch, CellCanvas, "cells") as drawn:
            await press(pilot, "j")
        assert cells.current == 3
        assert drawn == two and len(two) < cells.size.height


async def test_cells_seen_for_the_first_time_lay_out_nothing(build: Builder, tmp_path: Path) -> None:
    async with opened(_workspace(build, tmp_path), notebook="long") as pilot:
        cells = board(pilot).cells
        await press(pilot, "j")
        with _layouts(pilot) as layouts:
            await press(pilot, *["j"] * 9, "space", "space", "G", "k", "g")
        assert not layouts
        assert cells.vertical_scrollbar.window_virtual_size == cells._heights.total == cells.virtual_size.height


async def test_the_end_of_a_notebook_whose_length_was_an_estimate_is_reached(build: Builder, tmp_path: Path) -> None:
    async with opened(_workspace(build, tmp_path), notebook="long") as pilot:
        await press(pilot, "G")
        cells = board(pilot).cells
        assert cells.current == 60
        assert cells.scroll_offset.y + cells.size.height == cells._heights.total


async def test_another_dimension_draws_two_rows_of_scores_and_none_of_the_queue(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with opened(_workspace(build, tmp_path), notebook="long", size=(120, 60)) as pilot:
        with (
            _lines_drawn(monkeypatch, LineList, "scores") as scores,
            _lines_drawn(monkeypatch, LineList, "queue") as queue,
            _lines_drawn(monkeypatch, CellCanvas, "cells") as cells,
        ):
            await press(pilot, "n")
        assert (scores, queue, cells) == ({0, 1}, set(), set())


async def test_a_row_that_says_something_else_is_drawn_anew_though_it_is_not_the_current_one() -> None:
    words = ["one", "two", "three"]

    class Rows(App[None]):
        def compose(self) -> ComposeResult:
            yield LineList(lambda index: Content(words[index]))

    async with Rows().run_test() as pilot:
        rows = pilot.app.query_one(LineList)
        rows.fill(3)
        await pilot.pause()
        words[2] = "four"
        rows.fill(3)
        await pilot.pause()
        assert [strip.text.strip() for strip in _strips(pilot)[:3]] == ["one", "two", "four"]


async def test_what_was_drawn_in_parts_is_what_is_drawn_as_a_whole(build: Builder, tmp_path: Path) -> None:
    async with opened(_workspace(build, tmp_path), notebook="long") as pilot:
        steps = "j j c k o j n 3 2 u c G k k p space g j slash,x,enter N escape h h v r r [ n 1 ] f s b b J K"
        for step in steps.split():
            keys = (_KEYS.get(key, key) for key in step.split(","))
            await press(pilot, *keys)
            pilot.app.clear_notifications()  # they go by themselves after a while
            await rest(pilot)
            in_parts = _strips(pilot)
            for widget in pilot.app.screen.walk_children():
                widget.refresh()
            await rest(pilot)
            assert _strips(pilot) == in_parts, step


@pytest.mark.parametrize(
    ("words", "lays_out"),
    [("some words", False), ("other words", False), ("words that\ntake a line more", True)],
)
async def test_a_text_lays_out_the_screen_only_when_it_takes_other_lines(words: str, lays_out: bool) -> None:
    class Text(App[None]):
        def compose(self) -> ComposeResult:
            yield Still()

    async with Text().run_test() as pilot:
        still = pilot.app.query_one(Still)
        still.say(Content("some words"))
        await pilot.pause()
        with _layouts(pilot) as layouts:
            still.say(Content(words))
            await pilot.pause()
        assert bool(layouts) == lays_out
        shown = "\n".join(strip.text.rstrip() for strip in _strips(pilot)).rstrip()
        assert shown == words


async def test_a_text_that_was_hidden_shows_what_it_was_told_meanwhile() -> None:
    class Text(App[None]):
        def compose(self) -> ComposeResult:
            yield Still()

    async with Text().run_test() as pilot:
        still = pilot.app.query_one(Still)
        still.say(Content("one"))
        await pilot.pause()
        still.display = False
        await pilot.pause()
        still.say(Content("one\ntwo"))
        still.display = True
        await pilot.pause()
        assert [strip.text.strip() for strip in _strips(pilot)[:2]] == ["one", "two"]


# -- sweeping memory


@pytest.fixture
def swept(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was asked of the collector, in order; nothing of it is done."""
    asked: list[str] = []

    def note(name: str) -> Callable[[], None]:
        return lambda: asked.append(name)

    for name in ("collect", "freeze", "unfreeze"):
        monkeypatch.setattr(gc, name, note(name))
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, tidying.DUE))
    return asked


def test_memory_is_swept_when_no_key_was_pressed_for_a_while(swept: list[str]) -> None:
    now = 0.0
    tidier = Tidier(lambda: now)
    now = 0.9 * tidying.PAUSE
    tidier.look()
    tidier.noticed()
    now = 1.8 * tidying.PAUSE
    tidier.look()
    assert swept == []
    now = 2.0 * tidying.PAUSE
    tidier.look()
    assert swept == ["collect", "freeze"]


def test_a_long_pause_gives_time_for_all_of_it_once(swept: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    tidier = Tidier(lambda: now)
    now = tidying.PAUSE
    tidier.look()
    monkeypatch.setattr(gc, "get_count", lambda: (0, 0, 0))  # nothing new since
    now = tidying.LONG_PAUSE
    tidier.look()
    tidier.look()
    assert swept == ["collect", "freeze", "unfreeze", "collect", "freeze"]


async def test_the_application_leaves_the_collector_and_the_threads_as_they_were(
    build: Builder, tmp_path: Path
) -> None:
    before = gc.get_threshold(), sys.getswitchinterval()
    async with opened(_workspace(build, tmp_path)):
        assert gc.get_threshold()[2] > before[0][2]
        assert sys.getswitchinterval() < before[1]
        gc.freeze()
    assert (gc.get_threshold(), sys.getswitchinterval()) == before
    assert gc.get_freeze_count() == 0
