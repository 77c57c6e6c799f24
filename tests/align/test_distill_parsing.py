"""Lines out of what models write, in whatever form they write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.align.distill.parsing import parse, scores_of

RULE = "Score 1 when no seed is set"


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (f"- {RULE}. (1, 4, 7)", (1, 4, 7)),
        (f"* {RULE} (1,4)", (1, 4)),
        (f"1. {RULE} [2]", (2,)),
        (f"1) **{RULE}.** (remarks 1 and 4)", (1, 4)),
        (f"• {RULE} (#3)", (3,)),
        (f"Rule 2: {RULE} (2-4)", (2, 3, 4)),
        (f'- "{RULE}" (1; 2 & 3)', (1, 2, 3)),
        (f"(b) {RULE} (Remarks: 5)", (5,)),
        (f"- {RULE} (2, 99, 0)", (2,)),
        (f"- {RULE} (1, 3, ", (1, 3)),
        (f"- {RULE} (", ()),
        (f"{RULE}.", ()),
        (f"- - {RULE} (4 7)", (4, 7)),
    ],
)
def test_forms_of_one_line(text: str, numbers: tuple[int, ...]) -> None:
    (line,) = parse(text, 9)
    assert (line.text, line.numbers) == (RULE, numbers)


def test_chatter_headings_and_repeats_are_no_guidelines() -> None:
    text = (
        f"Sure! Here are the rules:\n\n**Rules:**\n- {RULE}. (1)\n- ok\n- {RULE} (2)\n---\n- Score 3 when tuned well."
    )
    assert [(line.text, line.numbers) for line in parse(text, 5)] == [(RULE, (1, 2)), ("Score 3 when tuned well", ())]


def test_a_last_line_that_was_cut_off_is_known() -> None:
    lines = parse(f"- {RULE}\n- Score 1 when the split is made after the", 5)
    assert [line.whole for line in lines] == [True, False]
    assert parse(f"- {RULE} (1)", 5)[0].whole
    assert all(line.whole for line in parse(f"- {RULE}\n- Score 1 when nothing is tuned", 5, ended=True))


def test_brackets_with_words_stay() -> None:
    (line,) = parse("- Score 2 when one metric (accuracy) stands alone (3)", 5)
    assert line.text == "Score 2 when one metric (accuracy) stands alone"


def test_scores_are_known() -> None:
    told = ("Score 2 when", "a score of 3", "score: 1", "Score 1 or score 2", "no")
    assert [scores_of(text) for text in told] == [{2}, {3}, {1}, {1, 2}, set()]


@given(st.text(max_size=400), st.integers(0, 30))
def test_any_text_at_all(text: str, records: int) -> None:
    for line in parse(text, records):
        assert line.text == line.text.strip()
        assert "\n" not in line.text
        assert list(line.numbers) == sorted(set(line.numbers))
        assert all(1 <= n <= records for n in line.numbers)


def test_megabytes_take_no_time() -> None:
    assert len(parse("- (1" * 2_000_000, 9)) <= 1
    parse("(1," * 10_000 + " " * 10_000, 9)
    parse("- " * 10_000 + "_" * 10_000, 9)
