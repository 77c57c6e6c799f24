"""The data-flow reading from the first cell to the last."""

from __future__ import annotations

from nbalign.evidence.code import Code
from nbalign.evidence.flow.rows import RowTree
from nbalign.evidence.flow.trace import Trace


def read_flow(code: Code, *, strict: bool = False) -> Trace:
    """Follows the data through a notebook."""
    return Trace((), RowTree())
