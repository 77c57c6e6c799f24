"""A finished notebook run from the top, so that its outputs are those of the code that stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from nbalign.errors import Cancelled
from nbalign.suite.generate.model import Executor
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
    failed = count = 0
    why = ""
    with executor.kernel(case) as kernel:
        for cell in cells:
            run = kernel.run(_source(cell))
            if run.state == "stopped":
                raise Cancelled("stopped; everything finished until now is kept")
            ran = run.state != "not run"
            count += ran
            outputs = [dict(output) for output in run.outputs]
            for output in outputs:
                if output.get("output_type") == "execute_result":
                    output["execution_count"] = count
            cell["outputs"], cell["execution_count"] = outputs, count if ran else None
            failed += run.state != "ok"
            if run.state in ("died", "not run"):
                why = why or f"Not all of it could be run: {run.error}."
    return Rerun(closed(book), failed, (why,) if why else ())


def _source(cell: dict[str, Any]) -> str:
    source = cell.get("source", "")
    if isinstance(source, list):
        return "".join(part for part in source if isinstance(part, str))
    return source if isinstance(source, str) else ""
