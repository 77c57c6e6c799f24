from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbalign.notebooks import clean
from nbalign.notebooks.sanitise import clean_line, clean_source

SEQUENCES = ["\x1b", "[", "]", "P", "\\", "\x07", "\x18", "\x9b", "\x9d", "\x90", "\x9c", "31m", "0;t", ";", " "]
OTHERS = ["\r", "\n", "\t", "\b", "\0", "\x7f", "\u202e", "\u200b", "\ufeff", "\U000e0041", "\ud800", "a", "é", "🙂"]
PIECES = st.sampled_from([*SEQUENCES, *OTHERS])
HOSTILE = st.one_of(st.lists(PIECES, max_size=40).map("".join), st.text(st.characters(), max_size=60))


def is_clean(text: str) -> bool:
    """No control but line feed and tab, nothing invisible, no surrogate."""
    hidden = {0x200B, 0x200E, 0x200F, 0x2060, 0x061C, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)}
    hidden |= {*range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)}
    return not any((unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t") or ord(c) in hidden for c in text)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain text\twith tab\n", "plain text\twith tab\n"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x9b1;31mred\x9b0m", "red"),
        ("\x1b[38:2::255:0:0mred", "red"),
        ("a\x1b[2Kb\x1b[?25lc\x1b[5 qd", "abcd"),
        ("broken \x1b[31", "broken "),
        ("\x1b[31é", "é"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]0;title\x1b\\text", "text"),
        ("\x9d0;title\x9ctext", "text"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1b]52;c;ZXZpbA==", ""),
        ("\x1b]0;no end\nnext line", "\nnext line"),
        ("\x1bPq#0;2\n#1~~@@\x1b\\after", "after"),
        ("\x90q#0\x9cafter", "after"),
        ("\x1b_app\x1b\\\x1b^private\x1b\\\x1bXstring\x1b\\after", "after"),
        ("\x1bPtmux;\x1b\x1b]52;c;aGk=\x07\x1b\\after", "after"),
        ("\x1b(B\x1b7\x1bcreset", "reset"),
        ("\x1b[3\x001mred", "red"),
        ("\x1b\x1b[31mred", "red"),
        ("one\r\ntwo\r\r\nthree", "one\ntwo\nthree"),
        ("  0%\r 50%\r100%\nDone", "100%\nDone"),
        ("  0%\r 50%\r", " 50%"),
        ("old\r\x1b[Knew", "new"),
        ("N\bNA\bAM\bME\bE", "NAME"),
        ("_\ba_\bb", "ab"),
        ("12%\b\b\b34%", "34%"),
        ("abc\b\bX", "aXc"),
        ("\b\bstart", "start"),
        ("kept until overwritten\b\b\b\n", "kept until overwritten\n"),
        ("abc\u202edef\u2066g\u200e", "abcdefg"),
        ("in\u200bvis\ufeffi\u2060ble\U000e0041\U000e007f", "invisible"),
        ("👩\u200d🚀 \u0915\u094d\u200c\u0937", "👩\u200d🚀 \u0915\u094d\u200c\u0937"),
        ("half \ud83d pair", "half \ufffd pair"),
        ("\0nul\x7fdel\x85nel", "nuldelnel"),
    ],
)
def test_text_becomes_what_a_terminal_finally_shows(raw: str, shown: str) -> None:
    assert clean(raw) == shown


@given(HOSTILE)
def test_cleaned_text_is_clean_and_cleaning_again_changes_nothing(text: str) -> None:
    for cleaner in (clean, clean_source):
        once = cleaner(text)
        assert is_clean(once)
        assert cleaner(once) == once


@given(st.text(st.characters(exclude_categories=["C"]), max_size=60))
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text == clean_source(text)


@pytest.mark.parametrize(
    "piece",
    ["\x1b", "\x1b[", "\x1b]", "\x1bP", "\x9d", "\x90a", "\x1b]0;", "\r", "a\b", "\x1b[1;", "\x1b(", "\x1b]x\x18"],
)
def test_a_megabyte_of_one_hostile_piece_takes_linear_time(piece: str) -> None:
    # Quadratic work on a million characters would run into the suite's time limit.
    assert is_clean(clean(piece * (1_000_000 // len(piece))))


def test_a_long_string_sequence_without_end_hides_only_a_bounded_part() -> None:
    assert len(clean("\x1b]" + "x" * 1_000_000)) > 990_000


def test_source_hides_nothing_that_python_would_run() -> None:
    assert clean_source("evil()\rprint('fine')") == "evil()\nprint('fine')"
    assert clean_source("a = 1\b\b2\r\nb") == "a = 12\nb"
    assert clean_source("x = '\x1bP'\nevil()\ny = '\x1b\\'") == "x = 'P'\nevil()\ny = '\\'"
    assert clean_source("\x1b[31mred\x1b[0m") == "red"


def test_a_line_is_one_bounded_line() -> None:
    assert clean_line(" a\n\nb\t\x1b[31mc\x1b[0m \r d ") == "a b c d"
    assert clean_line("x" * 50, 10) == "x" * 9 + "…"
    assert clean_line("x" * 10, 10) == "x" * 10
    assert clean_line("") == ""
