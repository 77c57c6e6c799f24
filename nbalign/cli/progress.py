"""Progress of long work on the terminal: a bar where stderr is one, a line now and then where it is not."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from nbalign.progress import OnProgress, Progress

_LINE_EVERY = 10.0  # seconds between lines where there is no terminal to redraw


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
    """Rate and ETA over what this run itself did."""

    def __init__(self) -> None:
        self.start = time.monotonic()
        self.said = 0.0
        self.stage = ""
        self.latest = Progress("", 0, 0, "")

    def words(self, step: Progress) -> str:
        if step.unit != self.latest.unit or step.done < self.latest.done:
            self.start = time.monotonic()  # other work has begun: rates of the work before say nothing about it
        self.latest = step
        elapsed = time.monotonic() - self.start
        fresh = step.done - step.skipped
        parts = [_amount(step)] if step.done or step.total else []
        if fresh > 0 and elapsed > 0.5:
            rate = fresh / elapsed
            parts.append(f"{_quantity(rate, step.unit)}/s")
            if step.total > step.done:
                parts.append(f"ETA {duration((step.total - step.done) / rate)}")
        if step.detail:
            parts.append(step.detail)
        return " · ".join(parts)

    def line(self, step: Progress) -> None:
        now = time.monotonic()
        finished = step.total > 0 and step.done >= step.total
        if step.stage == self.stage and now - self.said < _LINE_EVERY and not finished:
            return
        if step.stage != self.stage and now - self.said < 1.0 and not finished:
            return
        self.said, self.stage = now, step.stage
        print(f"{step.stage}: {self.words(step)}", file=sys.stderr, flush=True)


def _amount(step: Progress) -> str:
    done = _quantity(step.done, step.unit)
    return f"{done} of {_quantity(step.total, step.unit)}" if step.total else done


def _quantity(value: float, unit: str) -> str:
    if unit == "bytes":
        return f"{value / 1e6:,.0f} MB"
    return f"{value:,.0f} {unit}"


def duration(seconds: float) -> str:
    """Seconds as people say them: `40 s`, `12 min`, `1 h 40 min`."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
