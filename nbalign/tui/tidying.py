"""What a key would wait for besides the work it asks for: a sweep through all memory, and other threads."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import events

from nbalign.tui.telling import Telling

if TYPE_CHECKING:
    from nbalign.workspace import Workspace

PAUSE = 1.0  # seconds without a key after which what is new in memory is swept
LONG_PAUSE = 60.0  # seconds without a key after which everything is
DUE = 10  # sweeps of what is young, after which one of everything else is due: Python's own measure
_RARELY = 100  # the same while keys go on and on: ten times as rarely as Python would
_LOOK = 0.5  # seconds between two looks whether that is so
_TURN = 0.0005  # seconds that another thread may go on while the screen's has something to do; Python's own are 0.005


class Tidier:
    """Sweeps memory while nobody presses a key, and lets the screen's thread have its turn at once.

    With a long notebook open, a full sweep for unreachable objects takes 0.1 to 0.2 seconds, and Python begins it in
    the midst of any key. Here it waits for a pause; what it has found to be in use is left out of the next one, until
    a long pause gives time for all of it.

    Args:
        clock: Tells seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last = clock()
        self._left_out = False
        self._before = (gc.get_threshold(), sys.getswitchinterval())

    def begin(self) -> None:
        """Takes over from Python."""
        self._before = (gc.get_threshold(), sys.getswitchinterval())
        young, middle, _ = self._before[0]
        gc.set_threshold(young, middle, _RARELY)
        sys.setswitchinterval(min(_TURN, self._before[1]))
        self.noticed()

    def noticed(self) -> None:
        """Somebody pressed a key."""
        self._last = self._clock()

    def look(self) -> None:
        """Sweeps when that is due and nobody waits; to be called every now and then."""
        quiet = self._clock() - self._last
        if quiet >= LONG_PAUSE and self._left_out:
            gc.unfreeze()
            gc.collect()
            gc.freeze()
            self._left_out = False  # once in a pause
        elif quiet >= PAUSE and gc.get_count()[2] >= DUE:
            gc.collect()
            gc.freeze()
            self._left_out = True

    def end(self) -> None:
        """Leaves everything as it was."""
        gc.set_threshold(*self._before[0])
        sys.setswitchinterval(self._before[1])
        gc.unfreeze()


class Tidying(Telling):
    """An application that tidies up while nobody presses a key.

    Args:
        workspace: The workspace; the application does not close it.
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._tidier = Tidier()

    def on_load(self) -> None:
        """Begins before anything is drawn: what the first screen is made of is swept after it is seen."""
        self._tidier.begin()

    def on_mount(self) -> None:
        """Looks every now and then whether nobody presses a key."""
        self.set_interval(_LOOK, self._tidier.look)

    async def on_event(self, event: events.Event) -> None:
        """Notes that somebody is here."""
        if isinstance(event, events.InputEvent):
            self._tidier.noticed()
        await super().on_event(event)

    def on_unmount(self) -> None:
        """Leaves everything as it was."""
        self._tidier.end()
