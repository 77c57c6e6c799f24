"""What came of a cell, as it stands in a notebook: a cell that did not end well always says so."""

from __future__ import annotations

from typing import Any

from nbalign.execute.model import CellRun
from nbalign.execute.outputs import error

_NAMES = {"timeout": "CellTimeout", "died": "KernelDied", "not run": "NotRun", "error": "Error"}


def outputs_of(run: CellRun, count: int) -> list[dict[str, Any]]:
    """The outputs of a cell in the notebook format's words.

    Args:
        run: What came of it; where it failed without an error among its outputs, one is added for the judge to see.
        count: Its number among the cells that were run.
    """
    outputs = [dict(output) for output in run.outputs]
    for output in outputs:
        if output.get("output_type") == "execute_result":
            output["execution_count"] = count
    if run.state in _NAMES and not any(output.get("output_type") == "error" for output in outputs):
        outputs.append(dict(error(_NAMES[run.state], run.error)))
    return outputs
