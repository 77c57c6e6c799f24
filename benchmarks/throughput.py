"""How many notebooks an hour are judged, and how that grows with their number.

    python -m benchmarks.throughput --model smollm2-135m --sizes 10 100 1000

The notebooks are the packaged samples, each with a first line of its own, so that no two share a prefix. They are
judged in one workspace that grows from size to size; at each size everything is judged a second time, which must cost
nothing. With `--workspace` a run of hours that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbalign import Workspace
from nbalign.judge.session import DEFAULT_BUDGET, JudgeOptions, choose_model
from nbalign.llm import machine
from nbalign.progress import Progress
from nbalign.resources import data_path

HEAD = "notebooks    new  tokens read  a notebook      seconds  an hour   again: tokens  seconds   database"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.throughput", description=__doc__)
    parser.add_argument("--model", help="model to judge with; default: the best this machine holds")
    parser.add_argument("--sizes", nargs="+", type=int, default=[10, 100], help="numbers of notebooks, ascending")
    parser.add_argument("--dimension", action="append", default=[], help="only this dimension; repeatable")
    parser.add_argument("--budget", type=int, default=DEFAULT_BUDGET, help="tokens of a notebook that are read")
    parser.add_argument("--workspace", type=Path, help="where notebooks and scores are kept; default: nowhere")
    asked = parser.parse_args()
    model = choose_model(asked.model)
    print(f"Python {platform.python_version()}, {machine.threads()} threads, {machine.processors()}")
    print(f"{model.name}, {len(asked.dimension) or 'all nine'} dimension(s), {asked.budget:,} tokens of a notebook\n")
    print(HEAD, flush=True)
    options = JudgeOptions(model=model.name, budget=asked.budget, park_bytes=0)
    with _workspace(asked.workspace) as ws:
        for size in sorted(asked.sizes):
            _measure(ws, size, options, asked.dimension)


@contextmanager
def _workspace(folder: Path | None) -> Iterator[Workspace]:
    if folder is None:
        with tempfile.TemporaryDirectory() as made, Workspace.create(Path(made) / "ws") as ws:
            yield ws
    else:
        with Workspace.open(folder) if (folder / "nbalign.db").is_file() else Workspace.create(folder) as ws:
            yield ws


def _measure(ws: Workspace, size: int, options: JudgeOptions, dimensions: list[str]) -> None:
    _fill(ws, size)
    names = [info.sha256 for info in ws.notebooks()][:size]
    report = ws.judge(names, dimensions=dimensions, options=options, progress=_told)
    new = len({j.notebook for j in report.judgements[-report.new :]}) if report.new else 0
    began = time.perf_counter()
    again = ws.judge(names, dimensions=dimensions, options=options)
    seconds = time.perf_counter() - began
    tokens = statistics.mean(
        sum(j.tokens for j in report.judgements if j.notebook == name)
        + next(j.prefix_tokens for j in report.judgements if j.notebook == name)
        for name in names[:100]
    )
    rate = 3600 * new / report.seconds if new and report.seconds else float("nan")
    database = sum(path.stat().st_size for path in ws.path.glob("nbalign.db*")) / 1e6
    print(
        f"{len(names):9,d}  {new:5,d}  {report.evaluated:11,d}  {tokens:10,.0f}  {report.seconds:11,.0f}  {rate:7,.0f}"
        f"  {again.evaluated:14,d}  {seconds:7.1f}  {database:6.1f} MB",
        flush=True,
    )


def _fill(ws: Workspace, size: int) -> None:
    """Brings in notebooks until there are so many: the samples in turn, each time with another first line."""
    there = len(ws.notebooks())
    samples = sorted((data_path("sample_notebooks") / "notebooks").glob("*.ipynb"))
    with tempfile.TemporaryDirectory() as folder:
        for n in range(there, size):
            path = samples[n % len(samples)]
            found = json.loads(path.read_text(encoding="utf-8"))
            first = found["cells"][0]
            source = first["source"] if isinstance(first["source"], str) else "".join(first["source"])
            mark = f"Study {n}" if first["cell_type"] != "code" else f"# Study {n}"
            first["source"] = f"{mark}\n\n{source}"
            (Path(folder) / f"{path.stem}-{n:04d}.ipynb").write_text(json.dumps(found), encoding="utf-8")
        if there < size:
            ws.import_notebooks([folder])


def _told(progress: Progress) -> None:
    if sys.stderr.isatty():
        print(
            f"\r{progress.stage}  {progress.done:,.0f} of {progress.total:,.0f} {progress.unit}   ",
            end="",
            file=sys.stderr,
        )


if __name__ == "__main__":
    main()
