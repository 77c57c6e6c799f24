"""What a small model wrote, made fit for a notebook: plans, sentences and code, with its habits taken out.

Small models number lines twice, open fences again, explain inside the code, install packages, repeat themselves and
stop in the middle when their tokens are spent. Nothing here judges what the code does: that is the judge's work.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nbalign.evidence.parsing import parse_cell
from nbalign.notebooks.sanitise import clean_source

MOST_TITLE = 70  # characters of a step's title
MOST_SENTENCE = 300
_MOST_TEXT = 20_000  # characters of an answer that are read; far above any bound on tokens
_MOST_PROSE = 8  # lines of explanation before the code that are looked over
_ALIKE = 3  # equal lines, or blocks, in a row that may stay
_MOST_BLOCK = 6  # lines of a block whose repeats are looked for

_BULLET = re.compile(
    r"^(?:[#>\s]*)(?:[-*•+]\s+|\(?\d{1,2}\s*[.):]\s*|(?:step|cell)\s*\d{1,2}\s*[.:)-]?\s*)+", re.IGNORECASE
)
_DANGLING = re.compile(r"(?:[ ,]+(?:a|an|and|as|by|for|from|in|into|of|on|or|that|the|to|using|with))+$", re.IGNORECASE)
_MARKS = re.compile(r"[*`#]+")
_FENCE = re.compile(r"^\s*(?:```|~~~)", re.MULTILINE)
_FENCED = re.compile(r"^[ \t]*(?:```|~~~)[^\n`]*\n(.*?)(?=^[ \t]*(?:```|~~~)|\Z)", re.DOTALL | re.MULTILINE)
_INSTALL = re.compile(r"^\s*[!%]{0,2}\s*(?:python3?\s+-m\s+)?(?:pip3?|conda|mamba|uv)\s+(?:pip\s+)?(?:install|add)\b")
_AFTER_CODE = re.compile(r"^(?:#{1,4} \d{1,2}\. |Output:\s*$|Error:\s*$|Plan:\s*$|</?data-)")
_SENTENCE_END = re.compile(r"[.!?](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Code:
    """A cell's code.

    Attributes:
        source: The code; empty when there was none.
        notes: What was done to it, a plain word or two each, such as `cut off`.
    """

    source: str
    notes: tuple[str, ...] = ()


def plan_of(text: str, most: int, cut: bool = False) -> tuple[str, ...]:
    """The titles of a plan, in order, at most 142 characters each; empty when none can be read.

    Args:
        text: What was written.
        most: Most titles. Of a longer plan neighbours become one, the earliest first, and what is still over goes from
            its end, but for the last line: that is the one that answers the task.
        cut: Whether the bound on tokens ended it: the last line is torn then.
    """
    found: dict[str, str] = {}
    for line in clean_source(text[:_MOST_TEXT]).split("\n"):
        if _FENCE.match(line):
            break
        title = _title(line)
        if title and title.lower() not in found:
            found[title.lower()] = title
    titles = list(found.values())
    if cut and len(titles) > 1:
        titles.pop()
    if len(titles) > 2 * most:
        titles[2 * most - 1 :] = titles[-1:]
    pairs = max(0, len(titles) - most)
    merged = [f"{one}; {_lowered(other)}" for one, other in zip(titles[::2], titles[1::2], strict=False)]
    return (*merged[:pairs], *titles[2 * pairs :])


def _lowered(title: str) -> str:
    """A title within another one; an abbreviation stays as it is."""
    return title if title[1:2].isupper() else title[0].lower() + title[1:]


def _title(line: str) -> str:
    line = _MARKS.sub("", _BULLET.sub("", line.strip())).strip()
    head, colon, _ = line.partition(": ")
    if colon and len(head) >= 8:  # "Load the data: read the file with pandas"
        line = head
    line = " ".join(line.split()).rstrip(".:;, ")
    if len(line) < 4 or not any(c.isalpha() for c in line) or line.lower() in ("plan", "notebook", "steps", "python"):
        return ""
    if len(line) > MOST_TITLE:
        line = _DANGLING.sub("", line[:MOST_TITLE].rsplit(" ", 1)[0]).rstrip(".:;, ")
    return line[0].upper() + line[1:]


def sentence_of(text: str, cut: bool) -> str:
    """The first paragraph of an answer as one line, whole sentences only when it was cut off; may be empty.

    Args:
        text: What was written.
        cut: Whether the bound on tokens ended it.
    """
    text = clean_source(text[:_MOST_TEXT]).strip()
    text = _FENCE.split(text, maxsplit=1)[0]
    line = " ".join(text.split("\n\n", 1)[0].split()).lstrip("#>-* ")
    if len(line) > MOST_SENTENCE:
        line, cut = line[:MOST_SENTENCE], True
    if cut:
        ends = [found.end() for found in _SENTENCE_END.finditer(line)]
        line = line[: ends[-1]] if ends else ""
    return line.rstrip(" :") + ("." if line.rstrip().endswith(":") else "")


def code_of(text: str, cut: bool) -> Code:
    """The code in an answer.

    Args:
        text: What was written behind an opening fence; it may open another, or begin with an explanation.
        cut: Whether the bound on tokens ended it.
    """
    notes: list[str] = []
    text = clean_source(text[:_MOST_TEXT]).expandtabs(4)
    fenced = _FENCED.search(text)
    inner = fenced is not None and not _is_code(text[: fenced.start()])
    text = fenced.group(1) if fenced and inner else _FENCE.split(text, maxsplit=1)[0]
    lines = [line.rstrip() for line in text.split("\n")]
    lines = _before(lines)
    kept = [line for line in lines if not _INSTALL.match(line)]
    if len(kept) < len(lines):
        notes.append("an installation was left out")
    lines, looped = _unlooped(kept)
    if looped:
        notes.append("a loop was cut")
    lines = _trimmed(lines)
    if not _parses(lines):
        lines, done = _repaired(lines, cut=cut or looped)
        notes += done
    return Code("\n".join(_trimmed(lines)), tuple(notes))


def _before(lines: list[str]) -> list[str]:
    """The lines before the model goes on with the next part of the document in the middle of its code."""
    for n, line in enumerate(lines):
        if n and _AFTER_CODE.match(line):
            return lines[:n]
    return lines


def _unlooped(lines: list[str]) -> tuple[list[str], bool]:
    """The lines with runs of equal lines or blocks shortened to one, and whether there were any."""
    for size in range(1, _MOST_BLOCK + 1):
        for at in range(len(lines) - size * (_ALIKE + 1) + 1):
            block = lines[at : at + size]
            if not any(line.strip(" ()[]{},") for line in block):
                continue
            end = at + size
            while lines[end : end + size] == block:
                end += size
            if (end - at) // size > _ALIKE:
                torn = "\n".join(block).startswith("\n".join(lines[end:]).rstrip())
                rest = [] if torn else _unlooped(lines[end:])[0]
                return lines[: at + size] + rest, True
    return lines, False


def _repaired(lines: list[str], *, cut: bool) -> tuple[list[str], list[str]]:
    """What of the lines is Python: without an explanation before them, or without a torn end; else all of them."""
    for start in range(1, min(_MOST_PROSE, len(lines) - 1) + 1):
        if all(_is_prose(line) for line in lines[:start]) and _parses(lines[start:]):
            return lines[start:], ["an explanation was left out"]
    for end in range(len(lines) - 1, 0, -1):
        if not _is_top(lines, end):
            continue
        rest = lines[end:]
        if _parses(lines[:end]) and (cut or all(_is_prose(line) for line in rest)):
            return lines[:end], ["cut off" if cut else "an explanation was left out"]
    return lines, []


def _is_top(lines: Sequence[str], at: int) -> bool:
    """Whether a statement may begin at this line, so that what stands before it can be whole."""
    line = lines[at]
    return bool(line) and not line[0].isspace() and line[0] not in ")]}"


def _is_prose(line: str) -> bool:
    words = line.split()
    return not words or line.lstrip().startswith("#") or (len(words) >= 3 and not _parses([line]))


def _is_code(text: str) -> bool:
    lines = _trimmed(text.split("\n"))
    return bool(lines) and _parses(lines)


def _parses(lines: Sequence[str]) -> bool:
    return not parse_cell("\n".join(lines)).problem


def _trimmed(lines: Sequence[str]) -> list[str]:
    found = list(lines)
    while found and not found[-1].strip():
        found.pop()
    while found and not found[0].strip():
        found.pop(0)
    return found
