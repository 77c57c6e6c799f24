"""Prose without full stops, cut into parts where a reader would draw breath, so that no end of it is lost."""

from __future__ import annotations

import re

# From the best place for a cut to the worst. Each match is what stands between two parts; it may be empty.
_PLACES = (
    re.compile(r"(?<=[.!?;:])\s+|(?<=[。！？；：])\s*"),
    re.compile(r"(?<=[,)])\s+|\s+(?=[–—-]\s)|(?<=[，、])\s*"),
    re.compile(r"\s+"),
)


def parts(text: str, most: int) -> list[tuple[str, str]]:
    """Cuts a long text into parts of about the same length.

    A cut is made at the end of a clause, else between words, and only in a word longer than a part within it.

    Args:
        text: Any text; one that is short enough stays whole.
        most: Characters a part may have, 2 or more.

    Returns:
        What stands before each part (a space, or nothing where a word or a script without spaces was cut) and the
        part. Together they are the text, with one space for the blanks at a cut.
    """
    found: list[tuple[str, str]] = []
    glue, at = "", 0
    while len(text) - at > most:
        left = len(text) - at
        end, following = _cut(text, at, left // -(-left // most), most)
        found.append((glue, text[at:end]))
        while following < len(text) and text[following].isspace():
            following += 1
        glue, at = " " if following > end else "", following
    if at < len(text):
        found.append((glue, text[at:]))
    return found


def _cut(text: str, at: int, aim: int, most: int) -> tuple[int, int]:
    """Where the part that starts at `at` ends and where the next begins: near `aim` characters, never over `most`."""
    for place in _PLACES:
        # What lies before the window counts for what a cut follows, so that `3.` and `5` in `3.5` stay together.
        spans = [match.span() for match in place.finditer(text, at + max(1, aim // 2), at + most)]
        if spans:
            return min(spans, key=lambda span: abs(span[0] - at - aim))
    return at + aim, at + aim
