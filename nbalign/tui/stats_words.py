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
        timed: Whether time at work is recorded.
    """

    labels: int
    done: int
    seconds: float
    notebooks: int
    open: int
    left: float | None
    breaks: bool
    timed: bool = True


def session_words(session: Session, pace: RaterPace | None, breaks_key: str, timing_key: str) -> Content:
    """All of it, a line a figure.

    Args:
        session: This session.
        pace: All sessions of this rater; None while they are being read.
        breaks_key: The key that turns hints at breaks on and off.
        timing_key: The key that turns the record of time on and off.
    """
    parts: list[str | tuple[str, str] | Content] = [("\nThis session\n", "bold $text-accent")]
    given = f"{session.labels} ({_count(session.done, 'notebook')} done)"
    parts.append(_line("labels", given))
    note = "(longer pauses count as a minute)" if session.timed else "until its record was turned off"
    untimed = not session.timed and not session.seconds
    parts.append(_line("time at work", "not recorded" if untimed else f"{spell(session.seconds)} {note}"))
    hourly = f"{session.labels * 3600 / session.seconds:.0f} labels an hour" if session.seconds >= 60 else "too early"
    parts.append(_line("pace", hourly if session.timed else "not known without a record of time"))
    parts.append(_line("still open", _left(session)))
    parts.append(("\nAll your sessions\n", "bold $text-accent"))
    if pace is None:
        parts.append("  …\n")
    else:
        parts += _overall(pace)
    timing = "on: on this machine, in this workspace" if session.timed else "off: nothing is measured"
    parts.append(f"\nRecord of time at work ({timing_key}): {timing}")
    state = "on: a line after 50 minutes without one" if session.breaks else "off"
    if session.breaks and not session.timed:
        state = "on, but without a record of time there are none"
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
        return f"{notebooks}; an estimate comes once {ENOUGH} are timed" if session.timed else notebooks
    return f"{notebooks}, about {spell(session.left)}"


def _line(name: str, words: str) -> str:
    return f"  {name:<14}{words}\n"


def _count(count: int, thing: str) -> str:
    return f"{count:,} {thing}{'' if count == 1 else 's'}"
