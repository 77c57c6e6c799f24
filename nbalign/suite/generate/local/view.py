"""What the model sees of a cell's outputs: a few short lines, whatever was printed."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from nbalign.notebooks.sanitise import clean, clean_line

WIDTH = 100  # characters of a line
LINES = 6  # lines, the mark of those left out included
CHARACTERS = 180  # 50 to 100 tokens: each digit of a table is one
ERROR_WIDTH = 200
_READ = 20_000  # characters of a text that are looked at
_ARROW = re.compile(r"^-+> *(\d+) ?(.*)$")


def output_view(outputs: Sequence[Mapping[str, Any]]) -> str:
    """The beginning and the end of what a cell printed and returned; figures by a word, warnings left out."""
    lines: list[str] = []
    for output in outputs[:200]:
        kind = output.get("output_type")
        if kind == "stream":
            if output.get("name") != "stderr":
                lines += _lines(_text(output.get("text")))
        elif kind in ("execute_result", "display_data"):
            data = output.get("data")
            if not isinstance(data, Mapping):
                continue
            if any(str(mime).startswith("image/") for mime in data):
                lines.append("[figure]")
            else:
                lines += _lines(_text(data.get("text/plain")))
    return _bounded(lines) or "(nothing printed)"


def error_view(error: str, outputs: Sequence[Mapping[str, Any]]) -> str:
    """The exception's line, and the line of the cell that raised it where the traceback tells.

    Args:
        error: `CellRun.error`.
        outputs: Of the failed cell.
    """
    shown = clean_line(error, ERROR_WIDTH) or "the cell failed"
    for output in outputs:
        if output.get("output_type") != "error":
            continue
        traceback = output.get("traceback")
        parts = traceback if isinstance(traceback, Sequence) and not isinstance(traceback, str) else [traceback]
        for line in _lines(_text("\n".join(map(_text, parts)))):
            found = _ARROW.match(line)
            if found:
                return f"{shown}\nin line {found.group(1)}: {clean_line(found.group(2), WIDTH)}"
    return shown


def _text(value: object) -> str:
    if isinstance(value, str):
        return value if len(value) <= 2 * _READ else value[:_READ] + "\n" + value[-_READ:]
    if isinstance(value, Sequence):
        return _text("".join(part for part in value if isinstance(part, str)))
    return ""


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in clean(text).split("\n") if line.strip()]


def _bounded(lines: Sequence[str]) -> str:
    """The last line, which often tells most, and as many of the first ones as there is room for."""
    shown = [" ".join(line.split()) for line in lines]
    shown = [line if len(line) <= WIDTH else line[: WIDTH - 1] + "…" for line in shown]
    if not shown:
        return ""
    *others, last = shown
    head: list[str] = []
    room = CHARACTERS - len(last)
    for line in others:
        if len(head) == LINES - 2 or len(line) + 1 > room:
            break
        head.append(line)
        room -= len(line) + 1
    return "\n".join([*head, *(["…"] if len(head) < len(others) else []), last])
