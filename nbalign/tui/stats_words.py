"""How a session goes, in words: labels, time, pace, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from nbalign.labels.pace import ENOUGH, RaterPace, spell
from nbalign.tui.plain import content

_DAYS = 7


@dataclass(frozen=True, slots=True)
class Session:
    """This session so far.

    Attributes:
        labels: Scores given.
        done: Notebooks among these that are done.
        seconds: Time at work.
        notebooks: Notebooks in the queue.
        open: Notebooks that are not done.
        left: Seconds that they will take; None while nobody knows.
        breaks: Whether breaks are hinted at.
    """

    labels: int
    done: int
    seconds: float
    notebooks: int
    open: int
    left: float | None
    breaks: bool


def session_words(session: Session, pace: RaterPace | None, breaks_key: str) -> Content:
    """All of it, a line a figure.

    Args:
        session: This session.
        pace: All sessions of this rater; None while they are being read.
        breaks_key: The key that turns hints at breaks on and off.
    """
    parts: list[str | tuple[str, str] | Content] = [("\nThis session\n", "bold $text-accent")]
    given = f"{session.labels} ({_count(session.done, 'notebook')} done)"
    parts.append(_line("labels", given))
    parts.append(_line("time at work", f"{spell(session.seconds)} (longer pauses count as a minute)"))
    hourly = f"{session.labels * 3600 / session.seconds:.0f} labels an hour" if session.seconds >= 60 else "too early"
    parts.append(_line("pace", hourly))
    parts.append(_line("still open", _left(session)))
    parts.append(("\nAll your sessions\n", "bold $text-accent"))
    if pace is None:
        parts.append("  …\n")
    else:
        parts += _overall(pace)
    state = "on: a line after 50 minutes without one" if session.breaks else "off"
    parts.append(f"\nHints at breaks ({breaks_key}): {state}")
    return content(*parts)


def _overall(pace: RaterPace) -> Sequence[str | tuple[str, str] | Content]:
    median = "not known yet" if pace.notebook_seconds is None else f"{spell(pace.notebook_seconds)} (median)"
    lines = [
        _line("notebooks", f"{pace.done} done, {pace.timed} of them timed"),
        _line("a notebook", median),
        _line("labels", f"{pace.labels} stand"),
        _line("time at work", spell(pace.seconds)),
    ]
    for day in pace.days[-_DAYS:]:
        figures = f"{spell(day.seconds)}, {_count(day.labels, 'label')}, {_count(day.notebooks, 'notebook')}"
        lines.append(_line(day.day, figures))
    return lines


def _left(session: Session) -> str:
    notebooks = _count(session.open, "notebook")
    if not session.notebooks:
        return "no notebooks yet"
    if not session.open:
        return "nothing: all notebooks are labelled"
    if session.left is None:
        return f"{notebooks}; an estimate comes once {ENOUGH} are timed"
    return f"{notebooks}, about {spell(session.left)}"


def _line(name: str, words: str) -> str:
    return f"  {name:<14}{words}\n"


def _count(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
