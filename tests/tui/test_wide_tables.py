from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nbalign.notebooks.model import Cell, Output
from nbalign.tui.cell_lines import cell_lines
from nbalign.tui.cell_look import CellLines
from nbalign.tui.text_tables import blocks, columns_of
from tests.tui.looks import look, texts

FRAME = "\n".join(
    ["     " + "".join(f"{f'col_{n}':>12}" for n in range(8))]
    + [f"row{r} " + "".join(f"{r * 10 + n:>12}" for n in range(8)) for r in range(4)]
)
SUMMARY = """\
                            OLS Regression Results
==============================================================================
Dep. Variable:                  price   R-squared:                       0.912
Model:                            OLS   Adj. R-squared:                  0.911
No. Observations:                 100   AIC:                             812.4
=============================================================================="""
PROSE = "This is a long sentence that goes on and on, well past the right edge of the view.\n" * 3


def output(text: str, width: int = 40, **more: object) -> CellLines:
    return cell_lines(Cell(1, "code", "x", 1, (Output("result", "", text),)), look(width, **more))


def body(lines: CellLines) -> list[str]:
    return texts(lines)[2:]


def test_a_wide_table_is_cut_and_says_how_much_more_there_is() -> None:
    lines = output(FRAME)
    note, head, first, *_ = body(lines)
    assert note == "→ 6 more columns (>)"
    assert "col_0" in head and "col_1" in head and "col_2" not in head
    assert first.startswith("row0") and first.endswith("›")
    assert len(body(lines)) == 1 + 5, "a row of the table takes one line"


def test_the_first_column_stays_while_the_others_move() -> None:
    lines = output(FRAME, shift=36)
    note, head, first, *_ = body(lines)
    assert note == "← 3 columns (<) · → 3 more columns (>)"
    assert first.startswith("row0") and "col_0" not in head and "col_4" in head
    end = body(output(FRAME, shift=lines.reach))
    assert end[0].startswith("← ") and "→" not in end[0]
    assert end[1].rstrip().endswith("col_7") and not end[2].endswith("›")


def test_moving_farther_than_the_table_reaches_stops_at_its_end() -> None:
    reach = output(FRAME).reach
    assert texts(output(FRAME, shift=10_000)) == texts(output(FRAME, shift=reach))


def test_a_table_that_fits_is_left_alone() -> None:
    lines = output(FRAME, 120)
    assert body(lines) == [line.rstrip() for line in FRAME.split("\n")] and lines.reach == 0


def test_a_statistics_summary_is_a_table() -> None:
    lines = output(SUMMARY)
    assert lines.reach > 0 and body(lines)[0].startswith("→")
    assert any(line.startswith("Dep. Variable:") for line in body(lines))
    assert len(body(lines)) <= 1 + 2 + 6


def test_prose_is_folded_and_loses_nothing() -> None:
    lines = output(PROSE)
    assert lines.reach == 0
    assert "".join(body(lines)).replace(" ", "") == PROSE.replace("\n", "").replace(" ", "")


def test_prose_above_a_table_stays_readable() -> None:
    long = "The head of the frame, as it was read from the file and before any row was dropped:"
    shown = body(output(f"{long}\n{FRAME}"))
    assert "".join(shown[:3]).replace(" ", "").startswith(long.replace(" ", ""))
    assert any(line.startswith("→") for line in shown)


def test_a_traceback_is_folded_and_never_cut() -> None:
    text = "ValueError       Traceback (most recent call last)     in the cell\n" * 2 + "ValueError: no"
    lines = cell_lines(Cell(1, "code", "x", 1, (Output("error", "ValueError", text),)), look(30))
    assert lines.reach == 0 and texts(lines)[-1] == "ValueError: no"


def test_a_long_table_is_folded_by_its_rows() -> None:
    lines = output("\n".join([FRAME, *FRAME.split("\n")[1:] * 10]))
    assert lines.folded and "more lines (o opens)" in texts(lines)[-1]
    assert not output(FRAME).folded


def test_wide_characters_are_cut_by_cells() -> None:
    table = "\n".join(f"{n}  語語語語語語語語  {'x' * 30}  {n}" for n in range(3))
    for shift in range(30):
        assert all(line.strip is None or line.strip.cell_length <= 20 for line in output(table, 20, shift=shift).lines)


@given(st.lists(st.text("ab  |=-語é.1", max_size=60), max_size=12), st.integers(4, 40))
def test_blocks_hold_every_line_once_and_in_order(lines: list[str], width: int) -> None:
    found = blocks(lines, width)
    assert [line for block in found for line in block.lines] == lines
    assert [block.first for block in found] == [sum(len(b.lines) for b in found[:n]) for n in range(len(found))]
    for block in found:
        columns = columns_of(block.lines, width // 3)
        assert 0 <= columns.kept <= width // 3


@given(st.integers(0, 120), st.integers(12, 60))
def test_every_line_of_a_table_fits_the_view(shift: int, width: int) -> None:
    lines = output(FRAME + "\n\n" + SUMMARY, width, shift=shift, opened=True)
    assert all(line.strip is not None and line.strip.cell_length <= width for line in lines.lines)
