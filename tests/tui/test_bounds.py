from __future__ import annotations

from pathlib import Path

from textual import events

from nbalign.errors import StoreError
from nbalign.labels.checks import MAX_JUSTIFICATION
from nbalign.tui.why_area import WhyArea
from tests.tui.conftest import Builder, code, notebook_file
from tests.tui.driving import board, opened, press, rest, screen_text, sheet


def said(pilot: object) -> list[str]:
    return [n.message for n in pilot.app._notifications]  # type: ignore[attr-defined]


async def test_words_that_are_too_long_are_counted_and_have_to_be_shortened_before_the_field_is_left(
    build: Builder, tmp_path: Path
) -> None:
    workspace = build(notebook_file(tmp_path / "a.ipynb", [code("x")]))
    async with opened(workspace) as pilot:
        await press(pilot, "e")
        area = board(pilot).query_one(WhyArea)
        pilot.app.post_message(events.Paste("日本 🎉\n" + "w" * MAX_JUSTIFICATION))
        await rest(pilot)
        assert "5 characters too many" in screen_text(pilot)
        await press(pilot, "escape")
        assert area.writing and any("5 characters too many" in words for words in said(pilot))
        await press(pilot, *["backspace"] * 5)
        assert "10,000 of 10,000" in screen_text(pilot)
        await press(pilot, "escape")
        assert not area.writing
        await press(pilot, "3")
    (label,) = workspace.labels(rater="ann")
    assert label.score == 3
    assert label.justification == "日本 🎉\n" + "w" * (MAX_JUSTIFICATION - 5)


async def test_another_room_cuts_words_that_are_too_long_and_says_so_and_the_score_is_saved(
    build: Builder, tmp_path: Path
) -> None:
    workspace = build(notebook_file(tmp_path / "a.ipynb", [code("x")]))
    async with opened(workspace) as pilot:
        await press(pilot, "3", "p", "e")
        pilot.app.post_message(events.Paste("w" * MAX_JUSTIFICATION + "end"))
        await rest(pilot)
        await press(pilot, "f7")
        assert "The last 3 characters of your words were too many and are NOT saved." in said(pilot)
    (label,) = workspace.labels(rater="ann")
    assert label.justification == "w" * MAX_JUSTIFICATION


async def test_a_notebook_without_cells_can_be_scored_and_cites_none(build: Builder, tmp_path: Path) -> None:
    workspace = build(notebook_file(tmp_path / "a.ipynb", []))
    async with opened(workspace) as pilot:
        assert "no cells" in screen_text(pilot)
        await press(pilot, "j", "G", "colon", "3", "enter", "o", "c")
        assert "this notebook has no cells to cite" in said(pilot)
        assert not sheet(pilot).words_of(sheet(pilot).dimension.id)
        await press(pilot, "3")
    assert len(workspace.labels(rater="ann")) == 1


async def test_the_same_error_is_told_once_while_it_stands_there(build: Builder, tmp_path: Path) -> None:
    workspace = build(notebook_file(tmp_path / "a.ipynb", [code("x")]))
    async with opened(workspace) as pilot:
        for _ in range(3):
            board(pilot).not_saved("The draft of your words is NOT saved", StoreError("the disk is full", "Free some."))
        board(pilot).not_saved("The order is NOT remembered", StoreError("the disk is full", "Free some."))
        await rest(pilot)
        assert len(said(pilot)) == 2


async def test_what_a_narrow_terminal_cuts_of_the_line_about_a_search_it_marks(build: Builder, tmp_path: Path) -> None:
    workspace = build(notebook_file(tmp_path / "a.ipynb", [code("needle")]))
    async with opened(workspace, size=(80, 24)) as pilot:
        await press(pilot, "slash", *"needle", "enter")
        (line,) = [row for row in screen_text(pilot).splitlines() if "match 1 of" in row]
        assert "…" in line
