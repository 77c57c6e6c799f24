"""A whole notebook, run cell by cell: its outputs are replaced, everything else of it stays."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbalign.errors import BadInput
from nbalign.execute.data import DataLike
from nbalign.execute.kernel import open_kernel
from nbalign.execute.model import Bounds, CellRun, Executed, Isolation, Kernel
from nbalign.execute.outputs import bounded, error, total
from nbalign.notebooks.jsontext import load_json
from nbalign.notebooks.limits import DEFAULT_LIMITS
from nbalign.notebooks.repairs import Repairs
from nbalign.notebooks.sanitise import clean_line
from nbalign.notebooks.values import text_of
from nbalign.progress import OnProgress, Progress, silent

_OUTPUT_BYTES = DEFAULT_LIMITS.file // 2  # of all cells together: the file that comes of it has to be readable again
_NAMES = {"died": "KernelDied", "timeout": "CellTimeout", "not run": "NotRun", "stopped": "Stopped"}


def execute_notebook(
    raw: bytes,
    data: Sequence[DataLike] = (),
    bounds: Bounds | None = None,
    *,
    unsafe: bool = False,
    python: Path | None = None,
    progress: OnProgress = silent,
    cancel: threading.Event | None = None,
    stop_at_error: bool = False,
    name: str = "the notebook",
) -> Executed:
    """Runs all code cells of a notebook in a sandbox, from the first to the last.

    A cell that fails or is interrupted does not keep later ones from running, as in Jupyter's "run all cells" with
    errors allowed. When the kernel ended, the cells after it are `not run` and hold an error output that says so.

    Args:
        raw: Bytes of an `.ipynb` of nbformat 4.
        data: Files that are copied into its working folder.
        bounds: What it may use; None takes the defaults.
        unsafe: Run the code as an ordinary process where no sandbox can be had.
        python: The Python of the kernel; None takes the one that runs nbalign.
        progress: Told about each code cell, in `cells`.
        cancel: Set it to stop: the cell under way is `stopped`, and those after it are `not run`.
        stop_at_error: Run nothing after a cell that failed; later cells then have no outputs.
        name: What to call it in errors.

    Raises:
        BadInput: If this is no notebook that can be run, or a data file cannot be copied.
        SandboxError: If no sandbox can be had, or no kernel starts in it.
        Cancelled: If it was stopped before the kernel was up.
    """
    begun = time.monotonic()
    document = _document(raw, name)
    cells = [cell for cell in document["cells"] if is_code(cell)]
    with open_kernel(data, bounds, unsafe=unsafe, python=python, cancel=cancel) as kernel:
        isolation: Isolation = kernel.isolation
        runs = _run_all(kernel, [_source(cell) for cell in cells], progress, stop_at_error=stop_at_error)
    count = 0
    for cell, run in zip(cells, runs, strict=True):
        ran = run.state != "not run" and bool(_source(cell).strip())
        count += ran
        cell["execution_count"] = count if ran else None
        cell["outputs"] = [
            {**output, "execution_count": count} if output["output_type"] == "execute_result" else dict(output)
            for output in run.outputs
        ]
        cell.setdefault("metadata", {})
    return Executed(_bytes(document), tuple(runs), isolation, time.monotonic() - begun)


def code_cells(raw: bytes, name: str = "the notebook") -> list[int]:
    """Numbers of the code cells, counted from 1 over all cells.

    Raises:
        BadInput: If this is no notebook that can be run.
    """
    return [number for number, cell in enumerate(_document(raw, name)["cells"], 1) if is_code(cell)]


def is_code(cell: object) -> bool:
    """Whether this is a cell that is run."""
    return isinstance(cell, dict) and cell.get("cell_type") == "code"


def _document(raw: bytes, name: str) -> dict[str, Any]:
    name = clean_line(name)
    if len(raw) > DEFAULT_LIMITS.file:
        raise BadInput(f"{name} has {len(raw):,} bytes; at most {DEFAULT_LIMITS.file:,} are read.")
    document = load_json(raw, name, Repairs())
    cells = document.get("cells") if isinstance(document, dict) else None
    if not isinstance(document, dict) or not isinstance(cells, list):
        raise BadInput(
            f"{name} is no notebook of nbformat 4: it has no list of cells.",
            "Convert it first: jupyter nbconvert --to notebook FILE",
        )
    if len(cells) > DEFAULT_LIMITS.cells:
        raise BadInput(f"{name} has {len(cells):,} cells; at most {DEFAULT_LIMITS.cells:,} are run.")
    metadata = document.setdefault("metadata", {})
    language = _language(metadata)
    if language not in ("", "python", "python3", "ipython"):
        raise BadInput(f"{name} is written in {language}; only Python is run.")
    document.setdefault("nbformat", 4)
    document.setdefault("nbformat_minor", 4)
    return document


def _language(metadata: object) -> str:
    for section, key in (("language_info", "name"), ("kernelspec", "language")):
        inside = metadata.get(section) if isinstance(metadata, dict) else None
        word = inside.get(key) if isinstance(inside, dict) else None
        if isinstance(word, str) and word:
            return clean_line(word, 40).lower()
    return ""


def _source(cell: dict[str, Any]) -> str:
    return text_of(cell.get("source"))[0]


def _run_all(kernel: Kernel, sources: list[str], progress: OnProgress, *, stop_at_error: bool) -> list[CellRun]:
    runs: list[CellRun] = []
    room = _OUTPUT_BYTES
    over: CellRun | None = None  # what is said of every cell from here on
    for number, source in enumerate(sources, 1):
        progress(Progress("running cells", number - 1, len(sources), "cells"))
        run = over or _run_one(kernel, source, room)
        if over is None and run.state == "died" and run.seconds == 0.0:  # the cell before took the kernel along
            run = _not_run(f"not run: the kernel was ended before ({run.error})")
        if over is None:
            if run.state in ("died", "stopped"):
                over = _not_run(f"not run: the kernel ended in an earlier cell ({run.error})")
            elif run.state == "not run" and run.error:
                over = run
            elif run.state != "ok" and stop_at_error:
                over = CellRun("not run", (), "not run: an earlier cell failed", 0.0)
        room -= total(run.outputs)
        runs.append(run)
    progress(Progress("running cells", len(sources), len(sources), "cells"))
    return runs


def _run_one(kernel: Kernel, source: str, room: int) -> CellRun:
    if len(source) > DEFAULT_LIMITS.source:
        words = f"not run: the cell has {len(source):,} characters; at most {DEFAULT_LIMITS.source:,} are run"
        return CellRun("error", (error("NotRun", words),), words, 0.0)
    run = kernel.run(source)
    outputs = bounded(list(run.outputs), max(0, room)) if total(run.outputs) > room else tuple(run.outputs)
    if run.state in _NAMES:
        outputs = (*outputs, error(_NAMES[run.state], run.error))
    return replace(run, outputs=outputs)


def _not_run(why: str) -> CellRun:
    return CellRun("not run", (error(_NAMES["not run"], why),), why, 0.0)


def _bytes(document: dict[str, Any]) -> bytes:
    try:
        return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:  # halves of surrogate pairs, which JSON can write and UTF-8 cannot
        return (json.dumps(document, indent=1) + "\n").encode()
