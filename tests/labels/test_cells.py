"""Lists of cells as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.errors import UsageError
from nbalign.labels.cells import MAX_CELL, format_cells, parse_cells


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("", ()),
        (" ", ()),
        ("3", (3,)),
        ("3,5-7", (3, 5, 6, 7)),
        ("7 3;5, 3", (3, 5, 7)),
        ("5 - 7", (5, 6, 7)),
        ("4-4,", (4,)),
    ],
)
def test_lists_are_read(text: str, cells: tuple[int, ...]) -> None:
    assert parse_cells(text) == cells


@pytest.mark.parametrize(
    "text", ["x", "0", "-1", "1-", "7-5", "1.5", "1-2-3", "٣", "1-999999999", "9" * 5000, "\x1b[31m"]
)
def test_other_text_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no list of cells") as caught:
        parse_cells(text)
    assert "\x1b" not in str(caught.value)


@given(st.sets(st.integers(1, MAX_CELL), max_size=30))
def test_what_is_written_is_read_back(cells: set[int]) -> None:
    assert parse_cells(format_cells(sorted(cells))) == tuple(sorted(cells))


def test_neighbours_are_joined() -> None:
    assert format_cells((1, 2, 3, 5, 7, 8)) == "1-3,5,7-8"
