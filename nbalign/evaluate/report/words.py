"""Numbers, dates and hostile texts as a report shows them: one way for every table, sentence and label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime

from nbalign.evaluate.experiment.model import Interval
from nbalign.notebooks.sanitise import clean_line, clean_source

NONE = "–"  # what stands where there is no number
ALPHA = 0.05  # as in `Difference.significant`


def number(value: float | None) -> str:
    """Two decimals, zero without a sign; a dash for None and for what is not finite."""
    if value is None or not math.isfinite(value):
        return NONE
    return "0.00" if round(value, 2) == 0 else f"{value:.2f}"


def signed(value: float | None) -> str:
    """Two decimals with their sign; zero has none."""
    shown = number(value)
    return shown if shown in (NONE, "0.00") or shown.startswith("-") else f"+{shown}"


def percent(value: float | None) -> str:
    """A share of 0..1 as a whole percentage; a dash where there is none."""
    return NONE if value is None or not math.isfinite(value) else f"{value:.0%}"


def p_value(p: float) -> str:
    """Three decimals, never rounded down to nothing nor up to the limit of significance."""
    if not math.isfinite(p):
        return NONE
    if p < 0.001:
        return "< 0.001"
    shown = f"{p:.3f}"
    if p < ALPHA and shown == f"{ALPHA:.3f}":
        shown = f"{p:.4f}"
        return f"< {ALPHA}" if shown == f"{ALPHA:.4f}" else shown
    return shown


def span(interval: Interval | None, sign: bool = False) -> str:
    """The ends of an interval, such as `0.26 to 0.37`; empty where there is none."""
    if interval is None:
        return ""
    show = signed if sign else number
    return f"{show(interval.low)} to {show(interval.high)}"


def with_span(interval: Interval | None, sign: bool = False) -> str:
    """A figure and its interval in brackets, such as `0.31 (0.26 to 0.37)`; a dash where there is none."""
    if interval is None:
        return NONE
    return f"{signed(interval.value) if sign else number(interval.value)} ({span(interval, sign)})"


def whole(value: int) -> str:
    """A whole number with commas between thousands."""
    return f"{value:,}"


def count(value: int, noun: str) -> str:
    """`1 pair`, `2 pairs`; for nouns that take a plain s."""
    return f"{value:,} {noun}" if value == 1 else f"{value:,} {noun}s"


def duration(seconds: float) -> str:
    """Wall time in its two largest units, such as `3 min 20 s`."""
    if not math.isfinite(seconds) or seconds < 0:
        return NONE
    if seconds < 9.95:
        return f"{seconds:.1f} s"
    left = round(seconds)
    if left < 60:
        return f"{left} s"
    if left < 3600:
        return f"{left // 60} min {left % 60} s"
    minutes = round(seconds / 60)
    return f"{whole(minutes // 60)} h {minutes % 60} min"


def date(at: str) -> str:
    """A time in ISO 8601 as `22 November 2026, 05:02 UTC`; what is no such time comes back as one clean line."""
    try:
        time = datetime.fromisoformat(at)
        if time.tzinfo is not None:
            time = time.astimezone(UTC)
    except (ValueError, OverflowError):
        return line(at, 40)
    # Not strftime: it names months in the language of the machine.
    month = _MONTHS[time.month - 1]
    return f"{time.day} {month} {time.year}, {time.hour:02}:{time.minute:02} UTC"


def listed(names: Sequence[str], most: int = 6) -> str:
    """`a`, `a and b`, `a, b and c`; of more than `most` names the first ones and how many follow."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} more")
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}" if shown else ""


def line(text: str, limit: int = 120) -> str:
    """A hostile name or sentence as one clean line of at most `limit` characters."""
    return clean_line(text, limit)


def passage(text: str, limit: int = 2000) -> str:
    """A hostile text of several lines: clean, at most `limit` characters, and it says how many are left out."""
    if len(text) <= limit:
        return clean_source(text).strip()
    return f"{clean_source(text[:limit]).strip()} … ({count(len(text) - limit, 'more character')})"


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
