"""What is wrong with a rubric's text, or a suite's: every problem with its line, all of them at once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from nbalign.errors import BadInput

_MOST_SHOWN = 30  # a broken file can have thousands; nobody reads more than a screen

# Control characters (C0 less tab and newline, DEL, C1), separators that look like line ends, marks that turn the
# direction of text, surrogates, non-characters and Unicode tags: none has a place in a rubric, and each can make a
# terminal or a prompt show or say something else than what the author reads.
FORBIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff"
    r"\U000e0000-\U000e007f]"
)


def shown(text: str, limit: int = 60) -> str:
    """Hostile text made safe for a message: one line, no control characters, cut at `limit` characters."""
    line = " ".join(FORBIDDEN.sub("\N{REPLACEMENT CHARACTER}", text).split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        line: Line from 1; 0 when it is about the file as a whole.
        what: What is wrong, for people, without a full stop.
    """

    line: int
    what: str


class BadText(BadInput):
    """A text that is not what it should be.

    Args:
        origin: Name of the file, already safe to show.
        problems: At least one.

    Attributes:
        problems: All of them, by line; the message lists the first few dozen.
        advice: The hint: where it says what such a text looks like.
    """

    advice: ClassVar[str] = ""

    def __init__(self, origin: str, problems: tuple[Problem, ...]) -> None:
        self.problems = tuple(sorted(problems, key=lambda p: p.line))
        lines = [f"{origin}:{p.line}: {p.what}" if p.line else f"{origin}: {p.what}" for p in self.problems]
        if len(lines) > _MOST_SHOWN:
            lines[_MOST_SHOWN:] = [f"… and {len(lines) - _MOST_SHOWN} more"]
        if len(self.problems) > 1:
            lines.insert(0, f"{origin} has {len(self.problems)} problems:")
        super().__init__("\n".join(lines), self.advice)


class BadRubric(BadText):
    """A text that is not a rubric."""

    advice = "docs/rubrics.md says how to write one; `nbalign rubric check` tests it."


class Problems:
    """Collects problems while a rubric, or another text, is read.

    Args:
        origin: Name of the file, for messages.
        error: What is raised when there are any.
    """

    def __init__(self, origin: str, error: type[BadText] = BadRubric) -> None:
        self._origin = shown(origin, 200) or "rubric"
        self._error = error
        self._found: list[Problem] = []

    def add(self, line: int, what: str) -> None:
        """Notes one problem and goes on."""
        self._found.append(Problem(line, what))

    def stop_if_any(self) -> None:
        """Ends the reading where going on makes no sense.

        Raises:
            BadText: Of the kind asked for, if there is any problem until now.
        """
        if self._found:
            raise self._error(self._origin, tuple(self._found))
