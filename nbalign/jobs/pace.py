"""How quick work is of late, and how long the rest will take."""

from __future__ import annotations

from collections import deque

from nbalign.progress import Progress

_WINDOW = 180.0  # seconds of work that a rate is taken over: what others do on the machine changes it
_LEAST = 0.5  # seconds before a rate means anything


class Pace:
    """Rate and time left of one job, over the fresh part of its latest work."""

    def __init__(self) -> None:
        self._steps: deque[tuple[float, float]] = deque()  # (when, how much fresh work was done), where there was more
        self._latest = Progress("", 0, 0, "")
        self.rate = 0.0
        self.eta: float | None = None

    def step(self, progress: Progress, now: float) -> None:
        """Takes a step into account.

        Args:
            progress: The step.
            now: Seconds of a clock that never goes back.
        """
        steps, before, fresh = self._steps, self._latest, progress.done - progress.skipped
        # Other work has begun where units change or less is done than before, and where it becomes known how much
        # there is: what was done until then, such as loading a model, says nothing about it.
        if progress.unit != before.unit or progress.done < before.done or (progress.total and not before.total):
            steps.clear()
        self._latest = progress
        if not steps or fresh > steps[-1][1]:
            steps.append((now, fresh))
        while len(steps) > 2 and steps[1][0] <= now - _WINDOW:
            steps.popleft()
        (began, first), (_, last) = steps[0], steps[-1]
        self.rate = (last - first) / (now - began) if now - began > _LEAST else 0.0
        left = progress.total - progress.done
        self.eta = left / self.rate if self.rate > 0 and progress.total and left > 0 else None


def pace_words(rate: float, unit: str) -> str:
    """A rate in units of which there is at least one: `12 tokens/s`, `1.2 notebooks/min`; empty while unknown."""
    if rate <= 0:
        return ""
    if unit == "bytes":
        return f"{rate / 1e6:,.1f} MB/s"
    value, per = (rate, "s") if rate >= 1 else (rate * 60, "min") if rate * 60 >= 1 else (rate * 3600, "h")
    return f"{value:,.0f} {unit}/{per}" if value >= 9.95 else f"{value:.1f} {unit}/{per}"


def duration(seconds: float) -> str:
    """Seconds as people say them: `40 s`, `12 min`, `1 h 40 min`."""
    seconds = max(0, round(seconds))
    if seconds < 60:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
