"""What is wrong with a label file, in few lines: one for each cause, however many lines of the file it spoils."""

from __future__ import annotations

from collections.abc import Iterable

_MOST_CAUSES = 20
_MOST_NUMBERS = 5  # of the lines that one cause spoils


def refusal(problems: Iterable[tuple[int, str]]) -> list[str]:
    """Lines for people, causes in the order in which they come up.

    Args:
        problems: Line number and what is wrong with that line.

    Returns:
        Such as `lines 1, 2, 3, 4, 5 and 40 more: 9 is not on the scale of ml`, at most 20 of them and one that counts
        the lines with other causes; empty where nothing is wrong.
    """
    causes: dict[str, tuple[list[int], int]] = {}
    others = 0
    for number, what in problems:
        if what not in causes and len(causes) == _MOST_CAUSES:
            others += 1
            continue
        numbers, count = causes.get(what, ([], 0))
        if count < _MOST_NUMBERS:
            numbers.append(number)
        causes[what] = numbers, count + 1
    told = [f"{_lines(numbers, count)}: {what}" for what, (numbers, count) in causes.items()]
    return [*told, f"and {others:,} more"] if others else told


def _lines(numbers: list[int], count: int) -> str:
    shown = ", ".join(map(str, numbers))
    more = f" and {count - len(numbers):,} more" if count > len(numbers) else ""
    return f"line{'s' if count > 1 else ''} {shown}{more}"
