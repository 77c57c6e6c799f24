"""The task that a notebook answers: beside it in a file, or quoted in its first cell."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from nbalign.errors import BadInput
from nbalign.notebooks.decoding import decode
from nbalign.notebooks.limits import DEFAULT_LIMITS, Bounded, Limits
from nbalign.notebooks.model import Cell
from nbalign.notebooks.sanitise import clean_line, clean_source

PromptSource = Literal["sidecar", "first cell", "none"]

SIDECAR_SUFFIXES = (".prompt.txt", ".prompt.md")
"""What replaces the suffix of a notebook's file name to name its prompt file; the first that exists counts."""


def find_prompt(
    cells: Sequence[Cell], sidecar: str | None, *, script: bool = False, limits: Limits = DEFAULT_LIMITS
) -> tuple[str, PromptSource]:
    """Finds the task prompt.

    Args:
        cells: The notebook's cells.
        sidecar: Text of the prompt file; None without one. Blank text counts as none.
        script: Take the first markdown cell instead of the first cell: scripts begin with imports and licences.
        limits: Bounds on the prompt's length.

    Returns:
        The sanitised prompt, empty when there is none, and where it came from.
    """
    if sidecar is not None and (prompt := clean_source(sidecar).strip()):
        return Bounded(prompt).within(limits.source, keep_tail=False).text, "sidecar"
    candidates = [cell for cell in cells if cell.kind == "markdown"] if script else cells
    if candidates and candidates[0].kind == "markdown" and (prompt := _quoted(candidates[0].source)):
        return prompt, "first cell"
    return "", "none"


def find_sidecar(path: Path, limits: Limits = DEFAULT_LIMITS) -> tuple[str | None, str]:
    """Reads the prompt file beside a notebook.

    Args:
        path: The notebook's file; `NAME.prompt.txt` or else `NAME.prompt.md` is looked for beside it.
        limits: Bounds on the prompt's length.

    Returns:
        Its sanitised text, None when there is none, and a warning, empty unless a file is there but of no use.
    """
    for suffix in SIDECAR_SUFFIXES:
        beside = path.with_name(path.stem + suffix)
        shown = clean_line(beside.name)
        try:
            if not beside.is_file():
                continue
            with beside.open("rb") as file:
                raw = file.read(4 * limits.source + 4)  # four bytes a character at most
            return clean_source(decode(raw, shown).text), ""
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else None
            return None, f"The prompt file {shown} could not be read: {reason or 'unknown reason'}."
        except BadInput as error:
            return None, f"The prompt file was left out: {error.message}"
    return None, ""


def read_sidecar(path: Path) -> str | None:
    """Sanitised text of the prompt file beside a notebook; None when there is none that can be read."""
    return find_sidecar(path)[0]


def _quoted(source: str) -> str:
    """The text of a cell that is one markdown quote; empty when a line stands outside it.

    As in markdown, a line without `>` goes on with the quote when it follows it directly.
    """
    lines = [line.strip() for line in source.strip().split("\n")]
    inside = False
    for line in lines:
        inside = line.startswith(">") or (inside and bool(line))
        if line and not inside:
            return ""
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines).strip()
