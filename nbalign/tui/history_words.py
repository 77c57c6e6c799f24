"""A rater's steps as lines for people."""

from __future__ import annotations

from datetime import datetime

from textual.content import Content

from nbalign.labels.steps import TAKEN_BACK, Step
from nbalign.rubrics.model import Rubric
from nbalign.tui.plain import content, one_line

_MARKS = {"flagged": "⚑ flagged", "unflagged": "flag taken away", "skipped": "s skipped", "unskipped": "not skipped"}
_WHEN = 12  # cells of the time
_NAME, _TITLE, _WHAT = 18, 22, 15


def when(at: str, now: datetime) -> str:
    """A stored time in this machine's time zone: `14:03` today, `12 Mar 14:03` this year, else with the year.

    Args:
        at: ISO 8601.
        now: The present, with its time zone.
    """
    moment = datetime.fromisoformat(at).astimezone(now.tzinfo)
    if moment.date() == now.date():
        return f"{moment:%H:%M}"
    return f"{moment:%d %b %H:%M}" if moment.year == now.year else f"{moment:%d %b %Y}"


def what(step: Step) -> str:
    """What happened, with the scores: `3`, `2 → 1`, `undo: 1 → 2`."""
    if step.is_mark:
        return _MARKS[step.kind]
    change = f"{_score(step.before)} → {_score(step.score)}"
    words = {
        "scored": _score(step.score),
        "changed": change,
        "worded": f"{_score(step.score)}, words",
        "cleared": change,
        "undone": f"undo: {change}",
        "redone": f"redo: {change}",
    }[step.kind]
    return f"decided {words}" if step.role == "decision" else words


def row(step: Step, name: str, rubric: Rubric, now: datetime, width: int) -> Content:
    """One line: time, notebook, dimension, what happened, first words.

    Args:
        step: The step.
        name: The notebook's name.
        rubric: The rubric, for the dimension's title.
        now: The present, with its time zone.
        width: Cells there are.
    """
    roomy = width >= 90
    shown = one_line(name.removesuffix(".ipynb"), _NAME if roomy else _NAME - 4)
    title = one_line(title_of(step, rubric), _TITLE if roomy else _TITLE - 6)
    gone = step.obstacle == TAKEN_BACK
    return content(
        (f"{when(step.at, now):<{_WHEN}} ", "$text-muted"),
        (_padded(shown, _NAME if roomy else _NAME - 4), ""),
        (_padded(title, _TITLE if roomy else _TITLE - 6), ""),
        (_padded(what(step), _WHAT), "" if gone else "bold"),
        ("taken back  ", "$text-muted") if gone else "",
        (one_line(step.words, 120), "$text-muted"),
    )


def title_of(step: Step, rubric: Rubric) -> str:
    """The title of the dimension that a step is about; for a mark, that it is about the whole notebook."""
    if step.is_mark:
        return "(notebook)"
    try:
        return rubric.dimension(step.dimension).title
    except KeyError:  # a later version of the rubric lacks it
        return step.dimension


def _score(score: int | None) -> str:
    return "none" if score is None else str(score)


def _padded(text: str, width: int) -> str:
    return text + " " * max(width + 1 - content(text).cell_length, 1)
