"""Foreign words (a model's own name, pip's last line) made fit for one line of a terminal."""

from __future__ import annotations


def one_line(text: str, limit: int = 200) -> str:
    """Text without control, direction or other unprintable characters, on one line, cut at a bound.

    Args:
        text: Anything, also hostile.
        limit: Characters kept, at least 1.
    """
    clean = " ".join("".join(c if c.isprintable() else " " for c in text[: limit * 4]).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"
