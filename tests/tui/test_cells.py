from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.pilot import Pilot

from nbalign.tui.label_screen import LabelScreen
from nbalign.tui.queue import Queue
from tests.tui.conftest import Builder, code, failure, markdown, notebook_file, stdout
from tests.tui.driving import board, opened, press, screen_text, sheet


def lines(pilot: Pilot[None]) -> str:
    return screen_text(pilot)


async def test_a_hostile_notebook_shows_as_text(build: Builder, tmp_path: Path) -> None:
    evil = "\x1b]8;;http://evil\x1b\\click\x1b]8;;\x1b\\ \x1b[2J\x1b]0;title\x07 [bold]not bold[/] [/] [@click=app.quit]x[/]"
    path = notebook_file(
        tmp_path / "[bold]evil[b].ipynb",
        [
            markdown(f"# [red]head[/] {evil}\n\n[link](http://evil.example/x) ![pic](http://evil.example/p.png)"),
            code(f"x = '[b]{evil}'", stdout(evil + "\n"), failure("Bad[/]Error", evil, evil, "Bad[/]Error: [/x]")),
        ],
    )
    async with opened(build(path), size=(160, 50)) as pilot:
        text = screen_text(pilot)
        assert "[bold]not bold[/] [/]" in text
        assert "✗ error · Bad[/]Error" in text
        assert "[bold]evil[b]" in text
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", text)
        strips = pilot.app.screen._compositor.render_strips()
        cells = board(pilot).cells.region
        styles = [s.style for strip in strips[cells.y : cells.bottom] for s in strip.crop(cells.x, cells.right)]
        assert not any(style and (style.link or "@click" in style.meta) for style in styles)
        await press(pilot, "3", "c")
        assert screen_text(pilot).count("✔") == 1


async def test_long_outputs_are_folded_and_open_on_demand(build: Builder, tmp_path: Path) -> None:
    printed = "".join(f"line {n:03}\n" for n in range(120))
    path = notebook_file(tmp_path / "long.ipynb", [code("loop()", stdout(printed)), markdown("after")])
    async with opened(build(path)) as pilot:
        text = screen_text(pilot)
        assert "line 011" in text and "line 012" not in text
        assert "… 108 more lines (o opens)" in text
        await press(pilot, "o")
        assert "line 030" in screen_text(pilot)
        await press(pilot, "o")
        assert "line 030" not in screen_text(pilot)


async def test_a_folded_traceback_keeps_its_last_line(build: Builder, tmp_path: Path) -> None:
    frames = [f"frame {n:03}" for n in range(60)]
    path = notebook_file(
        tmp_path / "e.ipynb", [code("f()", failure("ValueError", "too bad", *frames, "ValueError: too bad"))]
    )
    async with opened(build(path)) as pilot:
        text = screen_text(pilot)
        assert "✗ error · ValueError" in text
        assert "ValueError: too bad" in text
        assert "frame 000" not in text and "more lines above (o opens)" in text


async def test_cells_are_walked_with_j_k_g_and_capital_g(build: Builder, tmp_path: Path) -> None:
    cells = [markdown(f"cell number {n}") for n in range(1, 31)]
    async with opened(build(notebook_file(tmp_path / "walk.ipynb", cells))) as pilot:
        await press(pilot, "j", "j", "k")
        assert board(pilot).cells.current == 2
        assert "cell 2/30" in screen_text(pilot)
        await press(pilot, "G")
        assert "cell 30/30" in screen_text(pilot) and "cell number 30" in screen_text(pilot)
        await press(pilot, "j", "g", "k")
        assert "cell 1/30" in screen_text(pilot) and "cell number 1 " in screen_text(pilot)


async def test_two_thousand_cells_open_and_scroll_rendering_only_what_is_seen(build: Builder, tmp_path: Path) -> None:
    cells = [
        markdown(f"## Step {n}\n\n- one\n- two\n\n`code` and words")
        if n % 2
        else code(f"value_{n} = {n}\nprint({n})", stdout(f"out {n}\n"))
        for n in range(1, 2001)
    ]
    async with opened(build(notebook_file(tmp_path / "huge.ipynb", cells))) as pilot:
        view = board(pilot).cells
        assert "cell 1/2000" in screen_text(pilot)
        assert len(view._lines) < 40
        await press(pilot, "G")
        assert "cell 2000/2000" in screen_text(pilot) and "out 2000" in screen_text(pilot)
        await press(pilot, "space", "pageup", "pageup", "g", "space", "space")
        assert 1 < view.current < 40
        assert len(view._lines) < 200
        assert f"[{view.current}]" in screen_text(pilot)


async def test_scrolling_up_over_unseen_cells_shows_every_cell_in_order(build: Builder, tmp_path: Path) -> None:
    # Markdown heights are estimates until rendered: long paragraphs and lists make them wrong on purpose.
    cells = [markdown(f"# M{n:03}\n\n" + "word " * (n % 7 * 30) + "\n\n" + "- item\n" * (n % 5)) for n in range(1, 61)]
    async with opened(build(notebook_file(tmp_path / "up.ipynb", cells))) as pilot:
        await press(pilot, "G")
        seen = set(re.findall(r"M\d{3}", screen_text(pilot)))
        for _ in range(60):
            await pilot.press("pageup")
            await pilot.pause()
            seen |= set(re.findall(r"M\d{3}", screen_text(pilot)))
            pilot.app.screen.query_one("#cells").scroll_relative(y=2, animate=False)
            await pilot.pause()
            seen |= set(re.findall(r"M\d{3}", screen_text(pilot)))
        assert seen == {f"M{n:03}" for n in range(1, 61)}


async def test_search_counts_matches_and_goes_from_one_to_the_next(build: Builder, tmp_path: Path) -> None:
    printed = "".join(f"row {n}\n" for n in range(50)) + "NEEDLE deep\n"
    cells = [markdown("a needle here"), *(code(f"pass  # {n}") for n in range(40)), code("p()", stdout(printed))]
    async with opened(build(notebook_file(tmp_path / "s.ipynb", cells))) as pilot:
        await press(pilot, "slash", *"needle")
        assert "2 matches" in screen_text(pilot)
        await press(pilot, "enter")
        assert "match 1 of 2 matches" in screen_text(pilot)
        await press(pilot, "enter")
        assert "match 2 of 2 matches" in screen_text(pilot)
        assert "NEEDLE deep" in screen_text(pilot), "a match in a folded output opens it"
        assert board(pilot).cells.current == 42
        await press(pilot, "3")
        assert sheet(pilot).scored == 1
        await press(pilot, "escape")
        assert "matches" not in screen_text(pilot)
        await press(pilot, "slash", *"zzz", "enter")
        assert "no match" in screen_text(pilot)


@pytest.mark.parametrize(("size", "queue"), [((80, 24), False), ((100, 30), True), ((300, 100), True)])
async def test_the_layout_fits_and_the_queue_is_toggled(
    build: Builder, tmp_path: Path, size: tuple[int, int], queue: bool
) -> None:
    path = notebook_file(tmp_path / "layout.ipynb", [markdown("words " * 60)])
    async with opened(build(path), size=size) as pilot:
        assert ("Queue (as imported)" in screen_text(pilot)) == queue
        assert "? help" in screen_text(pilot)
        await press(pilot, "b")
        assert ("Queue (as imported)" in screen_text(pilot)) != queue
        screen = pilot.app.screen
        assert isinstance(screen, LabelScreen)
        assert screen.cells.size.width >= 10


async def test_the_theme_changes_under_a_notebook(build: Builder, tmp_path: Path) -> None:
    path = notebook_file(tmp_path / "t.ipynb", [code("import os  # words")])
    async with opened(build(path)) as pilot:
        dark = pilot.app.screen.query_one("#cells").render_line(1)
        pilot.app.theme = "textual-light"
        await press(pilot)
        light = pilot.app.screen.query_one("#cells").render_line(1)
        assert dark.text == light.text
        assert [s.style for s in dark] != [s.style for s in light]


async def test_five_thousand_notebooks_draw_only_the_rows_in_view(build: Builder, tmp_path: Path) -> None:
    path = notebook_file(tmp_path / "one.ipynb", [markdown("x")])
    async with opened(build(path)) as pilot:
        screen = board(pilot)
        infos = screen.queue.infos * 5000
        screen.queue = Queue(infos, screen.queue.total, {}, {})
        drawn: list[int] = []
        original = screen.queue.row
        screen.queue.row = lambda row, width: drawn.append(row) or original(row, width)  # type: ignore[method-assign,func-returns-value]
        await press(pilot, "[")
        assert screen.queue.at == 4999
        assert 4999 in drawn
        assert len(set(drawn)) < 200
