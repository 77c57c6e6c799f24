"""The labelling terminal: from a key to what it paints, the first paint of a long queue, memory with a large notebook.

Measured on the application itself without a terminal: everything is done but writing the bytes to one. Beside the wall
time stands the process's own CPU time: on a busy machine the two differ by what others take.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import psutil
from textual._compositor import CompositorUpdate
from textual.screen import Screen

from nbalign import Workspace
from nbalign.resources import data_path
from nbalign.tui.app import LabelApp
from nbalign.tui.label_screen import LabelScreen

SIZE = (120, 40)
CELLS, NOTEBOOKS, MEGABYTES = 2_000, 5_000, 20
SAMPLES = 6  # notebooks for the model to judge meanwhile
PATIENCE = 180.0  # seconds that the model may take to give its first score
KEYS = {
    "next cell (j)": ["j"] * 60,
    "screen down (space)": ["space"] * 30,
    "ends (G, g)": ["G", "g"] * 5,
    "dimension (n)": ["n"] * 18,
    "score (0-3)": ["3", "2", "1", "0", "u", "u", "u", "u"] * 2,
    "search (/w, Enter, N)": ["slash", "w", "enter", "enter", "N", "escape"] * 3,
}


class Watched(LabelApp):
    """Remembers when it painted last."""

    painted = 0.0
    painted_cpu = 0.0

    def _display(self, screen: Screen[Any], renderable: Any) -> None:
        super()._display(screen, renderable)
        if isinstance(renderable, CompositorUpdate):
            renderable.render_segments(self.console)  # what would be written to a terminal
            self.painted, self.painted_cpu = time.perf_counter(), time.process_time()


def run(model: str | None) -> None:
    """Prints all measurements.

    Args:
        model: The model that judges meanwhile; None takes smollm2-135m.
    """
    print(f"load of the machine before: {', '.join(f'{load:.1f}' for load in os.getloadavg())}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _keys(root / "keys", model or "smollm2-135m")
        _first_paint(root / "many")
        _memory(root)


# -- keys


def _keys(folder: Path, model: str) -> None:
    long = _notebook(folder.parent / "long.ipynb", _many_cells())
    samples = sorted((data_path("sample_notebooks") / "notebooks").glob("*.ipynb"))[:SAMPLES]
    with Workspace.create(folder) as ws:
        ws.import_notebooks([long, *samples])
        print(f"from key to paint, {CELLS:,} cells, {SIZE[0]}x{SIZE[1]}: idle", flush=True)
        asyncio.run(_pressed(ws))
        with _judging(ws, model) as judged:
            if judged:
                print(f"the same while {model} judges (goal: p95 under 50 ms)", flush=True)
                asyncio.run(_pressed(ws))


async def _pressed(ws: Workspace) -> None:
    app = Watched(ws, "ann", notebook="long")
    everything: list[tuple[float, float]] = []
    async with app.run_test(size=SIZE) as pilot:
        await _opened(app)
        for words, keys in KEYS.items():
            times: list[tuple[float, float]] = []
            for key in keys:
                began, cpu = time.perf_counter(), time.process_time()
                await pilot.press(key)
                await pilot.pause()
                if app.painted > began:  # a key such as `g` at the first cell paints nothing
                    times.append((app.painted - began, app.painted_cpu - cpu))
            everything += times
            _tell(words, times)
    _tell("all together", everything)


def _tell(words: str, times: Sequence[tuple[float, float]]) -> None:
    wall, cpu = (_percentiles(found) for found in zip(*times, strict=True))
    print(f"  {words:24s} wall p50 {wall[0]:6.1f} ms  p95 {wall[1]:6.1f} ms", end="")
    print(f"   own CPU p50 {cpu[0]:6.1f} ms  p95 {cpu[1]:6.1f} ms   ({len(times)} keys)", flush=True)


def _percentiles(seconds: Iterable[float]) -> tuple[float, float]:
    ordered = sorted(seconds)
    return statistics.median(ordered) * 1000, ordered[int(0.95 * (len(ordered) - 1))] * 1000


async def _opened(app: LabelApp) -> None:
    """Waits until a notebook is in view."""
    while not (isinstance(app.screen, LabelScreen) and app.screen.scoring.sheet is not None):
        await asyncio.sleep(0.005)


@contextmanager
def _judging(ws: Workspace, model: str) -> Iterator[bool]:
    """A model at work on the same workspace in a process of its own; False when it cannot be."""
    command = [sys.executable, "-m", "nbalign", "--workspace", str(ws.path), "judge", "--model", model]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    try:
        began = time.perf_counter()
        while process.poll() is None and not ws.judgements() and time.perf_counter() - began < PATIENCE:
            time.sleep(0.2)
        if process.poll() is not None:
            said = process.stderr.read() if process.stderr else ""
            print(f"not measured while judging: {said.strip().splitlines()[-1:]}", flush=True)
        before = len(ws.judgements())
        yield process.poll() is None
        print(f"  ({len(ws.judgements()) - before} scores were given meanwhile)", flush=True)
    finally:
        process.terminate()
        process.communicate()


# -- first paint


def _first_paint(folder: Path) -> None:
    one = _notebook(folder.parent / "one.ipynb", _many_cells()[:20])
    with Workspace.create(folder) as ws:
        ws.import_notebooks([one])
        connection = sqlite3.connect(ws.path / "nbalign.db")
        with connection:  # copies of one row stand in for notebooks: only the first one is opened
            connection.execute(
                "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
                "INSERT INTO notebooks SELECT lower(hex(randomblob(32))), printf('copy-%05d.ipynb', i), format, "
                "language, cells, imported_at, prompt_source, prompt, warnings, sidecar, raw FROM notebooks, n",
                (NOTEBOOKS - 1,),
            )
        connection.close()
        for words in ("first", "second"):
            began, cpu = time.perf_counter(), time.process_time()
            wall, own = asyncio.run(_until_painted(ws))
            print(f"{NOTEBOOKS:,} notebooks, {words} start: a notebook is painted after", end="")
            print(f" {wall - began:5.2f} s, own CPU {own - cpu:5.2f} s   (goal: under 1 s)", flush=True)


async def _until_painted(ws: Workspace) -> tuple[float, float]:
    app = Watched(ws, "ann")
    async with app.run_test(size=SIZE) as pilot:
        await _opened(app)
        opened = time.perf_counter()
        while app.painted < opened:
            await asyncio.sleep(0.002)
        painted = app.painted, app.painted_cpu
        await pilot.pause()
    return painted


# -- memory


def _memory(root: Path) -> None:
    figure = base64.b64encode(_noise(560)).decode()
    figures = [_code("plot()", _figure(figure)) for _ in range(10)]
    text = "".join(f"row {n:06} of a long output that was printed and printed again\n" for n in range(1_600))
    room = MEGABYTES * 1_000_000 - len(figures) * len(figure)
    cells = [*figures, *(_code("report()", _printed(text)) for _ in range(room // len(text)))]
    large = _notebook(root / "large.ipynb", cells)
    small = _notebook(root / "small.ipynb", _many_cells()[:20])
    context = get_context("spawn")
    for path in (small, large):
        with Workspace.create(root / f"memory-{path.stem}") as ws:
            ws.import_notebooks([path])
        with context.Pool(1) as pool:  # a process of its own: nothing of the other measurements is counted
            opened, walked = pool.apply(_walk, (root / f"memory-{path.stem}",))
        size = path.stat().st_size / 1e6
        print(
            f"RSS with a notebook of {size:4.1f} MB: {opened:4.0f} MB opened, {walked:4.0f} MB at its end", flush=True
        )


def _walk(folder: Path) -> tuple[float, float]:
    """Megabytes of this process with a notebook open, and when every screen of it was seen."""

    async def walk(ws: Workspace) -> tuple[float, float]:
        app = Watched(ws, "ann")
        async with app.run_test(size=SIZE) as pilot:
            await _opened(app)
            await pilot.pause()
            opened = psutil.Process().memory_info().rss / 1e6
            for _ in range(100):
                await pilot.press("space")
            await app.workers.wait_for_complete()
            return opened, psutil.Process().memory_info().rss / 1e6

    with Workspace.open(folder) as ws:
        return asyncio.run(walk(ws))


# -- notebooks


def _many_cells() -> list[dict[str, Any]]:
    table = "\n".join(
        [" " * 4 + "".join(f"{f'column_{c}':>14}" for c in range(8))]
        + [f"{r:<4}" + "".join(f"{r * c * 1.5:>14.3f}" for c in range(8)) for r in range(5)]
    )
    words = "Some words about what is done here, why, and **how** it goes on with `code` amid them. " * 3
    source = (
        "import pandas as pd\n\ndef step_{n}(frame):\n    value = frame['a'] * {n}  # words\n    return value.sum()\n"
    )
    cells: list[dict[str, Any]] = []
    for n in range(CELLS):
        if n % 4 == 0:
            body = f"## Step {n}\n\n{words}\n\n- one\n- two\n\n| a | b |\n|---|---|\n| 1 | 2 |"
            cells.append({"cell_type": "markdown", "source": body, "metadata": {}})
        elif n % 4 == 1:
            cells.append(_code(source.format(n=n), _printed(table)))
        elif n % 20 == 2:
            cells.append(_code("plot()", _figure(base64.b64encode(_noise(200)).decode())))
        else:
            cells.append(_code(source.format(n=n) * 2, _printed("".join(f"line {m}\n" for m in range(30)))))
    return cells


def _code(source: str, *outputs: dict[str, Any]) -> dict[str, Any]:
    return {"cell_type": "code", "source": source, "metadata": {}, "execution_count": 1, "outputs": list(outputs)}


def _printed(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def _figure(png: str) -> dict[str, Any]:
    return {"output_type": "display_data", "metadata": {}, "data": {"image/png": png}}


def _noise(side: int) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.frombytes("RGB", (side, side), os.urandom(3 * side * side)).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def _notebook(path: Path, cells: list[dict[str, Any]]) -> Path:
    body = {"nbformat": 4, "nbformat_minor": 4, "metadata": {"language_info": {"name": "python"}}, "cells": cells}
    path.write_text(json.dumps(body), encoding="utf-8")
    return path
