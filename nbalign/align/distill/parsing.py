"""What a model wrote becomes lines with the numbers of their sources, however it chose to write them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbalign.notebooks.sanitise import clean

_LONGEST = 20_000  # characters looked at; a model is asked for far fewer
_BULLET = re.compile(r"^(?:[-*•–—▪·>#]+\s*|\(?\d{1,2}[.):](?=\s)\s*|\(?[a-z][.)](?=\s)\s*)+", re.IGNORECASE)
_LABEL = re.compile(r"^(?:rules?|guidelines?|answer)\s*(?:\d{1,2}\s*)?:\s*", re.IGNORECASE)
# Brackets with nothing but numbers in them, and words such as `remarks 1 and 4`.
_NUMBER = r"#?\d{1,3}(?:\s*[-–]\s*#?\d{1,3})?"
_IDS = re.compile(
    rf"[(\[]\s*(?:(?:remarks?|numbers?|nos?\.?|ids?|sources?|from|see|records?)[:\s]*)*"
    rf"(?P<ids>{_NUMBER}(?:\s*(?:,|;|&|and|\s)\s*(?:remarks?\s*)?{_NUMBER})*)\s*[)\]]",
    re.IGNORECASE,
)
_OPEN_IDS = re.compile(rf"[(\[]\s*(?P<ids>{_NUMBER}(?:\s*,\s*{_NUMBER})*)?\s*,?\s*$")  # cut off at the token limit
_SPAN = re.compile(r"(\d{1,3})(?:\s*[-–]\s*#?(\d{1,3}))?")
_SCORE = re.compile(r"\bscore\s*(?:of\s*)?[:=]?\s*(\d)\b", re.IGNORECASE)
_WIDEST = 40  # numbers in one span


@dataclass(frozen=True, slots=True)
class Line:
    """One line that may be a guideline.

    Attributes:
        text: Its words, without bullet and numbers.
        numbers: Numbers of records that it names, ascending; those that do not exist are left out.
        whole: False where it is the last line and seems to have been cut off.
    """

    text: str
    numbers: tuple[int, ...]
    whole: bool = True


def parse(text: str, records: int, *, ended: bool = False) -> list[Line]:
    """The lines of a model's answer that may be guidelines, in order.

    Bullets, numbering, labels, emphasis and quotation marks go; numbers in brackets become sources. Repeated lines
    count once, with the sources of all. Headings (a colon at the end) and lines without three words are left out.

    Args:
        text: What the model wrote.
        records: How many records it was shown; they are numbered from 1.
        ended: Whether the model ended its answer itself, so that no line can have been cut off.
    """
    found: dict[str, Line] = {}
    rows = [row for row in clean(text[:_LONGEST]).splitlines() if row.strip()]
    for n, row in enumerate(rows):
        words, numbers = _taken_apart(row, records)
        if words.endswith(":") or len(re.findall(r"[^\W\d_]{2,}", words)) < 3:
            continue
        named = _IDS.search(row) is not None
        whole = ended or n < len(rows) - 1 or named or words.endswith((".", "!", "?"))
        words = words.rstrip(" .;,")
        key = " ".join(re.findall(r"\w+", words.casefold()))
        if key in found:
            before = found[key]
            found[key] = Line(before.text, tuple(sorted({*before.numbers, *numbers})), before.whole or whole)
        else:
            found[key] = Line(words, numbers, whole)
    return list(found.values())


def scores_of(text: str) -> frozenset[int]:
    """The scores that a line names."""
    return frozenset(int(digit) for digit in _SCORE.findall(text))


def _taken_apart(row: str, records: int) -> tuple[str, tuple[int, ...]]:
    numbers: set[int] = set()
    for match in _IDS.finditer(row):
        numbers |= _numbers(match["ids"], records)
    row = _IDS.sub(" ", row)
    if (cut := _OPEN_IDS.search(row)) is not None:
        numbers |= _numbers(cut["ids"] or "", records)
        row = row[: cut.start()]
    row = " ".join(row.split())
    row = _LABEL.sub("", _BULLET.sub("", row))
    row = row.replace("**", "").replace("__", "").strip(" \t\"'“”`*")
    row = re.sub(r"\s+([.,;:])", r"\1", row)
    return _BULLET.sub("", row), tuple(sorted(numbers))


def _numbers(text: str, records: int) -> set[int]:
    found: set[int] = set()
    for first, last in _SPAN.findall(text):
        low, high = int(first), int(last or first)
        found.update(range(low, min(high, low + _WIDEST) + 1))
    return {n for n in found if 1 <= n <= records}
