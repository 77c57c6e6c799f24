"""How fast evidence is read: the sample notebooks, and long notebooks made of their cells."""

from __future__ import annotations

import time
from dataclasses import replace

from nbalign.evidence import read_evidence
from nbalign.evidence.code import read_code
from nbalign.evidence.flow import read_flow
from nbalign.notebooks import read_file
from nbalign.notebooks.model import Cell, Notebook
from nbalign.resources import data_path

LENGTHS = (100, 300, 1000)


def run() -> None:
    """Prints notebooks/s on the samples and seconds for long ones, with the share of time that the flow takes."""
    notebooks = [read_file(path)[1] for path in sorted((data_path("sample_notebooks") / "notebooks").glob("*.ipynb"))]
    read_evidence(notebooks[0])  # compiled patterns and imports, once for all
    seconds, flow = _timed(notebooks)
    cells = sum(len(n.cells) for n in notebooks) / len(notebooks)
    print(f"samples                  {len(notebooks) / seconds:8.1f} notebooks/s   "
          f"({len(notebooks)} notebooks of {cells:.0f} cells; data flow {flow:.0%})")  # fmt: skip
    pool = [cell for notebook in notebooks for cell in notebook.cells]
    for length in LENGTHS:
        seconds, flow = _timed([_long(notebooks[0], pool, length)])
        print(f"a notebook of {length:5d} cells {seconds:7.2f} s             (data flow {flow:.0%})")


def _timed(notebooks: list[Notebook]) -> tuple[float, float]:
    """Processor seconds for all evidence of some notebooks, and the share of them that following the data takes.

    Processor time, for other programs on the machine say nothing about this one.
    """
    began = time.process_time()
    for notebook in notebooks:
        read_evidence(notebook)
    seconds = time.process_time() - began
    codes = [read_code(notebook) for notebook in notebooks]
    began = time.process_time()
    for code in codes:
        read_flow(code)
    return seconds, (time.process_time() - began) / seconds


def _long(first: Notebook, pool: list[Cell], length: int) -> Notebook:
    cells = tuple(replace(pool[i % len(pool)], number=i + 1) for i in range(length))
    return replace(first, cells=cells)
