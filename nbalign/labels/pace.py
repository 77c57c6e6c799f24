"""What raters got done and how fast: notebooks, labels, time at work, by day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from nbalign.labels.activity import Spent
from nbalign.labels.model import Label
from nbalign.rubrics.model import Rubric

ENOUGH = 3  # notebooks that must be timed before anything is said of those to come


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a rater, in this machine's time zone.

    Attributes:
        day: ISO date.
        sessions: Sessions with time on this day.
        seconds: Time at work.
        notebooks: Notebooks worked on.
        labels: Labels that stand and were given in the terminal on this day.
    """

    day: str
    sessions: int
    seconds: float
    notebooks: int
    labels: int


@dataclass(frozen=True, slots=True)
class RaterPace:
    """What one rater got done under one rubric.

    Attributes:
        rater: Who.
        done: Notebooks scored on every dimension.
        labels: Labels that stand, wherever they were given.
        seconds: Time at work, as far as it was recorded.
        timed: Done notebooks with recorded time.
        notebook_seconds: Median time of these; None without any.
        labels_per_hour: Labels given in the terminal since time is recorded, for each hour at work; None without time.
        left_seconds: How long the open notebooks will take; None until three notebooks are timed.
        days: Oldest first.
    """

    rater: str
    done: int
    labels: int
    seconds: float
    timed: int
    notebook_seconds: float | None
    labels_per_hour: float | None
    left_seconds: float | None
    days: tuple[Day, ...]


def left(timed: Sequence[float], open_dimensions: int, dimensions: int) -> float | None:
    """How long what is open will take: the median of the timed notebooks for each open one, begun ones in part.

    Args:
        timed: Seconds of each notebook that is done.
        open_dimensions: Dimensions without a score, over all notebooks.
        dimensions: Dimensions of a notebook.

    Returns:
        Seconds; None until `ENOUGH` notebooks are timed.
    """
    if len(timed) < ENOUGH:
        return None
    return median(timed) * open_dimensions / max(dimensions, 1)


def pace(
    rubric: Rubric,
    labels: Iterable[Label],
    in_terminal: Collection[int],
    visits: Iterable[Spent],
    notebooks: int,
    rater: str | None = None,
) -> list[RaterPace]:
    """What raters got done, in alphabetical order.

    Args:
        rubric: The rubric.
        labels: Current labels under it; decisions are passed over.
        in_terminal: Ids of the events that were made in the terminal.
        visits: Recorded visits.
        notebooks: How many notebooks there are to be done.
        rater: Only this one; None for everybody with a label or a visit.
    """
    known = {dimension.id for dimension in rubric.dimensions}
    given: dict[str, list[Label]] = defaultdict(list)
    spent: dict[str, list[Spent]] = defaultdict(list)
    for label in labels:
        if label.role == "rater" and label.dimension in known:
            given[label.rater].append(label)
    for each in visits:
        spent[each.rater].append(each)
    names = sorted({*given, *spent}) if rater is None else [rater]
    return [_of(name, given[name], in_terminal, spent[name], len(known), notebooks) for name in names]


def _of(
    rater: str,
    labels: Sequence[Label],
    in_terminal: Collection[int],
    visits: Sequence[Spent],
    total: int,
    notebooks: int,
) -> RaterPace:
    scored: dict[str, int] = defaultdict(int)
    for label in labels:
        scored[label.notebook] += 1
    seconds: dict[str, float] = defaultdict(float)
    for each in visits:
        seconds[each.visit.notebook] += each.visit.seconds
    done = {notebook for notebook, count in scored.items() if count >= total}
    timed = [seconds[notebook] for notebook in done if notebook in seconds]
    active = sum(seconds.values())
    since = min((each.visit.began_at for each in visits), default="")
    typed = [label for label in labels if since and label.event in in_terminal and label.at >= since]
    return RaterPace(
        rater=rater,
        done=len(done),
        labels=len(labels),
        seconds=active,
        timed=len(timed),
        notebook_seconds=median(timed) if timed else None,
        labels_per_hour=len(typed) * 3600 / active if active else None,
        left_seconds=left(timed, max(notebooks * total - len(labels), 0), total),
        days=_days(visits, typed),
    )


def _days(visits: Sequence[Spent], labels: Iterable[Label]) -> tuple[Day, ...]:
    by_day: Mapping[str, list[Spent]] = defaultdict(list)
    counts: Mapping[str, list[Label]] = defaultdict(list)
    for each in visits:
        by_day[_day(each.visit.began_at)].append(each)
    for label in labels:
        counts[_day(label.at)].append(label)
    return tuple(
        Day(
            day=day,
            sessions=len({each.visit.session for each in by_day[day]}),
            seconds=sum(each.visit.seconds for each in by_day[day]),
            notebooks=len({each.visit.notebook for each in by_day[day]}),
            labels=len(counts[day]),
        )
        for day in sorted({*by_day, *counts})
    )


def _day(at: str) -> str:
    return datetime.fromisoformat(at).astimezone().date().isoformat()


def spell(seconds: float) -> str:
    """A stretch of time as people say it: `under a minute`, `12 min`, `1 h 40`, `26 h`."""
    minutes = round(seconds / 60)
    if minutes < 1:
        return "under a minute"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest:02}" if rest and hours < 10 else f"{round(minutes / 60)} h"
