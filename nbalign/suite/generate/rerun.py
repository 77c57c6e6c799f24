"""A finished notebook run from the top, so that its outputs are those of the code that stands there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from nbalign.errors import Cancelled
from nbalign.execute.model import CellRun
from nbalign.execute.outputs import bounded, total
from nbalign.notebooks.limits import DEFAULT_LIMITS
from nbalign.suite.generate.model import Executor
from nbalign.suite.generate.outcome import outputs_of
from nbalign.suite.generate.stamp import closed, opened
from nbalign.suite.model import Case


@dataclass(frozen=True, slots=True)
class Rerun:
    """A notebook after it was run.

    Attributes:
        raw: The notebook with its new outputs.
        failed: Code cells that did not end well.
        notes: Plain sentences.
    """

    raw: bytes
    failed: int
    notes: tuple[str, ...]


def rerun(raw: bytes, case: Case, executor: Executor) -> Rerun:
    """Runs all code cells in a sandbox with the case's data; what outputs there were is replaced.

    Args:
        raw: A notebook.
        case: Whose data it reads.
        executor: Starts the kernel.

    Raises:
        SandboxError: If it cannot be run here.
        Cancelled: If the user stopped it.
    """
    book = opened(raw)
    if book is None:
        return Rerun(raw, 0, ("It is no .ipynb of format 4 and was not run.",))
    cells = [cell for cell in book["cells"] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    for cell in cells:
        cell["outputs"], cell["execution_count"] = [], None
    cells = [cell for cell in cells if _source(cell).strip()]
    if len(book["cells"]) > DEFAULT_LIMITS.cells:
        return Rerun(closed(book), len(cells), (f"It has {len(book['cells']):,} cells and was not run.",))
    failed = count = 0
    room = DEFAULT_LIMITS.file // 2  # bytes of all outputs together: the notebook has to be readable again
    why = ""
    with executor.kernel(case) as kernel:
        for cell in cells:
            source = _source(cell)
            if why:
                run = CellRun("not run", (), f"not run: {why}", 0.0)
            elif len(source) > DEFAULT_LIMITS.source:
                run = CellRun("error", (), f"not run: the cell has {len(source):,} characters", 0.0)
            else:
                run = kernel.run(source)
            if (size := total(run.outputs)) > room:
                run = replace(run, outputs=bounded(list(run.outputs), room))
            room = max(0, room - size)
            if run.state == "stopped":
                raise Cancelled("stopped; everything finished until now is kept")
            ran = run.state != "not run"
            count += ran
            cell["outputs"], cell["execution_count"] = outputs_of(run, count), count if ran else None
            failed += run.state != "ok"
            if run.state in ("died", "not run"):
                why = why or run.error
    return Rerun(closed(book), failed, (f"Not all of it could be run: {why}.",) if why else ())


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""
