"""How scores look: a digit always, and a colour beside it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.content import Content

from nbalign.evaluate.report.words import NONE, count, span
from nbalign.suite.compare.model import Interval
from nbalign.tui.plain import content

HIDDEN = "?"  # stands where a score is hidden from this rater
NOT_JUDGED = "·"
MARKED = "◆"
HIGHER, LOWER, ALIKE = "▲", "▼", "≈"


def score_words(score: int, not_applicable: int | None) -> str:
    """A score as people read it."""
    return "N/A" if score == not_applicable else str(score)


def score_style(score: int, levels: Sequence[int], not_applicable: int | None) -> str:
    """The colour of a score: the lowest level warns, the highest is well."""
    if score == not_applicable or score not in levels:
        return "$text-muted"
    if score == levels[-1]:
        return "$text-success"
    return "bold $text-error" if score == levels[0] else "$text-warning"


def ends(interval: Interval | None, *, sign: bool = False) -> str:
    """The ends of an interval in brackets; empty where there is none."""
    return f"({span(interval, sign)})" if interval is not None else ""


def distribution(counts: Mapping[int, int], not_applicable: int | None) -> Content:
    """How often each value was given, `1 ×3 · 2 ×8`, with bars of their share."""
    total = sum(counts.values())
    if not total:
        return content((NONE, "$text-muted"))
    parts = []
    for value, times in counts.items():
        bar = "█" * round(10 * times / total) or ("▏" if times else "")
        parts.append(f"{score_words(value, not_applicable)} {bar}{' ' if bar else ''}{times}")
    return content("  ".join(parts))


def hidden_words(hidden: int, key: str, *, revealed: bool) -> str:
    """What is said of scores that do not show; empty where nothing is hidden and nothing was revealed.

    Args:
        hidden: How many.
        key: The key that reveals and hides.
        revealed: Whether everything is shown on purpose.
    """
    if revealed:
        return f"Scores that wait for your own are shown on purpose ({key} hides them again)."
    if not hidden:
        return ""
    return (
        f"{count(hidden, 'score')} of the judge hidden ({HIDDEN}) and in no figure until you have scored the same "
        f"yourself: the notebooks are in your queue ({key} shows all)."
    )


def hidden_line(hidden: int, key: str, *, revealed: bool) -> str:
    """The same on one line of a usual terminal; arguments as for `hidden_words`."""
    if revealed or not hidden:
        return hidden_words(hidden, key, revealed=revealed)
    return f"{count(hidden, 'score')} hidden ({HIDDEN}) and in no figure until you score the same ({key} shows all)."
