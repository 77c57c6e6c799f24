"""The terminal under watch: when it painted, at which cost, and how long a key takes to get there."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from textual import events
from textual._compositor import CompositorUpdate
from textual.screen import Screen

from nbalign import Workspace
from nbalign.tui.app import LabelApp
from nbalign.tui.label_screen import LabelScreen

SIZE = (120, 40)
_NAMED = {"space": " ", "slash": "/", "right_square_bracket": "]", "left_square_bracket": "["}
_QUIET = 0.08  # seconds without another paint after which a key has had its effect
_NO_PAINT = 0.4  # seconds after which a key has painted nothing


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment on three clocks.

    Attributes:
        wall: Seconds on the wall.
        own: Seconds of CPU that this process has used, all its threads together.
        screen: Seconds of CPU that the thread of the screen has used.
    """

    wall: float
    own: float
    screen: float

    @classmethod
    def now(cls) -> Instant:
        """This moment; to be called on the screen's thread."""
        return cls(time.perf_counter(), time.process_time(), time.thread_time())

    def since(self, earlier: Instant) -> Instant:
        """How much later it is."""
        return Instant(self.wall - earlier.wall, self.own - earlier.own, self.screen - earlier.screen)


class Watched(LabelApp):
    """Remembers when it painted; `paints` is emptied by who measures."""

    def __init__(self, workspace: Workspace, rater: str, notebook: str | None = None) -> None:
        super().__init__(workspace, rater, notebook=notebook)
        self.paints: list[Instant] = []

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)  # what would be written to a terminal
            self.paints.append(Instant.now())

    @property
    def in_view(self) -> bool:
        """Whether a notebook is in view."""
        return isinstance(self.screen, LabelScreen) and self.screen.scoring.sheet is not None

    def send(self, key: str) -> None:
        """Presses a key as a terminal does, and waits for nothing."""
        self.post_message(events.Key(key, _NAMED.get(key, key if len(key) == 1 else None)))

    async def press(self, key: str) -> tuple[Instant, Instant] | None:
        """Presses a key and waits until it has had its effect.

        Returns:
            What passed until the first paint, and until the last one; None where it painted nothing.
        """
        self.paints.clear()
        began = Instant.now()
        self.send(key)
        while True:
            await asyncio.sleep(0.01)
            now = time.perf_counter()
            if self.paints and now - self.paints[-1].wall > _QUIET:
                return self.paints[0].since(began), self.paints[-1].since(began)
            if not self.paints and now - began.wall > _NO_PAINT:
                return None


@asynccontextmanager
async def watched(workspace: Workspace, notebook: str | None = None) -> AsyncIterator[Watched]:
    """The terminal with a notebook in view, everything read."""
    app = Watched(workspace, "ann", notebook)
    async with app.run_test(size=SIZE):
        while not app.in_view:
            await asyncio.sleep(0.005)
        await app.workers.wait_for_complete()
        await app.clerk.finish()
        await asyncio.sleep(1.5)  # as long as a rater takes to look
        yield app


def percentiles(seconds: Iterable[float]) -> str:
    """The median and the 95th percentile, in milliseconds."""
    ordered = sorted(seconds)
    return f"{statistics.median(ordered) * 1000:6.1f} {ordered[int(0.95 * (len(ordered) - 1))] * 1000:6.1f}"


def tell(words: str, times: Sequence[tuple[Instant, Instant]]) -> None:
    """Prints a line of figures."""
    if not times:
        print(f"  {words:24s} painted nothing", flush=True)
        return
    first, last = zip(*times, strict=True)
    columns = [
        percentiles(each.wall for each in first),
        percentiles(each.own for each in first),
        percentiles(each.screen for each in first),
        percentiles(each.wall for each in last),
        percentiles(each.own for each in last),
    ]
    print(f"  {words:24s} " + "   ".join(columns) + f"   {len(times):3d}", flush=True)


HEADING = f"  {'p50 and p95 in ms':24s} " + "   ".join(
    f"{words:>13s}" for words in ("wall", "own CPU", "screen's CPU", "settled: wall", "own CPU")
)
