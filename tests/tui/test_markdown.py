from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from nbalign.notebooks.model import Cell
from nbalign.tui.cell_lines import cell_lines
from tests.tui.looks import look, texts


def shown(source: str, width: int = 60) -> list[str]:
    return texts(cell_lines(Cell(1, "markdown", source), look(width)))


def test_headings_lists_and_quotes_are_drawn_with_their_signs() -> None:
    source = "## Head *on*\n\n- one\n  - two\n    1. three\n    2. four\n\n> said\n> so\n\n---"
    assert shown(source, 20) == [
        "## Head on",
        "",
        "• one",
        "  ◦ two",
        "    1. three",
        "    2. four",
        "",
        "▌ said so",
        "",
        "─" * 20,
    ]


def test_links_are_written_out_and_pictures_are_marks() -> None:
    assert shown("[docs](http://a.example/x) and <http://b.example>") == [
        "docs (http://a.example/x) and http://b.example"
    ]
    assert shown("![a plot](fig/p.png) ![](data:image/png;base64,AAAA)") == ["[image: a plot fig/p.png] [image]"]


@pytest.mark.parametrize(
    "formula",
    [r"$\alpha_{i}^*x_j*y_k$", r"$$\hat\beta_1 \\ = X_i*X_j*$$", r"\\(a_1 * b_1 * c\\)"],
)
def test_formulas_are_left_as_they_were_written(formula: str) -> None:
    assert shown(f"with {formula} in it") == [f"with {formula} in it"]


def test_a_formula_on_lines_of_its_own_keeps_its_lines() -> None:
    assert shown("so:\n$$\na_1 \\\\\n= b_1\n$$\nafter") == ["so:", "", "$$", "a_1 \\\\", "= b_1", "$$", "", "after"]
    assert shown("\\begin{align}\nx &= 1 \\\\\n\\end{align}") == ["\\begin{align}", "x &= 1 \\\\", "\\end{align}"]


def test_money_is_no_formula() -> None:
    assert shown("from $5 to *at most* $10") == ["from $5 to at most $10"]


def test_html_shows_as_its_text() -> None:
    assert shown("<h1 align=center>Title</h1>\n<p>words</p>\n\na<br>b <b>bold</b> <img src=x>") == [
        "Title",
        "words",
        "",
        "a",
        "b bold [image]",
    ]


def test_a_code_block_keeps_its_blanks_and_its_brackets() -> None:
    assert shown("```python\nif x:\n    y = '[bold]'\n```") == ["  if x:", "      y = '[bold]'"]


def test_a_table_that_fits_is_drawn_in_columns_and_one_that_almost_does_is_wrapped() -> None:
    table = "| name | n |\n|:-----|--:|\n| a | 1 |\n| bc | 22 |"
    assert shown(table) == ["name   n", "────  ──", "a      1", "bc    22"]
    wrapped = shown("| k | words |\n|---|---|\n| a | one two three four five six |", 20)
    assert [line for line in wrapped if "five" in line] and max(map(len, wrapped)) <= 20


def test_a_table_of_many_columns_is_cut_and_moves_sideways() -> None:
    heads, values = ("|".join(f"{word}{n}" for n in range(20)) for word in ("column", "v"))
    table = f"|{heads}|\n{'|---' * 20}|\n|{values}|"
    cell = Cell(1, "markdown", table)
    still, moved = cell_lines(cell, look(40)), cell_lines(cell, look(40, shift=60))
    assert "more columns (>)" in texts(still)[0] and "← " in texts(moved)[0]
    assert "column19" not in "".join(texts(still))
    assert "column19" in "".join(texts(cell_lines(cell, look(40, shift=still.reach))))


HOSTILE = {
    "brackets": "[" * 10_000,
    "nested brackets": "[" * 5_000 + "]" * 5_000,
    "links in links": "[a](" * 3_000,
    "quotes": ">" * 10_000 + "deepest",
    "lists": "".join(" " * 2 * n + "- a\n" for n in range(100)) + "deepest",
    "stars": "**a_ " * 2_000,
    "a table of many columns": "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n|b",
    "a table of many rows": "|a|b|\n|-|-|\n" + "|x|y|\n" * 1_900,
    "formulas without end": "$$\na\n" * 2_000,
    "environments without end": "".join(f"\\begin{{a{n}}}\n" for n in range(900)),
    "tags without end": "<b " * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markdown_is_drawn_quickly_and_within_the_width(name: str) -> None:
    began = time.process_time()
    lines = shown(HOSTILE[name], 40)
    assert time.process_time() - began < 2, "milliseconds, were the machine idle"
    assert lines and max(map(len, lines)) <= 40
    assert "deepest" in "".join(lines) or "deepest" not in HOSTILE[name], "what is nested too deep is not hidden"


def test_very_long_markdown_is_shown_as_it_is_written() -> None:
    assert shown("*words* " * 2_000, 80)[0].startswith("*words* *words*")


@given(st.text("#*_`[]()<>|-$\\~! \nab1.é語", max_size=200), st.integers(10, 50))
def test_any_markdown_becomes_lines_that_fit(source: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in shown(source, width))
