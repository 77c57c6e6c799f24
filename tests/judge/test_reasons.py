from __future__ import annotations

import pytest

from nbalign.judge.reasons import NO_REASON, tidy


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("The split in [3] comes late. It leaks.", "The split in [3] comes late. It leaks."),
        ("The split in [3] comes late. It lea", "The split in [3] comes late."),
        ("It never ends", "It never ends …"),
        ("Two\n lines\tand  blanks.", "Two lines and blanks."),
        ("As [9] and [10] show.", "As [9] and [10: no such cell] show."),
        ("Cell [0] and [123456].", "Cell [0: no such cell] and [123456: no such cell]."),
        ("\x1b[31mred\x1b[0m and [bold].", "red and [bold]."),
        ("", NO_REASON),
        (" \n ", NO_REASON),
    ],
)
def test_a_reason_is_whole_sentences_with_honest_citations(written: str, read: str) -> None:
    assert tidy(written, 9) == read
