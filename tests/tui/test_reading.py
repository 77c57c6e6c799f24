"""Reading a notebook by keys and mouse: wide tables, figures, jumps and searches."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from textual import events
from textual.pilot import Pilot
from textual.widgets import Static

from nbalign.tui import terminal_pictures
from nbalign.tui.figure_dialog import FigureDialog, FigureWidget
from nbalign.tui.search_bar import JumpBar
from tests.tui.conftest import Builder, CellSpec, code, markdown, notebook_file, stdout
from tests.tui.driving import board, opened, press, rest, screen_text, sheet
from tests.tui.test_wide_tables import FRAME

NARROW, WIDE = "less_than_sign", "greater_than_sign"


def display(**data: str) -> CellSpec:
    return {"output_type": "display_data", "metadata": {}, "data": {k.replace("_", "/", 1): v for k, v in data.items()}}


def png(width: int, height: int) -> str:
    buffer = io.BytesIO()
    Pillow.linear_gradient("L").resize((width, height)).convert("RGB").save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


def where(pilot: Pilot[None], text: str) -> tuple[int, int]:
    """Column and row on the screen at which a text begins."""
    for y, line in enumerate(screen_text(pilot).splitlines()):
        if text in line:
            return line.index(text), y
    raise AssertionError(f"{text!r} is not on the screen")


def listen(pilot: Pilot[None], monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Everything that the screen says from now on; on the screen itself it passes."""
    said: list[str] = []
    monkeypatch.setattr(board(pilot), "say", said.append)
    return said


async def wheel(pilot: Pilot[None], kind: type[events.MouseEvent], at: tuple[int, int], *, shift: bool) -> None:
    x, y = at
    event = kind(None, x, y, 0, 0, 0, shift, False, False, screen_x=x, screen_y=y)
    pilot.app.screen._forward_event(event)
    await rest(pilot)


async def test_a_wide_table_moves_sideways_by_keys_clicks_and_wheel(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [code("one", stdout(FRAME)), code("two", stdout(FRAME))]
    async with opened(build(notebook_file(tmp_path / "w.ipynb", cells)), size=(110, 40)) as pilot:
        assert screen_text(pilot).count("more columns (>)") == 2 and "col_7" not in screen_text(pilot)
        said = listen(pilot, monkeypatch)
        await press(pilot, *[WIDE] * 6)
        assert screen_text(pilot).count("col_7") == 1, "only the current cell moves"
        assert screen_text(pilot).count("row3") == 2, "the first column stays"
        assert said[-1] == "nothing more to the right in this cell"
        await press(pilot, *["left"] * 6)
        assert "col_7" not in screen_text(pilot)
        await pilot.click(offset=where(pilot, "→ "))
        await rest(pilot)
        moved = where(pilot, "← ")
        await pilot.click(offset=moved)
        await rest(pilot)
        assert "← " not in screen_text(pilot)
        await press(pilot, "j")
        await wheel(pilot, events.MouseScrollDown, where(pilot, "row0"), shift=True)
        assert "← " in screen_text(pilot) and board(pilot).cells.current == 2
        await wheel(pilot, events.MouseScrollUp, where(pilot, "row0"), shift=True)
        assert "← " not in screen_text(pilot)


async def test_a_number_leads_to_its_cell_and_scores_nothing(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [markdown(f"cell number {n}") for n in range(1, 41)]
    async with opened(build(notebook_file(tmp_path / "j.ipynb", cells))) as pilot:
        said = listen(pilot, monkeypatch)
        await press(pilot, "colon", "2", "3", "enter")
        assert board(pilot).cells.current == 23 and "cell number 23" in screen_text(pilot)
        await press(pilot, "colon", "7", "G")
        assert board(pilot).cells.current == 7
        await press(pilot, "colon", "9", "9", "enter")
        assert board(pilot).cells.current == 40
        assert said == ["no cell 99: this notebook has cells 1 to 40"]
        await press(pilot, "colon", "3", "x", "escape", "k")
        assert board(pilot).cells.current == 39
        assert not pilot.app.screen.query_one(JumpBar).has_class("open")
        assert sheet(pilot).scored == 0


async def test_a_search_goes_back_and_brings_what_is_cut_off_into_view(build: Builder, tmp_path: Path) -> None:
    table = "\n".join("a    " + "b" * 90 + f"  Needle{n}" for n in range(3))
    cells = [markdown("a needle here"), code("x", stdout(table)), *(code(f"pass  # {n}") for n in range(40))]
    async with opened(build(notebook_file(tmp_path / "s.ipynb", cells)), size=(160, 40)) as pilot:
        assert "Needle1" not in screen_text(pilot)
        await press(pilot, "slash", *"needle", "enter", "N")
        assert "match 4 of 4 matches" in screen_text(pilot) and board(pilot).cells.current == 2
        assert "Needle2" in screen_text(pilot)
        await press(pilot, "N", "N", "N")
        assert "match 1 of 4 matches" in screen_text(pilot) and board(pilot).cells.current == 1
        await press(pilot, "slash", *"Needle", "enter")
        assert "match 1 of 3 matches, case counts" in screen_text(pilot)
        assert "N previous" in screen_text(pilot)


async def test_figures_are_drawn_in_their_cell_and_large_in_a_dialog(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cells = [
        code("one", display(image_png=png(320, 200)), display(image_png=png(100, 100))),
        code("two", display(**{"image_svg+xml": "<svg/>"})),
        markdown("three"),
    ]
    async with opened(build(notebook_file(tmp_path / "f.ipynb", cells)), size=(110, 50)) as pilot:
        said = listen(pilot, monkeypatch)
        assert "[figure 320x200 png" in screen_text(pilot)
        drawn = screen_text(pilot).count("▀")
        assert drawn > 100
        await press(pilot, "i")
        assert isinstance(pilot.app.screen, FigureDialog) and "1 of 2" in screen_text(pilot)
        assert screen_text(pilot).count("▀") > 2 * drawn / 3
        await press(pilot, "right")
        assert "2 of 2" in screen_text(pilot) and "[figure 100x100 png" in screen_text(pilot)
        await press(pilot, "i", "j", "i")
        await press(pilot, "j", "i", "k", "k")
        assert said == ["the figure of this cell cannot be shown: svg is not drawn here", "no figure in this cell"]
        await pilot.click(offset=where(pilot, "[figure 320x200"))
        await rest(pilot)
        assert isinstance(pilot.app.screen, FigureDialog)
        await press(pilot, "escape")
        assert board(pilot).cells.current == 1


async def test_true_pictures_are_shown_where_the_terminal_can(
    build: Builder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[tuple[int, int]] = []

    def widget(decoded: Any) -> Static:
        given.append(decoded.size)
        return Static("TRUE PICTURE")

    monkeypatch.setattr(terminal_pictures, "_widget", widget)
    path = notebook_file(tmp_path / "f.ipynb", [code("one", display(image_png=png(320, 200)))])
    async with opened(build(path), size=(110, 50)) as pilot:
        await press(pilot, "i")
        assert "TRUE PICTURE" in screen_text(pilot) and given == [(320, 200)]
        assert not pilot.app.screen.query(FigureWidget)


def test_without_a_terminal_there_are_no_true_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.__stdout__", io.StringIO())
    assert not terminal_pictures.look_at_terminal()


async def test_progress_bars_show_their_last_state_and_colours_are_gone(build: Builder, tmp_path: Path) -> None:
    bar = "".join(f"\r{n:3}%|{'#' * (n // 10):10}|" for n in range(101))
    red = "\x1b[31mred words\x1b[0m\n"
    pieces = [{"output_type": "stream", "name": "stderr", "text": text} for text in (bar[:600], bar[600:], "\ndone\n")]
    path = notebook_file(tmp_path / "t.ipynb", [code("fit()", *pieces, stdout(red))])
    async with opened(build(path)) as pilot:
        text = screen_text(pilot)
        assert "100%|##########|" in text and " 50%" not in text and text.count("%|") == 1
        assert "red words" in text and "[31m" not in text


async def test_a_click_on_what_is_folded_opens_it(build: Builder, tmp_path: Path) -> None:
    path = notebook_file(tmp_path / "o.ipynb", [code("x", stdout("".join(f"line {n:03}\n" for n in range(40))))])
    async with opened(build(path)) as pilot:
        await pilot.click(offset=where(pilot, "more lines"))
        await rest(pilot)
        assert "line 020" in screen_text(pilot)
