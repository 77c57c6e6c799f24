from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.errors import BadInput
from nbalign.notebooks import Limits, read
from nbalign.notebooks.limits import Bounded, cut_mark, fair_share, without_middle
from tests.notebooks.build import code, error, notebook, stream


def test_a_text_within_its_bound_is_whole() -> None:
    assert Bounded("abc").within(3) == Bounded("abc")
    assert Bounded("abc").text == "abc"


def test_head_and_tail_stay_around_a_counted_mark() -> None:
    kept = Bounded("a" * 50 + "b" * 50).within(10)
    assert (kept.head, kept.tail, kept.cut) == ("aaaaa", "bbbbb", 90)
    assert kept.text == "aaaaa\n… [cut: 90 characters left out]\nbbbbb"
    assert cut_mark(49_800_000) == "… [cut: 49,800,000 characters left out]"


def test_a_head_alone_ends_in_the_mark() -> None:
    assert Bounded("abcdef").within(2, keep_tail=False).text == "ab\n… [cut: 4 characters left out]"


@given(st.text(max_size=200), st.integers(0, 60), st.integers(0, 60), st.booleans())
def test_cutting_twice_keeps_count_of_every_character(text: str, first: int, second: int, tail: bool) -> None:
    kept = Bounded(text).within(first, keep_tail=tail).within(second, keep_tail=tail)
    assert len(kept) + kept.cut == len(text)
    assert len(kept) <= min(first, second)
    assert text.startswith(kept.head)
    assert text.endswith(kept.tail)


@given(st.text("ab\n", max_size=400), st.integers(1, 20))
def test_the_middle_of_a_raw_text_is_counted(text: str, limit: int) -> None:
    kept = without_middle(text, limit)
    assert len(kept) + kept.cut == len(text)
    assert len(kept) <= 8 * limit


@given(st.lists(st.integers(0, 1000), max_size=30), st.integers(0, 5000))
def test_a_fair_share_fits_and_is_the_largest_that_does(sizes: list[int], total: int) -> None:
    share = fair_share(sizes, total)
    if share is None:
        assert sum(sizes) <= total
    else:
        assert sum(min(size, share) for size in sizes) <= total
        assert sum(min(size, share + 1) for size in sizes) > total


def test_long_source_is_cut_with_a_mark_and_a_warning() -> None:
    read_back = read(notebook(code("x" * 30)), "a.ipynb", limits=Limits(source=10))
    assert read_back.cells[0].source == "x" * 10 + "\n… [cut: 20 characters left out]"
    assert read_back.cells[0].cut == 20
    assert read_back.warnings == ("Source over 10 characters was cut (cell 1).",)


def test_long_output_keeps_its_end_where_errors_stand() -> None:
    raw = notebook(code("f()", error("ValueError", "the reason", *["frame " * 20] * 50, "ValueError: the reason")))
    output = read(raw, "a.ipynb", limits=Limits(output=100)).cells[0].outputs[0]
    assert output.text.endswith("\nValueError: the reason")
    assert output.text.startswith("frame frame")
    assert "characters left out]" in output.text
    assert output.cut > 5000


def test_outputs_share_their_common_bound_and_short_ones_stay_whole() -> None:
    raw = notebook(
        code("a", stream("x" * 900)), code("b", stream("short"), id="c2"), code("c", stream("y" * 900), id="c3")
    )
    read_back = read(raw, "a.ipynb", limits=Limits(outputs=205))
    outputs = [cell.outputs[0] for cell in read_back.cells]
    assert outputs[1].text == "short"
    assert [output.cut for output in outputs] == [800, 0, 800]
    assert read_back.warnings == ("All outputs together are over 205 characters; the longest were cut.",)


def test_cells_over_the_bound_are_left_out_and_told() -> None:
    raw = notebook(*(code(str(i), id=f"c{i}") for i in range(5)))
    read_back = read(raw, "a.ipynb", limits=Limits(cells=2))
    assert [cell.source for cell in read_back.cells] == ["0", "1"]
    assert read_back.warnings == ("The notebook has 5 cells; those after cell 2 were left out.",)


def test_many_outputs_of_one_cell_keep_the_first_and_the_last() -> None:
    outputs = [stream(str(i), name="stdout" if i % 2 else "stderr") for i in range(10)]
    read_back = read(notebook(code("a", *outputs)), "a.ipynb", limits=Limits(outputs_per_cell=4))
    texts = [output.text for output in read_back.cells[0].outputs]
    assert texts == ["0", "1", "… [cut: 6 outputs left out]", "8", "9"]
    assert len(read_back.warnings) == 1


def test_a_file_over_the_bound_is_refused_with_both_sizes() -> None:
    with pytest.raises(BadInput, match=r"has 6\d bytes; at most 10 are read"):
        read(notebook(), "a.ipynb", limits=Limits(file=10))


def test_an_output_of_fifty_megabytes_is_read_whole_but_kept_in_part() -> None:
    line = "step \x1b[32mdone\x1b[0m and a little more text to fill the line\n"
    raw = notebook(code("f()", stream([line] * (50_000_000 // len(line)))))
    output = read(raw, "a.ipynb").cells[0].outputs[0]
    assert output.cut > 40_000_000
    assert 200_000 <= len(output.text) <= 200_100
    assert "\x1b" not in output.text
    assert output.text.startswith("step done and")
    assert output.text.endswith("to fill the line\n")
