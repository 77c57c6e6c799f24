"""Progress of long work on the terminal: a bar where stderr is one, a line now and then where it is not."""

from __future__ import annotations

import math
import sys
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from nbalign.progress import OnProgress, Progress

_LINE_EVERY = 10.0  # seconds between lines where there is no terminal to redraw
_WINDOW = 300.0  # seconds of work that rates are taken over
_LEAST = 0.5  # seconds before a rate means anything


@contextmanager
def shown(enabled: bool = True) -> Iterator[OnProgress]:
    """Shows progress on stderr with rate and ETA while the block runs.

    Args:
        enabled: False shows nothing.

    Yields:
        The callable to pass as `progress`.
    """
    if not enabled:
        yield lambda _: None
        return
    clock = _Clock()
    if not sys.stderr.isatty():
        yield clock.line
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[words]}", markup=False),
    )
    with Bars(*columns, console=console, transient=True) as bars:
        task = bars.add_task("starting", total=None, words="")

        def bar(step: Progress) -> None:
            bars.update(
                task,
                description=step.stage,
                completed=step.done,
                total=step.total or None,
                words=clock.words(step),
            )

        yield bar


class _Clock:
    """Rate and ETA over what this run itself did of late.

    Of late: work on a machine that others use, or on notebooks of unlike size, goes at a pace that changes, and an hour
    ago says little about the next one. At least the latest two steps of fresh work count, however slow they are.

    Args:
        now: Seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._steps: deque[tuple[float, float]] = deque()  # (when, how much fresh work was done) where there was more
        self.said = -math.inf
        self.stage = ""
        self.latest = Progress("", 0, 0, "")

    def words(self, step: Progress) -> str:
        parts = [_amount(step)] if step.done or step.total else []
        rate = self._rate(step)
        if rate > 0:
            parts.append(_pace(rate, step.unit))
            if step.total > step.done:
                parts.append(f"ETA {duration((step.total - step.done) / rate)}")
        if step.detail:
            parts.append(step.detail)
        return " · ".join(parts)

    def _rate(self, step: Progress) -> float:
        """Units of fresh work a second within the window; 0 where nothing can be said yet."""
        now, fresh, steps = self._now(), step.done - step.skipped, self._steps
        if step.unit != self.latest.unit or step.done < self.latest.done:
            steps.clear()  # other work has begun: rates of the work before say nothing about it
        self.latest = step
        if not steps or fresh > steps[-1][1]:
            steps.append((now, fresh))
        while len(steps) > 2 and steps[1][0] <= now - _WINDOW:
            steps.popleft()
        began, before = steps[0]
        return (steps[-1][1] - before) / (now - began) if now - began > _LEAST else 0.0

    def line(self, step: Progress) -> None:
        now = self._now()
        finished = step.total > 0 and step.done >= step.total
        if step.stage == self.stage and now - self.said < _LINE_EVERY and not finished:
            return
        if step.stage != self.stage and now - self.said < 1.0 and not finished:
            return
        self.said, self.stage = now, step.stage
        print(f"{step.stage}: {self.words(step)}", file=sys.stderr, flush=True)


def _amount(step: Progress) -> str:
    if not step.total:
        return _quantity(step.done, step.unit)
    done = _quantity(step.done, step.unit) if step.unit == "bytes" else f"{step.done:,.0f}"
    return f"{done} of {_quantity(step.total, step.unit)}"


def _pace(rate: float, unit: str) -> str:
    """A rate in units of which there is at least one: `12 tokens/s`, `1.2 notebooks/min`, `3.0 notebooks/h`."""
    if unit == "bytes":
        return f"{rate / 1e6:,.1f} MB/s" if rate >= 1e5 else f"{rate / 1e3:,.1f} kB/s"
    value, per = (rate, "s") if rate >= 1 else (rate * 60, "min") if rate * 60 >= 1 else (rate * 3600, "h")
    return f"{value:,.0f} {unit}/{per}" if value >= 9.95 else f"{value:.1f} {unit}/{per}"


def _quantity(value: float, unit: str) -> str:
    if unit == "bytes":
        return f"{value / 1e6:,.0f} MB"
    return f"{value:,.0f} {unit.removesuffix('s') if value == 1 else unit}"


def duration(seconds: float) -> str:
    """Seconds as people say them: `40 s`, `12 min`, `1 h 40 min`."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
