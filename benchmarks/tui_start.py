"""A start of the terminal in a process of its own: what importing it takes, and the first paint after that."""

from __future__ import annotations

import asyncio
import sys
import time
from pathlib import Path


def main() -> None:
    """Opens the workspace named on the command line and prints one line of figures."""
    began, cpu = time.perf_counter(), time.process_time()
    from benchmarks.tui_watch import SIZE, Instant, Watched
    from nbalign import Workspace

    imported = Instant.now()

    async def painted(ws: Workspace) -> Instant:
        app = Watched(ws, "ann")
        async with app.run_test(size=SIZE):
            while not app.in_view:
                await asyncio.sleep(0.002)
            app.paints.clear()
            while not app.paints:
                await asyncio.sleep(0.002)
            return app.paints[0]

    with Workspace.open(Path(sys.argv[1])) as ws:
        took = asyncio.run(painted(ws)).since(imported)
    words = f"imports {imported.wall - began:5.2f} s (own CPU {imported.own - cpu:5.2f} s)"
    print(f"{words}, then {took.wall:5.2f} s to the first paint (own CPU {took.own:5.2f} s; goal: under 1 s)")
