"""The labelling terminal: from a key to what it paints, the first paint of a long queue, memory with a large notebook.

Measured on the application itself without a terminal: everything is done but writing the bytes to one. Beside the wall
time stands the process's own CPU time, of all its threads: on a busy machine the two differ by what others take.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

import psutil

from benchmarks.tui_notebooks import CELLS, code, figure, many_cells, noise, notebook, printed
from benchmarks.tui_watch import HEADING, SIZE, Instant, Watched, tell, watched
from nbalign import Workspace
from nbalign.jobs.desk import Jobs
from nbalign.jobs.model import JobSpec, JobState
from nbalign.resources import data_path

NOTEBOOKS, MEGABYTES = 5_000, 20
MODEL = "smollm2-135m"
PATIENCE = 120.0  # seconds that the model may take to give its first score
KEYS = {
    "next cell (j)": ["j"] * 40,
    "previous cell (k)": ["k"] * 20,
    "screen down (space)": ["space"] * 20,
    "ends (G, g)": ["G", "g"] * 5,
    "dimension (n)": ["n"] * 18,
    "score (0-3), undo (u)": ["3", "2", "1", "0", "u", "u", "u", "u"] * 2,
    "cite (c)": ["c"] * 6,
    "fact (v)": ["v"] * 10,
    "search (/w, Enter, N)": ["slash", "w", "enter", "enter", "N", "escape"] * 3,
    "next notebook (])": ["right_square_bracket"] * 8,
}
OTHERWISE = ("next notebook (])",)  # reads a file: told by itself, and not among all keys
HELD = 60  # times that a held key repeats
REPEAT = 1 / 30  # seconds between two of them
PARTS = ("keys", "judging", "first-paint", "memory")


def run(model: str | None, part: str | None = None) -> None:
    """Prints all measurements, or one part of them.

    Args:
        model: The model that judges meanwhile; None takes the smallest.
        part: One of `PARTS`; None takes all.
    """
    parts: dict[str, Callable[[Path], None]] = {
        "keys": _keys,
        "judging": lambda root: _judging(root, model or MODEL),
        "first-paint": _first_paint,
        "memory": _memory,
    }
    for name in (part,) if part else PARTS:
        print(f"-- {name} (load of the machine: {', '.join(f'{load:.1f}' for load in os.getloadavg())})", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            parts[name](Path(folder))


# -- keys


def _keys(root: Path) -> None:
    with _labelling(root) as ws:
        print(f"from key to paint, {CELLS:,} cells, {SIZE[0]}x{SIZE[1]}, nothing else to do (goal: p95 under 50 ms)")
        asyncio.run(_pressed(ws))


def _judging(root: Path, model: str) -> None:
    states: list[JobState] = []
    with _labelling(root) as ws:
        jobs = Jobs(states.append)
        try:
            jobs.start(JobSpec("judge", ws.path, {"model": model, "unaligned": True}, "judge"))
            began = time.perf_counter()
            while not ws.judgements() and not states[-1].ended and time.perf_counter() - began < PATIENCE:
                time.sleep(0.2)
            if states[-1].ended or not ws.judgements():
                print(f"not measured: {model} gave no score. {states[-1].error} {states[-1].hint}")
                return
            before = len(ws.judgements())
            print(f"from key to paint, {CELLS:,} cells, while {model} judges in a process of its own", flush=True)
            asyncio.run(_pressed(ws))
            end = "judging still went on" if not states[-1].ended else "JUDGING HAD ENDED BEFORE: not comparable"
            print(f"  {len(ws.judgements()) - before} scores were given meanwhile; {end}", flush=True)
        finally:
            jobs.close()


@contextmanager
def _labelling(root: Path) -> Iterator[Workspace]:
    """A workspace with the long notebook and all samples."""
    samples = sorted((data_path("sample_notebooks") / "notebooks").glob("*.ipynb"))
    with Workspace.create(root / "keys") as ws:
        ws.import_notebooks([notebook(root / "long.ipynb", many_cells()), *samples])
        yield ws


async def _pressed(ws: Workspace) -> None:
    everything: list[tuple[Instant, Instant]] = []
    async with watched(ws, "long") as app:
        print(HEADING)
        await _held(app, "j", 0.0, "at once")
        await _held(app, "k", REPEAT, f"{1 / REPEAT:.0f} a second")
        for words, keys in KEYS.items():
            times = [found for key in keys if (found := await app.press(key)) is not None]
            tell(words, times)
            if words not in OTHERWISE:
                everything += times
    tell("all but ]", everything)


async def _held(app: Watched, key: str, every: float, words: str) -> None:
    """A key that repeats: how often it paints, and how long after the last one."""
    await app.press("g" if key == "j" else "j")
    app.paints.clear()
    cpu = time.process_time()
    for _ in range(HELD):
        app.send(key)
        await asyncio.sleep(every)
    last = time.perf_counter()
    while not app.paints or time.perf_counter() - app.paints[-1].wall < 0.3:
        await asyncio.sleep(0.01)
    after = (app.paints[-1].wall - last) * 1000
    used = (app.paints[-1].own - cpu) * 1000 / HELD
    print(
        f"  {key} held, {HELD} times {words}: {len(app.paints)} paints, the last {after:.0f} ms after the last key, "
        f"own CPU {used:.1f} ms a key",
        flush=True,
    )


# -- first paint


def _first_paint(root: Path) -> None:
    folder = root / "many"
    with Workspace.create(folder) as ws:
        ws.import_notebooks([notebook(root / "one.ipynb", many_cells()[:20])])
    connection = sqlite3.connect(folder / "nbalign.db")
    columns = [row[1] for row in connection.execute("PRAGMA table_info(notebooks)")]
    values = {"sha256": "lower(hex(randomblob(32)))", "name": "printf('copy-%05d.ipynb', i)"}
    with connection:  # copies of one row stand in for notebooks: only the first one is opened
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?) "
            f"INSERT INTO notebooks ({', '.join(columns)}) "
            f"SELECT {', '.join(values.get(column, column) for column in columns)} FROM notebooks, n",
            (NOTEBOOKS - 1,),
        )
    connection.close()
    print(f"{NOTEBOOKS:,} notebooks: a process of its own is started, the labelling room painted with a notebook in it")
    for words in ("first", "second", "third"):
        done = subprocess.run(
            [sys.executable, "-c", "import benchmarks.tui_start as s; s.main()", str(folder)],
            check=True,
            capture_output=True,
            text=True,
        )
        print(f"  {words} start: {done.stdout.strip()}", flush=True)


# -- memory


def _memory(root: Path) -> None:
    drawn = base64.b64encode(noise(560)).decode()
    figures = [code("plot()", figure(drawn)) for _ in range(10)]
    text = "".join(f"row {n:06} of a long output that was printed and printed again\n" for n in range(1_600))
    room = MEGABYTES * 1_000_000 - len(figures) * len(drawn)
    cells = [*figures, *(code("report()", printed(text)) for _ in range(room // len(text)))]
    large = notebook(root / "large.ipynb", cells)
    small = notebook(root / "small.ipynb", many_cells()[:20])
    context = get_context("spawn")
    for path in (small, large):
        with Workspace.create(root / f"memory-{path.stem}") as ws:
            ws.import_notebooks([path])
        with context.Pool(1) as pool:  # a process of its own: nothing of the other measurements is counted
            before, opened, walked = pool.apply(_walk, (root / f"memory-{path.stem}",))
        size = path.stat().st_size / 1e6
        print(
            f"RSS with a notebook of {size:4.1f} MB: {before:4.0f} MB before it is opened, {opened:4.0f} MB opened, "
            f"{walked:4.0f} MB at its end ({(walked - before) / size:.1f} times the file more)",
            flush=True,
        )


def _walk(folder: Path) -> Sequence[float]:
    """Megabytes of this process before a notebook is open, with it open, and when every screen of it was seen."""

    async def walk(ws: Workspace) -> Sequence[float]:
        before = _megabytes()
        async with watched(ws) as app:
            opened = _megabytes()
            for _ in range(100):
                app.send("space")
                await asyncio.sleep(0.02)
            await app.workers.wait_for_complete()
            return before, opened, _megabytes()

    with Workspace.open(folder) as ws:
        return asyncio.run(walk(ws))


def _megabytes() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6
