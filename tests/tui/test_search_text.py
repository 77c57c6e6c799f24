from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nbalign.notebooks.model import Cell, Notebook, Output
from nbalign.tui.cell_lines import cell_lines
from nbalign.tui.finding_rows import row_of
from nbalign.tui.needle import Needle, lowered
from nbalign.tui.search_text import MOST, Haystack, find_all
from tests.tui.looks import look, texts


def notebook(*cells: Cell) -> Notebook:
    return Notebook("a" * 64, "a.ipynb", cells, "", "none", "ipynb 4.5")


def printed(number: int, source: str, *outputs: str) -> Cell:
    return Cell(number, "code", source, 1, tuple(Output("stream", "stdout", text) for text in outputs))


MIXED = notebook(Cell(1, "markdown", "Train and TRAIN"), printed(2, "x", "train"))


def test_small_letters_find_both_cases_in_sources_and_outputs() -> None:
    assert [(m.cell, m.part, m.nth) for m in find_all(MIXED, "train")] == [(1, 0, 0), (1, 0, 1), (2, 1, 0)]


def test_a_capital_makes_case_count() -> None:
    assert [(m.cell, m.at) for m in find_all(MIXED, "Train")] == [(1, 0)]
    assert find_all(MIXED, "tRaIn") == []


def test_a_search_for_next_to_everything_is_bounded() -> None:
    assert len(find_all(notebook(printed(1, "x", "e" * 50_000)), "e")) == MOST + 1


@given(st.text(max_size=50))
def test_lower_case_keeps_every_character_in_its_place(text: str) -> None:
    assert len(lowered(text)) == len(text)


def found_in(cell: Cell, text: str, nth: int = 0, **more: object) -> str | None:
    """The line that shows the nth match; None when it is folded away."""
    stack, needle = Haystack(notebook(cell)), Needle(text)
    match = stack.find(needle)[nth]
    lines = cell_lines(cell, look(20, **more))
    row = row_of(lines, match, stack.place(match, needle), needle)
    return None if row is None else texts(lines)[row]


def test_a_match_is_found_on_the_line_that_shows_it() -> None:
    long = "x = 1\n" + "y" * 30 + "needle\nneedle = 3"
    assert found_in(printed(1, long), "needle") == "y" * 10 + "needle"
    assert found_in(printed(1, long), "needle", 1) == "needle = 3"
    assert found_in(printed(1, "a\n" * 40 + "needle"), "needle") == "needle"
    assert found_in(printed(1, "x", "one", "two needle"), "needle") == "two needle"


def test_a_match_that_is_folded_away_is_found_once_it_is_open() -> None:
    cell = printed(1, "x", "row\n" * 40 + "needle")
    assert found_in(cell, "needle") is None
    assert found_in(cell, "needle", opened=True) == "needle"


def test_a_match_in_markdown_is_found_where_the_words_went() -> None:
    cell = Cell(1, "markdown", "# Head\n\nwords words words words needle one\n\n- needle **two**")
    assert found_in(cell, "needle") == "words needle one"
    assert found_in(cell, "needle", 1) == "• needle two"


def test_a_match_behind_the_edge_of_a_table_asks_for_a_shift_that_shows_it() -> None:
    table = "\n".join("a    " + "b" * 40 + f"  needle{n}" for n in range(3))
    cell = printed(1, "x", table)
    stack, needle = Haystack(notebook(cell)), Needle("needle2")
    match = stack.find(needle)[0]
    place = stack.place(match, needle)
    lines = cell_lines(cell, look(20))
    row = row_of(lines, match, place, needle)
    assert row is not None
    seen = lines.lines[row].window
    assert seen is not None
    shift = seen.shift_to(place.start, place.end)
    assert shift is not None
    after = cell_lines(cell, look(20, shift=shift))
    assert "needle2" in texts(after)[row]
    assert (window := after.lines[row].window) is not None and window.shift_to(place.start, place.end) is None
