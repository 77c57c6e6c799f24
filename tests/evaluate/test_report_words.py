"""Numbers, dates and hostile texts, as the report shows them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.evaluate.experiment.model import Interval
from nbalign.evaluate.report.words import (
    count,
    date,
    duration,
    line,
    listed,
    number,
    p_value,
    passage,
    percent,
    signed,
    with_span,
)


@pytest.mark.parametrize(
    ("value", "shown", "with_sign"),
    [
        (None, "–", "–"),
        (math.nan, "–", "–"),
        (math.inf, "–", "–"),
        (0.0, "0.00", "0.00"),
        (-0.001, "0.00", "0.00"),
        (0.314, "0.31", "+0.31"),
        (-1.5, "-1.50", "-1.50"),
    ],
)
def test_numbers_have_two_decimals_and_zero_no_sign(value: float | None, shown: str, with_sign: str) -> None:
    assert (number(value), signed(value)) == (shown, with_sign)


@given(st.floats(0, 1))
def test_a_p_value_never_reads_as_none_and_never_as_the_limit_when_it_is_below(p: float) -> None:
    shown = p_value(p)
    assert shown not in ("0.000", "0.0000")
    if p < 0.05:
        assert shown.startswith("<") or float(shown) < 0.05
    else:
        assert float(shown) >= 0.05


def test_intervals_and_shares() -> None:
    assert with_span(Interval(0.314, 0.2, 0.4)) == "0.31 (0.20 to 0.40)"
    assert with_span(Interval(0.3, -0.1, 0.7), sign=True) == "+0.30 (-0.10 to +0.70)"
    assert with_span(None) == "–"
    assert (percent(0.946), percent(None)) == ("95%", "–")
    assert (count(1, "pair"), count(1200, "pair")) == ("1 pair", "1,200 pairs")


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0, "0.0 s"), (9.94, "9.9 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (3599.7, "1 h 0 min"),
        (7500, "2 h 5 min"), (math.nan, "–"), (-1, "–"), (math.inf, "–"),
    ],
)  # fmt: skip
def test_time_is_told_in_its_two_largest_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown


def test_dates_are_told_in_utc_and_what_is_none_stays() -> None:
    assert date("2025-11-22T07:02:44+02:00") == "22 November 2025, 05:02 UTC"
    assert date("2025-11-22T05:02:44") == "22 November 2025, 05:02 UTC"
    assert date("yesterday\x1b[31m") == "yesterday"
    assert date("0001-01-01T00:00:00+14:00")  # no year before it


def test_lists_name_the_first_and_count_the_rest() -> None:
    assert [listed(list("abcd"), most) for most in (1, 3, 4)] == ["a and 3 more", "a, b, c and 1 more", "a, b, c and d"]
    assert (listed([]), listed(["a"])) == ("", "a")


@given(st.text(max_size=300))
def test_hostile_text_is_bounded_and_harmless(text: str) -> None:
    assert len(line(text, 20)) <= 20
    assert line(text).isprintable() or not set(line(text)) & set("\n\r\x1b\u202e\u2066")
    shown = passage(text, 100)
    assert len(shown) < 100 + 40
    assert not set(shown) & set("\x00\x07\x1b\r\u202e\u2066\u200b")


def test_a_passage_says_what_it_leaves_out() -> None:
    assert passage("a" * 120, 100) == "a" * 100 + " … (20 more characters)"
